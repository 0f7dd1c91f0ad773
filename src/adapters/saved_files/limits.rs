//! How much an archive may hold.

/// Bounds for one archive. Beyond any of them it is refused as hostile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Entries of every kind.
    pub entries: u64,
    /// Plain bytes in all, also of entries that are passed over.
    pub bytes: u64,
    /// Plain bytes for each compressed byte.
    pub ratio: u64,
    /// Plain bytes that are let in whatever the ratio says.
    pub unrated: u64,
    /// The most free bytes that unpacking leaves on the disk; a small archive asks for fewer.
    pub reserve: u64,
}

impl Limits {
    /// What an install folder without its database may reasonably be.
    pub const USUAL: Self = Self {
        // A Python install with its virtual environment and a year of media has some 50,000 files;
        // each entry costs memory until the whole archive is judged.
        entries: 250_000,
        // Media of a small bot. Staged and then moved, so it is needed once; a larger set of media
        // belongs into a store of its own and not into an hour's recovery.
        bytes: 32 << 30,
        // Logs, the best case of honest files, shrink to a 20th or 50th; deflate's utmost is 1:1032,
        // which only a bomb comes near.
        ratio: 200,
        // Small archives of empty files consist of headers, which shrink a hundredfold and more.
        unrated: 64 << 20,
        // REI's disk must not run full while REI is down: its database comes back to the same one.
        reserve: 256 << 20,
    };

    /// Plain bytes that an archive of this compressed size may hold.
    pub(super) fn plain(&self, compressed: u64) -> u64 {
        let rated = compressed.saturating_mul(self.ratio).max(self.unrated);
        rated.min(self.bytes)
    }

    /// Free bytes that unpacking an archive of this compressed size leaves on the disk. What is small
    /// takes little from REI's database, and must not fail on a disk that has room for both.
    pub(super) fn kept_free(&self, compressed: u64) -> u64 {
        let share = compressed.saturating_mul(SHARE).max(LEAST);
        share.min(self.reserve)
    }
}

/// Free bytes kept for each compressed one: about what honest files unpack to.
const SHARE: u64 = 4;

/// Kept free however small the archive: REI's log and the WAL of its first minutes.
const LEAST: u64 = 16 << 20;

/// Bytes of headers and long names before one entry. Long names are read into memory as a whole
/// before anything of them is known.
pub(super) const NAMES: u64 = 1 << 20;

/// A path in the archive, in bytes: half of what Linux takes, the rest is for the install folder.
pub(super) const LONGEST_PATH: usize = 2048;

/// One part of a path, in bytes: what file systems take.
pub(super) const LONGEST_NAME: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_free_grows_with_the_archive() {
        let limits = Limits::USUAL;
        assert_eq!(limits.kept_free(0), 16 << 20);
        assert_eq!(limits.kept_free(3 << 10), 16 << 20);
        assert_eq!(limits.kept_free(32 << 20), 128 << 20);
        assert_eq!(limits.kept_free(1 << 40), 256 << 20);
        let none = Limits {
            reserve: 0,
            ..limits
        };
        assert_eq!(none.kept_free(32 << 20), 0);
    }
}
