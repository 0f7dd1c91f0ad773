//! Programs as they really run: what they see, whose they are, and how they end.

use crate::restore::fixture::code;
use crate::support::wait::until;
use rei_recovery::adapters::programs::LocalPrograms;
use rei_recovery::config::table::TABLE;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::install::ProgramReport;
use rei_recovery::ports::PortResult;
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::install::Programs;
use std::ffi::OsString;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::time::Duration;
use tempfile::TempDir;

const LONG: Duration = Duration::from_secs(20);

fn programs() -> LocalPrograms {
    let path = std::env::var_os("PATH").unwrap();
    LocalPrograms::new([("PATH".into(), path)])
}

async fn run(home: &Path, words: &[&str]) -> PortResult<ProgramReport> {
    run_within(home, words, LONG, &Work::default()).await
}

async fn run_within(
    home: &Path,
    words: &[&str],
    within: Duration,
    work: &Work,
) -> PortResult<ProgramReport> {
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    programs().run(home, &words, within, work).await
}

#[tokio::test]
async fn the_exit_code_and_the_last_words_are_told() {
    let home = TempDir::new().unwrap();
    let report = run(
        home.path(),
        &["sh", "-c", "echo out; echo err >&2; pwd; exit 7"],
    )
    .await;
    let report = report.unwrap();
    assert_eq!(report.code, Some(7));
    let lines: Vec<_> = report.tail.lines().collect();
    let here = home.path().to_str().unwrap();
    for line in ["out", "err", here] {
        assert!(lines.contains(&line), "{lines:?}");
    }
    let killed = run(home.path(), &["sh", "-c", "kill -9 $$"]).await.unwrap();
    assert_eq!(killed.code, None);
    assert_eq!(run(home.path(), &["true"]).await.unwrap().code, Some(0));
    // No shell: what means something to one is a word like any other.
    let plain = run(home.path(), &["echo", "$HOME; *", ""]).await.unwrap();
    assert_eq!(plain.tail, "$HOME; *");
}

#[tokio::test]
async fn what_cannot_be_started_is_named() {
    let home = TempDir::new().unwrap();
    std::fs::write(home.path().join("plain"), "no program").unwrap();
    for program in ["no-such-program", "./plain", "bin/nothing", ""] {
        let failed = run(home.path(), &[program]).await.unwrap_err();
        assert_eq!(failed.code(), FailureCode::ProgramMissing, "{program}");
        assert!(!failed.unknown, "{program}");
    }
    let nowhere = run(&home.path().join("nowhere"), &["true"]).await;
    assert_eq!(code(nowhere), FailureCode::FileError);
}

#[tokio::test]
async fn a_program_of_the_folder_is_found_there() {
    let home = TempDir::new().unwrap();
    std::fs::create_dir_all(home.path().join("venv/bin")).unwrap();
    let program = home.path().join("venv/bin/pip");
    crate::support::program::write(&program, "#!/bin/sh\necho own pip\n");
    let report = run(home.path(), &["venv/bin/pip"]).await.unwrap();
    assert_eq!(report.tail, "own pip");
}

#[tokio::test]
async fn nothing_of_our_settings_is_in_its_environment() {
    let home = TempDir::new().unwrap();
    let mut environment: Vec<(OsString, OsString)> = std::env::vars_os().collect();
    for row in TABLE {
        environment.push((row.name.into(), "sesame".into()));
        environment.push((format!("{}_FILE", row.name).into(), "sesame".into()));
    }
    environment.push(("HTTPS_PROXY".into(), "http://proxy.example:3128".into()));
    let words = ["env".to_owned()];
    let report = LocalPrograms::new(environment)
        .run(home.path(), &words, LONG, &Work::default())
        .await
        .unwrap();
    let names: Vec<_> = report
        .tail
        .lines()
        .filter_map(|line| line.split_once('=').map(|(name, _)| name))
        .collect();
    assert!(
        names.contains(&"PATH") && names.contains(&"HTTPS_PROXY"),
        "{names:?}"
    );
    for row in TABLE {
        assert!(!names.contains(&row.name), "{}", row.name);
    }
    assert!(!report.tail.contains("sesame"), "{}", report.tail);
    // What the tests' own process has is not inherited either.
    assert!(
        !names.iter().any(|name| name.starts_with("CARGO")),
        "{names:?}"
    );
}

#[tokio::test]
async fn it_runs_as_the_owner_of_the_folder_and_nobody_else() {
    let home = TempDir::new().unwrap();
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    chown(home.path(), Some(54_321), Some(54_322)).unwrap();
    let script = "id -u; id -g; id -G; echo $HOME; touch made; cat /etc/shadow";
    let report = run(home.path(), &["sh", "-c", script]).await.unwrap();
    let lines: Vec<_> = report.tail.lines().collect();
    let here = home.path().to_str().unwrap();
    for line in ["54321", "54322", here] {
        assert!(lines.contains(&line), "{lines:?}");
    }
    // Of the groups there is the one alone, so it stands there twice.
    assert_eq!(lines.iter().filter(|line| **line == "54322").count(), 2);
    assert_ne!(report.code, Some(0), "it read /etc/shadow");
    let made = std::fs::metadata(home.path().join("made")).unwrap();
    assert_eq!(std::os::unix::fs::MetadataExt::uid(&made), 54_321);
}

#[tokio::test]
async fn a_known_owner_has_a_home_and_a_name() {
    let home = TempDir::new().unwrap();
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap();
    let line = passwd
        .lines()
        .find(|line| line.starts_with("games:"))
        .unwrap();
    let parts: Vec<_> = line.split(':').collect();
    chown(home.path(), Some(parts[2].parse().unwrap()), Some(0)).unwrap();
    let report = run(home.path(), &["sh", "-c", "echo $USER $HOME; id -G"]).await;
    let want = format!("games {}\n{}", parts[5], parts[3]);
    assert_eq!(report.unwrap().tail, want);
}

/// A program with a child of its own; both ignore a polite request when told to.
fn family(deaf: bool) -> String {
    let trap = if deaf { "trap '' TERM; " } else { "" };
    format!(
        "{trap}sleep 1000 & echo $! > child; echo $$ > parent; mv child child.pid; wait; sleep 1000"
    )
}

async fn pid(home: &Path, name: &str) -> u32 {
    until("the number of a process", async || {
        let text = std::fs::read_to_string(home.join(name)).ok()?;
        text.trim().parse().ok()
    })
    .await
}

/// Ended, also where nobody has taken note of its end yet.
async fn ends(pid: u32) {
    until("the end of a process", async || {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"));
        let ended = stat.is_ok_and(|stat| !stat.contains(") Z ") && !stat.contains(") X "));
        (!ended).then_some(())
    })
    .await;
}

#[tokio::test]
async fn when_the_time_is_up_its_grandchildren_end_too() {
    for deaf in [false, true] {
        let home = TempDir::new().unwrap();
        let within = Duration::from_millis(700);
        let script = family(deaf);
        let work = Work::default();
        let failed = run_within(home.path(), &["sh", "-c", &script], within, &work).await;
        let failed = failed.unwrap_err();
        assert_eq!(failed.code(), FailureCode::TimedOut);
        assert!(failed.unknown, "whether it did its work is not known");
        for name in ["child.pid", "parent"] {
            ends(pid(home.path(), name).await).await;
        }
    }
}

#[tokio::test]
async fn when_it_is_cancelled_or_forgotten_its_grandchildren_end_too() {
    let home = TempDir::new().unwrap();
    let work = Work::default();
    let script = family(false);
    let words = ["sh", "-c", &script];
    let running = run_within(home.path(), &words, LONG, &work);
    let cancelling = async {
        let child = pid(home.path(), "child.pid").await;
        work.cancel.cancel();
        child
    };
    let (failed, child) = tokio::join!(running, cancelling);
    let failed = failed.unwrap_err();
    assert_eq!(failed.code(), FailureCode::CutOff);
    assert!(failed.unknown);
    ends(child).await;

    let home = TempDir::new().unwrap();
    let work = Work::default();
    let running = run_within(home.path(), &words, LONG, &work);
    let child = tokio::select! {
        ended = running => panic!("{ended:?}"),
        child = pid(home.path(), "child.pid") => child,
    };
    ends(child).await;
}

#[tokio::test]
async fn only_the_end_of_much_output_is_kept_and_no_secret_in_it() {
    let home = TempDir::new().unwrap();
    let script = "i=0; while [ $i -lt 60000 ]; do echo line $i; i=$((i+1)); done; \
        echo API_TOKEN=sesame; echo from https://me:sesame@index.example/; \
        echo 12345678:AAF7-g0gYncWnm5IyfZlpPRqRRv6kNAGlao";
    let report = run(home.path(), &["sh", "-c", script]).await.unwrap();
    assert!(report.tail.chars().count() <= 2000);
    assert!(
        report.tail.contains("line 59999\nAPI_TOKEN=***\n"),
        "{}",
        report.tail
    );
    assert!(!report.tail.contains("sesame") && !report.tail.contains("AAF7"));
}

#[tokio::test]
async fn a_daemon_that_it_leaves_behind_holds_nothing_up() {
    let home = TempDir::new().unwrap();
    let script = "sleep 1000 & echo $! > daemon.pid; echo started";
    let report = run(home.path(), &["sh", "-c", script]).await.unwrap();
    assert_eq!((report.code, report.tail.as_str()), (Some(0), "started"));
    let daemon = pid(home.path(), "daemon.pid").await;
    assert!(Path::new(&format!("/proc/{daemon}")).exists());
    let pid = rustix::process::Pid::from_raw(daemon.cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}
