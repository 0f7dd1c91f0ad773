//! A look at the bots and the team's group, for `check`. Nothing is written anywhere.

use crate::ports::redact;
use teloxide::prelude::Requester;
use teloxide::types::{ChatAction, ChatFullInfo, ChatId, ChatMember, ChatMemberKind, UserId};
use teloxide::{ApiError, Bot, RequestError};

/// A bot, as Telegram tells it about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number.
    pub id: u64,
    /// Its user name.
    pub username: String,
    /// Whether it reads all messages of groups where it is no administrator (privacy mode off).
    pub reads_all: bool,
}

/// What kind of chat stands where the team's group should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupKind {
    /// A group or supergroup.
    Group,
    /// A channel: nobody can be asked there.
    Channel,
    /// One person's chat.
    Private,
}

/// What the bot may do in the team's group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupLook {
    /// What it is.
    pub kind: GroupKind,
    /// Its title, or the person's name.
    pub title: String,
    /// Whether the bot may write there, and so edit what it wrote.
    pub can_write: bool,
    /// Whether it is an administrator there.
    pub is_admin: bool,
}

/// Why Telegram did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It does not know the token.
    Token,
    /// It knows no such chat, or this bot does not know it.
    NoChat,
    /// The bot is not, or no longer, in the group.
    NotThere,
    /// The person has not started the bot, or has blocked it, or is gone.
    NotStarted,
    /// The group became a supergroup with this id.
    Migrated(i64),
    /// There was no answer.
    Silent(String),
    /// Something else, in its own words.
    Other(String),
}

/// Who the bot behind a token is.
///
/// # Errors
/// Telegram's reason, without the token.
pub async fn account(bot: &Bot) -> Result<Account, Refusal> {
    let me = bot.get_me().await.map_err(refusal)?;
    Ok(Account {
        id: me.id.0,
        username: me.username().to_owned(),
        reads_all: me.can_read_all_group_messages,
    })
}

/// What `me` may do in the group.
///
/// # Errors
/// Telegram's reason, without the token.
pub async fn look_at_group(bot: &Bot, team: i64, me: &Account) -> Result<GroupLook, Refusal> {
    let group = ChatId(team);
    let chat = bot.get_chat(group).await.map_err(refusal)?;
    let kind = kind(&chat);
    let title = chat.title().or_else(|| chat.first_name());
    let title = title.unwrap_or_default().to_owned();
    if kind != GroupKind::Group {
        return Ok(GroupLook {
            kind,
            title,
            can_write: false,
            is_admin: false,
        });
    }
    let member = member(bot, group, me.id).await?;
    Ok(GroupLook {
        kind,
        title,
        can_write: can_write(&member.kind, &chat),
        is_admin: member.kind.is_privileged(),
    })
}

fn kind(chat: &ChatFullInfo) -> GroupKind {
    match chat {
        chat if chat.is_private() => GroupKind::Private,
        chat if chat.is_channel() => GroupKind::Channel,
        _ => GroupKind::Group,
    }
}

/// What an ordinary member may do, the group says.
fn can_write(member: &ChatMemberKind, chat: &ChatFullInfo) -> bool {
    match member {
        ChatMemberKind::Owner(_) | ChatMemberKind::Administrator(_) => true,
        ChatMemberKind::Member(_) => chat.permissions().is_none_or(|all| all.can_send_messages()),
        ChatMemberKind::Restricted(own) => own.can_send_messages,
        ChatMemberKind::Left | ChatMemberKind::Banned(_) => false,
    }
}

/// Whether a person is in the group.
///
/// # Errors
/// Telegram's reason, without the token.
pub async fn is_member(bot: &Bot, team: i64, person: i64) -> Result<bool, Refusal> {
    let Ok(person) = u64::try_from(person) else {
        return Ok(false);
    };
    match member(bot, ChatId(team), person).await {
        Ok(member) => Ok(member.kind.is_present()),
        // Telegram has no such person, so nobody can be in the group under that number.
        Err(Refusal::Other(words)) if words.contains("user not found") => Ok(false),
        Err(refusal) => Err(refusal),
    }
}

async fn member(bot: &Bot, group: ChatId, who: u64) -> Result<ChatMember, Refusal> {
    let asked = bot.get_chat_member(group, UserId(who));
    asked.await.map_err(refusal)
}

/// Whether a person has started the bot, so that it may write to him. He sees *typing…* for up to five
/// seconds; nothing else tells.
///
/// # Errors
/// Telegram's reason, without the token.
pub async fn knows(bot: &Bot, person: i64) -> Result<bool, Refusal> {
    let asked = bot.send_chat_action(ChatId(person), ChatAction::Typing);
    match asked.await.map_err(refusal) {
        Ok(_) => Ok(true),
        Err(Refusal::NotStarted | Refusal::NoChat) => Ok(false),
        Err(refusal) => Err(refusal),
    }
}

fn refusal(error: RequestError) -> Refusal {
    let words = redact::error(&error);
    match error {
        RequestError::MigrateToChatId(ChatId(to)) => Refusal::Migrated(to),
        RequestError::Network(_) => Refusal::Silent(words),
        RequestError::Api(error) => of_api(&error, words),
        _ => Refusal::Other(words),
    }
}

fn of_api(error: &ApiError, words: String) -> Refusal {
    match error {
        ApiError::InvalidToken => Refusal::Token,
        ApiError::ChatNotFound => Refusal::NoChat,
        ApiError::BotKicked
        | ApiError::BotKickedFromSupergroup
        | ApiError::BotKickedFromChannel => Refusal::NotThere,
        ApiError::BotBlocked | ApiError::UserDeactivated | ApiError::CantInitiateConversation => {
            Refusal::NotStarted
        }
        // Telegram words these in several ways, and teloxide knows some of them.
        _ if words.contains("bot is not a member") || words.contains("bot was kicked") => {
            Refusal::NotThere
        }
        _ if words.contains("can't initiate conversation") => Refusal::NotStarted,
        _ => Refusal::Other(words),
    }
}
