//! A look at the team's group, for `check`.

use crate::ports::redact;
use teloxide::Bot;
use teloxide::prelude::Requester;
use teloxide::types::{ChatId, ChatMemberKind};

/// What the bot may do in the team's group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRights {
    /// The bot's user name.
    pub bot: String,
    /// The group's title.
    pub title: String,
    /// Whether it may write there.
    pub can_write: bool,
}

/// Asks Telegram who the bot is and what it may do in the group.
///
/// # Errors
/// Telegram's reason, without the token.
pub async fn look_at_group(bot: &Bot, team: i64) -> Result<GroupRights, String> {
    let me = bot.get_me().await.map_err(|error| redact::error(&error))?;
    let group = ChatId(team);
    let chat = bot
        .get_chat(group)
        .await
        .map_err(|error| redact::error(&error))?;
    let member = bot
        .get_chat_member(group, me.id)
        .await
        .map_err(|error| redact::error(&error))?;
    let can_write = match &member.kind {
        ChatMemberKind::Owner(_) | ChatMemberKind::Administrator(_) | ChatMemberKind::Member(_) => {
            true
        }
        ChatMemberKind::Restricted(rights) => rights.can_send_messages,
        ChatMemberKind::Left | ChatMemberKind::Banned(_) => false,
    };
    Ok(GroupRights {
        bot: me.username().to_owned(),
        title: chat.title().unwrap_or_default().to_owned(),
        can_write,
    })
}
