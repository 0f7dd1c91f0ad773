//! The checklist: opened, ticked, closed.

use super::{Ops, OpsError};
use crate::domain::checklist::{About, Act, Checklist, Opening, Press, Refusal};
use crate::domain::ids::ChecklistId;
use crate::domain::operator::Actor;
use crate::domain::run::Run;
use crate::ports::campaigns::Telling;
use crate::ports::journal::StateError;
use crate::tasks::checklists;

/// How often a press is decided anew when another line was changed meanwhile.
const TURNS: usize = 16;

impl Ops {
    /// One checklist.
    ///
    /// # Errors
    /// There is none of this number.
    pub async fn checklist(&self, id: ChecklistId) -> Result<Checklist, OpsError> {
        let found = self.papers.checklists.checklist(id).await?;
        found.ok_or(OpsError::UnknownChecklist(id))
    }

    /// The run that a checklist is about, where there is one that can be read.
    pub async fn run_of_checklist(&self, list: &Checklist) -> Option<Run> {
        match &list.about {
            About::Run { run } => self.run(*run).await.ok(),
            About::Drill { .. } | About::Hand => None,
        }
    }

    /// The newest open checklist, if one is open; a drill's only where there is no other.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn newest_checklist(&self) -> Result<Option<Checklist>, OpsError> {
        let mut open = self.papers.checklists.open().await?;
        let of_drill = |list: &Checklist| matches!(list.about, About::Drill { .. });
        // The order of each kind stays: the newest first.
        open.sort_by_key(of_drill);
        Ok(open.into_iter().next())
    }

    /// As [`Ops::newest_checklist`]; where there is none, one is opened by hand. Tells whether it was.
    ///
    /// # Errors
    /// Not allowed; the state cannot be written.
    pub async fn present_checklist(&self, actor: &Actor) -> Result<(Checklist, bool), OpsError> {
        self.known(actor, ("open-checklist", "")).await?;
        if let Some(newest) = self.newest_checklist().await? {
            return Ok((newest, false));
        }
        let now = self.now();
        let opening = Opening {
            about: About::Hand,
            by: actor.clone(),
            at: now,
            began: now,
            since: now,
        };
        Ok((self.open_checklist(opening).await?, true))
    }

    /// Opens one about something that ended: there is one for each run and drill.
    ///
    /// # Errors
    /// The state cannot be written.
    pub async fn open_checklist(&self, opening: Opening) -> Result<Checklist, OpsError> {
        let papers = &self.papers;
        let book = papers.checklists.as_ref();
        let opened = checklists::open(book, &papers.sources, &papers.template, opening);
        Ok(opened.await?)
    }

    /// A press on a line.
    ///
    /// # Errors
    /// Not allowed; closed; the line is no longer as it was shown.
    pub async fn press_line(
        &self,
        actor: &Actor,
        id: ChecklistId,
        press: &Press,
    ) -> Result<Checklist, OpsError> {
        let verb = verb(&press.act);
        self.known(actor, (verb, press.line.as_str())).await?;
        let result = self
            .turn_checklist(id, |list| {
                let pressed = list.press(actor, press, self.now());
                pressed.map_err(|refusal| refused(id, &refusal))?;
                let mut entry = checklists::entry(list, actor, verb);
                entry.subject = press.line.to_string();
                if let Act::NotApplicable(reason) = &press.act {
                    let reason = reason.as_str().into();
                    entry.detail.insert("reason".to_owned(), reason);
                }
                Ok(Telling {
                    audit: vec![entry],
                    posts: checklists::shown(list),
                })
            })
            .await;
        self.noted_paper(actor, (verb, press.line.as_str()), result)
            .await
    }

    /// All is done.
    ///
    /// # Errors
    /// Not allowed; closed already; a line is not settled.
    pub async fn close_checklist(
        &self,
        actor: &Actor,
        id: ChecklistId,
    ) -> Result<Checklist, OpsError> {
        let (verb, subject) = ("close-checklist", id.to_string());
        self.known(actor, (verb, &subject)).await?;
        let result = self
            .turn_checklist(id, |list| {
                let closed = list.close(actor, self.now());
                closed.map_err(|refusal| refused(id, &refusal))?;
                Ok(Telling {
                    audit: vec![checklists::entry(list, actor, verb)],
                    posts: checklists::shown(list),
                })
            })
            .await;
        self.noted_paper(actor, (verb, &subject), result).await
    }

    /// Lets the probes look again.
    ///
    /// # Errors
    /// There is none of this number; the state cannot be written.
    pub async fn refresh_checklist(&self, id: ChecklistId) -> Result<Checklist, OpsError> {
        let sources = &self.papers.sources;
        let round = sources.observer.round().await;
        for _ in 0..TURNS {
            let mut list = self.checklist(id).await?;
            let known = sources.gather(&list).await?;
            let since = list.since;
            if list.look(known.see(&round, since), self.now()).is_none() {
                return Ok(list);
            }
            let telling = checklists::moved(&list);
            match self.papers.checklists.change(list, telling).await {
                Err(StateError::Conflict) => {}
                other => return Ok(other?),
            }
        }
        Err(StateError::Conflict.into())
    }

    /// Reads, decides, writes; decides anew where somebody else was quicker.
    async fn turn_checklist(
        &self,
        id: ChecklistId,
        decide: impl Fn(&mut Checklist) -> Result<Telling, OpsError>,
    ) -> Result<Checklist, OpsError> {
        for _ in 0..TURNS {
            let mut list = self.checklist(id).await?;
            let telling = decide(&mut list)?;
            match self.papers.checklists.change(list, telling).await {
                Err(StateError::Conflict) => {}
                other => return Ok(other?),
            }
        }
        Err(StateError::Conflict.into())
    }

    /// Everybody on one of the lists may; whoever may not is written down.
    pub(super) async fn known(
        &self,
        actor: &Actor,
        (verb, subject): (&str, &str),
    ) -> Result<(), OpsError> {
        if self.profile.policy.access.knows(actor) {
            return Ok(());
        }
        let refused = Err(OpsError::NotAllowed);
        self.noted_paper(actor, (verb, subject), refused).await
    }

    /// Writes down what somebody was refused, and passes it on.
    pub(super) async fn noted_paper<T>(
        &self,
        actor: &Actor,
        (verb, subject): (&str, &str),
        result: Result<T, OpsError>,
    ) -> Result<T, OpsError> {
        if let Err(error) = &result {
            self.note_refusal(actor, verb, subject, error).await?;
        }
        result
    }
}

fn verb(act: &Act) -> &'static str {
    match act {
        Act::Tick => "tick-line",
        Act::Untick => "untick-line",
        Act::NotApplicable(_) => "waive-line",
    }
}

fn refused(id: ChecklistId, refusal: &Refusal) -> OpsError {
    match refusal {
        Refusal::Closed => OpsError::ChecklistClosed(id),
        Refusal::NoSuchLine => OpsError::UnknownChecklist(id),
        Refusal::MovedOn => OpsError::LineMovedOn,
        Refusal::Left(left) => OpsError::LinesLeft(*left),
    }
}
