//! The document of an incident: the runbook's template, filled with what is known and what people wrote.
//!
//! `content` puts it together once, in one language, as plain text in blocks; `markdown` and `html` turn
//! the blocks into files and escape every word of them. No part of this room asks or remembers anything.

mod blocks;
mod content;
mod course;
mod html;
mod markdown;
mod moments;
mod words;

pub use blocks::{Block, Document, Section};
pub use content::{title, write};
pub use html::html;
pub use markdown::markdown;
pub use moments::{Line, lines};
pub use words::Words;

use crate::domain::case::Dossier;
use crate::domain::case::chart::Chart;
use crate::i18n::I18n;
use crate::i18n::Locale;
use crate::picture::{self, PictureError};
use std::collections::BTreeMap;

/// The HTML file with its chart drawn. Takes some hundredths of a second of one core: not for an async
/// worker thread.
///
/// # Errors
/// A defect of the build; no content of the incident is one.
pub fn page(
    i18n: &I18n,
    locale: Locale,
    dossier: &Dossier,
    pictures: &BTreeMap<String, Vec<u8>>,
) -> Result<String, PictureError> {
    let chart = picture::incident(&Chart::of(dossier), i18n, locale)?;
    let document = write(&Words { i18n, locale }, dossier);
    Ok(html(&document, Some(&chart), pictures))
}
