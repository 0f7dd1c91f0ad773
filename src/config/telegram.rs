//! The bots, their server, and the team's group.

use super::problem::Problem;
use super::reader::{Read, Reader};
use super::table;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// What is needed to talk to Telegram.
#[derive(Clone, Debug)]
pub struct TelegramSettings {
    /// `ADMIN_BOT_TOKEN`.
    pub admin_token: SecretString,
    /// `REI_BOT_TOKEN`; without it nothing is sent under REI's name.
    pub rei_token: Option<SecretString>,
    /// `TELEGRAM_API_URL`.
    pub api_url: Url,
    /// `AUDIT_CHAT_ID`: the team's group as configured; it may have migrated since.
    pub audit_chat: i64,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Read<TelegramSettings> {
    let admin = reader.get(&table::ADMIN_BOT_TOKEN);
    let rei = reader.find(&table::REI_BOT_TOKEN);
    let api_url = reader.get(&table::TELEGRAM_API_URL);
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
        rei_token: rei?.map(|token| token.0),
        api_url: api_url?.0,
        audit_chat: chat?.0,
    };
    check_two_bots(reader, &settings)?;
    Ok(settings)
}

/// Reading updates under REI's own token would take them away from REI.
fn check_two_bots(reader: &mut Reader<'_>, settings: &TelegramSettings) -> Read<()> {
    let TelegramSettings {
        admin_token,
        rei_token,
        ..
    } = settings;
    let number = |token: &SecretString| token.expose_secret().split(':').next().map(str::to_owned);
    if rei_token.as_ref().map(number) == Some(number(admin_token)) {
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
