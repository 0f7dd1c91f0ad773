//! The strips: one row for each component, and what their looks mean.

use super::canvas::{Align, LABEL, MARGIN, SMALL, View, WIDTH, ink};
use super::rows::Chosen;
use super::{AXIS_LEFT, AXIS_RIGHT, Axis, Result, Words};
use crate::domain::health::Condition;
use plotters::style::RGBColor;

/// Height of a row.
pub(super) const ROW: i32 = 56;

/// Height of the legend.
pub(super) const LEGEND: i32 = 104;

/// Height of the tallest strip.
const TALLEST: i32 = 44;

/// However short it was, it is seen on a phone.
const SHORTEST: i32 = 5;

/// The order in which conditions are painted: what is worse lies on top.
const LAYERS: [Condition; 4] = [
    Condition::Up,
    Condition::Unknown,
    Condition::Degraded,
    Condition::Down,
];

pub(super) fn draw(
    view: &View<'_>,
    axis: Axis,
    words: &Words<'_>,
    chosen: &Chosen,
    top: i32,
) -> Result<()> {
    let mut top = top;
    let right = WIDTH.cast_signed() - MARGIN;
    for row in &chosen.rows {
        let foot = top + ROW / 2 + 14;
        view.label(&row.name, foot, AXIS_LEFT - MARGIN - 14)?;
        unseen(view, AXIS_LEFT, AXIS_RIGHT - AXIS_LEFT, top)?;
        for layer in LAYERS {
            for piece in row.pieces.iter().filter(|p| p.condition == layer) {
                let from = axis.x(piece.from.as_second());
                let until = axis.x(piece.until.as_second());
                let width = (until - from).max(SHORTEST);
                block(view, layer, (from.min(AXIS_RIGHT - width), top), width)?;
            }
        }
        let share = row
            .availability()
            .map(|share| words.decimal(percent(share)));
        let share = share.unwrap_or_else(|| "–".to_owned());
        view.text(&share, (right, foot), (LABEL, ink::TEXT), Align::Right)?;
        top += ROW;
    }
    Ok(())
}

/// Never rounded up to a full 100, never down to 0.
pub(super) fn percent(share: f64) -> String {
    let tenths = (share * 10.0).floor() / 10.0;
    if tenths >= 100.0 || tenths < 10.0 && tenths.fract() == 0.0 {
        format!("{tenths:.0}%")
    } else {
        format!("{tenths:.1}%")
    }
}

/// One condition for a while: its height, its ink and its hatching tell which.
fn block(view: &View<'_>, condition: Condition, (x, top): (i32, i32), width: i32) -> Result<()> {
    let (height, color) = look(condition);
    let y = top + (ROW - height) / 2;
    match condition {
        Condition::Up => view.fill((x, y), (width, height), color),
        Condition::Degraded => {
            view.fill((x, y), (width, height), color)?;
            stripes(view, (x, y), (width, height))
        }
        Condition::Down => {
            view.fill((x, y), (width, height), color)?;
            view.fill((x, y + height / 2 - 3), (width, 6), ink::TEXT)
        }
        Condition::Unknown => {
            view.fill((x, y), (width, height), color)?;
            view.fill((x, y + 4), (width, height - 8), ink::GROUND)?;
            dots(view, (x, y), (width, height))
        }
    }
}

fn look(condition: Condition) -> (i32, RGBColor) {
    match condition {
        Condition::Up => (20, ink::UP),
        Condition::Unknown => (24, ink::UNKNOWN),
        Condition::Degraded => (34, ink::DEGRADED),
        Condition::Down => (TALLEST, ink::DOWN),
    }
}

/// Nobody looked.
fn unseen(view: &View<'_>, x: i32, width: i32, top: i32) -> Result<()> {
    view.fill((x, top + ROW / 2 - 1), (width, 3), ink::UNSEEN)
}

/// Slanted stripes, the same wherever the block begins.
fn stripes(view: &View<'_>, (x, y): (i32, i32), (width, height): (i32, i32)) -> Result<()> {
    for row in (0..height).step_by(2) {
        let mut at = -(x + row).rem_euclid(16);
        while at < width {
            let (from, until) = (at.max(0), (at + 6).min(width));
            view.fill((x + from, y + row), (until - from, 2), ink::GROUND)?;
            at += 16;
        }
    }
    Ok(())
}

fn dots(view: &View<'_>, (x, y): (i32, i32), (width, height): (i32, i32)) -> Result<()> {
    let mut at = (-x).rem_euclid(14);
    while at + 5 <= width {
        view.fill((x + at, y + height / 2 - 2), (5, 5), ink::UNKNOWN)?;
        at += 14;
    }
    Ok(())
}

/// Two lines: a sample of each look with its word.
pub(super) fn legend(view: &View<'_>, words: &Words<'_>, top: i32) -> Result<()> {
    let entries = [
        (Some(Condition::Up), "picture-up", 0, MARGIN),
        (Some(Condition::Degraded), "picture-degraded", 0, 380),
        (Some(Condition::Down), "picture-down", 0, 736),
        (Some(Condition::Unknown), "picture-unknown", 1, MARGIN),
        (None, "picture-unseen", 1, 380),
    ];
    for (condition, key, line, x) in entries {
        let y = top + line * (LEGEND / 2);
        match condition {
            Some(condition) => block(view, condition, (x, y), 52)?,
            None => unseen(view, x, 52, y)?,
        }
        let foot = y + ROW / 2 + 12;
        view.text(
            &words.text(key),
            (x + 66, foot),
            (SMALL, ink::TEXT),
            Align::Left,
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_share_is_never_made_better_than_it_was() {
        assert_eq!(percent(100.0), "100%");
        assert_eq!(percent(99.99), "99.9%");
        assert_eq!(percent(97.25), "97.2%");
        assert_eq!(percent(0.0), "0%");
    }
}
