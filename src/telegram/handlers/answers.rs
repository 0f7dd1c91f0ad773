//! Presses that decide something.

use super::presses::Press;
use super::{Handled, code, explain, refusal, state};
use crate::domain::approval::{Consent, Refusal};
use crate::domain::backup::BackupTime;
use crate::domain::choice::Choice;
use crate::domain::failure::Arg;
use crate::domain::ids::{IncidentId, RequestId, RunId, RunbookId};
use crate::domain::operator::Actor;
use crate::domain::plan::Hold;
use crate::domain::run::{Phase, Run};
use crate::i18n::Locale;
use crate::ops::{Answer, OpsError, Proposal, RetryWish, Which};
use crate::ports::journal::StateResult;
use crate::telegram::chat::Chat;
use crate::telegram::dialogue::{Dialogue, Lets};
use crate::telegram::render::{View, busy, menu};
use crate::telegram::send::Outgoing;

/// Whether the one who pressed may request; otherwise he is told and it is written down.
pub(super) async fn may_request(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    subject: &str,
) -> StateResult<bool> {
    if chat.ops.profile().policy.access.may_request(&press.actor) {
        return Ok(true);
    }
    let noted = chat
        .ops
        .note_stranger(&press.actor, "press", subject, true)
        .await;
    let text = explain(view, &OpsError::NotAllowed);
    chat.sender.answer(&press.query, &text, true).await;
    noted.map_err(state)?;
    Ok(false)
}

/// What was chosen for a scenario.
pub(super) enum Wish {
    /// Nothing: it needs nothing, or takes the latest.
    None,
    /// This backup.
    Backup(BackupTime),
    /// These failed jobs.
    Jobs(RetryWish),
}

/// Everything is chosen: the plan is made. The outbox brings it to this chat.
pub(super) async fn propose(
    chat: &Chat,
    view: &View<'_>,
    (to, message): (i64, Option<i32>),
    actor: &Actor,
    (runbook, wish): (&RunbookId, Wish),
) -> Handled {
    let (which, retry) = match wish {
        Wish::None => (Which::Latest, None),
        Wish::Backup(time) => (Which::At(time), None),
        Wish::Jobs(wish) => (Which::Latest, Some(wish)),
    };
    let proposal = Proposal {
        runbook: runbook.clone(),
        which,
        retry,
        chat: Some(to),
    };
    let card = match chat.ops.propose(actor, proposal).await {
        Err(error) => refusal(view, &error),
        Ok(run) => menu::text(view, chosen(view, &run)),
    };
    match message {
        Some(id) => chat.change(to, id, &card).await,
        None => chat.say(to, &card).await.map(drop),
    }
}

fn chosen(view: &View<'_>, run: &Run) -> String {
    let number = ("run", Arg::from(run.id.to_string()));
    match &run.plan.backup {
        Some(chosen) => {
            let time = Arg::Time(chosen.backup.time.at());
            view.tell("recover-chosen", [number, ("time", time)])
        }
        None => view.tell("recover-chosen-plain", [number]),
    }
}

/// Approve.
pub(super) async fn approve(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    request: &RequestId,
) -> Handled {
    // What fails here fails below too, where it is told and written down.
    if let Ok(Some(word)) = chat.ops.word_for(&press.actor, request).await {
        return ask_word(chat, view, press, request, &word).await;
    }
    let result = chat
        .ops
        .approve_or_ask(&press.actor, request, Consent::Pressed)
        .await;
    if matches!(result, Err(OpsError::Refused(Refusal::CodeNeeded))) {
        let lets = Lets::Gate { word: false };
        return code::ask(chat, view, press, (request, lets)).await;
    }
    let access = &chat.ops.profile().policy.access;
    let told = result.as_ref().map(|run| {
        let missing = run
            .request(request)
            .map_or(0, |approval| approval.missing(access));
        approved(view, missing)
    });
    answer(chat, view, press, told).await
}

/// What an approver reads after his yes.
pub(super) fn approved(view: &View<'_>, missing: u32) -> String {
    match missing {
        0 => view.word("toast-approved"),
        missing => view.words(
            "toast-approved-more",
            [("missing", i64::from(missing).into())],
        ),
    }
}

/// Deny.
pub(super) async fn deny(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    request: &RequestId,
) -> Handled {
    let result = chat.ops.deny(&press.actor, request).await;
    let told = result.as_ref().map(|_| view.word("toast-denied"));
    answer(chat, view, press, told).await
}

/// An answer to a halt.
pub(super) async fn choose(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (run, position, choice): (RunId, u64, Choice),
) -> Handled {
    let wanted = Answer {
        run,
        position,
        choice,
        reason: None,
    };
    if choice == Choice::Skip {
        let open = chat.ops.would_choose(&press.actor, &wanted).await;
        if matches!(open, Ok(()) | Err(OpsError::ReasonNeeded)) {
            return ask_reason(chat, view, press, (run, position)).await;
        }
    }
    let result = chat.ops.choose(&press.actor, wanted).await;
    let label = view.word(&format!("choice-{}", choice.as_str()));
    // A run whose plan cannot be trusted was given up: that is what Abort was pressed for.
    let done = matches!(
        (&result, choice),
        (Ok(_), _) | (Err(OpsError::PlanChanged(_)), Choice::Abort)
    );
    let told = match &result {
        Err(error) if !done => Err(error),
        _ => Ok(view.words("toast-chosen", [("choice", label.into())])),
    };
    answer(chat, view, press, told).await?;
    match result {
        Err(OpsError::Busy(holder)) => tell_holder(chat, press, (holder, run)).await,
        _ => Ok(()),
    }
}

/// Shows which run holds REI, why, and the button that ends it.
async fn tell_holder(chat: &Chat, press: &Press, (holder, wanted): (RunId, RunId)) -> Handled {
    // One that has just ended, or whose plan cannot be trusted, is told of elsewhere.
    let Ok(holder) = chat.ops.run(holder).await else {
        return Ok(());
    };
    let there = chat.view(chat.language_in(press.chat).await?);
    let card = busy::card(&there, &holder, wanted);
    chat.say(press.chat, &card).await.map(drop)
}

/// Ends the run that holds REI. It may take a moment, so the press is answered before.
pub(super) async fn abort(chat: &Chat, view: &View<'_>, press: &Press, run: RunId) -> Handled {
    let name = ("run", Arg::from(run.to_string()));
    let text = view.words("busy-stopping", [name.clone()]);
    chat.sender.answer(&press.query, &text, false).await;
    let there = chat.view(chat.language_in(press.chat).await?);
    let card = match chat.ops.abort(&press.actor, run).await {
        Ok(run) if !matches!(run.phase, Phase::Finished(_)) => {
            menu::text(&there, there.tell("busy-not-yet", [name]))
        }
        Ok(_) | Err(OpsError::PlanChanged(_)) => {
            menu::text(&there, there.tell("busy-ended", [name]))
        }
        Err(error) => refusal(&there, &error),
    };
    chat.change(press.chat, press.message, &card).await
}

/// A language.
pub(super) async fn language(chat: &Chat, press: &Press, code: &str) -> Handled {
    let Ok(locale) = code.parse::<Locale>() else {
        chat.sender.answer(&press.query, "", false).await;
        return Ok(());
    };
    chat.people
        .set_language(press.actor.id, locale.as_str())
        .await?;
    let detail = crate::domain::failure::Args::new();
    chat.ops
        .note(&press.actor, "choose-language", locale.as_str(), detail)
        .await
        .map_err(state)?;
    let view = chat.view(locale);
    let text = view.word("language-chosen");
    chat.sender.answer(&press.query, &text, false).await;
    if press.chat > 0 {
        let card = menu::text(&view, view.say("language-chosen"));
        return chat.change(press.chat, press.message, &card).await;
    }
    Ok(())
}

/// No new messages about an incident for an hour.
pub(super) async fn mute(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    incident: IncidentId,
) -> Handled {
    let text = match chat.ops.mute(&press.actor, incident).await {
        Ok(Some(until)) => view.words("alert-muted", [("until", view.at(until))]),
        Ok(None) => view.word("alert-gone"),
        Err(error) => explain(view, &error),
    };
    chat.sender.answer(&press.query, &text, false).await;
    Ok(())
}

/// Messages about it again.
pub(super) async fn unmute(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    incident: IncidentId,
) -> Handled {
    let text = match chat.ops.unmute(&press.actor, incident).await {
        Ok(true) => view.word("alert-unmuted"),
        Ok(false) => view.word("alert-gone"),
        Err(error) => explain(view, &error),
    };
    chat.sender.answer(&press.query, &text, false).await;
    Ok(())
}

pub(super) async fn answer(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    told: Result<String, &OpsError>,
) -> Handled {
    match told {
        Ok(text) => chat.sender.answer(&press.query, &text, false).await,
        Err(error) => {
            let text = explain(view, error);
            chat.sender.answer(&press.query, &text, true).await;
        }
    }
    Ok(())
}

async fn ask_word(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    request: &RequestId,
    word: &str,
) -> Handled {
    let dialogue = Dialogue::Word {
        request: request.clone(),
    };
    let there = chat.view(chat.language_in(press.chat).await?);
    let values = [("word", Arg::from(word))];
    ask(chat, view, press, &dialogue, (&there, "word-ask", values)).await
}

async fn ask_reason(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (run, position): (RunId, u64),
) -> Handled {
    let there = chat.view(chat.language_in(press.chat).await?);
    let step = match chat.ops.run(run).await {
        Ok(run) => match run.hold() {
            Some(Hold::Failed(step)) => crate::telegram::render::step_name(&there, &run, &step),
            _ => String::new(),
        },
        Err(error) => return Err(state(error)),
    };
    let dialogue = Dialogue::Reason { run, position };
    let values = [("step", Arg::from(step))];
    ask(chat, view, press, &dialogue, (&there, "skip-ask", values)).await
}

/// Begins a dialogue. It is kept before the question goes out: an instant answer must find it.
pub(super) async fn ask(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    dialogue: &Dialogue,
    (there, key, [extra]): (&View<'_>, &str, [(&str, Arg); 1]),
) -> Handled {
    chat.begin(press.chat, &press.actor, dialogue).await?;
    let text = view.word("toast-type");
    chat.sender.answer(&press.query, &text, false).await;
    // A selective question reaches only whom it names.
    let id = ("id", Arg::from(press.actor.id.to_string()));
    let name = ("name", Arg::from(press.actor.name.as_str()));
    let message = Outgoing {
        html: there.tell(key, [id, name, extra]),
        asks: Some(there.word(&format!("{key}.placeholder"))),
        ..Outgoing::default()
    };
    let sent = chat.post(press.chat, &message).await?;
    chat.asks((press.chat, &press.actor), dialogue, sent).await
}
