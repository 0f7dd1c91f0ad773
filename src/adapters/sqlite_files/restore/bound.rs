//! How much of a stream is worth writing: a gzip can claim a thousandfold.

use crate::domain::failure::FailureCode;
use crate::ports::PortError;

const MAGIC: &[u8] = b"SQLite format 3\0";
/// So much more than it should be is written before anybody calls it wrong.
const LEEWAY: u64 = 64 << 20;

/// Where to stop, by the first bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    limit: u64,
    code: FailureCode,
}

impl Bound {
    /// A database tells its size itself (page size at 16, pages at 28 of its header), though a program
    /// may have let it grow without writing that down; what is no database needs no more than a look.
    pub(super) fn of(first: &[u8]) -> Self {
        let header = first.get(..32).filter(|bytes| bytes.starts_with(MAGIC));
        let (size, code) = match header {
            None => (0, FailureCode::NotADatabase),
            Some(header) => (size(header), FailureCode::BackupDamaged),
        };
        Self {
            limit: size.saturating_mul(2).saturating_add(LEEWAY),
            code,
        }
    }

    /// Whether so many bytes are still believed.
    pub(super) fn admit(self, bytes: u64) -> Result<(), PortError> {
        match bytes > self.limit {
            true => {
                Err(PortError::new(self.code)
                    .because("it goes on far behind the end of a database"))
            }
            false => Ok(()),
        }
    }
}

fn size(header: &[u8]) -> u64 {
    let page = match u16::from_be_bytes([header[16], header[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let pages = u32::from_be_bytes([header[28], header[29], header[30], header[31]]);
    match pages {
        // Written by a program older than 2010.
        0 => u64::MAX,
        pages => page * u64::from(pages),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(page: u16, pages: u32) -> Vec<u8> {
        let mut bytes = [MAGIC, &[0; 84]].concat();
        bytes[16..18].copy_from_slice(&page.to_be_bytes());
        bytes[28..32].copy_from_slice(&pages.to_be_bytes());
        bytes
    }

    #[test]
    fn a_database_may_be_larger_than_it_says_and_not_without_end() {
        let bound = Bound::of(&header(4096, 1 << 20));
        assert!(bound.admit(8 << 30).is_ok());
        let error = bound.admit(9 << 30).unwrap_err();
        assert_eq!(error.code(), FailureCode::BackupDamaged);
        assert!(Bound::of(&header(1, 1 << 20)).admit(64 << 30).is_ok());
        assert!(Bound::of(&header(4096, 0)).admit(1 << 50).is_ok());
    }

    #[test]
    fn what_is_no_database_is_only_looked_at() {
        for first in [&[0; 100][..], b"SQLite", b""] {
            assert!(Bound::of(first).admit(LEEWAY).is_ok());
            let error = Bound::of(first).admit(LEEWAY + 1).unwrap_err();
            assert_eq!(error.code(), FailureCode::NotADatabase);
        }
    }
}
