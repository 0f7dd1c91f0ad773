//! The picture of the last year: what was promised and what was measured, one panel each.
//!
//! What broke a promise or failed is a cross, not only red; the promise itself is a dashed line with its
//! length beside it.

use super::canvas::{Align, Canvas, LABEL, MARGIN, SMALL, TITLE, View, drawn, ink};
use super::{Result, Words};
use crate::domain::failure::{Arg, Args};
use crate::domain::trend::{Point, Trends};
use crate::i18n::{I18n, Locale};
use jiff::{RoundMode, Timestamp, ToSpan, Unit, Zoned, ZonedRound};
use plotters::prelude::{Circle, PathElement, RGBColor, TriangleMarker};
use plotters::style::{Color, ShapeStyle};

const LEFT: i32 = 330;
const RIGHT: i32 = 872;
const FIRST: i32 = 150;
const PANEL: i32 = 190;
const GAP: i32 = 46;
/// Half the size of a mark.
const MARK: i32 = 9;

/// How a value reads.
#[derive(Clone, Copy)]
enum Unitary {
    Length,
    Size,
}

/// How points of a kind are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// One by one.
    Dot,
    /// One by one, of another kind.
    Triangle,
    /// Joined: they come at regular times.
    Line,
}

/// Points of one kind.
struct Series<'a> {
    points: &'a [Point],
    mark: Mark,
    color: RGBColor,
}

struct Panel<'a> {
    key: &'a str,
    legend: Option<[&'a str; 2]>,
    series: Vec<Series<'a>>,
    /// The promise, and what it is called.
    limit: Option<(u64, &'a str)>,
    unit: Unitary,
}

/// Draws a year as PNG. Takes a few hundredths of a second of one core: not for an async worker thread.
///
/// # Errors
/// A defect of the build; no content of the history is one.
pub fn year(trends: &Trends, i18n: &I18n, locale: Locale) -> Result<Vec<u8>> {
    let words = Words { i18n, locale };
    let panels = panels(trends);
    let count = i32::try_from(panels.len()).unwrap_or(0);
    let foot = FIRST + count * (PANEL + GAP) - GAP;
    let mut canvas = Canvas::new((foot + 70).unsigned_abs())?;
    let view = canvas.view();
    let axis = (trends.from.as_second(), trends.until.as_second());
    head(&view, &words, trends)?;
    let months = months(trends, i18n);
    for (month, _) in &months {
        view.fill((x(axis, *month), FIRST), (2, foot - FIRST), ink::GRID)?;
    }
    let mut top = FIRST;
    for panel in &panels {
        draw(&view, &words, axis, (panel, top))?;
        top += PANEL + GAP;
    }
    label_months(&view, &words, axis, (&months, foot))?;
    drop(view);
    canvas.png()
}

fn panels(trends: &Trends) -> Vec<Panel<'_>> {
    let line = |points, color| {
        vec![Series {
            points,
            mark: Mark::Line,
            color,
        }]
    };
    let single = |points, mark, color| Series {
        points,
        mark,
        color,
    };
    vec![
        Panel {
            key: "trends-recovery",
            legend: Some(["trends-recoveries", "trends-drills"]),
            series: vec![
                single(&trends.recoveries, Mark::Dot, ink::LINE),
                single(&trends.drills, Mark::Triangle, ink::UP),
            ],
            limit: Some((trends.rto.as_secs(), "RTO")),
            unit: Unitary::Length,
        },
        Panel {
            key: "trends-age",
            legend: None,
            series: line(&trends.ages, ink::LINE),
            limit: Some((trends.rpo.as_secs(), "RPO")),
            unit: Unitary::Length,
        },
        Panel {
            key: "trends-check",
            legend: None,
            series: line(&trends.checks, ink::LINE),
            limit: None,
            unit: Unitary::Length,
        },
        Panel {
            key: "trends-size",
            legend: None,
            series: line(&trends.sizes, ink::LINE),
            limit: None,
            unit: Unitary::Size,
        },
    ]
}

fn head(view: &View<'_>, words: &Words<'_>, trends: &Trends) -> Result<()> {
    let title = words.text("trends-title");
    view.text(&title, (MARGIN, 62), (TITLE, ink::TEXT), Align::Left)?;
    let day = |at: Timestamp| at.to_zoned(words.i18n.zone().clone()).date().to_string();
    let period = format!("{} – {}", day(trends.from), day(trends.until));
    view.text(&period, (MARGIN, 108), (SMALL, ink::FAINT), Align::Left)
}

fn draw(
    view: &View<'_>,
    words: &Words<'_>,
    axis: (i64, i64),
    (panel, top): (&Panel<'_>, i32),
) -> Result<()> {
    let values = panel.series.iter().flat_map(|series| series.points);
    let highest = values.map(|point| point.value).max().unwrap_or(0);
    let limit = panel.limit.map_or(0, |(limit, _)| limit);
    // A tenth of air above the highest, so that nothing is drawn on the edge.
    let ceiling = highest.max(limit).max(1).saturating_mul(11) / 10 + 1;
    let scale = Scale { axis, top, ceiling };
    frame(view, words, (panel, top))?;
    if let Some((limit, name)) = panel.limit {
        promise(view, words, &scale, (limit, name))?;
    }
    for series in &panel.series {
        plot(view, &scale, series, limit)?;
    }
    latest(view, words, (panel, top))
}

/// Where a point stands.
struct Scale {
    axis: (i64, i64),
    top: i32,
    ceiling: u64,
}

impl Scale {
    fn y(&self, value: u64) -> i32 {
        let height = u128::from(PANEL.unsigned_abs());
        let up = u128::from(value) * height / u128::from(self.ceiling.max(1));
        self.top + PANEL - i32::try_from(up).unwrap_or(PANEL).min(PANEL)
    }

    fn at(&self, point: &Point) -> (i32, i32) {
        (x(self.axis, point.at.as_second()), self.y(point.value))
    }
}

fn x((from, until): (i64, i64), second: i64) -> i32 {
    let length = i128::from((until - from).max(1));
    let second = i128::from(second.clamp(from, until) - from);
    let offset = second * i128::from(RIGHT - LEFT) / length;
    LEFT + i32::try_from(offset).unwrap_or(0)
}

fn frame(view: &View<'_>, words: &Words<'_>, (panel, top): (&Panel<'_>, i32)) -> Result<()> {
    view.fill((LEFT, top + PANEL), (RIGHT - LEFT, 2), ink::UNSEEN)?;
    view.label(&words.text(panel.key), top + 44, LEFT - MARGIN - 16)?;
    let Some(names) = panel.legend else {
        return Ok(());
    };
    for ((name, series), foot) in names.iter().zip(&panel.series).zip([92, 136]) {
        mark(view, series, (MARGIN + MARK, top + foot - 12))?;
        let at = (MARGIN + 34, top + foot);
        view.text(&words.text(name), at, (SMALL, ink::FAINT), Align::Left)?;
    }
    Ok(())
}

/// A dashed line, and what it promises.
fn promise(
    view: &View<'_>,
    words: &Words<'_>,
    scale: &Scale,
    (limit, name): (u64, &str),
) -> Result<()> {
    let y = scale.y(limit);
    let mut from = LEFT;
    while from < RIGHT {
        view.fill((from, y - 1), (14.min(RIGHT - from), 3), ink::DEGRADED)?;
        from += 24;
    }
    let text = format!("{name} {}", reading(words, Unitary::Length, limit));
    let at = (RIGHT + 14, y.max(scale.top + 30) + 12);
    view.text(&text, at, (SMALL, ink::DEGRADED), Align::Left)
}

fn plot(view: &View<'_>, scale: &Scale, series: &Series<'_>, limit: u64) -> Result<()> {
    if series.mark == Mark::Line {
        let style = ShapeStyle::from(&series.color).stroke_width(3);
        for two in series.points.windows(2) {
            let leg = [scale.at(&two[0]), scale.at(&two[1])];
            view.area
                .draw(&PathElement::new(leg, style))
                .map_err(drawn)?;
        }
    }
    for point in series.points {
        let at = scale.at(point);
        let broken = !point.good || (limit > 0 && point.value > limit);
        match (broken, series.mark) {
            (true, _) => cross(view, at)?,
            // A dot a week would be a rope.
            (false, Mark::Line) if series.points.len() > 1 => {}
            (false, _) => mark(view, series, at)?,
        }
    }
    Ok(())
}

fn mark(view: &View<'_>, series: &Series<'_>, at: (i32, i32)) -> Result<()> {
    let style = series.color.filled();
    match series.mark {
        Mark::Triangle => view.area.draw(&TriangleMarker::new(at, MARK + 3, style)),
        _ => view.area.draw(&Circle::new(at, MARK, style)),
    }
    .map_err(drawn)
}

fn cross(view: &View<'_>, (x, y): (i32, i32)) -> Result<()> {
    let style = ShapeStyle::from(&ink::DOWN).stroke_width(5);
    for leg in [
        [(x - MARK, y - MARK), (x + MARK, y + MARK)],
        [(x - MARK, y + MARK), (x + MARK, y - MARK)],
    ] {
        view.area
            .draw(&PathElement::new(leg, style))
            .map_err(drawn)?;
    }
    Ok(())
}

/// The newest value, at the foot of the names; or that there is none.
fn latest(view: &View<'_>, words: &Words<'_>, (panel, top): (&Panel<'_>, i32)) -> Result<()> {
    let points = panel.series.iter().flat_map(|series| series.points);
    let newest = points.max_by_key(|point| point.at);
    let foot = top + PANEL;
    let Some(newest) = newest else {
        let nothing = words.text("trends-nothing-yet");
        let at = ((LEFT + RIGHT) / 2, top + PANEL - 30);
        return view.text(&nothing, at, (SMALL, ink::FAINT), Align::Middle);
    };
    let word = words.text("trends-last");
    view.text(&word, (MARGIN, foot), (SMALL, ink::FAINT), Align::Left)?;
    let value = reading(words, panel.unit, newest.value);
    let right = LEFT - 18;
    view.text(&value, (right, foot), (LABEL, ink::TEXT), Align::Right)
}

/// In few letters: there is little room.
fn reading(words: &Words<'_>, unit: Unitary, value: u64) -> String {
    let (key, divisor) = match (unit, value) {
        (Unitary::Size, _) => return words.i18n.size(words.locale, value),
        (Unitary::Length, ..100) => ("trends-seconds", 1),
        (Unitary::Length, ..6_000) => ("trends-minutes", 60),
        (Unitary::Length, ..172_800) => ("trends-hours", 3600),
        (Unitary::Length, _) => ("trends-days", 86_400),
    };
    let tenths = u128::from(value) * 10 / divisor;
    let number = match tenths {
        tenths if tenths % 10 == 0 || tenths >= 100 => (tenths / 10).to_string(),
        tenths => format!("{}.{}", tenths / 10, tenths % 10),
    };
    let number = Arg::from(words.decimal(number));
    let args = Args::from([("number".to_owned(), number)]);
    words.i18n.plain(words.locale, key, &args)
}

/// The first of each month in the team's zone.
fn months(trends: &Trends, i18n: &I18n) -> Vec<(i64, i8)> {
    let begin = trends.from.to_zoned(i18n.zone().clone());
    let day = ZonedRound::new().smallest(Unit::Day).mode(RoundMode::Trunc);
    let mut at: Option<Zoned> = begin
        .first_of_month()
        .and_then(|first| first.round(day))
        .and_then(|first| first.checked_add(1.month()))
        .ok();
    let mut months = Vec::new();
    while let Some(first) = at.filter(|first| first.timestamp() <= trends.until) {
        months.push((first.timestamp().as_second(), first.month()));
        at = first.checked_add(1.month()).ok();
    }
    months
}

/// Every second one has its name: for more there is no room.
fn label_months(
    view: &View<'_>,
    words: &Words<'_>,
    axis: (i64, i64),
    (months, foot): (&[(i64, i8)], i32),
) -> Result<()> {
    for (second, month) in months.iter().step_by(2) {
        let month = Arg::Number(i64::from(*month));
        let args = Args::from([("month".to_owned(), month)]);
        let name = words.i18n.plain(words.locale, "trends-month", &args);
        let at = (x(axis, *second), foot + 48);
        view.text(&name, at, (SMALL, ink::FAINT), Align::Middle)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
