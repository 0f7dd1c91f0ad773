//! Notices that somebody began and nobody sent, and files that neither a notice nor an incident needs.

use super::told;
use crate::domain::campaign::{Campaign, Phase};
use crate::domain::operator::Actor;
use crate::ops::{Ops, OpsError};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// A draft is abandoned after so long.
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

impl Ops {
    /// Drops drafts that were begun a week ago, and takes away files of that age that nothing but
    /// dropped notices refers to. Tells how many drafts.
    ///
    /// # Errors
    /// The state cannot be read or written.
    pub async fn clear_notices(&self) -> Result<usize, OpsError> {
        let before = self.now() - WEEK;
        let mut dropped = 0;
        for draft in self.notices.book.recent(u32::MAX).await? {
            if draft.phase == Phase::Draft && draft.created_at <= before {
                match self.drop_draft(&draft).await {
                    Ok(()) => dropped += 1,
                    // Somebody goes on with it after all.
                    Err(OpsError::NoticeMovedOn(_)) => {}
                    Err(error) => return Err(error),
                }
            }
        }
        self.clear_files(before).await?;
        Ok(dropped)
    }

    async fn drop_draft(&self, draft: &Campaign) -> Result<(), OpsError> {
        let dropped = self.turn(draft.id, |campaign| {
            if campaign.revision != draft.revision {
                return Err(OpsError::NoticeMovedOn(campaign.id));
            }
            campaign.phase = Phase::Dropped;
            campaign.ended_at = Some(self.now());
            Ok(told(campaign, &Actor::system(), "clear-notice"))
        });
        dropped.await?;
        Ok(self.notices.book.clear_list(draft.id).await?)
    }

    async fn clear_files(&self, before: Timestamp) -> Result<(), OpsError> {
        // Read after the drafts were dropped. A file that somebody takes up now is kept anew, and
        // young.
        let campaigns = self.notices.book.recent(u32::MAX).await?;
        let open = campaigns.iter().filter(|it| it.phase != Phase::Dropped);
        let mut used: BTreeSet<_> = open.flat_map(Campaign::files).map(str::to_owned).collect();
        // The shelf keeps the pictures of incidents too, closed ones as well: for ever.
        let cases = self.state.cases.recent(u32::MAX).await?;
        let notes = cases.into_iter().flat_map(|case| case.notes);
        used.extend(notes.filter_map(|note| note.picture));
        let swept = self.notices.shelf.sweep(used, before).await?;
        if swept > 0 {
            tracing::info!(swept, "files that nothing needs were taken away");
        }
        Ok(())
    }
}
