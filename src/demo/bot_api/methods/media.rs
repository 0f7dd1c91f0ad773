//! Texts, captions and files of a call, checked as Telegram checks them.

use serde_json::Value;

use super::{
    super::{
        detect,
        error::ApiError,
        files::{FILM, MAX_DOCUMENT, MAX_PHOTO, StoredFile, mime_of, picture, resolve},
        html,
        ids::PersonId,
        message::{Media, MediaKind},
        params::{Params, Upload},
        text::{Entity, EntityKind, RichText},
    },
    Ctx,
};

/// Reads a text with its `parse_mode` or its explicit entities.
pub(super) fn formatted(
    params: &Params,
    text: &str,
    mode: Option<&str>,
    entities_field: &str,
) -> Result<RichText, ApiError> {
    let mut rich = match mode.unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "none" => {
            let given: Vec<Value> = params
                .object(entities_field)
                .ok()
                .flatten()
                .unwrap_or_default();
            let entities: Vec<Entity> = given.iter().filter_map(entity).collect();
            within(text, &entities)?;
            let mut rich = RichText {
                text: text.to_owned(),
                entities,
            };
            rich.normalise();
            rich
        }
        "html" => html::parse(text)
            .map_err(|why| ApiError::bad_request(format!("can't parse entities: {why}")))?,
        _ => return Err(ApiError::bad_request("unsupported parse_mode")),
    }
    .trimmed();
    detect::add_found(&mut rich);
    Ok(rich)
}

/// Telegram refuses an entity that ends behind the text or cuts a character in two.
fn within(text: &str, entities: &[Entity]) -> Result<(), ApiError> {
    if entities.is_empty() {
        return Ok(());
    }
    let mut units = 0;
    let mut borders = std::collections::BTreeSet::from([0]);
    for c in text.chars() {
        units += c.len_utf16();
        borders.insert(units);
    }
    for entity in entities {
        let Entity { offset, .. } = entity;
        let refuse = |why: String| {
            let words = format!("entity beginning at UTF-16 offset {offset} {why}");
            Err(ApiError::bad_request(words))
        };
        if entity.end() > units {
            let end = format!("ends after the end of the text at UTF-16 offset {units}");
            return refuse(end);
        }
        if !borders.contains(offset) || !borders.contains(&entity.end()) {
            return refuse("begins or ends in a middle of a UTF-16 symbol".to_owned());
        }
    }
    Ok(())
}

fn entity(json: &Value) -> Option<Entity> {
    let text = |name: &str| json[name].as_str().map(str::to_owned);
    let kind = match json["type"].as_str()? {
        "bold" => EntityKind::Bold,
        "italic" => EntityKind::Italic,
        "underline" => EntityKind::Underline,
        "strikethrough" => EntityKind::Strikethrough,
        "spoiler" => EntityKind::Spoiler,
        "code" => EntityKind::Code,
        "pre" => EntityKind::Pre {
            language: text("language"),
        },
        "text_link" => EntityKind::TextLink { url: text("url")? },
        "text_mention" => EntityKind::TextMention {
            person: PersonId(json["user"]["id"].as_u64()?),
        },
        "blockquote" => EntityKind::Blockquote,
        "expandable_blockquote" => EntityKind::ExpandableBlockquote,
        "custom_emoji" => EntityKind::CustomEmoji {
            custom_emoji_id: text("custom_emoji_id")?,
        },
        _ => return None,
    };
    let number = |name: &str| json[name].as_u64().and_then(|n| usize::try_from(n).ok());
    Some(Entity {
        kind,
        offset: number("offset")?,
        length: number("length")?,
    })
}

impl Ctx<'_> {
    /// The file of this call: uploaded now, or known already by its id. `field` is `photo`, `video`
    /// or `document`; `reference` is its text, which may point to another part of the form.
    pub(super) fn media(
        &mut self,
        kind: MediaKind,
        field: &str,
        reference: Option<&str>,
    ) -> Result<Media, ApiError> {
        let reference = reference.filter(|text| !text.is_empty());
        if let Some(upload) = self.params.upload(field, reference) {
            let media = uploaded(kind, upload)?;
            let file = StoredFile {
                bytes: upload.bytes.clone(),
                mime: media.mime.clone(),
                name: upload.name.clone(),
            };
            return Ok(Media {
                file: self.world.store(file),
                ..media
            });
        }
        match reference {
            None => Err(ApiError::bad_request(format!(
                "there is no {field} in the request"
            ))),
            Some(url) if url.starts_with("http://") || url.starts_with("https://") => {
                // This Telegram has no internet.
                Err(ApiError::bad_request("failed to get HTTP URL content"))
            }
            Some(id) => self.known_media(kind, id),
        }
    }

    fn known_media(&self, wanted: MediaKind, id: &str) -> Result<Media, ApiError> {
        let unknown = || ApiError::bad_request("wrong file identifier/HTTP URL specified");
        let (kind, index) = resolve(self.bot, id).ok_or_else(unknown)?;
        if kind != wanted {
            let text = format!("can't use file of type {kind:?} as {wanted:?}");
            return Err(ApiError::bad_request(text));
        }
        let file = self.world.file(index).ok_or_else(unknown)?;
        Ok(Media {
            kind,
            file: index,
            name: file.name.clone().filter(|_| kind != MediaKind::Photo),
            mime: file.mime.clone(),
            size: file.bytes.len(),
            dimensions: match kind {
                MediaKind::Photo => picture(&file.bytes).map(|(w, h, _)| (w, h)),
                MediaKind::Video => Some(FILM),
                MediaKind::Document => None,
            },
            album: None,
        })
    }
}

/// Checks an upload; the index is filled in by whoever stores it.
pub(in super::super) fn uploaded(kind: MediaKind, upload: &Upload) -> Result<Media, ApiError> {
    let size = upload.bytes.len();
    if size == 0 {
        return Err(ApiError::bad_request("file must be non-empty"));
    }
    let mut media = Media {
        kind,
        file: 0,
        name: None,
        mime: String::new(),
        size,
        dimensions: None,
        album: None,
    };
    match kind {
        MediaKind::Photo => {
            let (width, height, mime) = picture(&upload.bytes)
                .ok_or_else(|| ApiError::bad_request("IMAGE_PROCESS_FAILED"))?;
            let (long, short) = (width.max(height), width.min(height));
            if width.saturating_add(height) > 10_000 || long > short.saturating_mul(20) {
                return Err(ApiError::bad_request("PHOTO_INVALID_DIMENSIONS"));
            }
            if size > MAX_PHOTO {
                return Err(ApiError::bad_request("file is too big for a photo"));
            }
            media.mime = mime.to_owned();
            media.dimensions = Some((width, height));
        }
        MediaKind::Video | MediaKind::Document => {
            if size > MAX_DOCUMENT {
                return Err(ApiError::too_large());
            }
            media.dimensions = (kind == MediaKind::Video).then_some(FILM);
            let name = upload.name.clone().unwrap_or_else(|| "file".to_owned());
            let given = upload
                .mime
                .clone()
                .filter(|m| m != "application/octet-stream");
            media.mime = given.unwrap_or_else(|| mime_of(&name).to_owned());
            media.name = Some(name);
        }
    }
    Ok(media)
}
