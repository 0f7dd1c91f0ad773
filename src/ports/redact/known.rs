//! The secrets of this process, masked wherever they are about to leave it.
//!
//! Nothing is meant to print one. This is the second wall: a library's error, a panic, a service's
//! answer that repeats what it was sent. Each is looked for as it is and in the forms in which texts
//! carry it.

use super::{MASK, outside};
use crate::domain::secret::SHORTEST;
use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

static KNOWN: RwLock<Vec<SecretString>> = RwLock::new(Vec::new());

/// Masks this secret from now on, in every form. One that is shorter than [`SHORTEST`] is passed over.
pub fn know(secret: &str) {
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    for form in forms(secret) {
        let stands = known.iter().any(|it| it.expose_secret() == form.as_str());
        if !stands {
            known.push(SecretString::from(form.as_str()));
        }
    }
    // A form that holds another one is masked as a whole.
    known.sort_by_key(|form| std::cmp::Reverse(form.expose_secret().len()));
}

/// The text without anything that should not leave this process: known secrets, bots' tokens, words of
/// an `Authorization`, passwords in addresses.
#[must_use]
pub fn clean(text: &str) -> Cow<'_, str> {
    let mut clean = Cow::Borrowed(text);
    let known = KNOWN.read().unwrap_or_else(PoisonError::into_inner);
    for form in known.iter() {
        let form = form.expose_secret();
        if clean.contains(form) {
            clean = Cow::Owned(clean.replace(form, MASK));
        }
    }
    match outside(&clean) {
        Some(cleaner) => Cow::Owned(cleaner),
        None => clean,
    }
}

/// As it is; as a URL, JSON, HTML and Rust's `{:?}` escape it; as base64 at each of the three places at
/// which it may stand in a longer text; as hexadecimal.
#[must_use]
pub fn forms(secret: &str) -> Vec<Zeroizing<String>> {
    if secret.len() < SHORTEST {
        return Vec::new();
    }
    let bytes = secret.as_bytes();
    let json = |text: &str| {
        let quoted = serde_json::to_string(text).unwrap_or_default();
        quoted.trim_matches('"').to_owned()
    };
    let mut forms = vec![
        secret.to_owned(),
        url::form_urlencoded::byte_serialize(bytes).collect(),
        json(secret),
        // What was quoted once already stands in a line of JSON.
        json(&json(secret)),
        format!("{secret:?}").trim_matches('"').to_owned(),
        secret
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;"),
        BASE64.encode(bytes),
        BASE64_NOPAD.encode(bytes),
        BASE64URL_NOPAD.encode(bytes),
        HEXLOWER.encode(bytes),
        HEXUPPER.encode(bytes),
    ];
    // What the neighbours decide of a longer text's base64 is left away at both ends.
    for before in 0..3 {
        let padded = [&vec![0; before][..], bytes].concat();
        // Characters that are ours alone: 4 for 3 bytes, without those that a neighbour has a part in.
        let from = (before * 4).div_ceil(3);
        let to = padded.len() * 8 / 6;
        for whole in [
            BASE64_NOPAD.encode(&padded),
            BASE64URL_NOPAD.encode(&padded),
        ] {
            let inner = whole.get(from..to);
            forms.extend(inner.filter(|it| it.len() >= SHORTEST).map(str::to_owned));
        }
    }
    forms.sort();
    forms.dedup();
    forms.retain(|form| form.len() >= SHORTEST);
    forms.into_iter().map(Zeroizing::new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "Tr0ub4dor&3/\"x\\y";

    #[test]
    fn a_secret_is_masked_in_every_form() {
        know(SECRET);
        let hex = HEXLOWER.encode(SECRET.as_bytes());
        let in_basic = ["", "s", "sh", "sho"].map(|before| {
            let text = format!("{before}{SECRET}: and more");
            format!(
                "{} {}",
                BASE64.encode(text.as_bytes()),
                BASE64URL_NOPAD.encode(text.as_bytes())
            )
        });
        let json = serde_json::json!({ "key": SECRET }).to_string();
        let query: String = url::form_urlencoded::byte_serialize(SECRET.as_bytes()).collect();
        for text in [
            SECRET,
            &hex,
            &in_basic[0],
            &in_basic[1],
            &in_basic[2],
            &in_basic[3],
            &json,
            &query,
            &format!("{SECRET:?}"),
        ] {
            let clean = clean(&format!("before {text} after")).into_owned();
            assert!(clean.contains(MASK), "{clean}");
            for form in forms(SECRET) {
                assert!(!clean.contains(form.as_str()), "{clean}");
            }
        }
    }

    #[test]
    fn what_is_short_or_no_secret_stays() {
        know("short");
        let text = "a short text, https://example.org/a?b=c, 12:30:45";
        assert!(matches!(clean(text), Cow::Borrowed(_)));
    }
}
