//! What the kernel says about this process, under the names that every Prometheus client uses.

use std::fs;

/// Figures of this process; what the kernel does not tell is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Process {
    pub(super) cpu_seconds: Option<f64>,
    pub(super) resident_bytes: Option<u64>,
    pub(super) threads: Option<u64>,
    pub(super) open_files: Option<u64>,
    pub(super) most_files: Option<u64>,
}

/// Looks. Reads from `/proc`, which is memory: it does not block.
pub(super) fn look() -> Process {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let page = rustix::param::page_size() as u64;
    let files = fs::read_dir("/proc/self/fd");
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    Process {
        cpu_seconds: cpu(&stat),
        resident_bytes: field(&stat, 24).and_then(|pages| pages.checked_mul(page)),
        threads: field(&stat, 20),
        // One of them is the listing itself.
        open_files: files
            .ok()
            .map(|files| files.count().saturating_sub(1) as u64),
        most_files: limit.current,
    }
}

fn cpu(stat: &str) -> Option<f64> {
    let ticks = field(stat, 14)? + field(stat, 15)?;
    #[allow(
        clippy::cast_precision_loss,
        reason = "exact for 2⁵³ ticks, a million years"
    )]
    Some(ticks as f64 / rustix::param::clock_ticks_per_second() as f64)
}

/// A field by its number in `proc(5)`. The second one, the name, may hold blanks and brackets.
fn field(stat: &str, number: usize) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    rest.split_whitespace().nth(number - 3)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_can_be_looked_at() {
        let process = look();
        assert!(process.cpu_seconds.is_some());
        assert!(process.resident_bytes.is_some_and(|bytes| bytes > 1 << 20));
        assert!(process.threads.is_some_and(|threads| threads > 0));
        assert!(process.open_files.is_some_and(|files| files > 2));
        assert!(process.most_files > process.open_files);
    }

    #[test]
    fn a_name_with_brackets_is_no_field() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194304 100 0 0 0 11 22 0 0 20 0 5 0 99 1000 33";
        assert_eq!(field(stat, 14), Some(11));
        assert_eq!(field(stat, 20), Some(5));
        assert_eq!(field(stat, 24), Some(33));
    }
}
