//! Entities that nobody marks up: `/commands`, `@mentions` and addresses.

use super::text::{Entity, EntityKind, RichText, sort, units};

/// Adds what Telegram finds in a text by itself, outside code and links.
pub(super) fn add_found(rich: &mut RichText) {
    let hidden: Vec<_> = rich
        .entities
        .iter()
        .filter(|e| e.kind.hides_links())
        .map(|e| e.offset..e.end())
        .collect();
    let mut found = Vec::new();
    let mut offset = 0;
    let mut before: Option<char> = None;
    let mut rest = rich.text.as_str();
    while let Some(c) = rest.chars().next() {
        let hit = match before {
            Some(b) if b.is_alphanumeric() || "_/<>".contains(b) => None,
            _ => at_start(rest),
        };
        let taken = hit.as_ref().map_or(c.len_utf8(), |(_, bytes)| *bytes);
        let (piece, tail) = rest.split_at(taken);
        let length = units(piece);
        if let Some((kind, _)) = hit
            && !hidden
                .iter()
                .any(|r| r.start < offset + length && offset < r.end)
        {
            found.push(Entity {
                kind,
                offset,
                length,
            });
        }
        before = piece.chars().next_back();
        offset += length;
        rest = tail;
    }
    rich.entities.extend(found);
    sort(&mut rich.entities);
}

/// What begins right here, and its length in bytes.
fn at_start(text: &str) -> Option<(EntityKind, usize)> {
    let name = |s: &str| s.chars().take_while(|c| is_word(*c)).count();
    if let Some(rest) = text.strip_prefix('/') {
        let command = name(rest);
        let bot = rest[command..].strip_prefix('@').map_or(0, name);
        let length = 1 + command + if bot > 2 { 1 + bot } else { 0 };
        let whole = !text[length..].starts_with(['/', '<', '>']);
        return ((1..=64).contains(&command) && whole).then_some((EntityKind::BotCommand, length));
    }
    if let Some(rest) = text.strip_prefix('@') {
        let length = name(rest);
        return (3..=32)
            .contains(&length)
            .then_some((EntityKind::Mention, 1 + length));
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        let end = text
            .find(|c: char| c.is_whitespace() || "<>\"".contains(c))
            .unwrap_or(text.len());
        let url = text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '\'']);
        return (url.len() > "https://".len()).then_some((EntityKind::Url, url.len()));
    }
    None
}

/// ASCII only, so that a count of characters is a count of bytes.
fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::{super::html, *};

    fn found(html: &str) -> Vec<(EntityKind, String)> {
        let mut rich = html::parse(html).expect(html);
        add_found(&mut rich);
        rich.entities
            .iter()
            .map(|e| (e.kind.clone(), rich.piece(e)))
            .collect()
    }

    #[test]
    fn commands_mentions_and_addresses_are_found() {
        assert_eq!(
            found("😀 /start@rei_bot, ask @anna at https://a.example/x?y=1. Not a/b or e@mail"),
            [
                (EntityKind::BotCommand, "/start@rei_bot".to_owned()),
                (EntityKind::Mention, "@anna".to_owned()),
                (EntityKind::Url, "https://a.example/x?y=1".to_owned()),
            ]
        );
    }

    #[test]
    fn nothing_is_found_in_code_and_paths() {
        assert_eq!(
            found("<code>/status</code>"),
            [(EntityKind::Code, "/status".to_owned())]
        );
        assert_eq!(found("/var/backups"), []);
        assert_eq!(found("&lt;b&gt;x&lt;/b&gt;"), []);
    }
}
