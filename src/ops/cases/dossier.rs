//! Everything that is known of an incident, put together from where it is kept.

use crate::domain::audit::AuditEntry;
use crate::domain::case::dossier::Course;
use crate::domain::case::{Case, Dossier};
use crate::domain::health::history::Resolution;
use crate::domain::ids::CaseId;
use crate::ops::{Ops, OpsError};
use std::collections::BTreeMap;

/// Entries of the trail read at once, and how many pages of them at most: an incident that stayed open
/// for months has nothing new in the middle of its trail.
const PAGE: u32 = 500;
const PAGES: usize = 40;

/// Bytes of pictures that go into one document; later ones are only named.
const PICTURES: usize = 12 << 20;

/// A dossier with the pictures of its notes.
#[derive(Clone, Debug)]
pub struct Dressed {
    /// What is known.
    pub dossier: Dossier,
    /// Pictures by their content. One that is gone, or too many, is left out.
    pub pictures: BTreeMap<String, Vec<u8>>,
}

impl Ops {
    /// Everything that is known of an incident now.
    ///
    /// # Errors
    /// There is none of this number; the state cannot be read.
    pub async fn dossier(&self, id: CaseId) -> Result<Dossier, OpsError> {
        self.follow_trail().await?;
        let case = self.case(id).await?;
        let now = self.now();
        let mut courses = Vec::new();
        for id in &case.runs {
            // A run that cannot be read any more leaves the rest of the document.
            if let Ok(run) = self.run(*id).await {
                let journal = self.journal(*id).await?;
                courses.push(Course { run, journal });
            }
        }
        let mut alerts = Vec::new();
        for id in &case.alerts {
            alerts.extend(self.state.alerts.incident(*id).await?);
        }
        let until = case.until().unwrap_or(now);
        let fine = Resolution::reaching(case.since, now);
        let span = self.state.history.span(case.since, until, fine, &[]).await;
        let span = span.inspect_err(|error| tracing::warn!(%error, "the history cannot be read"));
        Ok(Dossier {
            trail: self.trail_of(&case).await?,
            courses,
            alerts,
            span: span.ok(),
            rto: self.profile.rto,
            rpo: self.profile.rpo,
            now,
            case,
        })
    }

    /// The same with the pictures of its notes.
    ///
    /// # Errors
    /// There is none of this number; the state cannot be read.
    pub async fn dressed_dossier(&self, id: CaseId) -> Result<Dressed, OpsError> {
        let dossier = self.dossier(id).await?;
        let mut pictures = BTreeMap::new();
        let mut room = PICTURES;
        for content in dossier
            .case
            .notes
            .iter()
            .filter_map(|note| note.picture.as_ref())
        {
            let Some(path) = self.notices.shelf.path(content).await? else {
                continue;
            };
            let Ok(bytes) = tokio::fs::read(&path).await else {
                continue;
            };
            if let Some(left) = room.checked_sub(bytes.len()) {
                room = left;
                pictures.insert(content.clone(), bytes);
            }
        }
        Ok(Dressed { dossier, pictures })
    }

    async fn trail_of(&self, case: &Case) -> Result<Vec<AuditEntry>, OpsError> {
        let end = case.closed.as_ref().map(|(_, at)| *at);
        let mut from = case.trail_from.max(1);
        let mut found = Vec::new();
        for _ in 0..PAGES {
            let page = self.audit_from(from, PAGE).await?;
            let Some(last) = page.last() else { break };
            from = last.seq + 1;
            let over = end.is_some_and(|end| last.at > end);
            found.extend(page);
            if over {
                break;
            }
        }
        Ok(found)
    }
}
