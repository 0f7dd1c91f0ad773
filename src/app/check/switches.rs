//! What a recovery changes and runs in REI's folder: the switches' lines, and the runbooks' programs.

use super::finding::{Finding, Verdict, args, path};
use super::{Checker, heard, runbooks};
use crate::adapters::settings_files::LocalSettings;
use crate::config::environment;
use crate::domain::action::Action;
use crate::domain::failure::FailureCode;
use crate::domain::install::Switch;
use crate::ports::install::SettingsFiles;
use rustix::fs::{Access, access};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where programs are looked for when nobody says otherwise.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Both switches.
pub(super) async fn check(checker: &Checker<'_>) -> Vec<Finding> {
    let [payments, providers] = [Switch::ManualPayments, Switch::FallbackProviders];
    let (payments, providers) = tokio::join!(one(checker, payments), one(checker, providers));
    vec![payments, providers]
}

async fn one(checker: &Checker<'_>, switch: Switch) -> Finding {
    let words = &checker.words;
    let home = &checker.settings().base.patient.home;
    let name = format!("switch {}", switch.key());
    let file = home.join(switch.file());
    let told = |on: Option<bool>| {
        args([
            ("path", path(&file)),
            ("key", switch.key().into()),
            ("value", switch.word(on.unwrap_or_default()).into()),
        ])
    };
    match heard(LocalSettings.read(home, switch).await) {
        Ok(Some(on)) => words.ok(name, "check-switch-ok", &told(Some(on))),
        // A recovery would add the line; whether REI reads it there nobody can tell.
        Ok(None) => words
            .wrong(name, "check-switch-missing", &told(None))
            .lenient(),
        Err(failure) => {
            let mend = match failure.code {
                FailureCode::SettingsLineDouble => "check-switch-double-mend",
                FailureCode::SettingsValueUnknown => "check-switch-value-mend",
                FailureCode::SettingsFileMissing => "check-switch-file-mend",
                FailureCode::FileAccessDenied => "check-read-mend",
                _ => return words.failed(name, &failure),
            };
            words.failed_but(name, &failure, (mend, &told(None)))
        }
    }
}

/// The programs that runbooks run, each once; and the module of the job function.
pub(super) async fn programs(checker: &Checker<'_>) -> Vec<Finding> {
    let home = &checker.settings().base.patient.home;
    let mut findings: Vec<Finding> = named(checker)
        .into_iter()
        .map(|program| match find_program(home, &program) {
            Some(file) => {
                let args = args([("path", path(&file))]);
                checker
                    .words
                    .ok(format!("program {program}"), "check-program-ok", &args)
            }
            None => missing(checker, &program),
        })
        .collect();
    findings.extend(job_function(checker));
    findings
}

/// A recovery can do without what is not there yet, such as a `venv` that an earlier step makes.
fn missing(checker: &Checker<'_>, program: &str) -> Finding {
    let args = args([("program", program.into())]);
    let name = format!("program {program}");
    let finding = checker.words.wrong(name, "check-program-missing", &args);
    match program.contains('/') {
        true => finding.lenient(),
        false => finding,
    }
}

fn named(checker: &Checker<'_>) -> BTreeSet<String> {
    let Ok(runbooks) = runbooks::load(checker) else {
        return BTreeSet::new();
    };
    let steps = runbooks.all().iter().flat_map(|runbook| &runbook.steps);
    steps
        .filter_map(|step| match &step.action {
            Action::RunProgram { command } => command.first().cloned(),
            _ => None,
        })
        .collect()
}

/// `worker.process_job`: its module stands in REI's folder, or somewhere that only REI's Python knows.
fn job_function(checker: &Checker<'_>) -> Option<Finding> {
    let base = &checker.settings().base;
    let function = base.queue.function.as_str();
    let (module, _) = function.rsplit_once('.')?;
    let stem = base.patient.home.join(module.replace('.', "/"));
    let files = [stem.with_extension("py"), stem.join("__init__.py")];
    let there = files.iter().find(|file| file.is_file());
    let args = args([
        ("function", function.into()),
        ("path", path(there.unwrap_or(&files[0]))),
    ]);
    let name = "job function";
    Some(match there {
        Some(_) => checker.words.ok(name, "check-function-ok", &args),
        None => Finding {
            verdict: Verdict::Warning,
            ..checker.words.wrong(name, "check-function-missing", &args)
        },
    })
}

/// The file that a program's name means: with a folder in it as seen from `home`, else in the search
/// path. It must be one that we may run.
pub(super) fn find_program(home: &Path, program: &str) -> Option<PathBuf> {
    let runs = |file: &PathBuf| file.is_file() && access(file, Access::EXEC_OK).is_ok();
    if program.contains('/') {
        return Some(home.join(program)).filter(runs);
    }
    let path = environment().find(|(name, _)| name == "PATH");
    let path = path.map_or_else(|| OsString::from(PATH), |(_, path)| path);
    let mut files = std::env::split_paths(&path).map(|folder| folder.join(program));
    files.find(runs)
}
