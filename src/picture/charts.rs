//! The two charts below the strips, on the same time axis.

use super::canvas::{Align, LABEL, MARGIN, SMALL, View, WIDTH, drawn, ink};
use super::series::{self, Values};
use super::{AXIS_LEFT, AXIS_RIGHT, Axis, Result, Words, strips};
use crate::domain::health::history::Span;
use plotters::prelude::{AreaSeries, ChartBuilder, Circle, PathElement};
use plotters::style::{Color, RGBColor, ShapeStyle};

/// Height of a chart.
pub(super) const HEIGHT: i32 = 170;

/// What a chart is.
struct Chart<'a> {
    key: &'a str,
    values: Values,
    top: f64,
    unit: &'static str,
    color: RGBColor,
    now: Option<String>,
}

/// What waited in the queue.
pub(super) fn depth(
    view: &View<'_>,
    axis: Axis,
    span: &Span,
    words: &Words<'_>,
    top: i32,
) -> Result<()> {
    let values = series::depth(span);
    let now = values.last().map(|value| words.decimal(short(value.1)));
    let values = series::thinned(&values, f64::max);
    let highest = values.iter().map(|value| value.1).fold(0.0, f64::max);
    let chart = Chart {
        key: "picture-queue",
        now,
        values,
        top: ceiling(highest),
        unit: "",
        color: ink::LINE,
    };
    draw(view, axis, words, &chart, top)
}

/// How many of the ended jobs ended well.
pub(super) fn success(
    view: &View<'_>,
    axis: Axis,
    span: &Span,
    words: &Words<'_>,
    top: i32,
) -> Result<()> {
    let values = series::success(span);
    let now = values
        .last()
        .map(|value| words.decimal(strips::percent(value.1)));
    let chart = Chart {
        key: "picture-success",
        now,
        values: series::thinned(&values, f64::min),
        top: 100.0,
        unit: "%",
        color: ink::UP,
    };
    draw(view, axis, words, &chart, top)
}

fn draw(view: &View<'_>, axis: Axis, words: &Words<'_>, chart: &Chart<'_>, top: i32) -> Result<()> {
    frame(view, words, chart, top)?;
    let room = (AXIS_LEFT, top);
    let size = (
        (AXIS_RIGHT - AXIS_LEFT).unsigned_abs(),
        HEIGHT.unsigned_abs(),
    );
    let area = view.area.clone().shrink(room, size);
    let mut plot = ChartBuilder::on(&area)
        .build_cartesian_2d(axis.from..axis.until.max(axis.from + 1), 0.0..chart.top)
        .map_err(drawn)?;
    for stretch in series::stretches(&chart.values) {
        if let [only] = stretch[..] {
            let dot = Circle::new(only, 5, chart.color.filled());
            plot.draw_series([dot]).map_err(drawn)?;
            continue;
        }
        let area = AreaSeries::new(stretch.iter().copied(), 0.0, chart.color.mix(0.25));
        plot.draw_series(area).map_err(drawn)?;
        // One by one: a thick line through sharp corners would stand out far beyond them.
        let style = ShapeStyle::from(&chart.color).stroke_width(4);
        let legs = stretch.windows(2);
        plot.draw_series(legs.map(|two| PathElement::new(two, style)))
            .map_err(drawn)?;
    }
    Ok(())
}

/// Name, scale and the newest value.
fn frame(view: &View<'_>, words: &Words<'_>, chart: &Chart<'_>, top: i32) -> Result<()> {
    let width = AXIS_RIGHT - AXIS_LEFT;
    for y in [top, top + HEIGHT / 2, top + HEIGHT - 2] {
        view.fill((AXIS_LEFT, y), (width, 2), ink::GRID)?;
    }
    view.label(&words.text(chart.key), top + HEIGHT / 2 + 14, 290)?;
    let scale = |value: f64| format!("{}{}", short(value), chart.unit);
    let left = AXIS_LEFT - 12;
    view.text(
        &scale(chart.top),
        (left, top + 26),
        (SMALL, ink::FAINT),
        Align::Right,
    )?;
    view.text(
        &scale(0.0),
        (left, top + HEIGHT),
        (SMALL, ink::FAINT),
        Align::Right,
    )?;
    let now = chart.now.as_deref().unwrap_or("–");
    let right = WIDTH.cast_signed() - MARGIN;
    let foot = top + HEIGHT / 2 + 30;
    let word = words.text("picture-now");
    view.text(&word, (right, foot - 46), (SMALL, ink::FAINT), Align::Right)?;
    view.text(now, (right, foot), (LABEL, ink::TEXT), Align::Right)
}

/// The next round number: 1, 2 or 5 with zeros, at least 10.
fn ceiling(highest: f64) -> f64 {
    let mut ten = 10.0;
    while ten < f64::MAX / 100.0 {
        for step in [1.0, 2.0, 5.0] {
            if highest <= ten * step {
                return ten * step;
            }
        }
        ten *= 10.0;
    }
    f64::MAX / 10.0
}

/// A count in few letters: 940, 12k, 3.4M.
fn short(value: f64) -> String {
    let of = |divisor: f64, letter: &str| {
        let part = value / divisor;
        if part < 10.0 && part.fract() >= 0.05 {
            format!("{:.1}{letter}", (part * 10.0).floor() / 10.0)
        } else {
            format!("{:.0}{letter}", part.floor())
        }
    };
    match value {
        value if value < 1e4 => format!("{value:.0}"),
        value if value < 1e6 => of(1e3, "k"),
        value if value < 1e9 => of(1e6, "M"),
        value if value < 1e12 => of(1e9, "G"),
        value => format!("{value:.0e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_ends_at_a_round_number() {
        assert_eq!(
            [0.0, 10.0, 11.0, 51.0, 4_000.0].map(ceiling),
            [10.0, 10.0, 20.0, 100.0, 5_000.0]
        );
        assert!(ceiling(f64::MAX).is_finite());
    }

    #[test]
    fn counts_are_short() {
        let text = [0.0, 940.0, 12_345.0, 3_450_000.0, 2e12].map(short);
        assert_eq!(text, ["0", "940", "12k", "3.4M", "2e12"]);
    }
}
