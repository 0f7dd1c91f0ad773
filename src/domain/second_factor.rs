//! The second factor of an approval: codes of an authenticator app (RFC 6238: SHA-1, 30 seconds, six
//! digits), and how often somebody may try.

use super::operator::{Actor, ActorKind};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretSlice};
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use subtle::{Choice, ConditionallySelectable, ConstantTimeEq};

/// Seconds for which a code is shown.
const PERIOD: i64 = 30;

/// Digits of a code.
const DIGITS: usize = 6;

/// A secret shorter than this many bytes is weaker than RFC 4226 asks for.
pub const SHORT: usize = 16;

/// Bytes of a secret that this program makes: SHA-1's own length, as RFC 4226 recommends.
pub const LENGTH: usize = 20;

/// So many wrong codes within `SPAN` seconds lock a person's codes.
pub const TRIES: usize = 5;

/// Seconds in which wrong codes add up.
const SPAN: i64 = 15 * 60;

/// Seconds for which codes are locked.
const LOCK: i64 = 15 * 60;

/// Used steps that are remembered. Three are valid at any moment; more are kept for a clock that is
/// put back.
const USED: usize = 32;

/// `TOTP_SECRETS`: who must also give a code, and the secret of each. Cheap to clone; neither shown nor
/// compared by its secrets.
#[derive(Clone, Default)]
pub struct Secrets(Arc<BTreeMap<i64, SecretSlice<u8>>>);

impl Secrets {
    /// From pairs of a Telegram user id and the secret's bytes.
    #[must_use]
    pub fn new(pairs: impl IntoIterator<Item = (i64, SecretSlice<u8>)>) -> Self {
        Self(Arc::new(pairs.into_iter().collect()))
    }

    /// Whether this person's yes needs a code. The console's does not: whoever has it could read the
    /// secrets, and do by hand whatever is asked.
    #[must_use]
    pub fn lists(&self, actor: &Actor) -> bool {
        actor.kind == ActorKind::Telegram && self.0.contains_key(&actor.id)
    }

    /// Everybody listed.
    pub fn people(&self) -> impl Iterator<Item = i64> + '_ {
        self.0.keys().copied()
    }

    /// Those whose secret is shorter than [`SHORT`].
    pub fn short(&self) -> impl Iterator<Item = i64> + '_ {
        let short = |secret: &SecretSlice<u8>| secret.expose_secret().len() < SHORT;
        let pairs = self.0.iter();
        pairs.filter_map(move |(person, secret)| short(secret).then_some(*person))
    }

    /// The time step whose code this is, one step of drift each way; nothing for any other text.
    #[must_use]
    pub fn step(&self, person: i64, typed: &str, now: Timestamp) -> Option<u64> {
        let secret = self.0.get(&person)?;
        let typed = read(typed)?;
        let current = u64::try_from(now.as_second().div_euclid(PERIOD)).ok()?;
        // All three are always computed and compared: how long it takes tells nothing.
        let (mut step, mut found) = (0, Choice::from(0));
        for candidate in current.saturating_sub(1)..=current.saturating_add(1) {
            let same = code(secret.expose_secret(), candidate).ct_eq(&typed);
            step = u64::conditional_select(&step, &candidate, same);
            found |= same;
        }
        bool::from(found).then_some(step)
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl PartialEq for Secrets {
    fn eq(&self, other: &Self) -> bool {
        self.0.keys().eq(other.0.keys())
    }
}

impl Eq for Secrets {}

/// Whether a text has the form of a code: apps show it in two groups.
#[must_use]
pub fn looks_like_code(text: &str) -> bool {
    read(text).is_some()
}

fn read(text: &str) -> Option<u32> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let fits = digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| digits.parse().ok())?
}

/// The code of a time step, as a number below a million.
#[must_use]
pub fn code(secret: &[u8], step: u64) -> u32 {
    // HMAC takes keys of every length.
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret) else {
        return 0;
    };
    mac.update(&step.to_be_bytes());
    let hash = mac.finalize().into_bytes();
    let start = usize::from(hash.last().copied().unwrap_or(0) & 0x0f);
    let word = hash.iter().skip(start).take(4);
    let word = word.fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
    (word & 0x7fff_ffff) % 1_000_000
}

/// What a person's codes have been through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tries {
    /// When wrong ones came, oldest first.
    wrong: Vec<Timestamp>,
    /// Time steps whose code was accepted, oldest first.
    used: Vec<u64>,
    /// Until when no code is looked at.
    locked_until: Option<Timestamp>,
}

/// What became of a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It is right, and used up now.
    Right,
    /// It is wrong.
    Wrong {
        /// How many more may be tried.
        left: u32,
    },
    /// It was right, and has been used before.
    Used,
    /// It was wrong, and one too many.
    Locks {
        /// No code is looked at before.
        until: Timestamp,
    },
    /// It was not looked at.
    Locked {
        /// No code is looked at before.
        until: Timestamp,
    },
}

impl Tries {
    /// Takes one more try in: the step whose code was given, or nothing for a wrong one.
    pub fn take(&mut self, step: Option<u64>, now: Timestamp) -> Tried {
        if let Some(until) = self.locked(now) {
            return Tried::Locked { until };
        }
        match step {
            Some(step) if !self.used.contains(&step) => {
                self.used.push(step);
                let excess = self.used.len().saturating_sub(USED);
                self.used.drain(..excess);
                self.wrong.clear();
                Tried::Right
            }
            // Whoever reads a code over a shoulder learns nothing by trying it.
            Some(_) => Tried::Used,
            None => self.missed(now),
        }
    }

    /// Until when nothing is looked at. A lock that ends later than any could that begins now was made by
    /// a clock that ran ahead, which is also why the codes were wrong: it is none.
    #[must_use]
    pub fn locked(&self, now: Timestamp) -> Option<Timestamp> {
        let possible = |until: &Timestamp| *until > now && *until <= later(now, LOCK);
        self.locked_until.filter(possible)
    }

    fn missed(&mut self, now: Timestamp) -> Tried {
        self.locked_until = None;
        self.wrong.push(now);
        let recent = |at: &Timestamp| (0..SPAN).contains(&(now.as_second() - at.as_second()));
        self.wrong.retain(recent);
        let left = TRIES.saturating_sub(self.wrong.len());
        if left > 0 {
            let left = u32::try_from(left).unwrap_or(u32::MAX);
            return Tried::Wrong { left };
        }
        let until = later(now, LOCK);
        self.wrong.clear();
        self.locked_until = Some(until);
        Tried::Locks { until }
    }
}

fn later(now: Timestamp, seconds: i64) -> Timestamp {
    let by = jiff::SignedDuration::from_secs(seconds);
    now.saturating_add(by).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6238, appendix B: the last six of its eight digits.
    const VECTORS: [(i64, &str); 6] = [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ];

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn secrets() -> Secrets {
        let bytes = b"12345678901234567890".to_vec();
        Secrets::new([(7, SecretSlice::from(bytes))])
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        for (second, code) in VECTORS {
            let step = u64::try_from(second / PERIOD).unwrap();
            assert_eq!(secrets().step(7, code, at(second)), Some(step), "{second}");
        }
    }

    #[test]
    fn one_step_of_drift_and_no_more() {
        let step = 1_111_111_111 / PERIOD;
        let code = "050471";
        for (drift, taken) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let now = at((step + drift) * PERIOD);
            assert_eq!(secrets().step(7, code, now).is_some(), taken, "{drift}");
        }
    }

    #[test]
    fn only_six_digits_are_a_code() {
        let now = at(59);
        assert!(secrets().step(7, " 287 082 ", now).is_some());
        for other in ["", "28708", "2870820", "２８７０８２", "28708x", "+87082"] {
            assert_eq!(secrets().step(7, other, now), None, "{other}");
        }
        assert_eq!(secrets().step(8, "287082", now), None, "of somebody else");
    }

    #[test]
    fn a_step_counts_once() {
        let mut tries = Tries::default();
        assert_eq!(tries.take(Some(4), at(120)), Tried::Right);
        assert_eq!(tries.take(Some(4), at(121)), Tried::Used);
        assert_eq!(tries.take(Some(3), at(122)), Tried::Right);
        assert_eq!(tries.take(Some(4), at(123)), Tried::Used);
    }

    #[test]
    fn five_wrong_ones_lock_even_the_right_one_out() {
        let mut tries = Tries::default();
        for left in (1..5).rev() {
            assert_eq!(tries.take(None, at(100)), Tried::Wrong { left });
        }
        let until = at(100 + LOCK);
        assert_eq!(tries.take(None, at(100)), Tried::Locks { until });
        assert_eq!(tries.take(Some(9), at(101)), Tried::Locked { until });
        assert_eq!(tries.take(Some(9), until), Tried::Right);
    }

    #[test]
    fn wrong_ones_are_forgotten_after_a_while() {
        let mut tries = Tries::default();
        for nth in 0..20 {
            let told = tries.take(None, at(nth * (SPAN / 4)));
            assert!(matches!(told, Tried::Wrong { .. }), "{nth}: {told:?}");
        }
    }

    #[test]
    fn a_clock_that_is_put_back_ends_the_lock_and_forgets_the_tries() {
        let mut tries = Tries::default();
        for _ in 0..TRIES {
            tries.take(None, at(1_000_000));
        }
        assert_eq!(tries.locked(at(0)), None);
        assert_eq!(tries.locked(at(1_000_001)), Some(at(1_000_000 + LOCK)));

        let mut tries = Tries::default();
        for _ in 1..TRIES {
            tries.take(None, at(1_000_000));
        }
        assert!(matches!(tries.take(None, at(0)), Tried::Wrong { left: 4 }));
        assert_eq!(tries.take(Some(9), at(1)), Tried::Right);
    }

    #[test]
    fn secrets_are_not_shown() {
        assert_eq!(format!("{:?}", secrets()), "{7}");
    }
}
