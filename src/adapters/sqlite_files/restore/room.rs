//! How much room a backup will take.

use crate::domain::backup::Backup;
use crate::ports::PortResult;
use crate::ports::backups::BackupPlace;

/// Uncompressed size in bytes: from the record beside the backup, else estimated. The estimate is
/// never more than it may really be, so that no restore is refused for a guess.
///
/// # Errors
/// The place gives no answer.
pub async fn needed(from: &dyn BackupPlace, backup: &Backup) -> PortResult<u64> {
    if let Ok(Some(record)) = from.record(backup.time).await {
        return Ok(record.bytes);
    }
    let hint = from.size_hint(backup).await?;
    Ok(estimate(backup.size, hint))
}

/// The trailer holds the size modulo 4 GiB. What is no multiple of a page is no trailer of a
/// database (of a cut-off file, its last bytes mean nothing): then only the compressed size is known.
fn estimate(compressed: u64, hint: u64) -> u64 {
    const MODULUS: u64 = 1 << 32;
    const SMALLEST_PAGE: u64 = 512;
    if hint == 0 || !hint.is_multiple_of(SMALLEST_PAGE) {
        return compressed;
    }
    // Bytes that do not compress grow by less than a thousandth.
    let least = compressed - compressed / 1000;
    let missing = least.saturating_sub(hint).div_ceil(MODULUS);
    hint + missing * MODULUS
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIB: u64 = 1 << 30;

    #[test]
    fn the_trailer_is_read_modulo_four_gib() {
        assert_eq!(estimate(GIB / 2, GIB), GIB);
        assert_eq!(estimate(2 * GIB, GIB), 5 * GIB);
        assert_eq!(estimate(6 * GIB, GIB), 9 * GIB);
    }

    #[test]
    fn a_trailer_that_cannot_be_one_is_not_believed() {
        assert_eq!(estimate(1000, 0xdead_beef), 1000);
        assert_eq!(estimate(1000, 0), 1000);
    }
}
