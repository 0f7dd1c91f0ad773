//! What opens a checklist and what its probes see: the same for whoever looks, asked by the clock or by
//! a person.

use crate::domain::audit::AuditDraft;
use crate::domain::campaign::{Origin, Phase as CampaignPhase, Task};
use crate::domain::checklist::{
    About, Checklist, Context, Opening, Probe, Report, Seen, Sent, Template, Verified, judge,
    rehearsed,
};
use crate::domain::chore::drill::Look;
use crate::domain::chore::{Chore, Outcome};
use crate::domain::database::Proof;
use crate::domain::event::Outcome as Ended;
use crate::domain::facts::Facts;
use crate::domain::failure::{Arg, Args};
use crate::domain::health::Round;
use crate::domain::ids::{ChoreId, RunId};
use crate::domain::operator::Actor;
use crate::domain::post::{Owed, Post, Recipient};
use crate::domain::run::{Phase, Run};
use crate::ports::campaigns::{Campaigns, Telling};
use crate::ports::checklists::{Checklists, Reports};
use crate::ports::chores::Chores;
use crate::ports::journal::{AuditTrail, Journal, StateResult};
use crate::ports::pulse::Pulse;
use crate::tasks::health::Observer;
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;

/// Entries of the trail that are looked through for the end of a full check: it follows the recovery
/// within minutes.
const TRAIL: u32 = 500;
/// Campaigns that are looked through.
const CAMPAIGNS: u32 = 20;

/// What the probes of a checklist look through.
#[derive(Clone)]
pub struct Sources {
    /// Rounds of all probes.
    pub observer: Observer,
    /// Runs.
    pub journal: Arc<dyn Journal>,
    /// The trail.
    pub audit: Arc<dyn AuditTrail>,
    /// Drills.
    pub chores: Arc<dyn Chores>,
    /// Notices.
    pub campaigns: Arc<dyn Campaigns>,
    /// Reports of incidents; without it people tick that line.
    pub reports: Option<Arc<dyn Reports>>,
    /// Beats each time somebody reads the metrics.
    pub scraped: Arc<Pulse>,
}

/// What is known besides the round.
#[derive(Debug, Default)]
pub struct Known {
    verified: Option<Verified>,
    scraped: Option<Duration>,
    sent: Option<Sent>,
    report: Option<Report>,
    /// The looks of the drill that it is about: production proves nothing of a copy.
    rehearsed: Option<Vec<Look>>,
}

impl Known {
    /// What each probe sees, with this round.
    pub fn see<'a>(&'a self, round: &'a Round, since: Timestamp) -> impl Fn(Probe) -> Seen + 'a {
        let context = Context {
            round,
            since,
            verified: self.verified,
            scraped: self.scraped,
            sent: self.sent.as_ref(),
            report: self.report.as_ref(),
        };
        move |probe| match &self.rehearsed {
            Some(looks) => rehearsed(probe, looks),
            None => judge(probe, &context),
        }
    }
}

impl Sources {
    /// Gathers what is known of what a checklist is about.
    ///
    /// # Errors
    /// The own state cannot be read.
    pub async fn gather(&self, checklist: &Checklist) -> StateResult<Known> {
        let verified = match &checklist.about {
            About::Run { run } => self.verified(*run).await?,
            About::Hand => None,
            About::Drill { chore } => {
                let rehearsed = Some(self.looks(*chore).await?);
                return Ok(Known {
                    rehearsed,
                    ..Known::default()
                });
            }
        };
        let report = match &self.reports {
            Some(reports) => {
                let began = checklist.began;
                reports.complete(&checklist.about, began).await?
            }
            None => None,
        };
        Ok(Known {
            verified,
            scraped: self.scraped.age(),
            sent: self.sent_about(checklist).await?,
            report,
            rehearsed: None,
        })
    }

    /// What the recovery tells of the database it put in place: by its own full check, or by the one
    /// that followed it.
    async fn verified(&self, id: RunId) -> StateResult<Option<Verified>> {
        // A run that can no longer be read tells nothing.
        let Ok(run) = self.journal.load(id).await else {
            return Ok(None);
        };
        let proof = run.find_facts(|facts| match facts {
            Facts::Staged(staged) => Some(staged.proof.clone()),
            _ => None,
        });
        if run.phase != Phase::Finished(Ended::Recovered) {
            return Ok(None);
        }
        match (proof, run.finished_at) {
            (Some(Proof::Full { .. }), Some(at)) => Ok(Some(Verified::Sound(at))),
            (Some(Proof::Record { .. }), _) => {
                let trail = self.audit.tail(TRAIL).await?;
                let of_it = |entry: &&_| is_full_check(entry, id);
                Ok(trail
                    .iter()
                    .rev()
                    .find(of_it)
                    .and_then(|entry| match entry.outcome.as_str() {
                        "ok" => Some(Verified::Sound(entry.at)),
                        "failed" => Some(Verified::Damaged),
                        _ => None,
                    }))
            }
            _ => Ok(None),
        }
    }

    /// What a drill saw on its copy.
    async fn looks(&self, id: ChoreId) -> StateResult<Vec<Look>> {
        let chore = self.chores.chore(id).await?;
        Ok(match chore.and_then(|chore| chore.outcome) {
            Some(Outcome::Drilled(drilled)) => drilled.seen.looks,
            _ => Vec::new(),
        })
    }

    /// The newest notice of it that went out to its end: one that the recovery sent, or an urgent one
    /// that was begun after it. That people hear of something else proves nothing.
    async fn sent_about(&self, checklist: &Checklist) -> StateResult<Option<Sent>> {
        let began = checklist.began;
        for campaign in self.campaigns.recent(CAMPAIGNS).await? {
            let ended = campaign.ended_at.is_some_and(|at| at >= began);
            let send = matches!(campaign.task, Task::Send { .. });
            let about = match (&campaign.origin, &checklist.about) {
                (Origin::Run { run, .. }, About::Run { run: of }) => run == of,
                (Origin::Run { .. }, _) => false,
                _ => campaign.urgent && campaign.created_at >= began,
            };
            if !ended || !send || !about || campaign.phase != CampaignPhase::Done {
                continue;
            }
            let people = self.campaigns.tally(campaign.id).await?.sent;
            if people > 0 {
                let notice = campaign.id.to_string();
                return Ok(Some(Sent { notice, people }));
            }
        }
        Ok(None)
    }
}

fn is_full_check(entry: &crate::domain::audit::AuditEntry, run: RunId) -> bool {
    entry.verb == "full-check" && entry.run == Some(run)
}

/// Opens a checklist, with what can be proved at once already ticked. About a run or drill that has one
/// that one is given.
///
/// # Errors
/// The own state cannot be read or written.
pub async fn open(
    book: &dyn Checklists,
    sources: &Sources,
    template: &Template,
    opening: Opening,
) -> StateResult<Checklist> {
    let mut checklist = Checklist::open(template, opening);
    let mut round = sources.observer.round().await;
    if round.at < checklist.since {
        // It was under way already when what this is about had not ended.
        round = sources.observer.round().await;
    }
    let known = sources.gather(&checklist).await?;
    let (since, at) = (checklist.since, round.at.max(checklist.opened_at));
    checklist.look(known.see(&round, since), at);
    book.create(checklist, opened).await
}

/// How a checklist after this run is opened.
#[must_use]
pub fn after_run(run: &Run, now: Timestamp) -> Opening {
    Opening {
        about: About::Run { run: run.id },
        by: Actor::system(),
        at: now,
        began: run.started_at.unwrap_or(run.proposed_at),
        since: run.finished_at.unwrap_or(now),
    }
}

/// How a checklist after this drill is opened.
#[must_use]
pub fn after_drill(chore: &Chore, now: Timestamp) -> Opening {
    Opening {
        about: About::Drill { chore: chore.id },
        by: Actor::system(),
        at: now,
        began: chore.begun_at.unwrap_or(chore.asked_at),
        since: chore.ended_at.unwrap_or(now),
    }
}

/// What is told of a new checklist.
fn opened(checklist: &Checklist) -> Telling {
    let mut entry = entry(checklist, &checklist.opened_by, "open-checklist");
    entry.subject = checklist.id.to_string();
    Telling {
        audit: vec![entry],
        posts: shown(checklist),
    }
}

/// An audit entry about a checklist.
#[must_use]
pub fn entry(checklist: &Checklist, actor: &Actor, verb: &str) -> AuditDraft {
    let run = match checklist.about {
        About::Run { run } => Some(run),
        About::Drill { .. } | About::Hand => None,
    };
    AuditDraft {
        actor: actor.clone(),
        verb: verb.to_owned(),
        subject: checklist.id.to_string(),
        run,
        outcome: "ok".to_owned(),
        detail: Args::from([("checklist".to_owned(), Arg::from(checklist.id.to_string()))]),
        announce: true,
    }
}

/// What is told of lines that the probes moved: the message says so. The trail has what people do; what a
/// probe saw stands in the checklist, with when.
#[must_use]
pub fn moved(checklist: &Checklist) -> Telling {
    Telling {
        audit: Vec::new(),
        posts: shown(checklist),
    }
}

/// The message that shows it, wherever it is shown.
#[must_use]
pub fn shown(checklist: &Checklist) -> Vec<Owed> {
    vec![Owed {
        to: Recipient::Team,
        post: Post::Checklist {
            checklist: checklist.id,
        },
    }]
}
