//! The picture of an incident: alerts, units that were down, recoveries with their waits, on one axis.
//!
//! It goes into a document that is printed, so its ground is white, and what two bars mean can be told
//! without their colour: each shade has its own height or hatching.

use super::canvas::{Align, Canvas, View, WIDTH, fitted, width};
use super::{Result, Words};
use crate::domain::case::chart::{Bar, Chart, Name, Shade};
use crate::domain::failure::Args;
use crate::i18n::{I18n, Locale};
use jiff::Timestamp;
use plotters::style::RGBColor;

const GROUND: RGBColor = RGBColor(0xff, 0xff, 0xff);
const TEXT: RGBColor = RGBColor(0x1b, 0x24, 0x2e);
const FAINT: RGBColor = RGBColor(0x5b, 0x68, 0x76);
const GRID: RGBColor = RGBColor(0xdc, 0xe2, 0xe8);
const ALERT: RGBColor = RGBColor(0xd9, 0x7a, 0x06);
const DOWN: RGBColor = RGBColor(0xc6, 0x28, 0x28);
const TROUBLED: RGBColor = RGBColor(0x8a, 0x94, 0xa0);
const WORK: RGBColor = RGBColor(0x1f, 0x6f, 0xc4);
const WAITING: RGBColor = RGBColor(0x7e, 0x8f, 0xa3);

const NAME: u32 = 28;
const SMALL: u32 = 26;
const LEFT: i32 = 330;
const RIGHT: i32 = 1056;
const EDGE: i32 = 24;
const TOP: i32 = 28;
const ROW: i32 = 50;
const TALL: i32 = 30;

/// However short it was, it is seen.
const SHORTEST: i32 = 4;

/// Steps of the axis in seconds; the first that gives no more than [`MARKS`] of them is taken.
const STEPS: [i64; 15] = [
    10, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 28_800, 86_400, 172_800, 604_800,
];
const MARKS: i64 = 7;

/// Draws an incident as PNG. Takes a few hundredths of a second of one core: not for an async worker
/// thread.
///
/// # Errors
/// A defect of the build; no content of the incident is one.
pub fn draw(chart: &Chart, i18n: &I18n, locale: Locale) -> Result<Vec<u8>> {
    let words = Words { i18n, locale };
    let rows = i32::try_from(chart.lanes.len().max(1)).unwrap_or(i32::MAX);
    let foot = TOP + rows.saturating_mul(ROW);
    let legend = Legend::of(chart, &words)?;
    let height = foot + 96 + legend.height();
    let mut canvas = Canvas::on(GROUND, u32::try_from(height).unwrap_or(WIDTH))?;
    let view = canvas.view();
    let axis = Axis::of(chart);
    axis.marks(&view, &words, foot)?;
    for (nth, lane) in (0..).zip(&chart.lanes) {
        let top = TOP + nth * ROW;
        let name = fitted(&named(&words, &lane.name), NAME, LEFT - EDGE - 16)?;
        view.text(&name, (EDGE, top + ROW / 2 + 10), (NAME, TEXT), Align::Left)?;
        for bar in &lane.bars {
            axis.bar(&view, *bar, top)?;
        }
    }
    for note in &chart.notes {
        note_mark(&view, axis.x(*note), foot)?;
    }
    legend.draw(&view, foot + 84)?;
    drop(view);
    canvas.png()
}

fn named(words: &Words<'_>, name: &Name) -> String {
    match name {
        Name::Unit(unit) => unit.clone(),
        Name::Run(run) => words.i18n.plain(
            words.locale,
            "incident-picture-run",
            &Args::from([("run".to_owned(), run.to_string().into())]),
        ),
        Name::Alert(cause, subject) => {
            let cause = words.text(&format!("cause-{}", cause.as_str()));
            match subject {
                Some(subject) => format!("{cause}: {subject}"),
                None => cause,
            }
        }
    }
}

struct Axis {
    from: i64,
    until: i64,
}

impl Axis {
    fn of(chart: &Chart) -> Self {
        Self {
            from: chart.from.as_second(),
            until: chart.until.as_second().max(chart.from.as_second() + 1),
        }
    }

    fn x(&self, at: Timestamp) -> i32 {
        self.at(at.as_second())
    }

    fn at(&self, second: i64) -> i32 {
        let offset = i128::from(second.clamp(self.from, self.until) - self.from);
        let offset = offset * i128::from(RIGHT - LEFT) / i128::from(self.until - self.from);
        LEFT + i32::try_from(offset).unwrap_or(0)
    }

    /// Lines at round times of the team's clock, with the time under each and the day under the first.
    fn marks(&self, view: &View<'_>, words: &Words<'_>, foot: i32) -> Result<()> {
        let length = self.until - self.from;
        let step = STEPS.into_iter().find(|step| length / step < MARKS);
        let step = step.unwrap_or(length / MARKS + 1);
        let zone = words.i18n.zone();
        let Ok(first) = Timestamp::from_second(self.from) else {
            return Ok(());
        };
        let offset = i64::from(zone.to_offset(first).seconds());
        let mut second = (self.from + offset).div_euclid(step) * step + step - offset;
        while second < self.until {
            let x = self.at(second);
            view.fill((x, TOP - 8), (2, foot - TOP + 14), GRID)?;
            let at = Timestamp::from_second(second).unwrap_or(first);
            let text = match step {
                ..60 => words.i18n.clock(at),
                60..86_400 => at.to_zoned(zone.clone()).strftime("%H:%M").to_string(),
                _ => words.i18n.minute(words.locale, at),
            };
            // A mark at the edge would be cut off.
            let half = width(&text, SMALL)? / 2;
            if x - half >= LEFT - 60 && x + half <= RIGHT + 20 {
                view.text(&text, (x, foot + 34), (SMALL, FAINT), Align::Middle)?;
            }
            second += step;
        }
        let day = words.i18n.minute(words.locale, first);
        let name = first.to_zoned(zone.clone()).strftime("%Z").to_string();
        let day = format!("{day} {name}");
        view.text(&day, (EDGE, foot + 34), (SMALL, FAINT), Align::Left)
    }

    fn bar(&self, view: &View<'_>, bar: Bar, top: i32) -> Result<()> {
        let (from, until) = (self.x(bar.from), self.x(bar.until));
        let width = (until - from).max(SHORTEST);
        block(view, bar.shade, (from.min(RIGHT - width), top), width)
    }
}

/// One bar in the middle of its row.
fn block(view: &View<'_>, shade: Shade, (x, top): (i32, i32), width: i32) -> Result<()> {
    let (height, ink) = match shade {
        Shade::Alert => (12, ALERT),
        Shade::Down => (TALL, DOWN),
        Shade::Troubled => (12, TROUBLED),
        Shade::Work => (TALL, WORK),
        Shade::Failed => (TALL, DOWN),
        Shade::Waiting => (TALL, WAITING),
    };
    let y = top + (ROW - height) / 2;
    view.fill((x, y), (width, height), ink)?;
    match shade {
        // Hollow and hatched: nothing was at work.
        Shade::Waiting => {
            view.fill((x + 2, y + 2), (width - 4, height - 4), GROUND)?;
            hatch(view, (x + 2, y + 2), (width - 4, height - 4), WAITING)
        }
        Shade::Failed => hatch(view, (x, y), (width, height), GROUND),
        Shade::Down => view.fill((x, y + height / 2 - 2), (width, 4), GROUND),
        Shade::Alert | Shade::Troubled | Shade::Work => Ok(()),
    }
}

/// Slanted lines, the same wherever the bar begins.
fn hatch(
    view: &View<'_>,
    (x, y): (i32, i32),
    (width, height): (i32, i32),
    ink: RGBColor,
) -> Result<()> {
    // Nothing that is one pixel high or wide is drawn by the library.
    for row in (0..height - 1).step_by(2) {
        let mut at = -(x + row).rem_euclid(10);
        while at < width {
            let (from, until) = (at.max(0), (at + 3).min(width));
            if until - from > 1 {
                view.fill((x + from, y + row), (until - from, 2), ink)?;
            }
            at += 10;
        }
    }
    Ok(())
}

/// A note: a small mark on the axis.
fn note_mark(view: &View<'_>, x: i32, foot: i32) -> Result<()> {
    for row in (0..12).step_by(2) {
        let half = 1 + row / 2;
        view.fill((x - half, foot - 8 + row), (2 * half, 3), TEXT)?;
    }
    Ok(())
}

/// What the bars mean: only what occurs.
struct Legend {
    entries: Vec<(Option<Shade>, String, i32, i32)>,
    lines: i32,
}

impl Legend {
    fn of(chart: &Chart, words: &Words<'_>) -> Result<Self> {
        let shades = chart.shades().map(Some);
        let notes = (!chart.notes.is_empty()).then_some(None);
        let (mut entries, mut x, mut line) = (Vec::new(), EDGE, 0);
        for shade in shades.chain(notes) {
            let key = shade.map_or("note", Shade::as_str);
            let text = words.text(&format!("incident-picture-{key}"));
            let room = 56 + width(&text, SMALL)? + 34;
            if x + room > RIGHT && x > EDGE {
                (x, line) = (EDGE, line + 1);
            }
            entries.push((shade, text, x, line));
            x += room;
        }
        Ok(Self {
            entries,
            lines: line + 1,
        })
    }

    fn height(&self) -> i32 {
        self.lines.saturating_mul(ROW - 6)
    }

    fn draw(&self, view: &View<'_>, foot: i32) -> Result<()> {
        for (shade, text, x, line) in &self.entries {
            let at = foot + line * (ROW - 6);
            match shade {
                Some(shade) => block(view, *shade, (*x, at - ROW / 2 - 9), 44)?,
                None => note_mark(view, x + 22, at - 8)?,
            }
            view.text(text, (x + 56, at), (SMALL, TEXT), Align::Left)?;
        }
        Ok(())
    }
}
