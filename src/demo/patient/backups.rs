//! Backups as REI's own script leaves them: `db_<timestamp>.db.gz`, some with `sha256sum`'s line.

use super::files::SAVED;
use super::look::{self, Rows};
use crate::demo::error::{DemoResult, at};
use crate::domain::backup::BackupTime;
use data_encoding::HEXLOWER;
use isal::{CompressionLevel, read::GzipDecoder, write::GzipEncoder};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bytes read at once.
const CHUNK: usize = 256 * 1024;

/// A backup to take.
#[derive(Debug, Clone)]
pub struct BackupOptions {
    /// How long ago it was taken.
    pub age: Duration,
    /// Whether its SHA-256 stands beside it.
    pub checksum: bool,
    /// What is wrong with it.
    pub flaw: Option<Flaw>,
}

/// What is wrong with a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The file ends too early.
    Truncated,
    /// One bit of the compressed stream is another.
    FlippedBit,
    /// The checksum beside it is of another file.
    WrongChecksum,
    /// Zero bytes.
    Empty,
    /// A good gzip of a file of 0 bytes.
    EmptyDatabase,
    /// A good gzip of a good database of somebody else.
    OtherSchema,
    /// A good gzip of a database with damaged pages.
    DamagedPages,
}

impl BackupOptions {
    /// A good one of this age, without a checksum.
    #[must_use]
    pub fn aged(age: Duration) -> Self {
        Self {
            age,
            checksum: false,
            flaw: None,
        }
    }

    /// The same with its checksum beside it.
    #[must_use]
    pub fn checksum(mut self) -> Self {
        self.checksum = true;
        self
    }

    /// The same with something wrong.
    #[must_use]
    pub fn flaw(mut self, flaw: Flaw) -> Self {
        self.flaw = Some(flaw);
        self
    }
}

/// A backup that was taken.
#[derive(Debug, Clone)]
pub struct Taken {
    /// When.
    pub time: BackupTime,
    /// The compressed file in the backup folder.
    pub file: PathBuf,
    /// Rows of the database at that moment.
    pub rows: Rows,
    /// What is wrong with it.
    pub flaw: Option<Flaw>,
}

/// Takes a backup of a database that nobody writes to.
pub(super) fn take(
    database: &Path,
    dir: &Path,
    cut: Timestamp,
    options: &BackupOptions,
) -> DemoResult<Taken> {
    let time = BackupTime::of(cut);
    let file = dir.join(format!("db_{time}.db.gz"));
    let rows = look::rows(database)?;
    match options.flaw {
        Some(Flaw::OtherSchema | Flaw::DamagedPages | Flaw::EmptyDatabase) => {
            let spoilt = dir.join(".spoilt.db");
            fs::copy(database, &spoilt).map_err(at(&spoilt))?;
            spoil_content(&spoilt, options.flaw)?;
            pack(&spoilt, &file)?;
            fs::remove_file(&spoilt).map_err(at(&spoilt))?;
        }
        _ => pack(database, &file)?,
    }
    if options.checksum || options.flaw == Some(Flaw::WrongChecksum) {
        write_checksum(&file, options.flaw)?;
    }
    spoil_file(&file, options.flaw)?;
    Ok(Taken {
        time,
        file,
        rows,
        flaw: options.flaw,
    })
}

fn pack(database: &Path, file: &Path) -> DemoResult<()> {
    let source = File::open(database).map_err(at(database))?;
    let target = File::create(file).map_err(at(file))?;
    let packed = || -> io::Result<()> {
        let mut source = BufReader::with_capacity(CHUNK, source);
        let mut gzip = GzipEncoder::new(BufWriter::new(target), CompressionLevel::Three);
        io::copy(&mut source, &mut gzip)?;
        gzip.finish()?.flush()
    };
    packed().map_err(at(file))
}

/// Saves the install folder's other files beside the backup of this moment.
pub(super) fn save_files(home: &Path, dir: &Path, cut: Timestamp) -> DemoResult<()> {
    let file = dir.join(format!("files_{}.tar.gz", BackupTime::of(cut)));
    let target = File::create(&file).map_err(at(&file))?;
    let packed = || -> io::Result<()> {
        let gzip = GzipEncoder::new(BufWriter::new(target), CompressionLevel::Three);
        let mut archive = tar::Builder::new(gzip);
        for name in SAVED {
            archive.append_path_with_name(home.join(name), name)?;
        }
        archive.into_inner()?.finish()?.flush()
    };
    packed().map_err(at(&file))
}

/// Unpacks a backup into a file, as somebody would by hand.
///
/// # Errors
/// The backup is damaged, or the file cannot be written.
pub fn unpack(backup: &Path, to: &Path) -> DemoResult<()> {
    let source = File::open(backup).map_err(at(backup))?;
    let mut target = File::create(to).map_err(at(to))?;
    let mut content = GzipDecoder::new(BufReader::with_capacity(CHUNK, source));
    io::copy(&mut content, &mut target).map_err(at(backup))?;
    Ok(())
}

fn spoil_content(database: &Path, flaw: Option<Flaw>) -> DemoResult<()> {
    use super::damage::{Damage, damage};
    match flaw {
        Some(Flaw::OtherSchema) => damage(database, Damage::OtherSchema),
        Some(Flaw::EmptyDatabase) => damage(database, Damage::Emptied),
        _ => damage(database, Damage::FlippedBytes),
    }
    .map(drop)
}

/// What `sha256sum` prints, in `<name>.sha256`.
fn write_checksum(file: &Path, flaw: Option<Flaw>) -> DemoResult<()> {
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    let mut source = File::open(file).map_err(at(file))?;
    loop {
        match source.read(&mut chunk).map_err(at(file))? {
            0 => break,
            read => hash.update(&chunk[..read]),
        }
    }
    if flaw == Some(Flaw::WrongChecksum) {
        hash.update(b"another file");
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let line = format!("{}  {name}\n", HEXLOWER.encode(&hash.finalize()));
    let beside = file.with_file_name(format!("{name}.sha256"));
    fs::write(&beside, line).map_err(at(&beside))
}

/// Spoils the file of a backup.
///
/// # Errors
/// It cannot be written.
pub(in crate::demo) fn spoil_file(file: &Path, flaw: Option<Flaw>) -> DemoResult<()> {
    let size = fs::metadata(file).map_err(at(file))?.len();
    let cut = |to| {
        let opened = File::options().write(true).open(file);
        opened.and_then(|f| f.set_len(to)).map_err(at(file))
    };
    match flaw {
        Some(Flaw::Truncated) => cut(size * 3 / 5),
        Some(Flaw::Empty) => cut(0),
        Some(Flaw::FlippedBit) => super::damage::flip(file, size / 2, 1).map_err(at(file)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_say_what_they_were_told() {
        let options = BackupOptions::aged(Duration::from_secs(60)).checksum();
        assert!(options.checksum && options.flaw.is_none());
        assert_eq!(options.flaw(Flaw::Empty).flaw, Some(Flaw::Empty));
    }
}
