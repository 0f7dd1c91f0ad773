//! Keys of the AI providers, for probes and for looking tasks up.

use super::problem::Problem;
use super::reader::{Read, Reader};
use super::setting::Row;
use super::table;
use secrecy::SecretString;
use std::collections::BTreeMap;

/// The settings that `providers.toml` may name, and no others: a file that describes a server must not
/// be able to send the bot's token there.
pub const PROVIDER_KEYS: &[&str] = &[
    table::KLING_ACCESS_KEY.row.name,
    table::KLING_SECRET_KEY.row.name,
    table::NANO_BANANA_API_KEY.row.name,
];

/// Keys that were given.
#[derive(Clone, Debug, Default)]
pub struct ProviderSettings {
    /// By the name of the setting.
    pub keys: BTreeMap<String, SecretString>,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Read<ProviderSettings> {
    let access = reader.find(&table::KLING_ACCESS_KEY);
    let secret = reader.find(&table::KLING_SECRET_KEY);
    let nano_banana = reader.find(&table::NANO_BANANA_API_KEY);
    let (access, secret) = (access?, secret?);
    match (&access, &secret) {
        (Some(_), None) => half(reader, table::KLING_SECRET_KEY.row)?,
        (None, Some(_)) => half(reader, table::KLING_ACCESS_KEY.row)?,
        _ => {}
    }
    let given = [access, secret, nano_banana?];
    let keys = PROVIDER_KEYS.iter().zip(given);
    Ok(ProviderSettings {
        keys: keys
            .filter_map(|(name, key)| Some(((*name).to_owned(), key?.0)))
            .collect(),
    })
}

fn half(reader: &mut Reader<'_>, missing: &Row) -> Read<()> {
    reader.fail(
        Problem::of(
            missing,
            "the other half of Kling's key is given, this one is not",
        )
        .advise("Give both halves, or neither to go without Kling's probe and task lookup."),
    )
}
