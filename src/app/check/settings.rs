//! The settings: everything that is wrong at once, and what else is worth knowing.

use super::Checker;
use super::finding::{Finding, Verdict};
use crate::config::{ConfigError, Notice, Problem};
use crate::domain::failure::Args;

/// What was noticed while the settings were read.
pub(super) async fn check(checker: &Checker<'_>) -> Vec<Finding> {
    let notices = &checker.loaded.notices;
    if notices.is_empty() {
        return vec![
            checker
                .words
                .ok("settings", "check-settings-ok", &Args::new()),
        ];
    }
    notices.iter().map(noticed).collect()
}

/// What is wrong with settings that cannot be used. The words are the settings' own, which stand where
/// no language is known yet.
pub(super) fn misconfigured(error: &ConfigError) -> Vec<Finding> {
    let problems = error.problems.iter().map(wrong);
    problems.chain(error.notices.iter().map(noticed)).collect()
}

fn wrong(problem: &Problem) -> Finding {
    let given = problem.given.as_ref();
    let given = given.map_or_else(String::new, |given| format!(" (given: {given})"));
    let expected = problem.expected.as_ref();
    let expected = expected.map_or_else(String::new, |what| format!(" Expected: {what}"));
    Finding {
        check: format!("settings {}", problem.name),
        verdict: Verdict::Failed,
        found: format!("{}: {}{given}", problem.name, problem.problem),
        mend: Some(format!("{}{expected}", problem.advice)),
        code: None,
    }
}

fn noticed(notice: &Notice) -> Finding {
    Finding {
        check: format!("settings {}", notice.name),
        verdict: Verdict::Warning,
        found: format!("{}: {}", notice.name, notice.text),
        mend: None,
        code: None,
    }
}
