//! The time axis in the team's zone.

use super::canvas::{Align, SMALL, View, ink};
use super::{Axis, Result};
use crate::domain::health::history::Span;
use crate::i18n::I18n;
use jiff::{RoundMode, SignedDuration, Unit, Zoned, ZonedRound};

/// Hours between two marks.
const STEP: i8 = 4;

/// A mark: its second and what stands under it.
pub(super) type Tick = (i64, String);

/// Every fourth full hour of the day, as clocks on the wall have it.
pub(super) fn ticks(span: &Span, i18n: &I18n) -> Vec<Tick> {
    let up = ZonedRound::new().smallest(Unit::Hour).mode(RoundMode::Ceil);
    let begin = span.from.to_zoned(i18n.zone().clone());
    let mut at: Option<Zoned> = begin.round(up).ok();
    let mut ticks = Vec::new();
    while let Some(hour) = at.filter(|hour| hour.timestamp() <= span.until) {
        if hour.hour() % STEP == 0 && hour.minute() == 0 {
            ticks.push((
                hour.timestamp().as_second(),
                format!("{:02}:00", hour.hour()),
            ));
        }
        at = hour.checked_add(SignedDuration::from_hours(1)).ok();
    }
    ticks
}

pub(super) fn grid(
    view: &View<'_>,
    axis: Axis,
    ticks: &[Tick],
    (top, foot): (i32, i32),
) -> Result<()> {
    for (second, _) in ticks {
        view.fill((axis.x(*second), top), (2, foot - top), ink::GRID)?;
    }
    Ok(())
}

pub(super) fn labels(view: &View<'_>, axis: Axis, ticks: &[Tick], top: i32) -> Result<()> {
    for (second, text) in ticks {
        view.text(
            text,
            (axis.x(*second), top + 36),
            (SMALL, ink::FAINT),
            Align::Middle,
        )?;
    }
    Ok(())
}
