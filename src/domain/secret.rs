//! Which secrets can be kept out of texts by looking for them.

/// A shorter one is not looked for: it would mask words that are none.
pub const SHORTEST: usize = 8;

/// A longer word stands in no text for another reason.
const LONGEST_WORD: usize = 16;

/// Why a secret cannot be masked well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weakness {
    /// It is shorter than [`SHORTEST`].
    Short,
    /// A text may have it as an ordinary word, which would be masked and so tell it.
    Word,
}

/// What is weak about a secret, if anything.
#[must_use]
pub fn weakness(secret: &str) -> Option<Weakness> {
    let letters = || secret.bytes().all(|byte| byte.is_ascii_alphabetic());
    match secret.len() {
        0 => None,
        length if length < SHORTEST => Some(Weakness::Short),
        length if length < LONGEST_WORD && letters() => Some(Weakness::Word),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_ones_and_words_are_weak() {
        for (secret, weak) in [
            ("", None),
            ("short1", Some(Weakness::Short)),
            ("password", Some(Weakness::Word)),
            ("passw0rd", None),
            ("JBSWYDPEHPKXPQRS", None),
        ] {
            assert_eq!(weakness(secret), weak, "{secret}");
        }
    }
}
