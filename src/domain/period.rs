//! Lengths of time as people write them: `90s`, `10m`, `1h`, `7d`.

use jiff::{Span, SpanRelativeTo};
use std::time::Duration;

/// Ten years: far beyond every use, and near enough that no sum with a time can overflow.
const LONGEST: Duration = Duration::from_hours(10 * 365 * 24);

/// Reads a length of time, longer than nothing. A day has 24 hours.
///
/// # Errors
/// Says what is wrong with it.
pub fn parse(text: &str) -> Result<Duration, &'static str> {
    let span: Span = text.parse().map_err(|_| "it is not a length of time")?;
    // Months and years have no fixed length.
    if span.get_years() != 0 || span.get_months() != 0 {
        return Err("months and years differ in length: write days");
    }
    let length = span
        .to_duration(SpanRelativeTo::days_are_24_hours())
        .map_err(|_| "it is too long")?;
    match Duration::try_from(length) {
        Ok(period) if !period.is_zero() && period <= LONGEST => Ok(period),
        Ok(period) if period.is_zero() => Err("it is nothing"),
        Ok(_) => Err("it is longer than ten years"),
        Err(_) => Err("it lies in the past"),
    }
}
