//! Copies of the program's own state as files: packed for a place, and unpacked again.

pub(crate) use super::common::fs::{blocking, file_error, sync_folder};
use super::common::fs::{create_new, disk_full, free_bytes, parent};
use super::common::gzip::deflate;
use crate::domain::failure::FailureCode;
use crate::ports::taking::Told;
use crate::ports::{PortError, PortResult};
use flate2::read::MultiGzDecoder;
use futures::TryStreamExt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Bytes that stay free for the state itself, whatever a copy needs.
const SPARED: u64 = 64 << 20;

/// No state is larger: what claims to be is no copy.
const LARGEST: u64 = 16 << 30;

/// Bytes written between two looks at the room.
const CHUNK: usize = 1 << 20;

/// Compresses a file into a new one. Durable when it returns.
///
/// # Errors
/// One of them cannot be used.
pub async fn pack(plain: &Path, packed: &Path) -> PortResult<()> {
    let (from, to) = (plain.to_owned(), packed.to_owned());
    let opened = move || {
        let read = File::open(&from).map_err(|error| file_error(&from, &error, 0))?;
        let write = create_new(&to, 0o600).map_err(|error| file_error(&to, &error, 0))?;
        Ok((read, write))
    };
    let (read, mut write) = blocking(opened).await?;
    let mut stream = deflate::packed(read, plain.to_owned(), Told::default());
    while let Some(chunk) = stream.try_next().await? {
        let path = packed.to_owned();
        write = blocking(move || {
            let written = write.write_all(&chunk);
            written.map_err(|error| file_error(&path, &error, 0))?;
            Ok(write)
        })
        .await?;
    }
    let path = packed.to_owned();
    blocking(move || {
        let synced = write.sync_all();
        synced.map_err(|error| file_error(&path, &error, 0))
    })
    .await
}

/// Unpacks a file into a new one, as far as there is room. Durable when it returns.
///
/// # Errors
/// What is packed is damaged, cut off or larger than any state; or a file cannot be used.
pub async fn unpack(packed: &Path, plain: &Path) -> PortResult<()> {
    let (from, to) = (packed.to_owned(), plain.to_owned());
    blocking(move || inflate(&from, &to)).await
}

fn inflate(from: &Path, to: &Path) -> PortResult<()> {
    let read = File::open(from).map_err(|error| file_error(from, &error, 0))?;
    let mut write = create_new(to, 0o600).map_err(|error| file_error(to, &error, 0))?;
    let mut plain = MultiGzDecoder::new(read);
    let (mut chunk, mut done) = (vec![0; CHUNK], 0);
    loop {
        let length = match plain.read(&mut chunk) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) => return Err(damaged(from, &error)),
        };
        done += length as u64;
        room(to, length as u64)?;
        if done > LARGEST {
            return Err(damaged(
                from,
                &io::Error::other("it grows beyond any state"),
            ));
        }
        let written = write.write_all(&chunk[..length]);
        written.map_err(|error| file_error(to, &error, done))?;
    }
    write.sync_all().map_err(|error| file_error(to, &error, 0))
}

fn damaged(path: &Path, error: &io::Error) -> PortError {
    PortError::new(FailureCode::BackupDamaged)
        .with("backup", path.display().to_string())
        .because(error)
}

/// Whether so many bytes may be written beside the state.
///
/// # Errors
/// It needs that room itself.
pub fn room(at: &Path, needed: u64) -> PortResult<()> {
    let folder: PathBuf = parent(at);
    match free_bytes(&folder) {
        Some(free) if free < needed.saturating_add(SPARED) => Err(disk_full(
            &folder,
            needed.saturating_add(SPARED),
            Some(free),
        )),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_packed_comes_back_and_what_is_cut_does_not() {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let content: Vec<u8> = (0..3_000_000_u32).map(|n| (n % 251) as u8).collect();
        std::fs::write(path("plain"), &content).unwrap();
        pack(&path("plain"), &path("packed")).await.unwrap();
        unpack(&path("packed"), &path("back")).await.unwrap();
        assert!(std::fs::read(path("back")).unwrap() == content);
        let packed = std::fs::read(path("packed")).unwrap();
        for (name, bytes) in [
            ("cut", &packed[..packed.len() / 2]),
            ("no gzip", &content[..100]),
        ] {
            std::fs::write(path(name), bytes).unwrap();
            let refused = unpack(&path(name), &path(&format!("{name} back"))).await;
            let code = refused.unwrap_err().code();
            assert_eq!(code, FailureCode::BackupDamaged, "{name}");
        }
        let stands = unpack(&path("packed"), &path("back")).await;
        assert!(stands.is_err(), "a file that stands is not written over");
    }
}
