//! Pictures: of the last 24 hours ([`day`]: how each component was, what waited in the queue, what became
//! of the jobs), of the last year's promises ([`year()`]), and of an incident ([`incident()`]: alerts,
//! outages and recoveries as bars, for paper).
//!
//! The day is looked at on a phone, a third of its size, in the dark: one column of names, one time axis
//! under everything, its own dark ground whatever the chat's is. No condition is told by colour alone;
//! the worse it is, the taller it stands, and each has its own hatching.

mod canvas;
mod charts;
mod incident;
mod rows;
mod series;
mod strips;
mod times;
mod year;

pub use incident::draw as incident;
pub use year::year;

use crate::domain::failure::Args;
use crate::domain::health::history::Span;
use crate::i18n::{I18n, Locale};
use canvas::{Align, Canvas, LABEL, MARGIN, SMALL, TITLE, WIDTH, ink};
use rows::Chosen;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The embedded font. A defect of the build.
    #[error("the embedded font cannot be used")]
    Font,
    /// Drawing.
    #[error("the picture cannot be drawn: {0}")]
    Draw(String),
    /// Writing the PNG.
    #[error("the picture cannot be written: {0}")]
    Png(#[from] png::EncodingError),
}

type Result<T> = std::result::Result<T, PictureError>;

/// Where the time axis begins and ends, and how it maps seconds to pixels.
#[derive(Clone, Copy, Debug)]
struct Axis {
    from: i64,
    until: i64,
}

const AXIS_LEFT: i32 = 322;
const AXIS_RIGHT: i32 = 936;

impl Axis {
    fn x(self, second: i64) -> i32 {
        let length = i128::from((self.until - self.from).max(1));
        let second = i128::from(second.clamp(self.from, self.until) - self.from);
        let offset = second * i128::from(AXIS_RIGHT - AXIS_LEFT) / length;
        AXIS_LEFT + i32::try_from(offset).unwrap_or(0)
    }
}

/// What the picture says in one language.
struct Words<'a> {
    i18n: &'a I18n,
    locale: Locale,
}

impl Words<'_> {
    fn text(&self, key: &str) -> String {
        self.i18n.plain(self.locale, key, &Args::new())
    }

    /// A number as this language writes its fractions.
    fn decimal(&self, number: String) -> String {
        match self.locale {
            Locale::En => number,
            Locale::Ru => number.replace('.', ","),
        }
    }

    fn period(&self, span: &Span) -> String {
        let zone = self.i18n.zone().iana_name().unwrap_or("UTC").to_owned();
        let minute = |at| self.i18n.minute(self.locale, at);
        let args = Args::from([
            ("from".to_owned(), minute(span.from).into()),
            ("until".to_owned(), minute(span.until).into()),
            ("zone".to_owned(), zone.into()),
        ]);
        self.i18n.plain(self.locale, "picture-period", &args)
    }
}

/// Draws a day as PNG. Takes a few hundredths of a second of one core: not for an async worker thread.
///
/// # Errors
/// A defect of the build; no content of the history is one.
pub fn day(span: &Span, i18n: &I18n, locale: Locale) -> Result<Vec<u8>> {
    let words = Words { i18n, locale };
    let axis = Axis {
        from: span.from.as_second(),
        until: span.until.as_second(),
    };
    let chosen = rows::choose(span, &words);
    let plan = Plan::of(&chosen);
    let mut canvas = Canvas::new(plan.height)?;
    let view = canvas.view();
    view.text(
        &words.text("picture-title"),
        (MARGIN, 62),
        (TITLE, ink::TEXT),
        Align::Left,
    )?;
    view.text(
        &words.period(span),
        (MARGIN, 108),
        (SMALL, ink::FAINT),
        Align::Left,
    )?;
    let right = WIDTH.cast_signed() - MARGIN;
    view.text(
        &words.text("picture-available"),
        (right, 108),
        (SMALL, ink::FAINT),
        Align::Right,
    )?;
    let ticks = times::ticks(span, i18n);
    times::grid(&view, axis, &ticks, (plan.strips, plan.axis))?;
    strips::draw(&view, axis, &words, &chosen, plan.strips)?;
    if let Some(at) = plan.others {
        let words = others(&words, chosen.calm);
        view.text(&words, (MARGIN, at + 36), (SMALL, ink::FAINT), Align::Left)?;
    }
    if chosen.rows.is_empty() {
        let nothing = words.text("picture-nothing-yet");
        view.text(
            &nothing,
            (MARGIN, plan.strips + 40),
            (LABEL, ink::TEXT),
            Align::Left,
        )?;
    }
    strips::legend(&view, &words, plan.legend)?;
    charts::depth(&view, axis, span, &words, plan.depth)?;
    charts::success(&view, axis, span, &words, plan.success)?;
    times::labels(&view, axis, &ticks, plan.axis)?;
    drop(view);
    canvas.png()
}

fn others(words: &Words<'_>, count: usize) -> String {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let args = Args::from([("count".to_owned(), count.into())]);
    words.i18n.plain(words.locale, "picture-others", &args)
}

/// What stands at which height.
#[derive(Debug)]
struct Plan {
    strips: i32,
    others: Option<i32>,
    legend: i32,
    depth: i32,
    success: i32,
    axis: i32,
    height: u32,
}

impl Plan {
    fn of(chosen: &Chosen) -> Self {
        let strips = 132;
        let rows = i32::try_from(chosen.rows.len().max(1)).unwrap_or(i32::MAX);
        let mut at = strips + rows.saturating_mul(strips::ROW);
        let others = (chosen.calm > 0).then_some(at);
        at += if others.is_some() { 48 } else { 0 };
        let legend = at + 8;
        let depth = legend + strips::LEGEND + 24;
        let success = depth + charts::HEIGHT + 28;
        let axis = success + charts::HEIGHT + 10;
        Self {
            strips,
            others,
            legend,
            depth,
            success,
            axis,
            height: u32::try_from(axis + 56).unwrap_or(WIDTH),
        }
    }
}

#[cfg(test)]
mod tests;
