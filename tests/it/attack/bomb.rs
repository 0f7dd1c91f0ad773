//! A backup of a megabyte that unpacks to a gigabyte: noticed after little of it, and nothing is left.

use crate::restore::fixture::{Disk, code, layout, stage};
use flate2::{Compression, write::GzEncoder};
use rei_recovery::adapters::backup_dir::BackupDir;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::ports::backups::BackupPlace;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const MIB: usize = 1 << 20;

fn packed(plain: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(plain).unwrap();
    gzip.finish().unwrap()
}

/// A gigabyte of zeros in members of 64 MiB, behind these first bytes.
fn gigabyte(first: &[u8]) -> Vec<u8> {
    let member = packed(&vec![0; 64 * MIB]);
    let mut bytes = packed(first);
    (0..16).for_each(|_| bytes.extend_from_slice(&member));
    assert!(bytes.len() < 2 * MIB, "{}", bytes.len());
    bytes
}

/// The beginning of a database that says that it has so many pages of 4096 bytes.
fn header(pages: u32) -> Vec<u8> {
    let mut bytes = [b"SQLite format 3\0".as_slice(), &[0; 4080]].concat();
    bytes[16..18].copy_from_slice(&4096u16.to_be_bytes());
    bytes[28..32].copy_from_slice(&pages.to_be_bytes());
    bytes
}

fn place(folder: &Path, backup: &[u8]) -> Arc<dyn BackupPlace> {
    fs::write(folder.join("db_20261123_031500.db.gz"), backup).unwrap();
    Arc::new(BackupDir::new(folder.to_owned(), Duration::from_secs(10)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gigabyte_of_zeros_is_noticed_after_little_of_it() {
    for (first, expected) in [
        (&b""[..], FailureCode::NotADatabase),
        (&header(1), FailureCode::BackupDamaged),
    ] {
        let dir = TempDir::new().unwrap();
        let backups = TempDir::new().unwrap();
        let place = place(backups.path(), &gigabyte(first));
        assert_eq!(code(stage(&place, dir.path()).await), expected);
        assert!(!layout(dir.path()).staging.exists());
    }
}

/// One that claims to be as large as a database can be: only the disk bounds it.
#[tokio::test(flavor = "multi_thread")]
async fn a_gigabyte_that_claims_to_be_a_database_ends_at_the_disk_and_frees_it() {
    let disk = Disk::new(32 * 1024);
    let backups = TempDir::new().unwrap();
    let place = place(backups.path(), &gigabyte(&header(u32::MAX - 1)));
    assert_eq!(
        code(stage(&place, disk.path()).await),
        FailureCode::DiskFull
    );
    assert_eq!(fs::read_dir(disk.path()).unwrap().count(), 0);
}
