//! What the trail and the chats hear of a chore.

use crate::domain::audit::AuditDraft;
use crate::domain::chore::{Chore, Kind, Outcome};
use crate::domain::failure::{Arg, Args};
use crate::domain::operator::Actor;
use crate::domain::post::{Owed, Post, Recipient};
use crate::ports::campaigns::Telling;

/// The group reads what a chore did before it could be called off.
pub(super) fn called_off(chore: &Chore) -> Telling {
    let mut draft = draft(chore, "finish-chore", true);
    draft.outcome = "called-off".to_owned();
    let mut posts = live(chore);
    posts.extend(to_all(chore, &Post::ChoreReport { chore: chore.id }));
    Telling {
        audit: vec![draft],
        posts,
    }
}

/// The group reads how each ended; a report of its own has what somebody waits for and what is bad.
pub(super) fn over(chore: &Chore) -> Telling {
    let mut posts = live(chore);
    if chore.is_followed() || !chore.is_good() {
        posts.extend(to_all(chore, &Post::ChoreReport { chore: chore.id }));
    }
    let mut draft = draft(chore, "finish-chore", true);
    if !chore.is_good() {
        draft.outcome = "failed".to_owned();
    }
    Telling {
        audit: vec![draft],
        posts,
    }
}

/// On time it is no news; that others came first is.
pub(super) fn begun(chore: &Chore) -> AuditDraft {
    let late = chore.was_kept_waiting();
    let mut draft = draft(chore, "begin-chore", late);
    if let Some(due) = chore.due.filter(|_| late) {
        draft.detail.extend([
            ("late".to_owned(), "yes".into()),
            ("due".to_owned(), Arg::Time(due.at)),
            ("missed".to_owned(), Arg::Number(i64::from(due.missed))),
        ]);
    }
    draft
}

fn draft(chore: &Chore, verb: &str, announce: bool) -> AuditDraft {
    let mut detail = chore.outcome.as_ref().map_or_else(Args::new, Outcome::told);
    detail.insert("kind".to_owned(), chore.task.kind().as_str().into());
    if let Some(failure) = &chore.failure {
        detail.insert("failure".to_owned(), failure.code.as_str().into());
    }
    AuditDraft {
        actor: Actor::system(),
        verb: verb.to_owned(),
        subject: chore.id.to_string(),
        run: None,
        outcome: "ok".to_owned(),
        detail,
        announce,
    }
}

pub(super) fn live(chore: &Chore) -> Vec<Owed> {
    let shown = chore.is_followed() || chore.task.kind() == Kind::Drill;
    let post = Post::Chore { chore: chore.id };
    shown
        .then(|| to_all(chore, &post))
        .into_iter()
        .flatten()
        .collect()
}

fn to_all(chore: &Chore, post: &Post) -> Vec<Owed> {
    let chat = chore.chat.map(Recipient::Chat);
    let all = std::iter::once(Recipient::Team).chain(chat);
    all.map(|to| Owed {
        to,
        post: post.clone(),
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::backup::Place;
    use crate::domain::chore::taking::Pruned;
    use crate::domain::chore::{Due, Phase, Task};
    use crate::domain::retention::Spent;
    use jiff::Timestamp;

    fn removed() -> Outcome {
        let spent = Spent {
            time: "20261101_000000".parse().unwrap(),
            place: Place::Folder,
            size: 7,
        };
        Outcome::Pruned(Pruned {
            removed: vec![spent],
            ..Pruned::default()
        })
    }

    #[test]
    fn what_was_removed_before_the_call_off_is_told_and_audited() {
        let due = Some(Due {
            at: Timestamp::UNIX_EPOCH,
            missed: 0,
        });
        let task = Task::Prune { shown: Vec::new() };
        let mut chore = Chore::asked(task, Actor::system(), due, Timestamp::UNIX_EPOCH);
        chore.phase = Phase::Cancelled;
        chore.outcome = Some(removed());
        let telling = called_off(&chore);
        let [entry] = &telling.audit[..] else {
            panic!("{telling:?}");
        };
        assert_eq!(entry.outcome, "called-off");
        assert_eq!(entry.detail["count"], 1.into());
        assert!(entry.announce);
        let reports = |owed: &&Owed| matches!(owed.post, Post::ChoreReport { .. });
        assert_eq!(telling.posts.iter().filter(reports).count(), 1);
    }
}
