//! What somebody writes for his notice.

use super::super::not_heard;
use super::compose::filled;
use super::{Asked, Handled, counted, explain, reply};
use crate::domain::campaign::audience::{AudienceRule, Who};
use crate::domain::campaign::message::{FILE, LinkButton, Media, Message, Problem, Rich};
use crate::domain::campaign::ready;
use crate::domain::failure::Arg;
use crate::domain::ids::CampaignId;
use crate::ops::{OpsError, Part};
use crate::ports::journal::StateResult;
use crate::telegram::chat::Chat;
use crate::telegram::dialogue::{Dialogue, Heard};
use crate::telegram::material::{Handle, Material};
use crate::telegram::notice::Wants;
use crate::telegram::render::{View, menu, notice};
use crate::telegram::send::NoFile;
use std::sync::Arc;
use teloxide::types;

/// A picture, video or document: for a notice or an incident, if one waits for it.
pub async fn material(chat: Arc<Chat>, asked: Asked, message: types::Message) -> Handled {
    if super::super::cases::album(&chat, &asked, &message).await? {
        return Ok(());
    }
    if !asked.private && asked.answers.is_none() {
        return Ok(());
    }
    match chat.heard(asked.chat, &asked.actor, asked.answers).await? {
        Heard::Answer(Dialogue::Case { case, wants }) => {
            super::super::cases::take(&chat, &asked, (case, wants), &message).await
        }
        heard @ (Heard::Late | Heard::Elsewhere) => not_heard(&chat, &asked, &heard).await,
        _ if !asked.private => Ok(()),
        Heard::Answer(Dialogue::Notice { campaign, wants }) => {
            take(&chat, &asked, (campaign, wants), &message).await
        }
        _ => {
            let view = chat.view(super::super::locale(&chat, &asked).await?);
            let card = menu::text(&view, view.say("notice-file-unasked"));
            reply(&chat, &asked, &card).await
        }
    }
}

/// A message for a notice that waits for it.
pub(in crate::telegram::handlers) async fn take(
    chat: &Chat,
    asked: &Asked,
    (id, wants): (CampaignId, Wants),
    message: &types::Message,
) -> Handled {
    let view = chat.view(super::super::locale(chat, asked).await?);
    let piece = Piece {
        chat,
        view: &view,
        asked,
        id,
    };
    let material = Material::of(message);
    let taken = match wants {
        Wants::Text { language } => piece.words(&language, material).await,
        Wants::Language => return piece.language(&material).await,
        Wants::Button => piece.button(&material).await,
        Wants::Blanks { word } => piece.blanks(&word, &material).await,
        Wants::Audience => piece.audience(&material).await,
        Wants::Ids => piece.ids(material).await,
    };
    match taken {
        Ok(html) => {
            chat.end(asked.chat, &asked.actor).await?;
            piece.say(html).await?;
        }
        // The question stays open: he writes it again.
        Err(Not(html)) => piece.say(html).await?,
    }
    Ok(())
}

/// Why something was not taken, as he reads it.
struct Not(String);

type Taken = Result<String, Not>;

/// One message for one notice.
struct Piece<'a> {
    chat: &'a Chat,
    view: &'a View<'a>,
    asked: &'a Asked,
    id: CampaignId,
}

impl Piece<'_> {
    async fn say(&self, html: String) -> Handled {
        let card = menu::text(self.view, html);
        reply(self.chat, self.asked, &card).await
    }

    fn no(&self, error: &OpsError) -> Not {
        let (key, args) = (error.key(), error.args());
        Not(self.view.i18n.html(self.view.locale, &key, &args))
    }

    async fn write(&self, part: Part) -> Result<(), Not> {
        let written = self
            .chat
            .ops
            .write_notice(&self.asked.actor, self.id, part)
            .await;
        written.map(drop).map_err(|error| self.no(&error))
    }

    /// The message in a language, exactly as it was written.
    async fn words(&self, language: &str, material: Material) -> Taken {
        let message = match material {
            Material::Text(text) => Message {
                text,
                ..Message::default()
            },
            Material::File {
                file,
                kind,
                caption,
            } => {
                let bytes = self.fetch(&file, kind.limit()).await?;
                let (size, content) = (bytes.len() as u64, self.keep(bytes).await?);
                let media = Media {
                    kind,
                    content,
                    name: file.name,
                    mime: file.mime,
                    bytes: size,
                };
                Message {
                    text: caption,
                    media: Some(media),
                    button: None,
                }
            }
            Material::Album => return Err(Not(self.view.say("notice-no-album"))),
            Material::Other => return Err(Not(self.view.say("notice-no-such-kind"))),
        };
        let part = Part::Message(language.to_owned(), Box::new(message));
        self.write(part).await?;
        let now = self.chat.ops.campaign(self.id).await;
        let now = now.map_err(|error| self.no(&error))?;
        let written = now
            .task
            .notice()
            .and_then(|notice| notice.messages.get(language));
        match written.map(Message::problems).as_deref() {
            Some([problem, ..]) => Err(Not(notice::problem(self.view, language, problem))),
            _ => Ok(notice::taken(self.view, language, written)),
        }
    }

    /// A language that is not offered; then its words are asked for.
    async fn language(&self, material: &Material) -> Handled {
        let tag = self.plain(material).trim().to_lowercase();
        let found = self.chat.ops.campaign(self.id).await;
        let wants = Wants::Text {
            language: tag.clone(),
        };
        let sound = crate::ops::language_tag(&tag);
        let (Ok(found), Ok(_)) = (found, &sound) else {
            let error = sound.err().unwrap_or(OpsError::UnknownLanguage(tag));
            return self.say(self.no(&error).0).await;
        };
        let dialogue = Dialogue::Notice {
            campaign: self.id,
            wants: wants.clone(),
        };
        let (place, actor) = (self.asked.chat, &self.asked.actor);
        self.chat.begin(place, actor, &dialogue).await?;
        let question = notice::question(self.view, &found, &wants);
        reply(self.chat, self.asked, &question).await
    }

    /// A label and a link: on two lines, or the link last.
    async fn button(&self, material: &Material) -> Taken {
        let text = self.plain(material);
        let (label, url) = text
            .trim()
            .rsplit_once(char::is_whitespace)
            .unwrap_or(("", text.trim()));
        let button = LinkButton {
            label: label.trim().to_owned(),
            url: url.to_owned(),
        };
        let mut probe = Message::plain("-");
        probe.button = Some(button.clone());
        if let Some(problem) = probe.problems().first() {
            return Err(Not(notice::wrong(self.view, problem)));
        }
        self.write(Part::Button(Some(button))).await?;
        Ok(self.view.say("notice-toast-taken"))
    }

    /// A line for each blank of a ready notice.
    async fn blanks(&self, word: &str, material: &Material) -> Taken {
        let text = self.plain(material);
        let lines: Vec<String> = text
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect();
        let found = ready::find(word).filter(|found| found.blanks.len() == lines.len());
        let short = lines
            .iter()
            .all(|line| line.chars().count() <= ready::BLANK);
        let Some(found) = found.filter(|_| short) else {
            return Err(Not(self.view.say("notice-blanks-wrong")));
        };
        self.write(Part::All(filled(self.view, found, &lines)))
            .await?;
        Ok(self.view.say("notice-toast-taken"))
    }

    /// An audience as the console writes it.
    async fn audience(&self, material: &Material) -> Taken {
        match self.plain(material).parse::<Who>() {
            Ok(who) => self.to(who, 0).await,
            Err(_) => Err(Not(self.view.say("notice-audience-wrong"))),
        }
    }

    /// A list of ids: a file, or the lines themselves.
    async fn ids(&self, material: Material) -> Taken {
        let bytes = match material {
            Material::Text(text) => text.text.into_bytes(),
            Material::File { file, .. } => self.fetch(&file, FILE).await?,
            Material::Album | Material::Other => return Err(self.no(&OpsError::NoIds)),
        };
        let kept = self.chat.ops.keep_ids(bytes).await;
        let (who, strange) = kept.map_err(|error| self.no(&error))?;
        self.to(who, strange).await
    }

    async fn to(&self, who: Who, strange: u64) -> Taken {
        let ops = &self.chat.ops;
        let now = ops.campaign(self.id).await;
        let now = now.map_err(|error| self.no(&error))?;
        let audience = AudienceRule {
            who,
            ..now.audience
        };
        let set = ops.set_audience(&self.asked.actor, self.id, audience).await;
        let set = set.map_err(|error| self.no(&error))?;
        let place = (self.asked.chat, &self.asked.actor);
        let told = counted(self.chat, self.view, place, self.id).await;
        told.map_err(|error| Not(explain(self.view, &error.into())))?;
        Ok(notice::addressed(self.view, &set.audience, strange))
    }

    fn plain<'b>(&self, material: &'b Material) -> &'b str {
        match material {
            Material::Text(Rich { text, .. }) => text,
            _ => "",
        }
    }

    async fn fetch(&self, file: &Handle, limit: u64) -> Result<Vec<u8>, Not> {
        let too_large = |bytes: u64| {
            let problem = Problem::FileTooLarge { bytes, limit };
            Not(notice::wrong(self.view, &problem))
        };
        // Telegram gives a bot no larger ones, and says so in words of its own.
        if file.bytes > limit {
            return Err(too_large(file.bytes));
        }
        match self.chat.sender.fetch(&file.id, limit).await {
            Ok(bytes) => Ok(bytes),
            Err(NoFile::TooLarge) => Err(too_large(limit + 1)),
            Err(NoFile::Lost(why)) => {
                let why = [("why", Arg::from(why))];
                Err(Not(self.view.tell("notice-file-lost", why)))
            }
        }
    }

    async fn keep(&self, bytes: Vec<u8>) -> Result<String, Not> {
        let kept: StateResult<String> = self.chat.ops.keep_file(bytes).await;
        kept.map_err(|error| Not(explain(self.view, &error.into())))
    }
}
