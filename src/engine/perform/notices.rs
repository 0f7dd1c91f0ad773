//! Notices to REI's users: a row for each person, evenly paced, each once.

use crate::domain::action::{Action, Audience};
use crate::domain::facts::{Facts, Noticed};
use crate::domain::failure::{Arg, FailureCode};
use crate::domain::payment::{LocalPayment, PaymentStatus};
use crate::domain::run::Run;
use crate::engine::Patient;
use crate::ports::backups::Work;
use crate::ports::bot::ReiBot;
use crate::ports::journal::StateError;
use crate::ports::notices::{Delivery, NoticeId};
use crate::ports::records::Addressee;
use crate::ports::{PortError, PortResult};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// People fetched from the book at once.
const BATCH: u32 = 100;

/// Before the run: whose payment or job went wrong then is concerned as well.
const BEFORE: SignedDuration = SignedDuration::from_hours(24);

/// How often Telegram may ask to wait in a row before a person is asked.
const PATIENCE: u32 = 20;

pub(super) async fn notify(
    patient: &Patient,
    run: &Run,
    (audience, text): (Audience, &str),
    work: &Work,
) -> PortResult<Facts> {
    let Some(bot) = &patient.bot else {
        return Ok(super::bot::not_applicable("reason-no-rei-token"));
    };
    let Some((step, _)) = run.running() else {
        return Err(PortError::new(FailureCode::MissingFacts));
    };
    let notice = NoticeId { run: run.id, step };
    let book = &patient.notices;
    book.settle_doubts(&notice).await.map_err(state)?;
    if !book.is_listed(&notice).await.map_err(state)? {
        let people = people(patient, run, audience).await?;
        book.list(&notice, &people).await.map_err(state)?;
    }
    let done = send(patient, bot.as_ref(), (&notice, text), work).await;
    let tally = book.tally(&notice).await.map_err(state)?;
    done?;
    if tally == Noticed::default() {
        return Ok(super::bot::not_applicable("reason-nobody-concerned"));
    }
    Ok(Facts::Noticed(tally))
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

async fn send(
    patient: &Patient,
    bot: &dyn ReiBot,
    (notice, text): (&NoticeId, &str),
    work: &Work,
) -> PortResult<()> {
    let gap = Duration::from_secs(1) / patient.notice_rate.max(1);
    let mut next = Instant::now();
    loop {
        let due = patient.notices.due(notice, BATCH).await.map_err(state)?;
        if due.is_empty() {
            return Ok(());
        }
        work.progress
            .expect(work.progress.read().0 + due.len() as u64);
        for person in due {
            tokio::select! {
                () = sleep_until(next) => {}
                () = work.cancel.cancelled() => return Err(PortError::new(FailureCode::CutOff)),
            }
            next = Instant::now().max(next) + gap;
            one(patient, bot, (notice, text), &person).await?;
            work.progress.advance(1);
        }
    }
}

/// One person's notice, as often as Telegram asks to come later.
async fn one(
    patient: &Patient,
    bot: &dyn ReiBot,
    (notice, text): (&NoticeId, &str),
    person: &Addressee,
) -> PortResult<()> {
    let words = patient.wording.notice(text, &person.language).await;
    let book = &patient.notices;
    for _ in 0..PATIENCE {
        book.begin(notice, person.id).await.map_err(state)?;
        let result = bot.send(person.id, &words).await;
        let how = delivery(&result);
        book.ended(notice, person.id, how).await.map_err(state)?;
        match result {
            Err(error) if how == Delivery::Pending => wait(error).await?,
            _ => return Ok(()),
        }
    }
    Err(PortError::new(FailureCode::BotUnreachable))
}

fn delivery(result: &PortResult<()>) -> Delivery {
    match result {
        Ok(()) => Delivery::Sent,
        Err(error) if error.unknown => Delivery::Ambiguous,
        Err(error) if error.transient || error.code() == FailureCode::BotTokenRefused => {
            Delivery::Pending
        }
        Err(error) if is_blocked(error) => Delivery::Blocked,
        Err(_) => Delivery::Failed,
    }
}

/// Telegram's words for people who cannot be reached any more.
fn is_blocked(error: &PortError) -> bool {
    let Some(Arg::Text(reason)) = error.failure.args.get("reason") else {
        return false;
    };
    let reason = reason.to_lowercase();
    ["blocked", "deactivated", "chat not found", "can't initiate"]
        .iter()
        .any(|word| reason.contains(word))
}

/// As long as Telegram asks; an unreachable Telegram is for a person to see.
async fn wait(error: PortError) -> PortResult<()> {
    match error.failure.args.get("retry_after") {
        Some(Arg::Seconds(seconds)) => {
            tokio::time::sleep(Duration::from_secs(*seconds)).await;
            Ok(())
        }
        _ => Err(error),
    }
}

fn state(error: StateError) -> PortError {
    PortError::new(FailureCode::StateUnavailable)
        .because(error)
        .transient()
}
