//! Time, memory and what held things up, read from `/proc`.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

/// Ticks of the kernel's clock in a second, as `stat` counts them.
const TICKS: f64 = 100.0;

/// What a run took.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    /// Seconds in all.
    pub wall: f64,
    /// Seconds of each part.
    pub parts: Vec<(&'static str, f64)>,
    /// Peaks in MiB above what was there before: anonymous, file-backed.
    pub memory: Option<(f64, f64)>,
    /// Seconds of CPU, of the commands or of this process.
    pub cpu: f64,
    /// Of that, of the busiest thread.
    pub busiest: f64,
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:5.1} s, {:.1} s of CPU", self.wall, self.cpu)?;
        for (part, seconds) in &self.parts {
            write!(f, ", {part} {seconds:.1}")?;
        }
        if let Some((anonymous, mapped)) = self.memory {
            write!(
                f,
                "; memory +{anonymous:.0} MiB, mapped files +{mapped:.0} MiB"
            )?;
        }
        Ok(())
    }
}

impl Measured {
    /// What held it up.
    pub fn limit(&self) -> String {
        let share = |seconds: f64| 100.0 * seconds / self.wall;
        format!(
            "one thread busy {:.0} % of the time, the process {:.0} % of one core; {}",
            share(self.busiest),
            share(self.cpu),
            match share(self.busiest) {
                80.0.. => "a single core is the limit",
                _ if share(self.cpu) > 160.0 => "the cores are the limit",
                _ => "disk, kernel or the other side is the limit",
            }
        )
    }
}

/// Measures a piece of work of this process.
pub async fn measure<T>(work: impl Future<Output = T>) -> (T, Measured) {
    let done = Arc::new(AtomicBool::new(false));
    let sampler = thread::spawn({
        let done = Arc::clone(&done);
        move || sample(&done)
    });
    let (before, begun) = (process().0, Instant::now());
    let result = work.await;
    let wall = begun.elapsed().as_secs_f64();
    let cpu = process().0 - before;
    done.store(true, Ordering::Relaxed);
    let (memory, busiest) = sampler.join().unwrap_or_default();
    let measured = Measured {
        wall,
        parts: Vec::new(),
        memory: Some(memory),
        cpu,
        busiest,
    };
    (result, measured)
}

/// Peaks of anonymous and file-backed memory above the first sample, and the busiest thread's time;
/// threads come and go, so each is looked at as it lives.
fn sample(done: &AtomicBool) -> ((f64, f64), f64) {
    let (first, began) = (memory(), threads());
    let (mut peak, mut busiest) = (first, 0.0f64);
    while !done.load(Ordering::Relaxed) {
        let now = memory();
        peak = (peak.0.max(now.0), peak.1.max(now.1));
        for (id, seconds) in threads() {
            busiest = busiest.max(seconds - began.get(&id).unwrap_or(&0.0));
        }
        thread::sleep(Duration::from_millis(20));
    }
    ((peak.0 - first.0, peak.1 - first.1), busiest)
}

fn memory() -> (f64, f64) {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mib = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
        kib.unwrap_or(0.0) / 1024.0
    };
    (mib("RssAnon:"), mib("RssFile:"))
}

/// Seconds of CPU of this process, and of the children it has waited for.
pub fn process() -> (f64, f64) {
    let fields = times(Path::new("/proc/self/stat"));
    let sum = |from: usize| fields.iter().skip(from).take(2).sum::<f64>();
    (sum(0), sum(2))
}

/// Seconds of CPU per thread.
fn threads() -> HashMap<String, f64> {
    let mut found = HashMap::new();
    for task in fs::read_dir("/proc/self/task")
        .into_iter()
        .flatten()
        .flatten()
    {
        let seconds = times(&task.path().join("stat")).iter().take(2).sum();
        found.insert(task.file_name().to_string_lossy().into_owned(), seconds);
    }
    found
}

/// User, system, and the same of waited-for children, in seconds; the name before may hold anything.
fn times(stat: &Path) -> Vec<f64> {
    let text = fs::read_to_string(stat).unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(4);
    ticks
        .filter_map(|t| Some(t.parse::<f64>().ok()? / TICKS))
        .collect()
}
