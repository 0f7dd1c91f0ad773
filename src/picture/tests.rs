use super::*;
use crate::domain::health::history::{Line, Piece, Point, Resolution, Track};
use crate::domain::health::{Condition, Measure, Part};
use jiff::Timestamp;
use jiff::tz::TimeZone;

const END: i64 = 1_795_000_000;
const DAY: i64 = 86_400;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn i18n() -> I18n {
    I18n::new(TimeZone::get("Europe/Moscow").unwrap()).unwrap()
}

fn span(tracks: Vec<Track>, lines: Vec<Line>) -> Span {
    Span {
        from: at(END - DAY),
        until: at(END),
        resolution: Resolution::Round,
        tracks,
        lines,
    }
}

fn track(part: Part, subject: Option<&str>, pieces: &[(i64, i64, Condition)]) -> Track {
    Track {
        part,
        subject: subject.map(str::to_owned),
        pieces: pieces
            .iter()
            .map(|&(from, until, condition)| Piece {
                from: at(END - DAY + from),
                until: at(END - DAY + until),
                condition,
            })
            .collect(),
    }
}

fn line(part: Part, subject: &str, measure: Measure, value: impl Fn(i64) -> Option<i64>) -> Line {
    let points = (0..DAY / 60).filter_map(|minute| {
        let value = value(minute)?;
        #[allow(clippy::cast_precision_loss)]
        let mean = value as f64;
        let at = at(END - DAY + minute * 60);
        Some(Point {
            at,
            low: value,
            mean,
            high: value,
        })
    });
    Line {
        part,
        subject: Some(subject.to_owned()),
        measure,
        points: points.collect(),
    }
}

/// A day as it may be: Redis dies in the morning, the queue piles up, one provider fails in between.
fn a_day() -> Span {
    use Condition::{Degraded, Down, Unknown, Up};
    let quiet = [(0, 30_000, Up), (33_000, DAY, Up)];
    let mut tracks = vec![
        track(Part::Unit, Some("rei_bot"), &quiet),
        track(
            Part::Unit,
            Some("rei_bot_workers"),
            &[
                (0, 30_000, Up),
                (33_000, 50_000, Up),
                (50_000, 53_000, Down),
                (53_000, DAY, Up),
            ],
        ),
        track(
            Part::Unit,
            Some("redis"),
            &[
                (0, 30_000, Up),
                (33_000, 49_500, Up),
                (49_500, 52_000, Down),
                (52_000, DAY, Up),
            ],
        ),
        track(
            Part::Bot,
            None,
            &[
                (0, 30_000, Up),
                (33_000, 70_000, Up),
                (70_000, 70_060, Down),
                (70_060, DAY, Up),
            ],
        ),
        track(
            Part::Queue,
            None,
            &[
                (0, 30_000, Up),
                (33_000, 50_000, Up),
                (50_000, 58_000, Degraded),
                (58_000, DAY, Up),
            ],
        ),
        track(
            Part::Redis,
            None,
            &[
                (0, 30_000, Up),
                (33_000, 49_500, Up),
                (49_500, 52_000, Down),
                (52_000, DAY, Up),
            ],
        ),
        track(
            Part::Provider,
            Some("kling"),
            &[
                (0, 20_000, Up),
                (20_000, 26_000, Degraded),
                (26_000, 30_000, Up),
                (33_000, DAY, Up),
            ],
        ),
        track(
            Part::Provider,
            Some("nano-banana"),
            &[(0, 10_000, Unknown), (10_000, DAY, Up)],
        ),
        track(
            Part::Backups,
            Some("s3"),
            &[(0, 75_000, Up), (75_000, DAY, Degraded)],
        ),
    ];
    for part in [
        Part::Database,
        Part::Ledger,
        Part::Jobs,
        Part::Payments,
        Part::Yookassa,
        Part::Log,
        Part::Disk,
        Part::Certificate,
        Part::Clock,
        Part::Itself,
    ] {
        tracks.push(track(part, None, &quiet));
    }
    let seen = |minute: i64| !(500..550).contains(&minute);
    let depth = line(Part::Queue, "", Measure::Depth, |minute| {
        let stuck = if (833..930).contains(&minute) {
            (minute - 833) * 6
        } else {
            0
        };
        let falls = if (930..967).contains(&minute) {
            (967 - minute) * 15
        } else {
            0
        };
        seen(minute).then_some(4 + minute * 7919 % 13 + stuck + falls)
    });
    let good = line(Part::Jobs, "kling", Measure::Succeeded, |minute| {
        seen(minute).then_some(90)
    });
    let bad = line(Part::Jobs, "kling", Measure::Failed, |minute| {
        let worse = if (333..433).contains(&minute) { 45 } else { 2 };
        seen(minute).then_some(worse + minute * 31 % 3)
    });
    span(tracks, vec![depth, good, bad])
}

/// Width, height and pixels.
fn decode(file: &[u8]) -> (u32, u32, Vec<u8>) {
    let mut reader = png::Decoder::new(std::io::Cursor::new(file))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let frame = reader.next_frame(&mut pixels).unwrap();
    (frame.width, frame.height, pixels)
}

fn has(pixels: &[u8], ink: plotters::style::RGBColor) -> bool {
    pixels.as_chunks::<3>().0.contains(&[ink.0, ink.1, ink.2])
}

#[test]
fn a_day_is_drawn_in_both_languages() {
    let (span, i18n) = (a_day(), i18n());
    let [english, russian] = [Locale::En, Locale::Ru].map(|locale| {
        let file = day(&span, &i18n, locale).unwrap();
        // For people to look at: `cargo test --lib picture`.
        let folder = std::env::temp_dir().join(format!("picture-{locale}.png"));
        std::fs::write(folder, &file).unwrap();
        decode(&file)
    });
    for (width, height, pixels) in [&english, &russian] {
        assert_eq!(*width, WIDTH);
        assert!((900..1600).contains(height), "{height}");
        for ink in [
            ink::UP,
            ink::DEGRADED,
            ink::DOWN,
            ink::UNKNOWN,
            ink::LINE,
            ink::TEXT,
        ] {
            assert!(has(pixels, ink), "{ink:?}");
        }
    }
    assert_ne!(english.2, russian.2);
}

#[test]
fn nothing_known_is_a_picture_too() {
    let empty = span(Vec::new(), Vec::new());
    let file = day(&empty, &i18n(), Locale::En).unwrap();
    let (width, _, pixels) = decode(&file);
    assert_eq!(width, WIDTH);
    assert!(has(&pixels, ink::TEXT) && !has(&pixels, ink::LINE));
}

#[test]
fn all_down_all_day_has_a_row_for_each() {
    let down = [(0, DAY, Condition::Down)];
    let tracks = Part::ALL.iter().map(|part| track(*part, None, &down));
    let file = day(&span(tracks.collect(), Vec::new()), &i18n(), Locale::Ru).unwrap();
    let (_, height, pixels) = decode(&file);
    let rows = i32::try_from(Part::ALL.len()).unwrap();
    assert!(height.cast_signed() > rows * strips::ROW);
    assert!(has(&pixels, ink::DOWN));
}

#[test]
fn a_single_round_is_seen() {
    let tracks = vec![track(Part::Redis, None, &[(DAY - 1, DAY, Condition::Down)])];
    let depth = line(Part::Queue, "", Measure::Depth, |minute| {
        (minute == 700).then_some(3)
    });
    let file = day(&span(tracks, vec![depth]), &i18n(), Locale::En).unwrap();
    let (_, _, pixels) = decode(&file);
    assert!(has(&pixels, ink::DOWN) && has(&pixels, ink::LINE));
}

#[test]
fn no_value_is_too_large_and_no_name_too_long() {
    let name = "Щ".repeat(4000);
    let tracks = vec![track(Part::Unit, Some(&name), &[(0, DAY, Condition::Up)])];
    let extremes = [i64::MAX, i64::MIN, 0, -1];
    let value = |minute: i64| Some(extremes[usize::try_from(minute % 4).unwrap()]);
    let lines = vec![
        line(Part::Queue, "a", Measure::Depth, value),
        line(Part::Jobs, "a", Measure::Succeeded, value),
        line(Part::Jobs, "b", Measure::Failed, value),
    ];
    let file = day(&span(tracks, lines), &i18n(), Locale::En).unwrap();
    assert_eq!(decode(&file).0, WIDTH);
}

#[test]
fn what_was_not_up_is_never_left_out() {
    let calm = [(0, DAY, Condition::Up)];
    let mut tracks: Vec<Track> = Part::ALL
        .iter()
        .map(|part| track(*part, None, &calm))
        .collect();
    let last = tracks.len() - 1;
    tracks[last] = track(
        Part::Itself,
        None,
        &[
            (0, DAY - 60, Condition::Up),
            (DAY - 60, DAY, Condition::Unknown),
        ],
    );
    let i18n = i18n();
    let words = Words {
        i18n: &i18n,
        locale: Locale::En,
    };
    let chosen = rows::choose(&span(tracks, Vec::new()), &words);
    assert_eq!(chosen.rows.len() + chosen.calm, Part::ALL.len());
    assert_eq!(chosen.rows.last().unwrap().name, "This program");
    assert_eq!(chosen.rows.len(), 12);
}

#[test]
fn one_part_shows_the_worst_of_its_places() {
    let tracks = vec![
        track(Part::Backups, Some("folder"), &[(0, DAY, Condition::Up)]),
        track(
            Part::Backups,
            Some("s3"),
            &[(100, 200, Condition::Down), (200, 300, Condition::Unknown)],
        ),
    ];
    let i18n = i18n();
    let words = Words {
        i18n: &i18n,
        locale: Locale::En,
    };
    let chosen = rows::choose(&span(tracks, Vec::new()), &words);
    let conditions: Vec<Condition> = chosen.rows[0].pieces.iter().map(|p| p.condition).collect();
    use Condition::{Down, Unknown, Up};
    assert_eq!(conditions, [Up, Down, Unknown, Up]);
}

#[test]
fn marks_stand_at_full_hours_of_the_teams_clock() {
    let span = span(Vec::new(), Vec::new());
    for zone in ["UTC", "Asia/Kolkata", "America/St_Johns"] {
        let i18n = I18n::new(TimeZone::get(zone).unwrap()).unwrap();
        let ticks = times::ticks(&span, &i18n);
        assert_eq!(ticks.len(), 6, "{zone}: {ticks:?}");
        assert!(ticks.iter().any(|(_, text)| text == "00:00"), "{zone}");
    }
}
