//! What came out of steps that concern units, backups and the database.

use super::{View, work};
use crate::domain::database::Proof;
use crate::domain::facts::Facts;
use crate::domain::failure::Arg;
use std::time::Duration;

/// What came out of a step, in a few words.
pub(super) fn of(view: &View<'_>, facts: &Facts) -> Option<String> {
    let number = |number: u64| Arg::Number(i64::try_from(number).unwrap_or(i64::MAX));
    let millis = |millis: u64| Arg::from(Duration::from_millis(millis));
    Some(match facts {
        Facts::Staged(staged) => {
            let (proof, verified, took) = match &staged.proof {
                Proof::Record { verified_at } => ("record", view.at(*verified_at), millis(0)),
                Proof::Full { millis: took } => ("full", Arg::from(""), millis(*took)),
            };
            view.tell(
                "facts-staged",
                [
                    ("bytes", Arg::Bytes(staged.bytes)),
                    ("proof", proof.into()),
                    ("verified", verified),
                    ("took", took),
                ],
            )
        }
        Facts::Closed { processes } => {
            view.tell("facts-closed", [("processes", number(*processes))])
        }
        Facts::Quarantined(aside) => view.tell(
            "facts-quarantined",
            [("files", super::count(aside.files.len()))],
        ),
        Facts::Returned { files } => view.tell("facts-returned", [("files", number(*files))]),
        Facts::Installed { bytes } => view.tell("facts-installed", [("bytes", Arg::Bytes(*bytes))]),
        Facts::Verified(report) => view.tell("facts-verified", [("took", millis(report.millis))]),
        Facts::Watched { log_lines, .. } => {
            view.tell("facts-watched", [("lines", number(*log_lines))])
        }
        Facts::BotAnswered { username } => view.tell(
            "facts-bot-answered",
            [("username", username.as_str().into())],
        ),
        Facts::NotApplicable { reason } => view.tell(
            "facts-not-applicable",
            [("reason", view.word(reason).into())],
        ),
        Facts::Discarded | Facts::Units { .. } | Facts::MessageSent => return None,
        other => return work::of(view, other),
    })
}
