//! From a post to its message, from the state of this moment.

use crate::domain::alert::Incident;
use crate::domain::campaign::Phase as CampaignPhase;
use crate::domain::chore::Kind;
use crate::domain::event::{Entry, Event};
use crate::domain::failure::{Arg, Args};
use crate::domain::ids::{
    CampaignId, CaseId, ChecklistId, ChoreId, IncidentId, RequestId, RunId, StepId,
};
use crate::domain::post::{Post, Recipient};
use crate::domain::run::Run;
use crate::ops::{OpsError, Runbooks};
use crate::ports::journal::PendingPost;
use crate::telegram::chat::Chat;
use crate::telegram::render::run::Transfer;
use crate::telegram::render::{
    Card, View, alert, approval, audit, case, checklist, chore, contacts, cut_off, glass, hold,
    menu, notice, report, run,
};
use std::collections::BTreeMap;

/// The message a post is now; nothing when there is nothing to show (any more).
pub(super) async fn card(
    chat: &Chat,
    view: &View<'_>,
    pending: &PendingPost,
) -> Result<Option<Card>, OpsError> {
    let composed = match &pending.owed.post {
        Post::Run { run } => live(chat, view, pending, *run).await,
        Post::Report { run } => ended(chat, view, pending, *run).await,
        Post::Approval { run, request } => asked(chat, view, *run, request).await,
        Post::Glass { run, request } => alone(chat, view, *run, request).await,
        Post::Hold { run, position } => halt(chat, view, *run, *position).await,
        Post::CutOff { run, step, attempt } => lost(chat, view, (*run, step, *attempt)).await,
        Post::Alert { incident } => alarm(chat, view, *incident, alert::card).await,
        Post::AlertReminder { incident } => alarm(chat, view, *incident, alert::reminder).await,
        Post::Campaign { campaign } => notice_now(chat, view, pending, *campaign).await,
        Post::CampaignAsk { campaign, request } => {
            notice_asked(chat, view, *campaign, request).await
        }
        Post::Case { case } => incident(chat, view, *case).await,
        Post::CaseDraft { case } => incident_draft(chat, view, *case).await,
        Post::CaseReminder { case, item } => action_due(chat, view, (*case, *item)).await,
        Post::CampaignReport { campaign } => notice_ended(chat, view, *campaign).await,
        Post::Chore { chore } => chore_now(chat, view, *chore).await,
        Post::ChoreReport { chore } => chore_ended(chat, view, *chore).await,
        Post::Checklist { checklist } => listed(chat, view, *checklist).await,
        Post::ChecklistReminder { checklist } => still_open(chat, view, *checklist).await,
        Post::Page { contact, by } => {
            let now = chat.ops.present().await?;
            Ok(Some(contacts::page(view, contact, by, &now)))
        }
        Post::Text { key, args } => Ok(Some(text(view, key, args))),
        Post::Audit { .. } => Ok(None),
    };
    match composed {
        // Nothing of such a run can be told but that; its live message says so.
        Err(OpsError::PlanChanged(run)) => given_up(chat, view, pending, run).await,
        Err(
            OpsError::UnknownRun(_)
            | OpsError::UnknownCampaign(_)
            | OpsError::UnknownChecklist(_)
            | OpsError::UnknownCase(_),
        ) => Ok(None),
        other => other.map(|card| card.map(|card| marked(view, pending, card))),
    }
}

async fn live(
    chat: &Chat,
    view: &View<'_>,
    pending: &PendingPost,
    id: RunId,
) -> Result<Option<Card>, OpsError> {
    let found = match chat.ops.run(id).await {
        Err(OpsError::PlanChanged(_)) => {
            let open = chat.ops.is_under_way(id).await?;
            return Ok(Some(run::unreadable(view, id, open)));
        }
        other => other?,
    };
    if doubled(chat, pending, &found).await? {
        return Ok(None);
    }
    let transfer = chat.ops.live().of(id).map(|progress| {
        let (done, total) = progress.read();
        Transfer { done, total }
    });
    // A step that moves no bytes has nothing to tell of them.
    let transfer = transfer.filter(|transfer| transfer.done > 0 || transfer.total > 0);
    let policy = &chat.ops.profile().policy;
    Ok(Some(run::live(view, &found, policy, transfer)))
}

async fn ended(
    chat: &Chat,
    view: &View<'_>,
    pending: &PendingPost,
    run: RunId,
) -> Result<Option<Card>, OpsError> {
    let run = chat.ops.run(run).await?;
    let doubled = doubled(chat, pending, &run).await?;
    Ok((!doubled).then(|| report::card(view, &run)))
}

async fn alone(
    chat: &Chat,
    view: &View<'_>,
    run: RunId,
    request: &RequestId,
) -> Result<Option<Card>, OpsError> {
    let run = chat.ops.run(run).await?;
    let approval = run.request(request);
    Ok(approval.and_then(|approval| glass::card(view, &run, approval)))
}

async fn asked(
    chat: &Chat,
    view: &View<'_>,
    run: RunId,
    request: &RequestId,
) -> Result<Option<Card>, OpsError> {
    let run = chat.ops.run(run).await?;
    let policy = &chat.ops.profile().policy;
    let found = run.request(request);
    Ok(found.map(|found| approval::card(view, &run, found, policy)))
}

/// A notice as it stands. The team's group gets none that is still being written.
async fn notice_now(
    chat: &Chat,
    view: &View<'_>,
    pending: &PendingPost,
    id: CampaignId,
) -> Result<Option<Card>, OpsError> {
    let progress = chat.ops.notice_progress(id).await?;
    let phase = progress.campaign.phase;
    let written = matches!(phase, CampaignPhase::Draft | CampaignPhase::Asked);
    if pending.owed.to == Recipient::Team && written {
        return Ok(None);
    }
    let rules = chat.ops.notice_rules();
    Ok(Some(notice::card(view, &progress, rules)))
}

async fn notice_asked(
    chat: &Chat,
    view: &View<'_>,
    id: CampaignId,
    request: &RequestId,
) -> Result<Option<Card>, OpsError> {
    let campaign = chat.ops.campaign(id).await?;
    let rules = (&chat.ops.notice_policy(&campaign), chat.ops.notice_rules());
    Ok(Some(notice::request(view, &campaign, request, rules)))
}

async fn notice_ended(
    chat: &Chat,
    view: &View<'_>,
    id: CampaignId,
) -> Result<Option<Card>, OpsError> {
    let progress = chat.ops.notice_progress(id).await?;
    let gone = chat.ops.notice_gone(id).await?;
    Ok(Some(notice::report(view, &progress, &gone)))
}

async fn chore_now(chat: &Chat, view: &View<'_>, id: ChoreId) -> Result<Option<Card>, OpsError> {
    let progress = chat.ops.chore_progress(id);
    let transfer = progress.map(|progress| progress.read());
    let transfer = transfer.filter(|(done, _)| *done > 0);
    let found = chat.ops.chore(id).await?;
    Ok(found.map(|it| match it.task.kind() {
        Kind::Drill => chore::drill::card(view, &it, chat.ops.drill_now(id).as_ref()),
        _ => chore::card(view, &it, transfer),
    }))
}

async fn chore_ended(chat: &Chat, view: &View<'_>, id: ChoreId) -> Result<Option<Card>, OpsError> {
    let found = chat.ops.chore(id).await?;
    Ok(found.map(|it| match it.task.kind() {
        Kind::Drill => chore::drill::report(view, &it),
        _ => chore::report(view, &it),
    }))
}

async fn listed(chat: &Chat, view: &View<'_>, id: ChecklistId) -> Result<Option<Card>, OpsError> {
    let list = chat.ops.checklist(id).await?;
    let run = chat.ops.run_of_checklist(&list).await;
    Ok(Some(checklist::card(view, &list, run.as_ref(), true)))
}

/// One that was closed meanwhile needs nobody any more.
async fn still_open(
    chat: &Chat,
    view: &View<'_>,
    id: ChecklistId,
) -> Result<Option<Card>, OpsError> {
    let list = chat.ops.checklist(id).await?;
    Ok(list.is_open().then(|| checklist::reminder(view, &list)))
}

/// An incident as it stands.
async fn incident(chat: &Chat, view: &View<'_>, id: CaseId) -> Result<Option<Card>, OpsError> {
    let dossier = chat.ops.dossier(id).await?;
    Ok(Some(case::card(view, &dossier)))
}

/// Its document waits for the people's part, unless they wrote it meanwhile.
async fn incident_draft(
    chat: &Chat,
    view: &View<'_>,
    id: CaseId,
) -> Result<Option<Card>, OpsError> {
    let dossier = chat.ops.dossier(id).await?;
    Ok((!dossier.case.is_complete()).then(|| case::draft(view, &dossier)))
}

/// Something is due, unless it was done meanwhile.
async fn action_due(
    chat: &Chat,
    view: &View<'_>,
    (id, item): (CaseId, u32),
) -> Result<Option<Card>, OpsError> {
    let dossier = chat.ops.dossier(id).await?;
    let due = dossier.case.item(item).filter(|item| item.done.is_none());
    Ok(due.map(|item| case::reminder(view, &dossier, item)))
}

type Alarm = fn(&View<'_>, &Incident, &Runbooks) -> Card;

/// An incident that is no longer known has nothing to show.
async fn alarm(
    chat: &Chat,
    view: &View<'_>,
    id: IncidentId,
    card: Alarm,
) -> Result<Option<Card>, OpsError> {
    let incident = chat.ops.incident(id).await?;
    Ok(incident.map(|incident| card(view, &incident, chat.ops.runbooks())))
}

/// A question of a run that was given up loses its buttons.
async fn given_up(
    chat: &Chat,
    view: &View<'_>,
    pending: &PendingPost,
    run: RunId,
) -> Result<Option<Card>, OpsError> {
    let stands = pending.message.is_some();
    let over = stands && !chat.ops.is_under_way(run).await?;
    Ok(over.then(|| run::unreadable(view, run, false)))
}

/// Whether the group gets this already: a run that was asked for in the group has its plan, its live
/// message and its report there as the requester's.
async fn doubled(chat: &Chat, pending: &PendingPost, run: &Run) -> Result<bool, OpsError> {
    let (Recipient::Team, Some(own)) = (pending.owed.to, run.chat) else {
        return Ok(false);
    };
    Ok(chat.resolve(own).await? == chat.team().await?)
}

async fn halt(
    chat: &Chat,
    view: &View<'_>,
    id: RunId,
    position: u64,
) -> Result<Option<Card>, OpsError> {
    let now = chat.ops.run(id).await?;
    let journal = chat.ops.journal(id).await?;
    let then = as_of(&now, &journal, position);
    let answered = journal.iter().find(|entry| entry.position == position + 1);
    let answered = answered.map(|entry| hold::Answered { entry });
    Ok(then
        .hold()
        .map(|halt| hold::card(view, &then, &halt, answered)))
}

async fn lost(
    chat: &Chat,
    view: &View<'_>,
    (id, step, attempt): (RunId, &StepId, u32),
) -> Result<Option<Card>, OpsError> {
    let now = chat.ops.run(id).await?;
    let journal = chat.ops.journal(id).await?;
    let entry = journal.iter().find(|entry| match &entry.event {
        Event::StepInDoubt {
            step: of,
            attempt: at,
            ..
        }
        | Event::UndoInDoubt {
            step: of,
            attempt: at,
            ..
        } => of == step && *at == attempt,
        _ => false,
    });
    Ok(entry.map(|entry| {
        let then = as_of(&now, &journal, entry.position);
        cut_off::card(view, &then, entry)
    }))
}

/// The run as it was at a position of its journal.
fn as_of(run: &Run, journal: &[Entry], position: u64) -> Run {
    let until = journal.iter().filter(|entry| entry.position <= position);
    let entries: Vec<Entry> = until.cloned().collect();
    Run::new(
        run.id,
        run.plan.clone(),
        run.plan_hash.clone(),
        run.requester.clone(),
        run.chat,
    )
    .fold(&entries)
}

fn text(view: &View<'_>, key: &str, args: &Args) -> Card {
    let mut html = view.i18n.html(view.locale, key, args);
    // What went wrong, in the reader's language.
    if let Some(Arg::Text(code)) = args.get("failure") {
        let why = format!("failure-{code}");
        if view.i18n.has(&why) {
            html.push('\n');
            html.push_str(&view.i18n.html(view.locale, &why, args));
        }
    }
    let hint = format!("{key}.hint");
    if view.i18n.has(&hint) {
        html.push('\n');
        html.push_str(&view.i18n.html(view.locale, &hint, args));
    }
    menu::text(view, html)
}

/// What may stand in the chat already says so.
fn marked(view: &View<'_>, pending: &PendingPost, mut card: Card) -> Card {
    if pending.in_doubt && pending.message.is_none() {
        let key = match pending.owed.post {
            Post::Approval { .. } | Post::CampaignAsk { .. } => "approval-repeat",
            // The live message tells the present state; an older copy of it does no harm.
            Post::Run { .. }
            | Post::Campaign { .. }
            | Post::Checklist { .. }
            | Post::Case { .. } => return card,
            _ => "audit-repeat",
        };
        card.html.push('\n');
        card.html.push_str(&view.say(key));
    }
    card
}

/// The lines of these audit posts, in order. An entry that is gone is passed over.
pub(super) async fn lines(
    chat: &Chat,
    view: &View<'_>,
    posts: &[PendingPost],
) -> Result<Vec<String>, OpsError> {
    let mut runs: BTreeMap<RunId, Option<Run>> = BTreeMap::new();
    let mut lines = Vec::new();
    for post in posts {
        let Post::Audit { seq } = post.owed.post else {
            continue;
        };
        let found = chat.ops.audit_from(seq, 1).await?;
        let Some(entry) = found.first().filter(|entry| entry.seq == seq) else {
            lines.push(format!("<code>#{seq}</code>"));
            continue;
        };
        if let Some(id) = entry.run
            && !runs.contains_key(&id)
        {
            runs.insert(id, chat.ops.run(id).await.ok());
        }
        let run = entry.run.and_then(|id| runs.get(&id)?.as_ref());
        lines.push(audit::line(view, audit::Item { entry, run }));
    }
    Ok(lines)
}
