//! Writing a notice.

use super::{close, told};
use crate::domain::approval::Verdict;
use crate::domain::campaign::audience::AudienceRule;
use crate::domain::campaign::message::{LinkButton, Message, Notice};
use crate::domain::campaign::{Campaign, Origin, Phase, Task};
use crate::domain::ids::CampaignId;
use crate::domain::operator::Actor;
use crate::ops::{Ops, OpsError};
use crate::ports::campaigns::Telling;
use crate::ports::journal::StateResult;
use std::collections::BTreeMap;

/// Longest tag of a language that is taken: `zh-hant-tw` and the like.
const TAG: usize = 16;

/// A change of what a notice says.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// What it says in a language. A picture, video or document without a caption goes with the text
    /// that is there; the button stays.
    Message(String, Box<Message>),
    /// Several languages at once, and nothing else.
    All(BTreeMap<String, Message>),
    /// Not in this language any more.
    Remove(String),
    /// The language of everybody whose own is not written.
    Fallback(String),
    /// The same button under every language, or none.
    Button(Option<LinkButton>),
}

impl Ops {
    /// Begins a notice to everybody. Nothing is asked or sent.
    ///
    /// # Errors
    /// Not allowed; notices are off.
    pub async fn begin_notice(
        &self,
        actor: &Actor,
        (origin, fallback): (Origin, &str),
    ) -> Result<Campaign, OpsError> {
        self.allow_request(actor, "begin-notice", "").await?;
        let notice = Notice {
            fallback: tag(fallback)?,
            messages: BTreeMap::new(),
        };
        self.begin(
            actor,
            origin,
            Task::Send { notice },
            AudienceRule::default(),
        )
        .await
    }

    pub(super) async fn begin(
        &self,
        actor: &Actor,
        origin: Origin,
        task: Task,
        audience: AudienceRule,
    ) -> Result<Campaign, OpsError> {
        if !self.notices.rules.enabled {
            let off = Err(OpsError::NoReiToken);
            return self.noted(actor, ("begin-notice", ""), off).await;
        }
        let campaign = Campaign {
            // The book gives the number; until then it is nobody's.
            id: CampaignId(0),
            revision: 0,
            paid: self.notices.rules.paid && task.notice().is_some(),
            task,
            audience,
            listed: None,
            urgent: false,
            requester: actor.clone(),
            origin,
            phase: Phase::Draft,
            failure: None,
            approval: None,
            created_at: self.now(),
            approved_at: None,
            begun_at: None,
            ended_at: None,
        };
        let mut entry = super::entry(&campaign, actor, "begin-notice");
        entry.subject = campaign.task.as_str().to_owned();
        let telling = Telling {
            audit: vec![entry],
            posts: Vec::new(),
        };
        Ok(self.notices.book.create(campaign, telling).await?)
    }

    /// Keeps a file that goes with a notice and gives its content's SHA-256, hexadecimal.
    ///
    /// # Errors
    /// The state folder cannot be written.
    pub async fn keep_file(&self, bytes: Vec<u8>) -> StateResult<String> {
        self.notices.shelf.keep(bytes).await
    }

    /// Changes what it says. One that waits for an approval is a draft again.
    ///
    /// # Errors
    /// Not his notice; it is past being written; no such language.
    pub async fn write_notice(
        &self,
        actor: &Actor,
        id: CampaignId,
        part: Part,
    ) -> Result<Campaign, OpsError> {
        self.edit(actor, id, |campaign| {
            let (Task::Send { notice } | Task::Correct { notice, .. }) = &mut campaign.task else {
                return Err(OpsError::NotOffered);
            };
            apply(notice, &part)
        })
        .await
    }

    /// Puts it before notices that are not urgent, or no longer.
    ///
    /// # Errors
    /// As of [`Ops::write_notice`].
    pub async fn set_urgent(
        &self,
        actor: &Actor,
        id: CampaignId,
        urgent: bool,
    ) -> Result<Campaign, OpsError> {
        self.edit(actor, id, |campaign| {
            campaign.urgent = urgent;
            Ok(())
        })
        .await
    }

    /// Changes a draft. What waits for an approval was asked for as it was: that request is void.
    pub(super) async fn edit(
        &self,
        actor: &Actor,
        id: CampaignId,
        change: impl Fn(&mut Campaign) -> Result<(), OpsError>,
    ) -> Result<Campaign, OpsError> {
        let result = self
            .turn(id, |campaign| {
                own(campaign, actor)?;
                change(campaign)?;
                let voided = close(campaign, Verdict::Voided { at: self.now() });
                campaign.phase = Phase::Draft;
                let mut telling = told(campaign, actor, "write-notice");
                if let Some(request) = voided {
                    telling
                        .audit
                        .push(super::entry(campaign, actor, "void-notice"));
                    telling.posts.push(super::asked(campaign, &request));
                }
                Ok(telling)
            })
            .await;
        self.noted(actor, ("write-notice", &id.to_string()), result)
            .await
    }
}

/// Whether this person may still change it.
pub(super) fn own(campaign: &Campaign, actor: &Actor) -> Result<(), OpsError> {
    if !campaign.requester.is(actor) {
        return Err(OpsError::NotYourNotice);
    }
    match campaign.phase {
        Phase::Draft | Phase::Asked => Ok(()),
        _ => Err(OpsError::NoticeMovedOn(campaign.id)),
    }
}

/// A language's tag as notices keep it.
///
/// # Errors
/// It is none.
pub fn tag(given: &str) -> Result<String, OpsError> {
    let tag = given.trim().replace('_', "-").to_lowercase();
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
    let main = tag.split('-').next().unwrap_or_default();
    let sound = tag.len() <= TAG
        && (2..=3).contains(&main.len())
        && main.bytes().all(|b| b.is_ascii_lowercase())
        && tag.split('-').all(word);
    sound
        .then_some(tag)
        .ok_or_else(|| OpsError::UnknownLanguage(given.to_owned()))
}

fn apply(notice: &mut Notice, part: &Part) -> Result<(), OpsError> {
    match part {
        Part::Message(language, message) => {
            let language = tag(language)?;
            let mut message = (**message).clone();
            let before = notice.messages.get(&language);
            if message.media.is_some() && message.text.text.is_empty() {
                message.text = before.map(|before| before.text.clone()).unwrap_or_default();
            }
            message.button = before
                .or_else(|| notice.messages.values().next())
                .and_then(|known| known.button.clone())
                .or(message.button);
            notice.messages.insert(language, message);
        }
        Part::All(messages) => notice.messages.clone_from(messages),
        Part::Remove(language) => {
            notice.messages.remove(&tag(language)?);
        }
        Part::Fallback(language) => notice.fallback = tag(language)?,
        Part::Button(button) => {
            for message in notice.messages.values_mut() {
                message.button.clone_from(button);
            }
        }
    }
    // Somebody's own language is worth more than none: the first that is written serves everybody.
    if !notice.messages.contains_key(&notice.fallback)
        && let Some(first) = notice.messages.keys().next()
    {
        notice.fallback.clone_from(first);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::campaign::message::{Media, MediaKind};

    fn empty() -> Notice {
        Notice {
            fallback: "en".into(),
            messages: BTreeMap::new(),
        }
    }

    fn said(language: &str, text: &str) -> Part {
        Part::Message(language.into(), Box::new(Message::plain(text)))
    }

    #[test]
    fn the_first_language_that_is_written_serves_everybody() {
        let mut notice = empty();
        apply(&mut notice, &said("RU", "Да")).unwrap();
        assert_eq!(notice.fallback, "ru");
        apply(&mut notice, &said("en", "Yes")).unwrap();
        assert_eq!(notice.fallback, "ru");
        apply(&mut notice, &Part::Remove("ru".into())).unwrap();
        assert_eq!(notice.fallback, "en");
        assert!(apply(&mut notice, &said("../x", "no")).is_err());
    }

    #[test]
    fn a_picture_goes_with_the_text_that_is_there() {
        let mut notice = empty();
        apply(&mut notice, &said("en", "Words")).unwrap();
        let button = LinkButton {
            label: "News".into(),
            url: "https://example.org".into(),
        };
        apply(&mut notice, &Part::Button(Some(button.clone()))).unwrap();
        let picture = Message {
            media: Some(Media {
                kind: MediaKind::Photo,
                content: "0".repeat(64),
                name: None,
                mime: None,
                bytes: 3,
            }),
            ..Message::default()
        };
        let part = Part::Message("en".into(), Box::new(picture));
        apply(&mut notice, &part).unwrap();
        let message = &notice.messages["en"];
        assert_eq!(message.text.text, "Words");
        assert_eq!(message.button, Some(button));
    }
}
