//! Secrets that cannot be kept out of texts by looking for them.

use super::problem::Notice;
use super::sources::Sources;
use crate::ports::redact::SHORTEST;
use std::collections::BTreeSet;

/// A longer word is no word that a text has for another reason.
const LONGEST_WORD: usize = 16;

/// A warning for each setting whose secret is too short to be masked, or is a mere word.
pub(super) fn notices(sources: &Sources) -> Vec<Notice> {
    let mut weak = BTreeSet::new();
    sources.each_secret(|name, secret| {
        if let Some(why) = judge(secret) {
            weak.insert((name, why));
        }
    });
    let notice = |(name, why)| Notice::warning(name, why);
    weak.into_iter().map(notice).collect()
}

fn judge(secret: &str) -> Option<&'static str> {
    let letters = || secret.bytes().all(|byte| byte.is_ascii_alphabetic());
    match secret.len() {
        0 => None,
        length if length < SHORTEST => Some(
            "it is so short that it is not masked where a service's answer repeats it; use 12 characters or more, with digits",
        ),
        length if length < LONGEST_WORD && letters() => Some(
            "it has letters alone: where a text has them as a word, they are masked, and whoever sees the mask learns it; use 12 characters or more, with digits",
        ),
        _ => None,
    }
}
