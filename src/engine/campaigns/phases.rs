//! What the sender writes of a campaign: each change of its phase with its audit entry and posts.

use super::{Ended, SenderParts};
use crate::domain::audit::AuditDraft;
use crate::domain::campaign::{Campaign, Phase};
use crate::domain::failure::{Args, Failure};
use crate::domain::ids::CampaignId;
use crate::domain::operator::Actor;
use crate::domain::post::Post;
use crate::ports::campaigns::Telling;
use crate::ports::journal::{StateError, StateResult};

/// How often a change is tried again that another one came before.
const TRIES: u32 = 5;

/// It goes out from now on. One that goes out already was taken up after a crash or a stop.
pub(super) async fn begin(parts: &SenderParts, id: CampaignId) -> StateResult<Campaign> {
    let begun = change(parts, id, &[Phase::Ready], |campaign| {
        let first = campaign.begun_at.is_none();
        campaign.phase = Phase::Sending;
        campaign.failure = None;
        campaign.begun_at.get_or_insert_with(|| parts.clock.now());
        let mut draft = draft(campaign, "begin-campaign", Args::new());
        draft.announce = first;
        told(campaign, Some(draft), false)
    })
    .await?;
    match begun {
        Some(campaign) => Ok(campaign),
        None => {
            show(parts, id).await?;
            let campaign = parts.campaigns.campaign(id).await?;
            let sending = campaign.filter(|it| it.phase == Phase::Sending);
            sending.ok_or(StateError::Conflict)
        }
    }
}

/// Another one goes first.
pub(super) async fn postpone(parts: &SenderParts, id: CampaignId) -> StateResult<()> {
    change(parts, id, &[Phase::Sending], |campaign| {
        campaign.phase = Phase::Ready;
        campaign.failure = None;
        let draft = draft(campaign, "postpone-campaign", Args::new());
        told(campaign, Some(draft), false)
    })
    .await
    .map(drop)
}

/// It cannot go on until a person says so.
pub(super) async fn halt(parts: &SenderParts, id: CampaignId, failure: Failure) -> StateResult<()> {
    change(parts, id, &[Phase::Ready, Phase::Sending], |campaign| {
        campaign.phase = Phase::Paused;
        campaign.failure = Some(failure.clone());
        let mut detail = failure.args.clone();
        detail.insert("failure".to_owned(), failure.code.as_str().into());
        let mut draft = draft(campaign, "pause-campaign", detail);
        draft.outcome = "failed".to_owned();
        draft.announce = true;
        told(campaign, Some(draft), false)
    })
    .await
    .map(drop)
}

/// What follows from the end of a flight.
pub(super) async fn end(parts: &SenderParts, id: CampaignId, ended: Ended) -> StateResult<()> {
    match ended {
        Ended::Through => finish(parts, id).await,
        Ended::Overtaken => postpone(parts, id).await,
        Ended::Failed(failure) => halt(parts, id, failure).await,
        // Its phase is somebody else's word, or stays for the next start.
        Ended::Taken | Ended::Stopped => show(parts, id).await,
    }
}

/// Everybody's end is known, unless somebody is pending again: then it goes on.
async fn finish(parts: &SenderParts, id: CampaignId) -> StateResult<()> {
    if parts.campaigns.tally(id).await?.left() > 0 {
        return Ok(());
    }
    change(parts, id, &[Phase::Sending], |campaign| {
        campaign.phase = Phase::Done;
        campaign.failure = None;
        campaign.ended_at = Some(parts.clock.now());
        let mut draft = draft(campaign, "finish-campaign", Args::new());
        draft.announce = true;
        told(campaign, Some(draft), true)
    })
    .await
    .map(drop)
}

/// Tells of a trouble while it goes on, or that it has passed.
pub(super) async fn trouble(
    parts: &SenderParts,
    id: CampaignId,
    failure: Option<Failure>,
) -> StateResult<()> {
    change(parts, id, &[Phase::Sending], |campaign| {
        campaign.failure.clone_from(&failure);
        told(campaign, None, false)
    })
    .await
    .map(drop)
}

/// Owes the live message anew.
pub(super) async fn show(parts: &SenderParts, id: CampaignId) -> StateResult<()> {
    let Some(campaign) = parts.campaigns.campaign(id).await? else {
        return Ok(());
    };
    let post = Post::Campaign { campaign: id };
    parts.outbox.push(campaign.told(&post)).await
}

/// Changes a campaign that stands on one of these phases; gives nothing where it does not.
async fn change(
    parts: &SenderParts,
    id: CampaignId,
    from: &[Phase],
    edit: impl Fn(&mut Campaign) -> Telling,
) -> StateResult<Option<Campaign>> {
    for _ in 0..TRIES {
        let read = parts.campaigns.campaign(id).await?;
        let Some(mut campaign) = read.filter(|it| from.contains(&it.phase)) else {
            return Ok(None);
        };
        let telling = edit(&mut campaign);
        match parts.campaigns.change(campaign, telling).await {
            Err(StateError::Conflict) => {}
            written => return written.map(Some),
        }
    }
    Err(StateError::Conflict)
}

fn told(campaign: &Campaign, draft: Option<AuditDraft>, report: bool) -> Telling {
    let id = campaign.id;
    let mut posts = campaign.told(&Post::Campaign { campaign: id });
    if report {
        posts.extend(campaign.told(&Post::CampaignReport { campaign: id }));
    }
    Telling {
        audit: draft.into_iter().collect(),
        posts,
    }
}

fn draft(campaign: &Campaign, verb: &str, mut detail: Args) -> AuditDraft {
    detail.insert("task".to_owned(), campaign.task.as_str().into());
    let listed = campaign.listed.as_ref();
    let count = listed.map_or(0, |listed| listed.count.cast_signed());
    detail.insert("count".to_owned(), count.into());
    AuditDraft {
        actor: Actor::system(),
        verb: verb.to_owned(),
        subject: campaign.id.to_string(),
        run: None,
        outcome: "ok".to_owned(),
        detail,
        announce: false,
    }
}
