//! Each file goes up once under this token; afterwards it goes by the id that Telegram gave it.

use crate::domain::campaign::message::{Media, MediaKind};
use crate::ports::journal::StateResult;
use crate::ports::shelf::Shelf;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::OwnedMutexGuard;

/// Longer than the largest file takes. Whoever waited so long comes back later.
const PATIENCE: Duration = Duration::from_secs(300);

/// Whoever holds it uploads the file; everybody else waits for him.
pub(super) type Flight = OwnedMutexGuard<()>;

/// The files that went up under one bot's token.
pub(super) struct Uploads {
    bot: i64,
    shelf: Arc<dyn Shelf>,
    files: Mutex<HashMap<(String, MediaKind), File>>,
}

#[derive(Default)]
struct File {
    /// As on the shelf; asked for once, not for each message.
    id: Option<String>,
    flight: Arc<tokio::sync::Mutex<()>>,
}

impl Uploads {
    pub fn new(bot: i64, shelf: Arc<dyn Shelf>) -> Self {
        Self {
            bot,
            shelf,
            files: Mutex::default(),
        }
    }

    /// What Telegram calls the file, if it has it.
    pub async fn id(&self, media: &Media) -> StateResult<Option<String>> {
        let known = self.with(media, |file| file.id.clone());
        if known.is_some() {
            return Ok(known);
        }
        let shelved = self
            .shelf
            .file_id(self.bot, &media.content, media.kind)
            .await?;
        if shelved.is_some() {
            self.with(media, |file| file.id.clone_from(&shelved));
        }
        Ok(shelved)
    }

    /// The right to upload the file, and whether somebody else did meanwhile or tried to. Nothing
    /// where the wait was too long.
    pub async fn flight(&self, media: &Media) -> Option<(Flight, bool)> {
        let lock = self.with(media, |file| Arc::clone(&file.flight));
        if let Ok(free) = Arc::clone(&lock).try_lock_owned() {
            return Some((free, false));
        }
        let waited = tokio::time::timeout(PATIENCE, lock.lock_owned()).await;
        waited.ok().map(|flight| (flight, true))
    }

    /// The content; nothing where the shelf does not have it.
    pub async fn bytes(&self, media: &Media) -> StateResult<Option<Vec<u8>>> {
        let Some(path) = self.shelf.path(&media.content).await? else {
            return Ok(None);
        };
        match tokio::fs::read(&path).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) => {
                let error = format!("{}: {error}", path.display());
                Err(crate::ports::journal::StateError::Unavailable(error))
            }
        }
    }

    /// Telegram took the file: its message tells the id.
    pub async fn learn(&self, media: &Media, message: &Value) {
        let Some(id) = file_id(message, media.kind) else {
            tracing::warn!("Telegram took a file and named no id for it");
            return;
        };
        self.with(media, |file| file.id = Some(id.to_owned()));
        self.keep(media, Some(id)).await;
    }

    /// Telegram does not take this id any more.
    pub async fn forget(&self, media: &Media, id: &str) {
        let current = self.with(media, |file| file.id.take_if(|known| known == id).is_some());
        if current {
            self.keep(media, None).await;
        }
    }

    /// What cannot be written down costs another upload some day, no more.
    async fn keep(&self, media: &Media, id: Option<&str>) {
        let kept = self
            .shelf
            .set_file_id(self.bot, &media.content, media.kind, id)
            .await;
        if let Err(error) = kept {
            tracing::warn!(%error, "a file's id could not be kept");
        }
    }

    fn with<R>(&self, media: &Media, look: impl FnOnce(&mut File) -> R) -> R {
        let mut files = self.lock();
        let key = (media.content.clone(), media.kind);
        look(files.entry(key).or_default())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(String, MediaKind), File>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The id in the message that Telegram made of the file. A video without sound comes back as an
/// animation, whose id is good for a video too.
fn file_id(message: &Value, kind: MediaKind) -> Option<&str> {
    let size = |picture: &Value| picture["width"].as_u64().zip(picture["height"].as_u64());
    let photo = message["photo"].as_array().and_then(|sizes| {
        let area = |one: &&Value| size(one).map_or(0, |(width, height)| width * height);
        sizes.iter().max_by_key(area)?["file_id"].as_str()
    });
    match kind {
        MediaKind::Photo => photo,
        MediaKind::Video | MediaKind::Document => [kind.as_str(), "animation", "document", "audio"]
            .into_iter()
            .find_map(|field| message[field]["file_id"].as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_largest_picture_is_the_one() {
        let message = json!({"photo": [
            {"file_id": "small", "width": 90, "height": 60},
            {"file_id": "large", "width": 1280, "height": 853},
            {"file_id": "middle", "width": 320, "height": 213},
        ]});
        assert_eq!(file_id(&message, MediaKind::Photo), Some("large"));
    }

    #[test]
    fn a_silent_video_is_known_by_its_animation() {
        let message =
            json!({"animation": {"file_id": "silent"}, "document": {"file_id": "silent"}});
        assert_eq!(file_id(&message, MediaKind::Video), Some("silent"));
        assert_eq!(file_id(&json!({"text": "x"}), MediaKind::Video), None);
    }
}
