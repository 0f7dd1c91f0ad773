//! Reading an archive: each entry is judged by itself, its bytes go to the staging folder.

use super::contents::{Contents, Item};
use super::gauge::{Gauge, Meter, Stop};
use super::limits::{Limits, NAMES};
use super::names::{self, Spared};
use super::refusal::{Reason, Suspect};
use super::staging::Staging;
use crate::ports::{PortError, PortResult};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use tar::{Archive, Entry, EntryType};

/// What an archive is read with.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) suspect: Suspect,
    pub(super) limits: Limits,
    pub(super) spared: Spared,
    pub(super) compressed: u64,
    pub(super) staging: Staging,
}

/// What a kind of entry is to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Folder,
    File,
    Link,
    HardLink,
    /// Says something of other entries.
    Header,
}

impl Reading {
    /// Reads all of it. Nothing is returned when the stage before was cut off.
    pub(super) fn run(&mut self, gauge: Gauge, meter: &Rc<Meter>) -> PortResult<Option<Contents>> {
        let mut archive = Archive::new(gauge);
        let read = self.entries(&mut archive, meter);
        let read = read.and_then(|contents| {
            self.end(&mut archive.into_inner())?;
            Ok(contents)
        });
        match (read, meter.stopped()) {
            (Ok(contents), _) => Ok(Some(contents)),
            (Err(_), Some(Stop::CutOff)) => Ok(None),
            (Err(_), Some(Stop::Large)) => Err(self
                .suspect
                .hostile(self.suspect.0.as_bytes(), Reason::Large)),
            (Err(error), None) => Err(error),
        }
    }

    fn entries(&mut self, archive: &mut Archive<Gauge>, meter: &Meter) -> PortResult<Contents> {
        let most = self.limits.plain(self.compressed);
        let mut contents = Contents::default();
        let (mut count, mut bytes) = (0, 0_u64);
        let mut entries = archive.entries().map_err(|e| self.suspect.damaged(e))?;
        loop {
            meter.allow(most.min(meter.taken() + NAMES));
            let Some(entry) = entries.next() else {
                meter.allow(most);
                return Ok(contents);
            };
            let mut entry = entry.map_err(|e| self.suspect.damaged(e))?;
            meter.allow(most);
            let name = entry.path_bytes().into_owned();
            let refuse = |reason| self.suspect.hostile(&name, reason);
            count += 1;
            if count > self.limits.entries {
                return Err(refuse(Reason::Many));
            }
            // A sparse file tells of bytes that the archive does not hold.
            bytes = bytes.saturating_add(entry.size());
            if bytes > most {
                return Err(refuse(Reason::Large));
            }
            bytes += self.take(&name, &mut entry, &mut contents)?;
            // What was passed over. So the next step reads headers only.
            io::copy(&mut entry, &mut io::sink()).map_err(|e| self.suspect.damaged(e))?;
        }
    }

    /// Takes one entry. Returns the bytes it added beyond its own size.
    fn take(
        &mut self,
        name: &[u8],
        entry: &mut Entry<'_, Gauge>,
        contents: &mut Contents,
    ) -> PortResult<u64> {
        let suspect = self.suspect.clone();
        let refuse = |reason| suspect.hostile(name, reason);
        let kind = kind(entry, name).map_err(refuse)?;
        if kind == Kind::Header {
            return Ok(0);
        }
        check_extensions(entry, &suspect, name)?;
        let path = names::relative(name).map_err(refuse)?;
        if path.as_os_str().is_empty() {
            return match kind {
                // The install folder itself: it is there, and stays as it is.
                Kind::Folder => Ok(0),
                _ => Err(refuse(Reason::Name)),
            };
        }
        let mode = mode(entry, kind, &suspect, name)?;
        if self.spared.covers(&path) {
            return Ok(0);
        }
        let (item, more) = match kind {
            Kind::Folder => (Item::Folder { mode }, 0),
            Kind::Link => (
                Item::Link {
                    target: target(entry).map_err(refuse)?,
                },
                0,
            ),
            Kind::HardLink => match self.hard_link(entry, contents, mode) {
                Ok(Some((item, size))) => (item, size),
                Ok(None) => return Ok(0),
                Err(Trouble::Refused(reason)) => return Err(refuse(reason)),
                Err(Trouble::Failed(error)) => return Err(error),
            },
            _ => {
                let size = entry.size();
                let staged = self.staging.write(entry, size, &suspect)?;
                (Item::File { staged, size, mode }, 0)
            }
        };
        match contents.add(path, item) {
            Ok(None) => Ok(more),
            Ok(Some(replaced)) => self.staging.forget(&replaced).map(|()| more),
            Err(reason) => Err(refuse(reason)),
        }
    }

    /// A hard link to a file that came before becomes a file of its own; one to a file that was
    /// passed over is passed over too.
    fn hard_link(
        &mut self,
        entry: &Entry<'_, Gauge>,
        contents: &Contents,
        mode: u32,
    ) -> Result<Option<(Item, u64)>, Trouble> {
        let name = entry.link_name_bytes().unwrap_or_default();
        let target = names::relative(&name).map_err(|_| Trouble::Refused(Reason::Link))?;
        if self.spared.covers(&target) {
            return Ok(None);
        }
        let Some(Item::File { staged, size, .. }) = contents.0.get(&target) else {
            return Err(Trouble::Refused(Reason::Link));
        };
        let size = *size;
        let staged = self
            .staging
            .copy(staged, size, &self.suspect)
            .map_err(Trouble::Failed)?;
        Ok(Some((Item::File { staged, size, mode }, size)))
    }

    /// Behind the archive's end there is nothing but zeros; only there its checksum is compared.
    fn end(&self, rest: &mut impl Read) -> PortResult<()> {
        let mut chunk = vec![0; 64 * 1024];
        loop {
            match rest.read(&mut chunk) {
                Ok(0) => return Ok(()),
                Ok(read) if chunk[..read].iter().all(|byte| *byte == 0) => {}
                Ok(_) => return Err(self.suspect.damaged("something follows its end")),
                Err(error) => return Err(self.suspect.damaged(error)),
            }
        }
    }
}

enum Trouble {
    Refused(Reason),
    Failed(PortError),
}

fn kind(entry: &Entry<'_, Gauge>, name: &[u8]) -> Result<Kind, Reason> {
    match entry.header().entry_type() {
        // Archives of the oldest kind know folders by their name alone.
        EntryType::Regular if name.ends_with(b"/") => Ok(Kind::Folder),
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => Ok(Kind::File),
        EntryType::Directory => Ok(Kind::Folder),
        EntryType::Symlink => Ok(Kind::Link),
        EntryType::Link => Ok(Kind::HardLink),
        EntryType::XGlobalHeader => Ok(Kind::Header),
        _ => Err(Reason::Special),
    }
}

/// Sparse files in the form that only headers of their own describe would come out as nonsense.
fn check_extensions(
    entry: &mut Entry<'_, Gauge>,
    suspect: &Suspect,
    name: &[u8],
) -> PortResult<()> {
    let extensions = entry.pax_extensions().map_err(|e| suspect.damaged(e))?;
    for extension in extensions.into_iter().flatten() {
        let extension = extension.map_err(|e| suspect.damaged(e))?;
        if extension.key_bytes().starts_with(b"GNU.sparse.") {
            return Err(suspect.hostile(name, Reason::Special));
        }
    }
    Ok(())
}

/// The permission bits, without the right of everybody to write.
fn mode(entry: &Entry<'_, Gauge>, kind: Kind, suspect: &Suspect, name: &[u8]) -> PortResult<u32> {
    const SET_ID: u32 = 0o6000;
    const KEPT: u32 = 0o775;
    if kind == Kind::Link {
        return Ok(KEPT);
    }
    let mode = entry.header().mode().map_err(|e| suspect.damaged(e))?;
    match mode & SET_ID {
        0 => Ok(mode & KEPT),
        _ => Err(suspect.hostile(name, Reason::Bits)),
    }
}

fn target(entry: &Entry<'_, Gauge>) -> Result<PathBuf, Reason> {
    use std::os::unix::ffi::OsStrExt;
    let name = entry.link_name_bytes().unwrap_or_default();
    Ok(Path::new(std::ffi::OsStr::from_bytes(&name)).to_owned())
}
