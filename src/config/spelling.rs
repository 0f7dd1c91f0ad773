//! Finds names that look like misspelt settings.
//!
//! REI's own settings and those of the machine stand in the same environment, so only a name that
//! is very near to one of ours is spoken of, and then as a warning.

use super::problem::Notice;
use super::setting::Row;
use super::sources::Sources;
use super::table::TABLE;
use strsim::damerau_levenshtein;

/// Short names are near to everything: `RTO` and `TTY` differ in two letters.
const SHORTEST: usize = 6;

/// A warning for each name that looks like one of ours and is none.
pub(super) fn notices(sources: &Sources) -> Vec<Notice> {
    sources.names().filter_map(judge).collect()
}

fn judge(name: &str) -> Option<Notice> {
    if is_known(name) {
        return None;
    }
    let plain = normal(name);
    if let Some(row) = without_file(&plain).and_then(known) {
        let text = format!("{} is no secret: it is not read from a file", row.name);
        return Some(Notice::warning(name, text));
    }
    let right = nearest(&plain)?;
    Some(Notice::warning(
        name,
        format!("there is no such setting; did you mean {right}?"),
    ))
}

fn is_known(name: &str) -> bool {
    known(name).is_some()
        || without_file(name)
            .and_then(known)
            .is_some_and(|row| row.secret)
}

fn known(name: &str) -> Option<&'static Row> {
    TABLE.iter().copied().find(|row| row.name == name)
}

fn without_file(name: &str) -> Option<&str> {
    name.strip_suffix("_FILE")
}

fn normal(name: &str) -> String {
    name.to_ascii_uppercase().replace(['-', '.'], "_")
}

/// The right name nearest to a wrong one, if any is near enough.
fn nearest(name: &str) -> Option<String> {
    let secrets = TABLE.iter().filter(|row| row.secret);
    let files = secrets.map(|row| format!("{}_FILE", row.name));
    TABLE
        .iter()
        .map(|row| row.name.to_owned())
        .chain(files)
        .map(|right| (damerau_levenshtein(name, &right), right))
        .filter(|(distance, right)| *distance <= tolerance(right))
        .min()
        .map(|(_, right)| right)
}

fn tolerance(right: &str) -> usize {
    match right.len() {
        0..SHORTEST => 0,
        SHORTEST..10 => 1,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn right_name(wrong: &str) -> Option<String> {
        judge(wrong).map(|notice| notice.text)
    }

    #[test]
    fn a_slip_names_the_setting_that_was_meant() {
        for (wrong, right) in [
            ("ADMIN_ID", "ADMIN_IDS"),
            ("APPROVALS_REQURED", "APPROVALS_REQUIRED"),
            ("ALLOW_SELF_APROVAL", "ALLOW_SELF_APPROVAL"),
            ("admin_ids", "ADMIN_IDS"),
            ("rto", "RTO"),
            ("AUDIT-CHAT-ID", "AUDIT_CHAT_ID"),
            ("S3_BUKCET", "S3_BUCKET"),
            ("ADMIN_BOT_TOKEN_FIEL", "ADMIN_BOT_TOKEN_FILE"),
        ] {
            let text = right_name(wrong).unwrap_or_else(|| panic!("{wrong} was passed over"));
            assert!(text.ends_with(&format!("did you mean {right}?")), "{text}");
        }
    }

    #[test]
    fn other_programs_settings_are_left_alone() {
        for foreign in [
            "PATH",
            "HOME",
            "TZ",
            "TTY",
            "PWD",
            "USER",
            "LANG",
            "TERM",
            "SHELL",
            "HOSTNAME",
            "STATE_DIRECTORY",
            "RUST_BACKTRACE",
            "BOT_TOKEN",
            "DATABASE_URL",
            "GEMINI_API_KEY",
            "KLING_SECRET_KEY",
            "ENABLE_FALLBACK_PROVIDERS",
            "YOOKASSA_RETURN_URL",
            "AWS_DEFAULT_REGION",
            "AWS_PROFILE",
            "AWS_CONFIG_FILE",
            "AWS_ENDPOINT_URL",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "CREDENTIALS_DIRECTORY",
            "NOTIFY_SOCKET",
            "INVOCATION_ID",
            "JOURNAL_STREAM",
            "LOG_LEVEL",
            "ADMIN_BOT_TOKEN_FILE",
        ] {
            assert_eq!(right_name(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_file_for_what_is_no_secret_is_told() {
        let text = right_name("ADMIN_IDS_FILE").unwrap();
        assert!(text.contains("not read from a file"), "{text}");
    }
}
