//! Whether Telegram can be reached. When it cannot, nobody is tried but one scout at a time, with
//! growing pauses: each try may cost a person his certainty.

use crate::ports::bot::Delivered;
use std::time::Duration;
use tokio::time::Instant;

/// So many in a row without an answer are no accident.
const STREAK: u32 = 5;
/// The first pause.
const FIRST: Duration = Duration::from_secs(1);
/// The longest pause.
const LONGEST: Duration = Duration::from_secs(60);
/// After so many pauses (about seven seconds) people are told.
const WORTH_TELLING: u32 = 3;

/// What the last answers say.
#[derive(Debug, Default)]
pub(super) struct Weather {
    streak: u32,
    /// Pauses so far, and when the present one is over.
    foul: Option<(u32, Instant)>,
}

impl Weather {
    /// Takes an answer in. `scout`: it was sent in foul weather; those that left before it turned tell
    /// nothing new.
    pub(super) fn note(&mut self, delivered: &Delivered, scout: bool, now: Instant) {
        if !matches!(delivered, Delivered::NotSent(_) | Delivered::Unknown(_)) {
            *self = Self::default();
            return;
        }
        self.streak = self.streak.saturating_add(1);
        let pauses = match self.foul {
            None if self.streak < STREAK => return,
            None => 1,
            Some((pauses, _)) if scout => pauses.saturating_add(1),
            Some(_) => return,
        };
        self.foul = Some((pauses, now + pause(pauses)));
    }

    /// Whether a scout is all that may be out.
    pub(super) fn is_foul(&self) -> bool {
        self.foul.is_some()
    }

    /// Whether anybody may set out now.
    pub(super) fn lets_go(&self, now: Instant) -> bool {
        self.foul.is_none_or(|(_, until)| until <= now)
    }

    /// Whether it lasts long enough that people should know.
    pub(super) fn is_worth_telling(&self) -> bool {
        self.foul.is_some_and(|(pauses, _)| pauses > WORTH_TELLING)
    }
}

fn pause(pauses: u32) -> Duration {
    let factor = 1 << pauses.saturating_sub(1).min(10);
    (FIRST * factor).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost() -> Delivered {
        Delivered::NotSent("no route".to_owned())
    }

    #[test]
    fn a_few_losses_are_no_storm_and_one_answer_ends_it() {
        let now = Instant::now();
        let mut weather = Weather::default();
        for _ in 1..STREAK {
            weather.note(&lost(), false, now);
        }
        assert!(!weather.is_foul() && weather.lets_go(now));
        weather.note(&Delivered::Unknown("reset".to_owned()), false, now);
        assert!(weather.is_foul() && !weather.lets_go(now));
        weather.note(&Delivered::Refused("no".to_owned()), true, now);
        assert!(!weather.is_foul());
    }

    #[test]
    fn pauses_grow_with_the_scouts_alone_and_end_at_a_minute() {
        let now = Instant::now();
        let mut weather = Weather::default();
        for _ in 0..500 {
            weather.note(&lost(), false, now);
        }
        assert!(weather.lets_go(now + FIRST) && !weather.is_worth_telling());
        for _ in 0..3 {
            weather.note(&lost(), true, now);
        }
        assert!(weather.is_worth_telling());
        assert!(!weather.lets_go(now + Duration::from_millis(7_999)));
        assert!(weather.lets_go(now + Duration::from_secs(8)));
        for _ in 0..100 {
            weather.note(&lost(), true, now);
        }
        assert!(weather.lets_go(now + LONGEST));
    }
}
