//! What a run left for people, line by line.

use super::View;
use crate::domain::failure::Arg;
use crate::domain::run::Leftover;

pub(super) fn line(view: &View<'_>, left: &Leftover) -> String {
    let count = |count: u64| Arg::Number(i64::try_from(count).unwrap_or(i64::MAX));
    match left {
        Leftover::Payments { deed, count: n } => {
            let mend = if deed.is_automatic() {
                "sync"
            } else {
                "person"
            };
            view.tell(
                "leftover-payments",
                [
                    ("count", count(*n)),
                    ("deed", view.word(&format!("deed-{}", deed.as_str())).into()),
                    ("mend", mend.into()),
                ],
            )
        }
        Leftover::Jobs(n) => view.tell("leftover-jobs", [("count", count(*n))]),
        Leftover::Balances(n) => view.tell("leftover-balances", [("count", count(*n))]),
        Leftover::Unseen { part, failure } => {
            let failure = view.i18n.plain(
                view.locale,
                &format!("failure-{}", failure.code.as_str()),
                &failure.args,
            );
            view.tell(
                "leftover-unseen",
                [("part", part.as_str().into()), ("failure", failure.into())],
            )
        }
    }
}
