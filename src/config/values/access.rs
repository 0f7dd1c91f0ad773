//! Tokens, people and chats.

use super::{items, reads};
use crate::domain::second_factor::Secrets;
use secrecy::zeroize::Zeroizing;
use secrecy::{SecretSlice, SecretString};
use std::collections::{BTreeMap, BTreeSet};

/// A bot's token.
#[derive(Clone, Debug)]
pub struct BotToken(pub SecretString);

impl BotToken {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let well_formed = text.split_once(':').is_some_and(|(id, key)| {
            let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
            !id.is_empty()
                && id.bytes().all(|b| b.is_ascii_digit())
                && !key.is_empty()
                && key.bytes().all(fits)
        });
        // Anything else could change the path of the URL that the token becomes a part of.
        if well_formed {
            Ok(Self(SecretString::from(text)))
        } else {
            Err("it is not digits, a colon, and letters, digits, - or _")
        }
    }
}

reads!(
    BotToken,
    "a bot's token as @BotFather gives it: digits, a colon, and letters, digits, - or _",
    SECRET
);

/// Telegram user ids; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserIds(pub BTreeSet<i64>);

/// Accounts behind which anybody may stand, as Telegram's Bot API documents them.
const SHARED: [(i64, &str); 3] = [
    (1_087_968_824, "every anonymous admin of every group"),
    (136_817_688, "everybody who writes as a channel"),
    (777_000, "Telegram itself"),
];

impl UserIds {
    fn parse(text: &str) -> Result<Self, String> {
        let ids: BTreeSet<i64> = items(text).map(user).collect::<Result<_, _>>()?;
        if ids.is_empty() {
            return Err("there is no id in it".to_owned());
        }
        Ok(Self(ids))
    }
}

fn user(text: &str) -> Result<i64, String> {
    let id: i64 = text
        .parse()
        .map_err(|_| format!("`{text}` is not a number"))?;
    if let Some((_, who)) = SHARED.iter().find(|(shared, _)| *shared == id) {
        return Err(format!("{id} stands for {who}, not for a person"));
    }
    if id <= 0 {
        return Err(format!("{id} is a chat: people have positive ids"));
    }
    Ok(id)
}

reads!(
    UserIds,
    "numeric Telegram user ids, separated by commas, such as 11111111,22222222"
);

/// A group, or a person's private chat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChatId(pub i64);

impl ChatId {
    fn parse(text: &str) -> Result<Self, &'static str> {
        match text.parse() {
            Ok(0) => Err("0 is no chat"),
            Ok(id) => Ok(Self(id)),
            Err(_) => Err("it is not a number"),
        }
    }
}

reads!(
    ChatId,
    "the numeric id of a group, negative, such as -1001234567890"
);

/// A number of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count(pub u32);

impl Count {
    fn parse(text: &str) -> Result<Self, &'static str> {
        match text.parse() {
            Ok(0) => Err("nothing destructive happens without an approval"),
            Ok(count) => Ok(Self(count)),
            Err(_) => Err("it is not a number of people"),
        }
    }
}

reads!(Count, "a number of people, 1 or more");

/// How many of something may happen without an approval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(pub u32);

impl Limit {
    fn parse(text: &str) -> Result<Self, &'static str> {
        text.parse()
            .map(Self)
            .map_err(|_| "it is not a whole number")
    }
}

reads!(Limit, "a whole number, 0 for always");

/// `userid:BASE32` pairs, or why they cannot be read: in words that hold nothing of a secret, so that
/// they may be shown where another secret's may not.
#[derive(Clone, Debug)]
pub struct Totp(pub Result<Secrets, String>);

impl Totp {
    fn parse(text: &str) -> Result<Self, &'static str> {
        Ok(Self(Self::pairs(text)))
    }

    fn pairs(text: &str) -> Result<Secrets, String> {
        let mut pairs = BTreeMap::new();
        for item in items(text) {
            let (id, secret) = item
                .split_once(':')
                .ok_or("a pair in it is not userid:BASE32")?;
            let id = user(id.trim()).map_err(|_| "a pair in it does not begin with a user id")?;
            let secret =
                secret_of(secret).ok_or_else(|| format!("the secret of {id} is not BASE32"))?;
            if pairs.insert(id, secret).is_some() {
                return Err(format!("{id} stands in it twice"));
            }
        }
        Ok(Secrets::new(pairs))
    }
}

/// Base32 as authenticator apps show it: any case, with or without blanks, dashes and padding.
fn secret_of(text: &str) -> Option<SecretSlice<u8>> {
    let mut plain: Zeroizing<String> = Zeroizing::new(String::with_capacity(text.len()));
    let kept = text.chars().filter(|c| !c.is_whitespace() && *c != '-');
    plain.extend(kept.map(|c| c.to_ascii_uppercase()));
    let plain = plain.trim_end_matches('=');
    let bytes = data_encoding::BASE32_NOPAD.decode(plain.as_bytes()).ok()?;
    (!bytes.is_empty()).then(|| SecretSlice::from(bytes))
}

reads!(
    Totp,
    "pairs of a Telegram user id and a secret, separated by commas: userid:BASE32,… (`rei-recovery totp new <userid>` makes one)",
    SECRET
);
