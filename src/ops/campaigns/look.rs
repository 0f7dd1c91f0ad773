//! Looking: how far a campaign is, the latest ones, everybody's row.

use crate::domain::campaign::delivery::{Gone, Standing, Tally};
use crate::domain::campaign::{Campaign, Phase, Progress};
use crate::domain::ids::CampaignId;
use crate::domain::post::{Owed, Post};
use crate::ops::{Ops, OpsError, csv_record};
use crate::ports::campaigns::Row;
use std::io;
use tokio::io::{AsyncWrite, AsyncWriteExt};

/// Rows read at once.
const PAGE: u32 = 2_000;

/// The first line of the CSV.
pub const CSV_HEADER: &str = "person,language,standing,reason,message,at";

impl Ops {
    /// A campaign as it is watched.
    ///
    /// # Errors
    /// There is none of this number.
    pub async fn notice_progress(&self, id: CampaignId) -> Result<Progress, OpsError> {
        let campaign = self.campaign(id).await?;
        let tally = self.notices.book.tally(id).await?;
        Ok(self.progress_of(campaign, tally))
    }

    /// The newest campaigns, newest first.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn recent_notices(&self, limit: u32) -> Result<Vec<Progress>, OpsError> {
        let mut found = Vec::new();
        for campaign in self.notices.book.recent(limit).await? {
            let tally = self.notices.book.tally(campaign.id).await?;
            found.push(self.progress_of(campaign, tally));
        }
        Ok(found)
    }

    fn progress_of(&self, campaign: Campaign, tally: Tally) -> Progress {
        let rate = self.notices.rates.of(campaign.id);
        Progress {
            campaign,
            tally,
            rate,
        }
    }

    /// The one that a person means who names none: what goes out, waits, or was the last.
    ///
    /// # Errors
    /// There is none.
    pub async fn present_notice(&self) -> Result<Campaign, OpsError> {
        let waiting = self.notices.book.waiting().await?;
        let sending = waiting.iter().find(|one| one.phase == Phase::Sending);
        let present = sending.or(waiting.first()).cloned();
        match present {
            Some(campaign) => Ok(campaign),
            None => {
                let recent = self.notices.book.recent(1).await?;
                recent.into_iter().next().ok_or(OpsError::NoNotice)
            }
        }
    }

    /// Writes everybody's row as CSV (RFC 4180), page by page. Gives the number of rows.
    ///
    /// # Errors
    /// The state cannot be read; the other end takes no more.
    pub async fn write_notice_csv(
        &self,
        id: CampaignId,
        out: &mut (impl AsyncWrite + Unpin),
    ) -> Result<u64, OpsError> {
        let gone = |error: io::Error| OpsError::State(error.to_string());
        let head = format!("{CSV_HEADER}\r\n");
        out.write_all(head.as_bytes()).await.map_err(gone)?;
        let (mut after, mut count) = (None, 0);
        loop {
            let rows = self.notices.book.rows(id, after, None, PAGE).await?;
            let Some(last) = rows.last() else {
                out.flush().await.map_err(gone)?;
                return Ok(count);
            };
            after = Some(last.person);
            count += rows.len() as u64;
            let page: String = rows.iter().map(line).collect();
            out.write_all(page.as_bytes()).await.map_err(gone)?;
        }
    }

    /// Why people of a campaign cannot be reached, kind by kind, and how many each.
    ///
    /// # Errors
    /// The state cannot be read.
    pub async fn notice_gone(&self, id: CampaignId) -> Result<Vec<(Gone, u64)>, OpsError> {
        let mut found: Vec<(Gone, u64)> = Gone::ALL.iter().map(|kind| (*kind, 0)).collect();
        let mut after = None;
        loop {
            let blocked = Some(Standing::Blocked);
            let rows = self.notices.book.rows(id, after, blocked, PAGE).await?;
            let Some(last) = rows.last() else {
                found.retain(|(_, count)| *count > 0);
                return Ok(found);
            };
            after = Some(last.person);
            for (kind, count) in &mut found {
                let same = |row: &&Row| row.reason.as_deref() == Some(kind.as_str());
                *count += rows.iter().filter(same).count() as u64;
            }
        }
    }
}

/// The report, wherever a campaign is watched.
pub(super) fn reports(campaign: &Campaign) -> Vec<Owed> {
    let to = campaign.watchers().into_iter();
    to.map(|to| Owed {
        to,
        post: Post::CampaignReport {
            campaign: campaign.id,
        },
    })
    .collect()
}

fn line(row: &Row) -> String {
    let message = row.message.map(|id| id.to_string()).unwrap_or_default();
    let at = row.at.map(|at| at.to_string()).unwrap_or_default();
    let record = csv_record(&[
        &row.person.to_string(),
        &row.language,
        row.standing.as_str(),
        row.reason.as_deref().unwrap_or_default(),
        &message,
        &at,
    ]);
    record + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_one_record_whatever_telegram_said() {
        let row = Row {
            person: 7,
            language: "ru".into(),
            standing: Standing::Failed,
            reason: Some("Bad Request: \"x\", line\nbreak".into()),
            message: None,
            at: Some("2026-11-23T01:00:00Z".parse().unwrap()),
        };
        assert_eq!(
            line(&row),
            "7,ru,failed,\"Bad Request: \"\"x\"\", line\nbreak\",,2026-11-23T01:00:00Z\r\n"
        );
    }
}
