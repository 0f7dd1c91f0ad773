//! What a request for approval needs that nobody can guess.

use crate::domain::ids::RequestId;
use crate::ports::journal::{StateError, StateResult};

/// The id of a new request: 128 random bits.
///
/// # Errors
/// The machine gives no random numbers.
pub fn id() -> StateResult<RequestId> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(no_random)?;
    let text = data_encoding::BASE32_NOPAD.encode(&bytes).to_lowercase();
    text.parse().map_err(no_random)
}

/// A word of no language that can be read aloud, typed on any keyboard and not by accident.
///
/// # Errors
/// The machine gives no random numbers.
pub fn word() -> StateResult<String> {
    const CONSONANTS: &[u8] = b"bdfgklmnprstvz";
    const VOWELS: &[u8] = b"aeiou";
    let mut bytes = [0; 6];
    getrandom::fill(&mut bytes).map_err(no_random)?;
    let pick = |(index, byte): (usize, &u8)| {
        let letters = if index % 2 == 0 { CONSONANTS } else { VOWELS };
        char::from(letters[usize::from(*byte) % letters.len()])
    };
    Ok(bytes.iter().enumerate().map(pick).collect())
}

fn no_random(error: impl std::fmt::Display) -> StateError {
    StateError::Unavailable(format!("no random number could be had: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_can_be_typed() {
        let word = word().unwrap();
        assert_eq!(word.len(), 6);
        assert!(word.bytes().all(|byte| byte.is_ascii_lowercase()), "{word}");
    }

    #[test]
    fn requests_do_not_repeat() {
        assert_ne!(id().unwrap(), id().unwrap());
    }
}
