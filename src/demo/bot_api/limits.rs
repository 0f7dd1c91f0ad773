//! Telegram's flood limits.
//!
//! Pure: the time is passed in. What counts is messages and edits; reading, answering presses and
//! deleting do not. A refusal stalls the whole token until it is over, which is why even pacing beats
//! bursts.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use super::ids::{BotId, Place};

const MINUTE: Duration = Duration::from_secs(60);

/// What a call does, as far as limits go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A new message.
    Send,
    /// A new message that Stars are paid for.
    PaidSend,
    /// A change of a message.
    Edit,
}

/// The figures. Telegram publishes no exact ones; these are what people measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figures {
    /// Messages and edits of one token in any second.
    pub per_second: usize,
    /// The same for messages with `allow_paid_broadcast`, which do not count with the others.
    pub paid_per_second: usize,
    /// Messages, and edits, in one group in any minute.
    pub group_per_minute: usize,
    /// Messages, and edits, in one chat: one each so often …
    pub chat_interval: Duration,
    /// … after this many at once.
    pub chat_burst: u32,
    /// How long a token that was too fast overall is stalled.
    pub penalty: Duration,
}

impl Default for Figures {
    fn default() -> Self {
        Self {
            per_second: 30,
            paid_per_second: 1000,
            group_per_minute: 20,
            chat_interval: Duration::from_secs(1),
            chat_burst: 5,
            penalty: Duration::from_secs(3),
        }
    }
}

/// Watches over every token.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    /// Nothing is limited without figures.
    figures: Option<Figures>,
    stalled: HashMap<BotId, Duration>,
    /// Free and paid calls of each token in the last second.
    overall: HashMap<(BotId, bool), VecDeque<Duration>>,
    /// By token too: one chat's traffic with one bot is not held against another.
    chats: HashMap<(BotId, Place, Kind), Chat>,
}

#[derive(Debug)]
struct Chat {
    /// Tokens of the bucket, and when they were counted.
    tokens: f64,
    at: Duration,
    minute: VecDeque<Duration>,
}

impl Limiter {
    pub(super) fn set(&mut self, figures: Option<Figures>) {
        *self = Self {
            figures,
            ..Self::default()
        };
    }

    /// Stalls a token from outside, as Telegram does to a bot whose other instance was too fast.
    pub(super) fn stall(&mut self, bot: BotId, until: Duration) {
        let stalled = self.stalled.entry(bot).or_default();
        *stalled = until.max(*stalled);
    }

    /// Counts a call at `now`.
    ///
    /// # Errors
    /// Whole seconds to wait.
    pub(super) fn admit(
        &mut self,
        bot: BotId,
        place: Place,
        kind: Kind,
        now: Duration,
    ) -> Result<(), u64> {
        if let Some(until) = self.stalled.get(&bot).filter(|until| **until > now) {
            return Err(seconds(*until - now));
        }
        let Some(figures) = self.figures else {
            return Ok(());
        };
        match self.wait_for(figures, bot, place, kind, now) {
            None => Ok(()),
            Some(wait) => {
                let wait = seconds(wait);
                self.stall(bot, now + Duration::from_secs(wait));
                Err(wait)
            }
        }
    }

    fn wait_for(
        &mut self,
        figures: Figures,
        bot: BotId,
        place: Place,
        kind: Kind,
        now: Duration,
    ) -> Option<Duration> {
        let paid = kind == Kind::PaidSend;
        let most = if paid {
            figures.paid_per_second
        } else {
            figures.per_second
        };
        let overall = self.overall.entry((bot, paid)).or_default();
        forget(overall, now, Duration::from_secs(1));
        if overall.len() >= most {
            return Some(figures.penalty);
        }
        let full = f64::from(figures.chat_burst);
        let fresh = || Chat {
            tokens: full,
            at: now,
            minute: VecDeque::new(),
        };
        let chat = self.chats.entry((bot, place, kind)).or_insert_with(fresh);
        let interval = figures.chat_interval.as_secs_f64().max(f64::EPSILON);
        chat.tokens = (chat.tokens + (now - chat.at).as_secs_f64() / interval).min(full);
        chat.at = now;
        if chat.tokens < 1.0 {
            return Some(figures.chat_interval.mul_f64(1.0 - chat.tokens));
        }
        if let Place::Group(_) = place {
            forget(&mut chat.minute, now, MINUTE);
            if chat.minute.len() >= figures.group_per_minute {
                return chat.minute.front().map(|first| *first + MINUTE - now);
            }
            chat.minute.push_back(now);
        }
        chat.tokens -= 1.0;
        overall.push_back(now);
        None
    }
}

fn forget(times: &mut VecDeque<Duration>, now: Duration, window: Duration) {
    while times.front().is_some_and(|first| *first + window <= now) {
        times.pop_front();
    }
}

/// Rounded up, and never nothing.
fn seconds(wait: Duration) -> u64 {
    let whole = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    whole.max(1)
}

#[cfg(test)]
mod tests {
    use super::{super::ids::PersonId, *};

    const BOT: BotId = BotId(1);
    const GROUP: Place = Place::Group(-100);

    fn private(person: u64) -> Place {
        Place::private(BOT, PersonId(person))
    }

    fn limiter() -> Limiter {
        let mut limiter = Limiter::default();
        limiter.set(Some(Figures::default()));
        limiter
    }

    fn at(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn thirty_a_second_pass_and_the_next_stalls_the_token() {
        let mut limiter = limiter();
        for n in 0..30 {
            assert_eq!(limiter.admit(BOT, private(n), Kind::Send, at(0)), Ok(()));
        }
        assert_eq!(limiter.admit(BOT, private(99), Kind::Send, at(10)), Err(3));
        assert_eq!(
            limiter.admit(BOT, GROUP, Kind::Edit, at(2_500)),
            Err(1),
            "the whole token"
        );
        assert_eq!(
            limiter.admit(BotId(2), private(1), Kind::Send, at(20)),
            Ok(())
        );
        assert_eq!(
            limiter.admit(BOT, private(99), Kind::Send, at(3_010)),
            Ok(())
        );
    }

    #[test]
    fn paid_messages_have_an_allowance_of_their_own() {
        let mut limiter = limiter();
        for n in 0..1000 {
            let place = private(n);
            assert_eq!(limiter.admit(BOT, place, Kind::PaidSend, at(0)), Ok(()));
        }
        assert_eq!(limiter.admit(BOT, private(2000), Kind::Send, at(1)), Ok(()));
        let beyond = limiter.admit(BOT, private(2001), Kind::PaidSend, at(2));
        assert_eq!(beyond, Err(3));
    }

    #[test]
    fn evenly_paced_sending_is_never_refused() {
        let mut limiter = limiter();
        for n in 0..300 {
            assert_eq!(
                limiter.admit(BOT, private(n), Kind::Send, at(n * 34)),
                Ok(())
            );
        }
    }

    #[test]
    fn one_chat_takes_a_burst_and_then_one_a_second() {
        let mut limiter = limiter();
        for _ in 0..5 {
            assert_eq!(limiter.admit(BOT, private(1), Kind::Send, at(0)), Ok(()));
        }
        assert_eq!(limiter.admit(BOT, private(1), Kind::Send, at(200)), Err(1));
        assert_eq!(
            limiter.admit(BOT, private(1), Kind::Send, at(1_200)),
            Ok(())
        );
    }

    #[test]
    fn a_group_takes_twenty_a_minute_of_each_kind() {
        let mut limiter = limiter();
        for n in 0..20 {
            assert_eq!(limiter.admit(BOT, GROUP, Kind::Send, at(n * 1_000)), Ok(()));
            assert_eq!(limiter.admit(BOT, GROUP, Kind::Edit, at(n * 1_000)), Ok(()));
        }
        assert_eq!(limiter.admit(BOT, GROUP, Kind::Edit, at(20_000)), Err(40));
        assert_eq!(limiter.admit(BOT, GROUP, Kind::Edit, at(60_000)), Ok(()));
    }

    #[test]
    fn without_figures_only_an_outside_stall_counts() {
        let mut limiter = Limiter::default();
        for _ in 0..100 {
            assert_eq!(limiter.admit(BOT, GROUP, Kind::Send, at(0)), Ok(()));
        }
        limiter.stall(BOT, at(1_500));
        assert_eq!(limiter.admit(BOT, GROUP, Kind::Send, at(0)), Err(2));
    }
}
