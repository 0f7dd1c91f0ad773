//! One chat's turn: which of its posts goes next, and when.

use super::deliver::{Job, Verdict};
use crate::domain::post::Post;
use crate::ports::journal::PendingPost;
use crate::telegram::pace::{Kind, Pace};
use std::time::Duration;
use tokio::time::Instant;

/// The longest pause between two tries while Telegram is down.
const LONGEST: Duration = Duration::from_secs(15);

/// A chat that takes no messages is tried this often: somebody may let the bot in again.
const BLOCKED: Duration = Duration::from_secs(60);

/// Audit lines looked at for one message; more do not fit.
const BATCH: usize = 80;

/// What the pump remembers of a chat.
#[derive(Debug, Default)]
pub struct Lane {
    /// A delivery is on its way.
    pub busy: bool,
    failures: u32,
    not_before: Option<Instant>,
}

/// What a chat can do now.
#[derive(Debug)]
pub enum Turn {
    /// Deliver this.
    Deliver(Job),
    /// Nothing before this moment.
    WaitUntil(Instant),
    /// Something is on its way.
    Busy,
}

impl Lane {
    /// Chooses what goes next: new messages in their order, and edits in theirs. An edit changes a
    /// message that stands already, so neither has to wait for the other.
    pub fn next(&self, chat: i64, posts: &[PendingPost], pace: &Pace, now: Instant) -> Turn {
        if self.busy {
            return Turn::Busy;
        }
        if let Some(moment) = self.not_before.filter(|moment| *moment > now) {
            return Turn::WaitUntil(moment);
        }
        let mut wake = now + LONGEST;
        for kind in [Kind::Send, Kind::Edit] {
            let Some(job) = first(posts, kind) else {
                continue;
            };
            let ready = pace.ready(chat, kind, now);
            if ready <= now {
                return Turn::Deliver(job);
            }
            wake = wake.min(ready);
        }
        Turn::WaitUntil(wake)
    }

    /// Takes the end of a delivery in.
    pub fn settle(&mut self, verdict: Verdict, now: Instant) {
        self.busy = false;
        let pause = match verdict {
            Verdict::Done => {
                self.failures = 0;
                self.not_before = None;
                return;
            }
            Verdict::Blocked => BLOCKED,
            Verdict::Failed => {
                self.failures = self.failures.saturating_add(1);
                let doubled = Duration::from_millis(500) * 2u32.pow(self.failures.min(6) - 1);
                doubled.min(LONGEST)
            }
        };
        self.not_before = Some(now + pause);
    }
}

/// The first post that needs such a call. Audit lines that wait share one message. A question goes
/// before what is only told: while it waits for its turn, nobody can answer it.
fn first(posts: &[PendingPost], kind: Kind) -> Option<Job> {
    let of_kind = || posts.iter().filter(|post| kind_of(post) == kind);
    let question = of_kind().find(|post| is_question(post));
    let head = question.or_else(|| of_kind().next())?;
    if !is_audit(head) {
        return Some(Job::Card(head.clone()));
    }
    let lines = posts
        .iter()
        .filter(|post| is_audit(post))
        // A line that may stand in the chat already is repeated with a mark, apart from the new ones.
        .take_while(|post| post.in_doubt == head.in_doubt)
        .take(BATCH);
    Some(Job::Lines(lines.cloned().collect()))
}

fn is_question(post: &PendingPost) -> bool {
    matches!(
        post.owed.post,
        Post::Approval { .. } | Post::CampaignAsk { .. } | Post::Hold { .. } | Post::Page { .. }
    )
}

fn is_audit(post: &PendingPost) -> bool {
    matches!(post.owed.post, Post::Audit { .. })
}

fn kind_of(post: &PendingPost) -> Kind {
    if post.message.is_some() {
        Kind::Edit
    } else {
        Kind::Send
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Timestamp;
    use crate::domain::ids::RunId;
    use crate::domain::post::{Owed, Recipient};

    fn post(id: i64, post: Post, message: Option<i32>, in_doubt: bool) -> PendingPost {
        PendingPost {
            id,
            owed: Owed {
                to: Recipient::Team,
                post,
            },
            created_at: Timestamp::UNIX_EPOCH,
            attempts: 0,
            revision: 0,
            message,
            in_doubt,
        }
    }

    fn audit(id: i64) -> PendingPost {
        post(
            id,
            Post::Audit {
                seq: id.unsigned_abs(),
            },
            None,
            false,
        )
    }

    fn live(id: i64, message: Option<i32>) -> PendingPost {
        post(id, Post::Run { run: RunId(1) }, message, false)
    }

    fn ids(turn: Turn) -> Vec<i64> {
        match turn {
            Turn::Deliver(Job::Lines(posts)) => posts.iter().map(|post| post.id).collect(),
            Turn::Deliver(Job::Card(post)) => vec![post.id],
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn waiting_lines_go_together_and_before_what_came_later() {
        let posts = [audit(1), live(2, None), audit(3), live(4, Some(9))];
        let (lane, pace) = (Lane::default(), Pace::default());
        assert_eq!(ids(lane.next(-1, &posts, &pace, Instant::now())), [1, 3]);
    }

    #[test]
    fn a_question_does_not_queue_behind_what_is_only_told() {
        let hold = Post::Hold {
            run: RunId(1),
            position: 5,
        };
        let posts = [audit(1), live(2, None), post(3, hold, None, false)];
        let (lane, pace) = (Lane::default(), Pace::default());
        assert_eq!(ids(lane.next(-1, &posts, &pace, Instant::now())), [3]);
    }

    #[test]
    fn an_edit_goes_while_new_messages_wait_for_their_pace() {
        let posts = [audit(1), live(2, Some(9))];
        let (lane, pace, now) = (Lane::default(), Pace::default(), Instant::now());
        for _ in 0..10 {
            pace.spend(-1, Kind::Send, now);
        }
        assert_eq!(ids(lane.next(-1, &posts, &pace, now)), [2]);
    }

    #[test]
    fn lines_in_doubt_are_repeated_apart() {
        let mut posts = [audit(1), audit(2), audit(3)];
        posts[0].in_doubt = true;
        let (lane, pace, now) = (Lane::default(), Pace::default(), Instant::now());
        assert_eq!(ids(lane.next(-1, &posts, &pace, now)), [1]);
    }

    #[test]
    fn pauses_grow_to_a_limit_and_end_with_a_success() {
        let (mut lane, now) = (Lane::default(), Instant::now());
        for _ in 0..40 {
            lane.settle(Verdict::Failed, now);
        }
        assert_eq!(lane.not_before, Some(now + LONGEST));
        lane.settle(Verdict::Done, now);
        assert_eq!((lane.failures, lane.not_before), (0, None));
        lane.settle(Verdict::Failed, now);
        assert_eq!(lane.not_before, Some(now + Duration::from_millis(500)));
    }
}
