//! Notices of a recovery to REI's users: a campaign of the step's own. Its gate was the approval.

use crate::domain::action::{Action, Audience};
use crate::domain::campaign::audience::{AudienceRule, ListSource, Listed, Who};
use crate::domain::campaign::delivery::Tally;
use crate::domain::campaign::{Campaign, Origin, Phase, Task};
use crate::domain::facts::{Facts, Noticed};
use crate::domain::failure::FailureCode;
use crate::domain::ids::{CampaignId, StepId};
use crate::domain::payment::{LocalPayment, PaymentStatus};
use crate::domain::run::Run;
use crate::engine::Patient;
use crate::ports::backups::Work;
use crate::ports::campaigns::{Campaigns, Enlisted, Telling};
use crate::ports::journal::{StateError, StateResult};
use crate::ports::records::Addressee;
use crate::ports::{PortError, PortResult};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;

/// People written onto the list at once.
const PIECE: usize = 1000;

/// Before the run: whose payment or job went wrong then is concerned as well.
const BEFORE: SignedDuration = SignedDuration::from_hours(24);

/// How often it is looked how far the campaign is.
const LOOK: Duration = Duration::from_millis(500);

/// How often a change is tried again that another one came before.
const TRIES: u32 = 5;

pub(super) async fn notify(
    patient: &Patient,
    run: &Run,
    (audience, text): (Audience, &str),
    work: &Work,
) -> PortResult<Facts> {
    if !patient.sender.can_send() {
        return Ok(super::bot::not_applicable("reason-no-rei-token"));
    }
    let Some((step, _)) = run.running() else {
        return Err(PortError::new(FailureCode::MissingFacts));
    };
    let Some(campaign) = prepared(patient, run, &step, (audience, text)).await? else {
        return Ok(super::bot::not_applicable("reason-nobody-concerned"));
    };
    let stop = work.cancel.child_token();
    // Ends with this step, however that ends; what is on its way then still arrives.
    let _ended = stop.clone().drop_guard();
    tokio::spawn(patient.sender.clone().stand_in(stop));
    let tally = followed(patient, campaign, work).await?;
    Ok(Facts::Noticed(Noticed {
        sent: tally.sent,
        blocked: tally.blocked,
        failed: tally.failed,
        ambiguous: tally.ambiguous,
    }))
}

/// The campaign of this step, ready to go out; one that an earlier attempt began is taken up. Nothing
/// where nobody is concerned.
async fn prepared(
    patient: &Patient,
    run: &Run,
    step: &StepId,
    (audience, text): (Audience, &str),
) -> PortResult<Option<CampaignId>> {
    let book = patient.sender.book();
    let found = book.of_step(run.id, step).await.map_err(state)?;
    let campaign = match found {
        Some(campaign) if campaign.phase != Phase::Draft => {
            let id = campaign.id;
            let on = turned(book, id, (Phase::Paused, Phase::Ready)).await;
            return on.map(|()| Some(id)).map_err(state);
        }
        found => found,
    };
    let people = people(patient, run, audience).await?;
    if people.is_empty() {
        return Ok(None);
    }
    let campaign = match campaign {
        Some(draft) => draft,
        None => {
            let draft = draft(patient, run, step, text);
            let written = book.create(draft, Telling::default()).await;
            written.map_err(state)?
        }
    };
    let ready = listed(patient, campaign, &people).await;
    ready.map(Some).map_err(state)
}

fn draft(patient: &Patient, run: &Run, step: &StepId, text: &str) -> Campaign {
    Campaign {
        id: CampaignId(0),
        revision: 0,
        task: Task::Send {
            notice: patient.wording.notice(text),
        },
        audience: AudienceRule {
            who: Who::Concerned,
            ..AudienceRule::default()
        },
        listed: None,
        urgent: true,
        paid: false,
        requester: run.requester.clone(),
        origin: Origin::Run {
            run: run.id,
            step: step.clone(),
        },
        phase: Phase::Draft,
        failure: None,
        approval: None,
        created_at: patient.sender.now(),
        approved_at: None,
        begun_at: None,
        ended_at: None,
    }
}

/// Fixes the list. What an attempt that was cut off wrote of it goes first.
async fn listed(
    patient: &Patient,
    mut campaign: Campaign,
    people: &[Addressee],
) -> StateResult<CampaignId> {
    let book = patient.sender.book();
    book.clear_list(campaign.id).await?;
    for piece in people.chunks(PIECE) {
        let piece: Vec<Enlisted> = piece
            .iter()
            .map(|one| Enlisted {
                person: one.id,
                language: one.language.clone(),
            })
            .collect();
        book.enlist(campaign.id, &piece).await?;
    }
    let now = patient.sender.now();
    campaign.phase = Phase::Ready;
    campaign.approved_at = Some(now);
    campaign.listed = Some(Listed {
        count: people.len() as u64,
        source: ListSource::Database,
        as_of: now,
        blocked: 0,
        spared: 0,
        unknown: 0,
    });
    let written = book.change(campaign, Telling::default()).await?;
    Ok(written.id)
}

/// Waits for its end. One that a person paused waits for him; one that cannot go on is the step's
/// failure.
async fn followed(patient: &Patient, id: CampaignId, work: &Work) -> PortResult<Tally> {
    let book = patient.sender.book();
    let mut shown = 0;
    loop {
        let campaign = book.campaign(id).await.map_err(state)?;
        let campaign = campaign.ok_or_else(|| PortError::new(FailureCode::MissingFacts))?;
        let tally = book.tally(id).await.map_err(state)?;
        let done = tally.total() - tally.left();
        work.progress.expect(tally.total());
        work.progress.advance(done.saturating_sub(shown));
        shown = shown.max(done);
        if campaign.phase.is_over() {
            return Ok(tally);
        }
        if let (Phase::Paused, Some(failure)) = (campaign.phase, campaign.failure) {
            return Err(PortError {
                failure,
                transient: false,
                unknown: false,
            });
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = work.cancel.cancelled() => {
                turned(book, id, (Phase::Sending, Phase::Paused)).await.map_err(state)?;
                turned(book, id, (Phase::Ready, Phase::Paused)).await.map_err(state)?;
                return Err(PortError::new(FailureCode::CutOff));
            }
        }
    }
}

/// Turns it from one phase to another; nothing where it stands elsewhere.
async fn turned(
    book: &dyn Campaigns,
    id: CampaignId,
    (from, to): (Phase, Phase),
) -> StateResult<()> {
    for _ in 0..TRIES {
        let read = book.campaign(id).await?;
        let Some(mut campaign) = read.filter(|it| it.phase == from) else {
            return Ok(());
        };
        campaign.phase = to;
        campaign.failure = None;
        match book.change(campaign, Telling::default()).await {
            Err(StateError::Conflict) => {}
            written => return written.map(drop),
        }
    }
    Err(StateError::Conflict)
}

async fn people(patient: &Patient, run: &Run, audience: Audience) -> PortResult<Vec<Addressee>> {
    let since = run
        .plan
        .made_at
        .saturating_sub(BEFORE)
        .unwrap_or(Timestamp::MIN);
    let records = &patient.records;
    let users = match audience {
        Audience::OpenPayments => records.with_open_payments(since).await?,
        Audience::TroubledJobs => records.with_troubled_jobs(since, None).await?,
        Audience::SettledPayments => settled(patient, run).await?,
    };
    records.addressees(&users).await
}

/// From the rows and not from the sync's report: one that was cut off told of nobody.
async fn settled(patient: &Patient, run: &Run) -> PortResult<Vec<i64>> {
    let mut steps = run.plan.runbook.steps.iter();
    let sync = steps.find(|step| matches!(step.action, Action::SyncPayments {}));
    let begun = sync.and_then(|step| run.timing_of(&step.id).started);
    let rows = patient.records.payments(Some(run.proposed_at)).await?;
    let waited = |row: &&LocalPayment| {
        row.status == PaymentStatus::Succeeded && begun.is_some_and(|at| row.created_at < at)
    };
    let users: BTreeSet<i64> = rows.iter().filter(waited).map(|row| row.user).collect();
    Ok(users.into_iter().collect())
}

fn state(error: StateError) -> PortError {
    PortError::new(FailureCode::StateUnavailable)
        .because(error)
        .transient()
}
