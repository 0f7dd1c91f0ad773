//! One cause from round to round.

use super::{
    Change, Context, Incident, LIKELY, LONGEST_MUTE, POSSIBLE, Policy, SILENT, What, level,
};
use crate::domain::diagnosis::{Candidate, Cause, Evidence};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Calm is doubled so often at most.
const DOUBLINGS: u32 = 3;

/// What a round says of the cause.
pub(super) enum Verdict<'a> {
    /// It is there.
    Shown(&'a Candidate),
    /// Its signs are there, and follow from another cause.
    Explained,
    /// Nobody can tell.
    Nothing,
    /// It is not there.
    Gone,
}

/// One cause with its subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Track {
    pub(super) cause: Cause,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) subject: Option<String>,
    /// The last rounds that could tell, with how much each counted.
    rounds: Vec<(u8, Timestamp)>,
    /// What the last round that showed it rested it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rests_on: Option<Evidence>,
    /// The first of the good rounds since it was last shown, and how many there are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    calm: Option<(Timestamp, u32)>,
    /// A recovery that concerns it is under way.
    #[serde(default)]
    held: bool,
    /// Open, or over for a short while.
    pub(super) incident: Option<Incident>,
}

impl Track {
    pub(super) fn new(one: &Candidate) -> Self {
        Self {
            cause: one.cause,
            subject: one.subject.clone(),
            rounds: Vec::new(),
            rests_on: None,
            calm: None,
            held: false,
            incident: None,
        }
    }

    pub(super) fn is_of(&self, one: &Candidate) -> bool {
        (self.cause, &self.subject) == (one.cause, &one.subject)
    }

    pub(super) fn is_open(&self) -> bool {
        self.incident.as_ref().is_some_and(Incident::is_open)
    }

    pub(super) fn rests_on(&self) -> Option<&Evidence> {
        self.rests_on.as_ref()
    }

    /// Whether nothing of it need be remembered.
    pub(super) fn is_idle(&self, context: &Context<'_>) -> bool {
        let shown = self.rounds.iter().any(|(level, _)| *level > 0);
        let settled = match &self.incident {
            None => true,
            Some(incident) => incident
                .until
                .is_some_and(|until| context.now.duration_since(until) > context.policy.settle),
        };
        settled && !shown
    }

    /// A recovery is under way: what is seen meanwhile says nothing, and afterwards it is looked at
    /// afresh.
    pub(super) fn hold(&mut self) {
        self.held = true;
        self.rounds.clear();
        self.calm = None;
    }

    /// One more round.
    pub(super) fn step(
        &mut self,
        verdict: &Verdict<'_>,
        opened: &mut u64,
        context: &Context<'_>,
    ) -> Vec<Change> {
        self.remember(verdict, context);
        let released = std::mem::take(&mut self.held);
        if let Some(incident) = self.incident.as_mut().filter(|_| released) {
            incident.remind_at = context.now + context.policy.remind;
        }
        let muted_until = self.muted_until(context);
        let mut news = Vec::new();
        match (self.is_open(), verdict) {
            (true, Verdict::Shown(one)) => news.extend(self.update(one)),
            (true, Verdict::Gone) => news.extend(self.end(context)),
            (false, Verdict::Shown(one)) => news.extend(self.begin(one, opened, context)),
            _ => {}
        }
        let Some(incident) = &mut self.incident else {
            return Vec::new();
        };
        if incident.told && incident.muted_until.is_some() != muted_until.is_some() {
            news.push(match muted_until {
                Some(_) => What::Muted,
                None => What::Unmuted,
            });
        }
        incident.muted_until = muted_until;
        let calm = matches!(verdict, Verdict::Gone | Verdict::Explained);
        news.extend(incident.speak_again(calm, context));
        news.retain(|what| incident.told_of(*what));
        let change = |what| Change {
            what,
            incident: incident.clone(),
        };
        news.into_iter().map(change).collect()
    }

    fn remember(&mut self, verdict: &Verdict<'_>, context: &Context<'_>) {
        let now = context.now;
        let level = match verdict {
            Verdict::Explained | Verdict::Nothing => return,
            Verdict::Gone => {
                let (since, count) = self.calm.unwrap_or((now, 0));
                self.calm = Some((since, count.saturating_add(1)));
                0
            }
            Verdict::Shown(one) => {
                self.calm = None;
                self.rests_on = one.tells().next().cloned();
                level(one)
            }
        };
        self.rounds.push((level, now));
        let most = context.policy.open.1.max(context.policy.open_possible.1);
        let over = self.rounds.len().saturating_sub(most);
        self.rounds.drain(..over);
    }

    fn muted_until(&self, context: &Context<'_>) -> Option<Timestamp> {
        let mutes = context.muted.iter();
        mutes
            .filter(|mute| (mute.cause, &mute.subject) == (self.cause, &self.subject))
            .map(|mute| mute.until)
            .filter(|until| *until > context.now)
            // One that would last longer than any was made before the clock was set back.
            .filter(|until| until.duration_since(context.now) <= LONGEST_MUTE)
            .max()
    }

    /// Whether enough of the last rounds show it.
    fn is_due(&self, policy: &Policy) -> bool {
        let shown = |(enough, last): (usize, usize), least: u8| {
            let rounds = self.rounds.iter().rev().take(last);
            rounds.filter(|(level, _)| *level >= least).count() >= enough
        };
        shown(policy.open, LIKELY)
            || shown(policy.open_silent, SILENT)
            || shown(policy.open_possible, POSSIBLE)
    }

    fn begin(&mut self, one: &Candidate, opened: &mut u64, context: &Context<'_>) -> Option<What> {
        let policy = &context.policy;
        if !self.is_due(policy) {
            return None;
        }
        let first = self.rounds.iter().find(|(level, _)| *level > 0);
        let since = first.map_or(context.now, |(_, at)| *at);
        let soon = |until: Timestamp| context.now.duration_since(until) <= policy.settle;
        match &mut self.incident {
            Some(before) if before.until.is_some_and(soon) => {
                before.until = None;
                before.returns = before.returns.saturating_add(1);
                before.candidate = one.clone();
                Some(What::Returned)
            }
            _ => {
                *opened = opened.saturating_add(1);
                self.incident = Some(Incident {
                    number: *opened,
                    candidate: one.clone(),
                    since,
                    until: None,
                    returns: 0,
                    muted_until: None,
                    told: false,
                    reminders: 0,
                    remind_at: context.now + policy.remind,
                });
                None
            }
        }
    }

    fn update(&mut self, one: &Candidate) -> Option<What> {
        let before = &mut self.incident.as_mut()?.candidate;
        let lacks = |has: &Candidate, other: &Candidate| {
            let mut evidence = other.evidence.iter();
            evidence.any(|new| !has.evidence.iter().any(|old| old.is_same(new)))
        };
        let worse = one.certainty > before.certainty || lacks(before, one);
        let other = one.certainty != before.certainty || lacks(one, before);
        // Figures change with every round, and nobody wants an edit for each.
        *before = one.clone();
        (worse || other).then_some(What::Updated { worse })
    }

    fn end(&mut self, context: &Context<'_>) -> Option<What> {
        let (since, calm) = self.calm?;
        let incident = self.incident.as_mut()?;
        let needed = context.policy.calm << incident.returns.min(DOUBLINGS);
        if calm < needed {
            return None;
        }
        incident.until = Some(since);
        self.rounds.clear();
        let lasted = Duration::try_from(since.duration_since(incident.since)).unwrap_or_default();
        Some(What::Resolved { lasted })
    }
}

impl Incident {
    /// The first word where none was said, or a reminder where one is due.
    fn speak_again(&mut self, calm: bool, context: &Context<'_>) -> Option<What> {
        if !self.is_open() || self.muted_until.is_some() {
            return None;
        }
        if !self.told {
            self.told = true;
            return Some(What::Opened);
        }
        if calm || context.now < self.remind_at {
            return None;
        }
        self.reminders = self.reminders.saturating_add(1);
        let policy = &context.policy;
        let longer = policy.remind * (1 << self.reminders.min(16));
        self.remind_at = context.now + longer.min(policy.remind_at_least);
        Some(What::Reminder)
    }

    /// Nobody hears more of what he was never told of; and where the first word is said just now, it
    /// says everything.
    fn told_of(&self, what: What) -> bool {
        self.told || what == What::Opened
    }
}
