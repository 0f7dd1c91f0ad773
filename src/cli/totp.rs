//! `totp new`: a secret for somebody's authenticator app. It needs neither settings nor state.

use super::terminal::{json as print_json, line};
use super::{CliError, CliResult, Exit, args};
use crate::domain::failure::Args;
use crate::domain::second_factor::LENGTH;
use crate::i18n::{I18n, Locale};
use secrecy::zeroize::Zeroizing;
use serde_json::json;

/// What an app shows the code under.
const ISSUER: &str = "rei-recovery";

/// Makes a secret and prints it: for the settings, and for the app. It is kept nowhere.
///
/// # Errors
/// The terminal, or no random numbers.
pub fn run(i18n: &I18n, locale: Locale, wanted: &args::Totp) -> CliResult {
    let args::Totp::New { user, json } = wanted;
    let mut bytes = Zeroizing::new([0; LENGTH]);
    getrandom::fill(bytes.as_mut())
        .map_err(|error| CliError::Terminal(std::io::Error::other(error.to_string())))?;
    let secret = Zeroizing::new(data_encoding::BASE32_NOPAD.encode(bytes.as_ref()));
    let setting = Zeroizing::new(format!("{user}:{}", *secret));
    let uri = Zeroizing::new(uri(*user, &secret));
    if *json {
        return print_json(&json!({ "user": user, "setting": *setting, "uri": *uri }));
    }
    let values = Args::from([
        ("user".to_owned(), user.to_string().into()),
        ("setting".to_owned(), setting.as_str().into()),
        ("uri".to_owned(), uri.as_str().into()),
    ]);
    line(&i18n.plain(locale, "cli-totp-new", &values))?;
    Ok(Exit::Done)
}

/// As Google Authenticator's key URI format has it; what is left out is its default, which is what
/// this program checks.
fn uri(user: i64, secret: &str) -> String {
    format!("otpauth://totp/{ISSUER}:{user}?secret={secret}&issuer={ISSUER}")
}
