use super::*;
use crate::picture::canvas::WIDTH;
use jiff::tz::TimeZone;
use std::time::Duration;

const END: i64 = 1_795_000_000;
const WEEK: i64 = 7 * 86_400;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn i18n() -> I18n {
    I18n::new(TimeZone::get("Europe/Moscow").unwrap()).unwrap()
}

fn weekly(value: impl Fn(u64) -> (u64, bool)) -> Vec<Point> {
    let weeks = (0..52u64).filter(|week| !(20..23).contains(week));
    let point = |week: u64| {
        let (value, good) = value(week);
        let at = at(END - (52 - week.cast_signed()) * WEEK);
        Point { at, value, good }
    };
    weeks.map(point).collect()
}

fn single(days: i64, value: u64, good: bool) -> Point {
    let at = at(END - days * 86_400);
    Point { at, value, good }
}

fn a_year() -> Trends {
    Trends {
        from: at(END - 366 * 86_400),
        until: at(END),
        rto: Duration::from_secs(3600),
        rpo: Duration::from_secs(3600),
        recoveries: vec![single(300, 900, true), single(81, 4_300, true)],
        drills: vec![
            single(330, 1_400, true),
            single(240, 1_100, true),
            single(150, 2_000, false),
            single(60, 700, true),
        ],
        ages: weekly(|week| match week {
            31 => (26 * 3600, false),
            week => (600 + week * 37 % 2900, true),
        }),
        checks: weekly(|week| (20 + week * week / 30, week != 31)),
        sizes: weekly(|week| (180_000_000 + week * 4_100_000, true)),
    }
}

fn nothing() -> Trends {
    let none = Vec::new;
    Trends {
        recoveries: none(),
        drills: none(),
        ages: none(),
        checks: none(),
        sizes: none(),
        ..a_year()
    }
}

#[test]
fn a_year_is_drawn_in_both_languages_and_no_content_keeps_it_from_being() {
    let mut odd = a_year();
    odd.sizes = vec![single(1, u64::MAX, true), single(-5, 0, false)];
    odd.ages = vec![single(4000, u64::MAX, true)];
    odd.until = odd.from;
    for (name, trends) in [("year", a_year()), ("first", nothing()), ("odd", odd)] {
        for (language, locale) in [("en", Locale::En), ("ru", Locale::Ru)] {
            let png = year(&trends, &i18n(), locale).unwrap();
            let decoder = png::Decoder::new(std::io::Cursor::new(&png));
            let info = decoder.read_info().unwrap();
            assert_eq!(info.info().width, WIDTH);
            if let Some(folder) = option_env!("CARGO_TARGET_TMPDIR") {
                std::fs::write(format!("{folder}/trends-{name}-{language}.png"), png).unwrap();
            }
        }
    }
}

#[test]
fn lengths_are_short() {
    let i18n = i18n();
    let words = Words {
        i18n: &i18n,
        locale: Locale::En,
    };
    let read = |value| reading(&words, Unitary::Length, value);
    assert_eq!(
        [0, 59, 3_600, 5_400].map(read),
        ["0 s", "59 s", "60 min", "90 min"]
    );
    assert_eq!(
        [6_300, 93_600, 864_000].map(read),
        ["1.7 h", "26 h", "10 d"]
    );
}

#[test]
fn months_begin_in_the_teams_zone() {
    let months = months(&a_year(), &i18n());
    assert_eq!(months.len(), 12);
    let first = at(months[0].0).to_zoned(i18n().zone().clone());
    assert_eq!((first.day(), first.hour()), (1, 0));
}
