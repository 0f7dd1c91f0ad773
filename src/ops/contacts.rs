//! Contacts: looked up, changed, paged.

use super::{Ops, OpsError};
use crate::domain::audit::AuditDraft;
use crate::domain::contacts::{Book, Contact, Directory, Field, PAGE_PAUSE, Week};
use crate::domain::failure::Args;
use crate::domain::ids::RoleId;
use crate::domain::operator::Actor;
use crate::domain::post::{Owed, Post, Recipient};
use crate::ports::campaigns::Telling;
use crate::ports::journal::StateError;
use jiff::{SignedDuration, Timestamp};

/// How often a change is decided anew when somebody else's came between.
const TURNS: usize = 8;

impl Ops {
    /// The contacts in force now.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn contacts(&self) -> Result<Directory, OpsError> {
        let book = self.papers.contacts.book().await?;
        Ok(Directory::new(&self.papers.roster, &book, self.weeks()))
    }

    /// Changes one thing of a contact; with nothing it is taken away. Admins only.
    ///
    /// # Errors
    /// Not allowed; no such role; what was typed cannot be kept.
    pub async fn edit_contact(
        &self,
        actor: &Actor,
        role: &RoleId,
        (field, typed): (Field, Option<&str>),
    ) -> Result<Contact, OpsError> {
        let change = |book: &mut Book, mut contact: Contact| {
            // A slip of the finger is no attempt: nobody but the one who typed reads of it.
            contact
                .reach
                .set(field, typed)
                .map_err(OpsError::InvalidContact)?;
            let changes = book.changed.entry(role.clone()).or_default();
            changes.insert(field, typed.map(str::to_owned));
            Ok(())
        };
        self.turn_contact(actor, (role, field.as_str()), change)
            .await
    }

    /// Takes back whatever was changed of a contact: it is as its file has it. Admins only.
    ///
    /// # Errors
    /// Not allowed; no such role.
    pub async fn reset_contact(&self, actor: &Actor, role: &RoleId) -> Result<Contact, OpsError> {
        let change = |book: &mut Book, _: Contact| {
            book.changed.remove(role);
            Ok(())
        };
        self.turn_contact(actor, (role, "file"), change).await
    }

    async fn turn_contact(
        &self,
        actor: &Actor,
        (role, what): (&RoleId, &str),
        change: impl Fn(&mut Book, Contact) -> Result<(), OpsError>,
    ) -> Result<Contact, OpsError> {
        let verb = "edit-contact";
        self.allow_request(actor, verb, role.as_str()).await?;
        for _ in 0..TURNS {
            let mut book = self.papers.contacts.book().await?;
            let unknown = || OpsError::UnknownRole(role.to_string());
            let find = |book: &Book| {
                let directory = Directory::new(&self.papers.roster, book, self.weeks());
                directory.of(role).cloned()
            };
            let Some(contact) = find(&book) else {
                let unknown = Err(unknown());
                return self
                    .noted_paper(actor, (verb, role.as_str()), unknown)
                    .await;
            };
            change(&mut book, contact)?;
            let now = find(&book).ok_or_else(unknown)?;
            let mut entry = entry(actor, verb, role);
            entry.detail.insert("field".to_owned(), what.into());
            let telling = Telling {
                audit: vec![entry],
                posts: Vec::new(),
            };
            match self.papers.contacts.keep(book, telling).await {
                Err(StateError::Conflict) => {}
                other => return Ok(other.map(|()| now)?),
            }
        }
        Err(StateError::Conflict.into())
    }

    /// Mentions whoever is on call in the team's group. At most once in [`PAGE_PAUSE`].
    ///
    /// # Errors
    /// Not allowed; nobody is on call, or has no Telegram account; paged a short while ago.
    pub async fn page_on_call(&self, actor: &Actor) -> Result<Contact, OpsError> {
        let verb = "page-on-call";
        self.known(actor, (verb, "")).await?;
        for _ in 0..TURNS {
            let mut book = self.papers.contacts.book().await?;
            let directory = Directory::new(&self.papers.roster, &book, self.weeks());
            let contact = match pageable(&directory, book.paged.as_ref(), self.now()) {
                Ok(contact) => contact.clone(),
                Err(error) => return self.noted_paper(actor, (verb, ""), Err(error)).await,
            };
            book.paged = Some((self.now(), actor.clone()));
            let post = Post::Page {
                contact: Box::new(contact.clone()),
                by: actor.clone(),
            };
            let telling = Telling {
                audit: vec![entry(actor, verb, &contact.role)],
                posts: vec![Owed {
                    to: Recipient::Team,
                    post,
                }],
            };
            match self.papers.contacts.keep(book, telling).await {
                Err(StateError::Conflict) => {}
                other => return Ok(other.map(|()| contact)?),
            }
        }
        Err(StateError::Conflict.into())
    }

    /// This week and the next, where the team lives.
    fn weeks(&self) -> (Week, Week) {
        let today = self.now().to_zoned(self.papers.zone.clone()).date();
        let next = today.saturating_add(SignedDuration::from_hours(7 * 24));
        (
            Week::of(today.iso_week_date()),
            Week::of(next.iso_week_date()),
        )
    }
}

fn pageable<'a>(
    directory: &'a Directory,
    paged: Option<&(Timestamp, Actor)>,
    now: Timestamp,
) -> Result<&'a Contact, OpsError> {
    let contact = directory.on_call().ok_or(OpsError::NobodyOnCall)?;
    if contact.reach.telegram.is_none() {
        return Err(OpsError::OnCallWithoutAccount);
    }
    match paged {
        // A clock that was set back keeps nobody from paging.
        Some((at, by)) if *at <= now && now.duration_since(*at) < PAGE_PAUSE => {
            Err(OpsError::PagedLately {
                by: by.name.clone(),
                at: *at,
            })
        }
        _ => Ok(contact),
    }
}

fn entry(actor: &Actor, verb: &str, role: &RoleId) -> AuditDraft {
    AuditDraft {
        actor: actor.clone(),
        verb: verb.to_owned(),
        subject: role.to_string(),
        run: None,
        outcome: "ok".to_owned(),
        // Not what was written: the trail keeps everything for ever, and a number may have to go.
        detail: Args::new(),
        announce: true,
    }
}
