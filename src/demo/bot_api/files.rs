//! Uploaded bytes, and the ids under which each bot knows them.

use bytes::Bytes;

use super::{ids::BotId, message::MediaKind};

/// Bytes that `getFile` will hand out; Telegram serves no more to bots.
pub(super) const MAX_DOWNLOAD: usize = 20 << 20;
/// Bytes of an uploaded document or video.
pub(super) const MAX_DOCUMENT: usize = 50 << 20;
/// Bytes of an uploaded photo.
pub(super) const MAX_PHOTO: usize = 10 << 20;
/// Pixels that every video is said to have: nothing here looks into one.
pub(super) const FILM: (u32, u32) = (640, 360);

/// Bytes somebody uploaded.
#[derive(Debug, Clone)]
pub struct StoredFile {
    /// The content.
    pub bytes: Bytes,
    /// Its type.
    pub mime: String,
    /// The name it came with.
    pub name: Option<String>,
}

/// The id of a stored file for one bot and one use: another bot cannot use it, and a photo cannot be
/// sent again as a document, just as at Telegram.
pub(super) fn file_id(bot: BotId, kind: MediaKind, index: usize) -> String {
    let inner = format!("{}.{index}", bot.0);
    format!(
        "{}{}",
        prefix(kind),
        data_encoding::BASE64URL_NOPAD.encode(inner.as_bytes())
    )
}

fn prefix(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Photo => "AgAC",
        MediaKind::Video => "BAAC",
        MediaKind::Document => "BQAC",
    }
}

/// The same for every bot, and good for nothing but comparing.
pub(super) fn unique_id(index: usize) -> String {
    format!("AQAD{index:08}")
}

/// The file behind `id` and its use, if it belongs to `bot`.
pub(super) fn resolve(bot: BotId, id: &str) -> Option<(MediaKind, usize)> {
    let kinds = [MediaKind::Photo, MediaKind::Video, MediaKind::Document];
    let (kind, rest) = kinds
        .into_iter()
        .find_map(|k| id.strip_prefix(prefix(k)).map(|rest| (k, rest)))?;
    let inner = data_encoding::BASE64URL_NOPAD
        .decode(rest.as_bytes())
        .ok()?;
    let inner = String::from_utf8(inner).ok()?;
    let (owner, index) = inner.split_once('.')?;
    let index = index.parse().ok()?;
    (owner.parse() == Ok(bot.0)).then_some((kind, index))
}

/// Pixels and type of a picture, read from its head; nothing for anything that is no picture.
pub(super) fn picture(bytes: &[u8]) -> Option<(u32, u32, &'static str)> {
    let be16 = |at: usize| {
        Some(u32::from(u16::from_be_bytes(
            bytes.get(at..at + 2)?.try_into().ok()?,
        )))
    };
    let le16 = |at: usize| {
        Some(u32::from(u16::from_le_bytes(
            bytes.get(at..at + 2)?.try_into().ok()?,
        )))
    };
    let be32 = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some((be32(16)?, be32(20)?, "image/png"))
    } else if bytes.starts_with(b"GIF8") {
        Some((le16(6)?, le16(8)?, "image/gif"))
    } else if bytes.starts_with(b"\xff\xd8") {
        let mut at = 2;
        loop {
            let marker = *bytes.get(at + 1)?;
            // Start of frame; C4, C8 and CC share its range and are tables.
            if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
                return Some((be16(at + 7)?, be16(at + 5)?, "image/jpeg"));
            }
            at += 2 + be16(at + 2)? as usize;
        }
    } else {
        None
    }
}

/// A type guessed from a file's name, for uploads that bring none.
pub(super) fn mime_of(name: &str) -> &'static str {
    match name
        .rsplit('.')
        .next()
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("gif") => "image/gif",
        Some("mp4") => "video/mp4",
        Some("svg") => "image/svg+xml",
        Some("txt" | "log" | "toml") => "text/plain",
        Some("md") => "text/markdown",
        Some("csv") => "text/csv",
        Some("json" | "jsonl") => "application/json",
        Some("html") => "text/html",
        Some("pdf") => "application/pdf",
        Some("gz") => "application/gzip",
        Some("zip") => "application/zip",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_id_belongs_to_one_bot() {
        let id = file_id(BotId(7), MediaKind::Photo, 3);
        assert_eq!(resolve(BotId(7), &id), Some((MediaKind::Photo, 3)));
        assert_eq!(resolve(BotId(8), &id), None);
        assert_eq!(resolve(BotId(7), "BQACnonsense"), None);
    }

    #[test]
    fn pixels_are_read_from_the_head() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x02\x80\0\0\x01\xe0\x08";
        assert_eq!(picture(png), Some((640, 480, "image/png")));
        let jpeg = b"\xff\xd8\xff\xe0\0\x04xx\xff\xc0\0\x0b\x08\x01\xe0\x02\x80";
        assert_eq!(picture(jpeg), Some((640, 480, "image/jpeg")));
        assert_eq!(
            picture(b"GIF89a\x80\x02\xe0\x01"),
            Some((640, 480, "image/gif"))
        );
        assert_eq!(picture(b"\xff\xd8\xff"), None);
        assert_eq!(picture(b"SQLite format 3"), None);
    }
}
