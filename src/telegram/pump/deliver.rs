//! One delivery: from waiting posts to a message in the chat, or back to waiting.

use super::compose;
use crate::domain::post::{Post, Recipient};
use crate::ops::OpsError;
use crate::ports::journal::{PendingPost, StateResult};
use crate::telegram::chat::Chat;
use crate::telegram::keyboard;
use crate::telegram::pace::Kind;
use crate::telegram::render::audit;
use crate::telegram::send::{Outgoing, Sent};
use tokio::time::Instant;

/// What is delivered at once.
#[derive(Debug)]
pub enum Job {
    /// Audit lines that share a message.
    Lines(Vec<PendingPost>),
    /// One post with a message of its own.
    Card(PendingPost),
}

/// How it ended, for the pace of the chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Settled: the next may go.
    Done,
    /// Telegram or the state could not be used: a pause.
    Failed,
    /// The chat takes no messages: a long pause.
    Blocked,
}

/// Delivers. Whatever happens, the posts are either settled or still waiting.
pub(super) async fn deliver(chat: &Chat, to: i64, job: Job) -> Verdict {
    let result = match job {
        Job::Lines(posts) => send_lines(chat, to, &posts).await,
        Job::Card(post) => send_card(chat, to, &post).await,
    };
    result.unwrap_or_else(|error| {
        tracing::error!(%error, "a message could not be prepared or noted");
        Verdict::Failed
    })
}

async fn send_lines(chat: &Chat, to: i64, posts: &[PendingPost]) -> Result<Verdict, OpsError> {
    let view = chat.view(chat.language_in(to).await?);
    let repeat = posts.first().is_some_and(|post| post.in_doubt);
    let lines = compose::lines(chat, &view, posts).await?;
    let (taken, card) = audit::batch(&view, &lines, repeat);
    let message = Outgoing {
        html: card.html,
        silent: true,
        ..Outgoing::default()
    };
    let posts = posts.get(..taken).unwrap_or(posts);
    Ok(send(chat, to, posts, &message).await?)
}

async fn send_card(chat: &Chat, to: i64, post: &PendingPost) -> Result<Verdict, OpsError> {
    let view = chat.view(chat.language_in(to).await?);
    let posts = std::slice::from_ref(post);
    let Some(card) = compose::card(chat, &view, post).await? else {
        chat.outbox.delivered(posts, None).await?;
        return Ok(Verdict::Done);
    };
    let mut message = keyboard::outgoing(chat.people.as_ref(), to, &card).await?;
    // Only what needs a person rings in the group.
    let told = matches!(post.owed.post, Post::Run { .. } | Post::Campaign { .. });
    message.silent = post.owed.to == Recipient::Team && told;
    let Some(id) = post.message else {
        return Ok(send(chat, to, posts, &message).await?);
    };
    chat.pace.spend(to, Kind::Edit, Instant::now());
    match chat.sender.edit(to, id, &message).await {
        Sent::Delivered(_) | Sent::NotModified => {
            chat.outbox.delivered(posts, Some(id)).await?;
            Ok(Verdict::Done)
        }
        // Somebody deleted it, or it is too old: the state is told in a new one.
        Sent::Gone => Ok(send(chat, to, posts, &message).await?),
        other => Ok(failed(chat, to, posts, other).await?),
    }
}

async fn send(
    chat: &Chat,
    to: i64,
    posts: &[PendingPost],
    message: &Outgoing,
) -> StateResult<Verdict> {
    chat.outbox.begun(&ids(posts)).await?;
    chat.pace.spend(to, Kind::Send, Instant::now());
    match chat.sender.send(to, message).await {
        Sent::Delivered(id) => {
            chat.outbox.delivered(posts, Some(id)).await?;
            Ok(Verdict::Done)
        }
        other => failed(chat, to, posts, other).await,
    }
}

async fn failed(chat: &Chat, to: i64, posts: &[PendingPost], sent: Sent) -> StateResult<Verdict> {
    let ids = ids(posts);
    let (surely, verdict) = match sent {
        Sent::Retry(wait) => {
            tracing::warn!(seconds = wait.as_secs(), "Telegram asks for a pause");
            chat.pace.stall(Instant::now() + wait);
            (true, Verdict::Done)
        }
        Sent::Migrated(new) => {
            chat.moved(to, new).await?;
            (true, Verdict::Done)
        }
        Sent::Ambiguous(why) => {
            tracing::warn!(why, "whether a message was delivered is not known");
            (false, Verdict::Failed)
        }
        Sent::Blocked(why) => return blocked(chat, posts, &why).await,
        // A group that was closed for an hour opens again; only what can never be shown is given up.
        Sent::Rejected(why) if team(posts) && !about_text(&why) => {
            return blocked(chat, posts, &why).await;
        }
        Sent::Rejected(why) => {
            tracing::error!(why, ?ids, "Telegram will not take this message");
            chat.outbox.given_up(&ids, &why).await?;
            return Ok(Verdict::Done);
        }
        Sent::Unreachable(why) => {
            tracing::warn!(why, "Telegram is not reached; messages wait");
            (true, Verdict::Failed)
        }
        Sent::Delivered(_) | Sent::NotModified | Sent::Gone => (true, Verdict::Failed),
    };
    // A post in doubt from an earlier try stays in doubt.
    let surely = surely && !posts.iter().any(|post| post.in_doubt);
    chat.outbox.postponed(&ids, surely).await?;
    Ok(verdict)
}

fn team(posts: &[PendingPost]) -> bool {
    posts.iter().any(|post| post.owed.to == Recipient::Team)
}

/// Whether Telegram objects to the message itself.
fn about_text(why: &str) -> bool {
    ["parse entities", "too long", "BUTTON", "empty"]
        .iter()
        .any(|word| why.contains(word))
}

/// A person who blocked the bot chose so. The team's group is owed its trail, however long it takes.
async fn blocked(chat: &Chat, posts: &[PendingPost], why: &str) -> StateResult<Verdict> {
    let ids = ids(posts);
    if posts.iter().any(|post| post.owed.to == Recipient::Team) {
        tracing::error!(
            why,
            "the team's group takes no messages: check AUDIT_CHAT_ID and the bot's membership"
        );
        let surely = !posts.iter().any(|post| post.in_doubt);
        chat.outbox.postponed(&ids, surely).await?;
        return Ok(Verdict::Blocked);
    }
    tracing::warn!(
        why,
        "a chat takes no messages; what was owed to it is given up"
    );
    chat.outbox.given_up(&ids, why).await?;
    Ok(Verdict::Done)
}

fn ids(posts: &[PendingPost]) -> Vec<i64> {
    posts.iter().map(|post| post.id).collect()
}
