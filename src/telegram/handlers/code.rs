//! Codes of the second factor. They are asked for in private whatever was pressed elsewhere: a group
//! must not read them, and what was typed is deleted there too.

use super::presses::Press;
use super::{Asked, Handled, explain, reply};
use crate::domain::approval::{Approval, Consent, Refusal};
use crate::domain::failure::Arg;
use crate::domain::ids::RequestId;
use crate::domain::operator::Actor;
use crate::domain::second_factor::looks_like_code;
use crate::ops::OpsError;
use crate::ports::journal::StateResult;
use crate::telegram::chat::Chat;
use crate::telegram::dialogue::{Dialogue, Lets};
use crate::telegram::render::{View, code, menu};
use crate::telegram::send::Outgoing;

/// Asks whoever pressed, and tells him where.
pub(super) async fn ask(
    chat: &Chat,
    view: &View<'_>,
    press: &Press,
    (request, lets): (&RequestId, Lets),
) -> Handled {
    let text = match begin(chat, &press.actor, (request, lets)).await? {
        true => view.word("code-toast"),
        false => view.word("code-toast-start"),
    };
    chat.sender.answer(&press.query, &text, true).await;
    Ok(())
}

/// Asks whoever typed, and gives what he is told where he typed.
pub(super) async fn ask_typed(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    (request, lets): (&RequestId, Lets),
) -> StateResult<String> {
    Ok(match begin(chat, &asked.actor, (request, lets)).await? {
        true => view.say("code-toast"),
        false => view.say("code-toast-start"),
    })
}

/// Asks once more, if a code is expected here: whoever was not reached before presses Start.
pub(super) async fn again(chat: &Chat, asked: &Asked) -> StateResult<bool> {
    match chat.dialogue(asked.chat, &asked.actor).await? {
        Some(Dialogue::Code { request, lets }) if asked.private => {
            begin(chat, &asked.actor, (&request, lets)).await
        }
        _ => Ok(false),
    }
}

/// Begins the dialogue in the person's private chat; tells whether the question stands there. It is
/// kept before the question goes out, and stays where that fails: `/start` brings it again.
async fn begin(
    chat: &Chat,
    actor: &Actor,
    (request, lets): (&RequestId, Lets),
) -> StateResult<bool> {
    // A private chat has its person's number.
    let private = actor.id;
    let question = question(chat, private, (request, &lets)).await?;
    let dialogue = Dialogue::Code {
        request: request.clone(),
        lets,
    };
    chat.begin(private, actor, &dialogue).await?;
    let message = chat.post(private, &question).await?;
    chat.asks((private, actor), &dialogue, message).await?;
    Ok(message.is_some())
}

async fn question(
    chat: &Chat,
    private: i64,
    (request, lets): (&RequestId, &Lets),
) -> StateResult<Outgoing> {
    let view = chat.view(chat.language_in(private).await?);
    let html = match lets {
        Lets::Notice { .. } => match chat.ops.notice_of(request).await {
            Ok(campaign) => code::of_notice(&view, &campaign),
            Err(error) => explain(&view, &error),
        },
        Lets::Gate { .. } | Lets::Glass { .. } => match chat.ops.run_of(request).await {
            Ok((run, approval)) => {
                let alone = matches!(lets, Lets::Glass { .. });
                code::of_run(&view, (&run, &approval), alone)
            }
            Err(error) => explain(&view, &error),
        },
    };
    Ok(Outgoing {
        html,
        asks: Some(view.word("code-ask.placeholder")),
        ..Outgoing::default()
    })
}

/// What was typed. It decides the request that it was asked for, and no other.
pub(super) async fn take(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    (request, lets, typed): (&RequestId, Lets, &str),
) -> Handled {
    let html = if looks_like_code(typed) {
        chat.sender.delete(asked.chat, asked.message).await;
        let told = decide(chat, &asked.actor, (request, lets.clone(), typed)).await;
        let over = !matches!(&told, Err(OpsError::Refused(refusal)) if may_try_again(refusal));
        let dialogue = Dialogue::Code {
            request: request.clone(),
            lets,
        };
        let goes_on = over && chat.go_back(asked.chat, &asked.actor, &dialogue).await?;
        let told = match told {
            Ok(missing) => done(view, missing),
            Err(error) => view.i18n.html(view.locale, &error.key(), &error.args()),
        };
        match goes_on {
            true => format!("{told}\n{}", view.say("code-goes-on")),
            false => told,
        }
    } else {
        view.say("code-form")
    };
    reply(chat, asked, &menu::text(view, html)).await
}

fn may_try_again(refusal: &Refusal) -> bool {
    matches!(
        refusal,
        Refusal::WrongCode { .. } | Refusal::UsedCode | Refusal::CodesLocked { .. }
    )
}

fn done(view: &View<'_>, missing: u32) -> String {
    match missing {
        0 => view.say("code-done"),
        missing => view.tell(
            "code-done-more",
            [("missing", Arg::from(i64::from(missing)))],
        ),
    }
}

/// Gives how many more people are needed.
async fn decide(
    chat: &Chat,
    actor: &Actor,
    (request, lets, typed): (&RequestId, Lets, &str),
) -> Result<u32, OpsError> {
    let ops = &chat.ops;
    let access = &ops.profile().policy.access;
    let missing = |approval: &Approval| approval.missing(access);
    Ok(match lets {
        Lets::Gate { word } => {
            let given = (before(word), typed);
            let run = ops.approve_with_code(actor, request, given).await?;
            run.request(request).map_or(0, missing)
        }
        Lets::Notice { word } => {
            let given = (before(word), typed);
            let done = ops.approve_notice_with_code(actor, request, given).await?;
            done.approval.as_ref().map_or(0, missing)
        }
        Lets::Glass { reason } => {
            let given = (reason.as_str(), typed);
            ops.break_glass_with_code(actor, request, given).await?;
            0
        }
    })
}

fn before(word: bool) -> Consent {
    if word {
        Consent::Typed
    } else {
        Consent::Pressed
    }
}
