//! The bots, their server, and the team's group.

use super::problem::Problem;
use super::reader::{Read, Reader};
use super::table;
use secrecy::{ExposeSecret, SecretString};

/// What is needed to talk to Telegram.
#[derive(Clone, Debug)]
pub struct TelegramSettings {
    /// `ADMIN_BOT_TOKEN`.
    pub admin_token: SecretString,
    /// `AUDIT_CHAT_ID`: the team's group as configured; it may have migrated since.
    pub audit_chat: i64,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Read<TelegramSettings> {
    let admin = reader.get(&table::ADMIN_BOT_TOKEN);
    let rei = reader.find(&table::REI_BOT_TOKEN);
    let chat = reader.get(&table::AUDIT_CHAT_ID);
    if let Ok(chat) = &chat
        && chat.0 > 0
    {
        reader.warn(
            table::AUDIT_CHAT_ID.row,
            "is one person's private chat: the team reads nothing there. A group's id is negative",
        );
    }
    let settings = TelegramSettings {
        admin_token: admin?.0,
        audit_chat: chat?.0,
    };
    check_two_bots(reader, &settings, rei?.map(|token| token.0).as_ref())?;
    Ok(settings)
}

/// Reading updates under REI's own token would take them away from REI.
fn check_two_bots(
    reader: &mut Reader<'_>,
    settings: &TelegramSettings,
    rei_token: Option<&SecretString>,
) -> Read<()> {
    let number = |token: &SecretString| token.expose_secret().split(':').next().map(str::to_owned);
    if rei_token.map(number) == Some(number(&settings.admin_token)) {
        return reader.fail(
            Problem::of(
                table::ADMIN_BOT_TOKEN.row,
                "it is the same bot as REI_BOT_TOKEN: two programs cannot read one bot's updates",
            )
            .advise("Make a bot of its own for the team with @BotFather, and give its token here."),
        );
    }
    Ok(())
}
