//! What somebody writes for an incident, and the questions that ask for it.

use super::super::ask_again;
use super::act::look_again;
use super::{Asked, Handled, noted, refusal, reply};
use crate::domain::case::item::day;
use crate::domain::case::{Case, Owner, Question, tidy};
use crate::domain::ids::CaseId;
use crate::domain::operator::Actor;
use crate::ops::OpsError;
use crate::telegram::case::CaseWants;
use crate::telegram::chat::Chat;
use crate::telegram::dialogue::Dialogue;
use crate::telegram::render::{Card, View, case as render, menu};
use jiff::Timestamp;
use jiff::civil::Date;
use teloxide::types::Message;

/// Asks for something to be written. The question is kept before it goes out: an instant answer must
/// find it.
pub(super) async fn ask(
    chat: &Chat,
    (to, actor): (i64, &Actor),
    (id, wants): (CaseId, CaseWants),
) -> Handled {
    let there = chat.view(chat.language_in(to).await?);
    let card = match chat.ops.dossier(id).await {
        Err(error) => refusal(&there, &error),
        Ok(dossier) => {
            let private = to > 0;
            let wants = seen(wants, &dossier.case);
            let card = match &wants {
                CaseWants::Note => render::note(&there, id, private),
                CaseWants::Answer { question, .. } => {
                    render::question(&there, &dossier, *question, private)
                }
                CaseWants::Item => render::task(&there, &dossier.case, private),
                CaseWants::Owner { what } => render::owner(&there, &dossier, what, private),
                CaseWants::Due { what, .. } => render::due(&there, id, what, private),
            };
            let dialogue = Dialogue::Case { case: id, wants };
            chat.begin(to, actor, &dialogue).await?;
            let sent = chat.say(to, &card).await?;
            return chat.asks((to, actor), &dialogue, sent).await;
        }
    };
    chat.say(to, &card).await.map(drop)
}

/// With the question goes which answer is shown beside it.
fn seen(wants: CaseWants, case: &Case) -> CaseWants {
    match wants {
        CaseWants::Answer { question, .. } => CaseWants::Answer {
            question,
            shown: case.answers.get(&question).map(|answer| answer.at),
        },
        other => other,
    }
}

/// A message for an incident that waits for it.
pub(in crate::telegram::handlers) async fn take(
    chat: &Chat,
    asked: &Asked,
    (id, wants): (CaseId, CaseWants),
    message: &Message,
) -> Handled {
    let view = chat.view(super::super::locale(chat, asked).await?);
    let text = message.text().or(message.caption()).unwrap_or_default();
    let place = (asked.chat, &asked.actor);
    let open = Dialogue::Case {
        case: id,
        wants: wants.clone(),
    };
    if wants != CaseWants::Note && message.text().is_none() {
        // A picture is no answer, and its caption alone would lose it.
        let card = menu::text(&view, view.say("incident-words-needed"));
        return ask_again(chat, asked, (&open, &card)).await;
    }
    match wants {
        CaseWants::Note => {
            let taken = noted(chat, &view, asked, (Some(id), text, message)).await;
            if matches!(taken, Ok(Ok(_))) {
                chat.end(asked.chat, &asked.actor).await?;
            }
            let card = taken.map(|noted| super::answer(&view, noted));
            let card = card.unwrap_or_else(|error| refusal(&view, &error));
            ask_again(chat, asked, (&open, &card)).await
        }
        CaseWants::Answer { question, shown } => {
            answer(chat, &view, asked, (id, question, shown), text).await
        }
        CaseWants::Item => {
            let what = tidy(text, crate::domain::case::item::WHAT).replace('\n', " ");
            if what.is_empty() {
                return told(chat, &view, asked, Err(OpsError::NoWords)).await;
            }
            ask(chat, place, (id, CaseWants::Owner { what })).await
        }
        CaseWants::Owner { what } => {
            let name = tidy(text, crate::domain::case::item::OWNER);
            let owner = Some(name).filter(|name| !name.is_empty()).map(Owner::Named);
            ask(chat, place, (id, CaseWants::Due { what, owner })).await
        }
        CaseWants::Due { what, owner } => {
            let today = view.now.to_zoned(view.i18n.zone().clone()).date();
            match day(text, today) {
                Some(day) => file_item(chat, place, id, (&what, owner, Some(day))).await,
                // The question stays open: he writes it again.
                None => {
                    let card = menu::text(&view, view.say("incident-day-wrong"));
                    ask_again(chat, asked, (&open, &card)).await
                }
            }
        }
    }
}

/// An answer is kept, and the next question asked.
async fn answer(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    (id, question, shown): (CaseId, Question, Option<Timestamp>),
    text: &str,
) -> Handled {
    let kept = chat
        .ops
        .answer_case(&asked.actor, id, (question, text, shown))
        .await;
    let case = match kept {
        Ok(case) => case,
        Err(error @ OpsError::AnswerChanged(_)) => {
            told(chat, view, asked, Err(error)).await?;
            let wants = CaseWants::answer(question);
            return ask(chat, (asked.chat, &asked.actor), (id, wants)).await;
        }
        Err(error) => return told(chat, view, asked, Err(error)).await,
    };
    let wants = match case.next_question(Some(question)) {
        Some(question) => CaseWants::answer(question),
        None if case.items.is_empty() => CaseWants::Item,
        None => {
            chat.end(asked.chat, &asked.actor).await?;
            return look_again(chat, asked.chat, id).await;
        }
    };
    ask(chat, (asked.chat, &asked.actor), (id, wants)).await
}

/// Keeps something to be done, and asks for more.
pub(super) async fn file_item(
    chat: &Chat,
    (to, actor): (i64, &Actor),
    id: CaseId,
    (what, owner, due): (&str, Option<Owner>, Option<Date>),
) -> Handled {
    match chat.ops.add_action(actor, id, (what, owner, due)).await {
        Ok(_) => ask(chat, (to, actor), (id, CaseWants::Item)).await,
        Err(error) => {
            let there = chat.view(chat.language_in(to).await?);
            chat.say(to, &refusal(&there, &error)).await.map(drop)
        }
    }
}

async fn told(
    chat: &Chat,
    view: &View<'_>,
    asked: &Asked,
    card: Result<Card, OpsError>,
) -> Handled {
    let card = card.unwrap_or_else(|error| refusal(view, &error));
    reply(chat, asked, &card).await
}
