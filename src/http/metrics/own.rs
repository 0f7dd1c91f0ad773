//! What this program says of itself.

use super::Snapshot;
use super::family::{Families, Labels};
use crate::ports::vitals::Figures;
use jiff::Timestamp;

pub(super) fn tell(snapshot: &Snapshot, families: &mut Families) {
    let version = vec![("version", snapshot.version.to_owned())];
    families.info("build", "This program", version);
    families.gauge(
        "state_up",
        "Whether state.db answered this scrape in time",
        Some(flag(snapshot.state.is_some())),
    );
    families.gauge(
        "telegram_up",
        "Whether updates come in from Telegram",
        Some(flag(snapshot.telegram)),
    );
    families.gauge(
        "worker_tick_age_seconds",
        "How long ago the worker last looked after the runs",
        snapshot.worker_age,
    );
    if let Some(state) = &snapshot.state {
        figures(state, families);
    }
    process(snapshot, families);
}

fn figures(state: &Figures, families: &mut Families) {
    let ended = state.ended.iter().map(|(runbook, outcome, number)| {
        let labels = vec![
            ("runbook", runbook.clone()),
            ("outcome", outcome.as_str().to_owned()),
        ];
        (labels, count(*number))
    });
    families.counters("runs", "Runs that ended, by how they ended", ended);
    families.gauge(
        "runs_under_way",
        "Runs that have begun and not ended",
        Some(count(state.under_way)),
    );
    families.gauge(
        "approvals_waiting",
        "Approvals that wait for a person",
        Some(count(state.approvals_waiting)),
    );
    families.gauge(
        "outbox_backlog",
        "Posts that wait for Telegram",
        Some(count(state.outbox_backlog)),
    );
    let entries = [(Labels::new(), count(state.audit_entries))];
    families.counters("audit_entries", "Entries of the audit trail", entries);
    families.gauge(
        "backup_verified_timestamp_seconds",
        "When a backup was last verified in full",
        state.verified_at.map(seconds),
    );
    families.gauge(
        "state_size_bytes",
        "Size of state.db without its WAL",
        Some(count(state.bytes)),
    );
}

fn process(snapshot: &Snapshot, families: &mut Families) {
    let process = snapshot.process;
    families.of_process_total(
        "cpu_seconds",
        "Total user and system CPU time spent in seconds",
        process.cpu_seconds,
    );
    families.of_process(
        "resident_memory_bytes",
        "Resident memory size in bytes",
        process.resident_bytes.map(count),
    );
    families.of_process("threads", "Number of threads", process.threads.map(count));
    families.of_process(
        "open_fds",
        "Number of open file descriptors",
        process.open_files.map(count),
    );
    families.of_process(
        "max_fds",
        "Maximum number of open file descriptors",
        process.most_files.map(count),
    );
    families.of_process(
        "start_time_seconds",
        "Start time of the process since unix epoch in seconds",
        Some(seconds(snapshot.began)),
    );
}

fn flag(is: bool) -> f64 {
    f64::from(u8::from(is))
}

fn seconds(at: Timestamp) -> f64 {
    at.as_duration().as_secs_f64()
}

#[allow(
    clippy::cast_precision_loss,
    reason = "Prometheus has no other numbers"
)]
fn count(number: u64) -> f64 {
    number as f64
}
