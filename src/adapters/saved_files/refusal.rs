//! Why an archive is not unpacked.

use crate::adapters::common::fs;
use crate::domain::failure::FailureCode;
use crate::ports::PortError;
use std::path::Path;

/// What is wrong with an entry; the locales say it in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// Its path leaves the folder.
    Outside,
    /// A link that leads out, or a path that goes through a link.
    Link,
    /// No file, folder or link.
    Special,
    /// Set-id bits.
    Bits,
    /// Too many entries.
    Many,
    /// Too many bytes.
    Large,
    /// A name that no honest archive has.
    Name,
}

impl Reason {
    fn as_str(self) -> &'static str {
        match self {
            Self::Outside => "outside",
            Self::Link => "link",
            Self::Special => "special",
            Self::Bits => "bits",
            Self::Many => "many",
            Self::Large => "large",
            Self::Name => "name",
        }
    }
}

/// The archive's name, for errors.
#[derive(Debug, Clone)]
pub(super) struct Suspect(pub(super) String);

impl Suspect {
    /// It holds what must not be unpacked.
    pub(super) fn hostile(&self, entry: &[u8], reason: Reason) -> PortError {
        PortError::new(FailureCode::ArchiveHostile)
            .with("archive", self.0.as_str())
            .with("entry", shown(entry))
            .with("reason", reason.as_str())
    }

    /// It cannot be read to its end.
    pub(super) fn damaged(&self, why: impl ToString) -> PortError {
        PortError::new(FailureCode::ArchiveDamaged)
            .with("archive", self.0.as_str())
            .because(why)
    }
}

/// A name for people: short, and without what could pass for something else.
fn shown(name: &[u8]) -> String {
    const LONGEST: usize = 120;
    let text = String::from_utf8_lossy(name);
    let mut clean: String = text
        .chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .take(LONGEST)
        .collect();
    if clean.chars().count() == LONGEST {
        clean.push('…');
    }
    clean
}

/// Something else stands in the install folder where this should go.
pub(super) fn taken(path: &Path) -> PortError {
    PortError::new(FailureCode::PlaceTaken).with("path", fs::shown(path))
}
