//! What people add to an incident.

use super::{draft, shown};
use crate::domain::audit::AuditDraft;
use crate::domain::case::item::{OWNER, WHAT};
use crate::domain::case::{
    Answer, Case, ITEMS, Item, NOTES, Note, Origin, Owner, PICTURES, Question, TEXT, TITLE, tidy,
};
use crate::domain::failure::{Arg, Args};
use crate::domain::ids::CaseId;
use crate::domain::operator::Actor;
use crate::ops::{Ops, OpsError};
use crate::ports::campaigns::Telling;
use jiff::Timestamp;
use jiff::civil::Date;

/// The rest of an album comes within seconds: so many incidents may have been opened meanwhile.
const ALBUMS: u32 = 8;

/// Something written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Words.
    pub text: String,
    /// The content of a picture on the shelf.
    pub picture: Option<String>,
    /// The album that the picture came in, as the chat calls it.
    pub album: Option<String>,
}

impl Ops {
    /// Opens an incident by hand. While one is open it gets this title instead: there is one trouble
    /// at a time, as far as anybody can tell.
    ///
    /// # Errors
    /// Not allowed; the state cannot be written.
    pub async fn open_case(&self, actor: &Actor, title: &str) -> Result<Case, OpsError> {
        self.allow_known(actor, "open-incident", "").await?;
        let title = Some(tidy(title, TITLE).replace('\n', " ")).filter(|it| !it.is_empty());
        if let Some(present) = self.present_case().await?
            && present.takes_in(self.now())
        {
            let Some(title) = title else {
                return Ok(present);
            };
            let named = |case: &mut Case| {
                let mut detail = Args::from([("name".to_owned(), Arg::from(title.as_str()))]);
                // What somebody else called it is not lost.
                if let Some(was) = case.title.replace(title.clone()) {
                    detail.insert("was".to_owned(), was.into());
                }
                Ok(draft(case, actor, "name-incident", detail))
            };
            return self.revise(present.id, named).await;
        }
        let now = self.now();
        let trail = self.state.cases.followed().await?;
        let origin = Origin::Person {
            actor: actor.clone(),
        };
        let mut case = Case::new(origin, now, now, trail + 1);
        case.title = title;
        let actor = actor.clone();
        let tell = move |case: &Case| Telling {
            audit: vec![draft(case, &actor, "open-incident", Args::new())],
            posts: vec![shown(case)],
        };
        Ok(self.state.cases.create(case, Box::new(tell)).await?)
    }

    /// Writes a note into an incident, or into the present one.
    ///
    /// # Errors
    /// Not allowed; no incident is open; it is full; nothing was written.
    pub async fn note_case(
        &self,
        actor: &Actor,
        id: Option<CaseId>,
        written: &Written,
    ) -> Result<Case, OpsError> {
        self.allow_known(actor, "note-incident", "").await?;
        let id = match id {
            Some(id) => id,
            None => self.present_case().await?.ok_or(OpsError::NoCase)?.id,
        };
        let text = tidy(&written.text, TEXT);
        if text.is_empty() && written.picture.is_none() {
            return Err(OpsError::NoWords);
        }
        let at = self.now();
        self.revise(id, |case| {
            let pictures = case.pictures() + usize::from(written.picture.is_some());
            if case.notes.len() >= NOTES || pictures > PICTURES {
                return Err(OpsError::CaseFull(id));
            }
            case.notes.push(Note {
                at,
                by: actor.clone(),
                text: text.clone(),
                picture: written.picture.clone(),
                album: written.album.clone(),
            });
            Ok(draft(case, actor, "note-incident", Args::new()))
        })
        .await
    }

    /// The incident in which this person noted a picture of this album.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn case_of_album(
        &self,
        actor: &Actor,
        album: &str,
    ) -> Result<Option<CaseId>, OpsError> {
        let noted = |note: &Note| note.by.is(actor) && note.album.as_deref() == Some(album);
        let recent = self.state.cases.recent(ALBUMS).await?;
        let mut found = recent.iter().filter(|case| case.notes.iter().any(noted));
        Ok(found.next().map(|case| case.id))
    }

    /// Answers a question of the document. `shown` is when the answer was written that he saw there, if
    /// there was one: another one that came meanwhile is not overwritten.
    ///
    /// # Errors
    /// Not allowed; no such incident; nothing was written; somebody else answered meanwhile.
    pub async fn answer_case(
        &self,
        actor: &Actor,
        id: CaseId,
        (question, text, shown): (Question, &str, Option<Timestamp>),
    ) -> Result<Case, OpsError> {
        self.allow_known(actor, "write-incident", &id.to_string())
            .await?;
        let text = tidy(text, TEXT);
        if text.is_empty() {
            return Err(OpsError::NoWords);
        }
        let at = self.now();
        self.revise(id, |case| {
            let answer = Answer {
                text: text.clone(),
                by: actor.clone(),
                at,
            };
            if case.answers.get(&question).map(|it| it.at) != shown {
                return Err(OpsError::AnswerChanged(id));
            }
            case.answer(question, answer);
            let detail = Args::from([("question".to_owned(), question.as_str().into())]);
            Ok(draft(case, actor, "write-incident", detail))
        })
        .await
    }

    /// Adds something to be done.
    ///
    /// # Errors
    /// Not allowed; no such incident; it is full; nothing was written.
    pub async fn add_action(
        &self,
        actor: &Actor,
        id: CaseId,
        (what, owner, due): (&str, Option<Owner>, Option<Date>),
    ) -> Result<Case, OpsError> {
        self.allow_known(actor, "add-action", &id.to_string())
            .await?;
        let what = tidy(what, WHAT).replace('\n', " ");
        if what.is_empty() {
            return Err(OpsError::NoWords);
        }
        let owner = owner.map(|owner| match owner {
            Owner::Named(name) => Owner::Named(tidy(&name, OWNER).replace('\n', " ")),
            person @ Owner::Person(_) => person,
        });
        self.revise(id, |case| {
            if case.items.len() >= ITEMS {
                return Err(OpsError::CaseFull(id));
            }
            let number = case.items.iter().map(|item| item.number).max().unwrap_or(0) + 1;
            case.items.push(Item {
                number,
                what: what.clone(),
                owner: owner.clone(),
                due,
                done: None,
                reminded: None,
            });
            Ok(draft(case, actor, "add-action", numbered(number, &what)))
        })
        .await
    }

    /// Says that something is done, or after all is not.
    ///
    /// # Errors
    /// Not allowed; no such incident or item.
    pub async fn finish_action(
        &self,
        actor: &Actor,
        id: CaseId,
        (number, done): (u32, bool),
    ) -> Result<Case, OpsError> {
        let verb = if done {
            "finish-action"
        } else {
            "reopen-action"
        };
        self.allow_known(actor, verb, &id.to_string()).await?;
        let at = self.now();
        self.revise(id, |case| {
            let mut items = case.items.iter_mut();
            let item = items
                .find(|item| item.number == number)
                .ok_or(OpsError::UnknownItem(id, number))?;
            // Who said it first stays; a second press changes nothing.
            if done != item.done.is_some() {
                item.done = done.then(|| (actor.clone(), at));
            }
            let detail = numbered(number, &item.what);
            Ok(draft(case, actor, verb, detail))
        })
        .await
    }

    /// Closes an incident. What is to be done stays to be done, and the document can still be written.
    ///
    /// # Errors
    /// Not allowed; no such incident; it is closed already.
    pub async fn close_case(&self, actor: &Actor, id: CaseId) -> Result<Case, OpsError> {
        self.allow_known(actor, "close-incident", &id.to_string())
            .await?;
        let at = self.now();
        let close = |case: &mut Case| -> Result<AuditDraft, OpsError> {
            if !case.is_open() {
                return Err(OpsError::CaseClosed(id));
            }
            case.closed = Some((actor.clone(), at));
            Ok(draft(case, actor, "close-incident", Args::new()))
        };
        self.revise(id, close).await
    }
}

fn numbered(number: u32, what: &str) -> Args {
    Args::from([
        ("number".to_owned(), i64::from(number).into()),
        ("what".to_owned(), what.into()),
    ])
}
