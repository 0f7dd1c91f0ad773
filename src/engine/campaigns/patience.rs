//! Chats with a limit of their own. Telegram's answer does not tell whether the whole token was too
//! fast or one chat: what tells is that others get through meanwhile.

use crate::ports::bot::Delivered;
use std::collections::BTreeMap;

/// Times that one chat is refused before it is given up. Each may stall everybody for a while.
const TRIES: u32 = 4;

/// Who was refused, and how often in a row.
#[derive(Debug, Default)]
pub(super) struct Patience {
    waiting: BTreeMap<i64, Refused>,
    /// Answers other than a refusal, of everybody.
    passed: u64,
    /// Refusals, of everybody.
    refused: u64,
}

/// As it was with his last refusal.
#[derive(Debug, Clone, Copy)]
struct Refused {
    tries: u32,
    passed: u64,
    refused: u64,
}

impl Patience {
    /// Takes an answer in; tells whether this person is not worth another try.
    pub(super) fn ends(&mut self, person: i64, delivered: &Delivered) -> bool {
        match delivered {
            Delivered::Later(_) => self.refuses(person),
            Delivered::NotSent(_) | Delivered::Unknown(_) | Delivered::TokenRefused => false,
            Delivered::Done { .. } | Delivered::Gone(_) | Delivered::Refused(_) => {
                self.passed += 1;
                self.waiting.remove(&person);
                false
            }
        }
    }

    fn refuses(&mut self, person: i64) -> bool {
        self.refused += 1;
        let before = self.waiting.get(&person);
        let tries = before.map_or(1, |before| {
            let others_pass = self.passed > before.passed;
            let nobody_else_is_left = self.refused == before.refused + 1;
            before.tries + u32::from(others_pass || nobody_else_is_left)
        });
        if tries >= TRIES {
            self.waiting.remove(&person);
            return true;
        }
        let (passed, refused) = (self.passed, self.refused);
        self.waiting.insert(
            person,
            Refused {
                tries,
                passed,
                refused,
            },
        );
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const LATER: Delivered = Delivered::Later(Duration::from_secs(3));
    const DONE: Delivered = Delivered::Done {
        message: 1,
        moved: None,
    };

    #[test]
    fn who_is_refused_while_others_pass_is_given_up() {
        let mut patience = Patience::default();
        for _ in 1..TRIES {
            assert!(!patience.ends(7, &LATER));
            assert!(!patience.ends(8, &DONE));
        }
        assert!(patience.ends(7, &LATER));
    }

    #[test]
    fn who_is_left_alone_is_given_up_too() {
        let mut patience = Patience::default();
        let tries = (1..=TRIES).map(|_| patience.ends(7, &LATER));
        assert_eq!(tries.collect::<Vec<_>>(), [false, false, false, true]);
    }

    #[test]
    fn nobody_is_given_up_while_everybody_is_refused() {
        let mut patience = Patience::default();
        for _ in 0..100 {
            assert!(!patience.ends(7, &LATER) && !patience.ends(8, &LATER));
        }
        // And one who gets through begins anew.
        assert!(!patience.ends(7, &DONE));
        assert!(!patience.ends(7, &LATER));
        assert!(patience.waiting.len() == 2);
    }
}
