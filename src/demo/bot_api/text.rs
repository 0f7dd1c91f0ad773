//! Formatted text: a string and its entities, counted as Telegram counts, in UTF-16 units.

use serde::Serialize;

use super::ids::PersonId;

/// Units a message may have, after its markup was taken out.
pub const MAX_TEXT: usize = 4096;
/// Units a caption may have.
pub const MAX_CAPTION: usize = 1024;
/// Entities a message may have; Telegram drops the rest without a word.
const MAX_ENTITIES: usize = 100;

/// What an entity does to its piece of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names are Telegram's own")]
pub enum EntityKind {
    Bold,
    Italic,
    Underline,
    Strikethrough,
    Spoiler,
    Code,
    Pre {
        #[serde(skip_serializing_if = "Option::is_none")]
        language: Option<String>,
    },
    TextLink {
        url: String,
    },
    TextMention {
        person: PersonId,
    },
    Blockquote,
    ExpandableBlockquote,
    CustomEmoji {
        custom_emoji_id: String,
    },
    BotCommand,
    Mention,
    Url,
}

impl EntityKind {
    /// Nothing may be formatted inside these.
    fn is_opaque(&self) -> bool {
        matches!(self, Self::Code | Self::Pre { .. })
    }

    /// Two touching ones are one.
    fn merges(&self) -> bool {
        matches!(
            self,
            Self::Bold | Self::Italic | Self::Underline | Self::Strikethrough | Self::Spoiler
        )
    }

    /// No command, mention or address is looked for inside these.
    pub(super) fn hides_links(&self) -> bool {
        self.is_opaque() || matches!(self, Self::TextLink { .. } | Self::TextMention { .. })
    }
}

/// A piece of text with a meaning; offsets are UTF-16 units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entity {
    /// What it does.
    #[serde(flatten)]
    pub kind: EntityKind,
    /// First unit.
    pub offset: usize,
    /// Number of units.
    pub length: usize,
}

impl Entity {
    /// The unit behind the last one.
    pub fn end(&self) -> usize {
        self.offset + self.length
    }
}

/// Text as the server keeps it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RichText {
    /// Without markup.
    pub text: String,
    /// Sorted by offset, the longer one first.
    pub entities: Vec<Entity>,
}

impl RichText {
    /// Text without any formatting.
    pub fn plain(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            entities: Vec::new(),
        }
    }

    /// Length as Telegram counts it.
    pub fn units(&self) -> usize {
        units(&self.text)
    }

    /// The piece of text under an entity.
    pub fn piece(&self, entity: &Entity) -> String {
        let piece: Vec<u16> = self
            .text
            .encode_utf16()
            .skip(entity.offset)
            .take(entity.length)
            .collect();
        String::from_utf16_lossy(&piece)
    }

    /// The pieces under every entity of a kind, for assertions such as *this is bold*.
    pub fn pieces(&self, kind: &EntityKind) -> Vec<String> {
        self.entities
            .iter()
            .filter(|e| e.kind == *kind)
            .map(|e| self.piece(e))
            .collect()
    }

    /// Brings the entities into Telegram's form: sorted, touching ones merged, none inside code.
    pub(super) fn normalise(&mut self) {
        sort(&mut self.entities);
        let opaque: Vec<_> = self
            .entities
            .iter()
            .filter(|e| e.kind.is_opaque())
            .map(|e| e.offset..e.end())
            .collect();
        self.entities.retain(|e| {
            e.length > 0
                && (e.kind.is_opaque()
                    || !opaque
                        .iter()
                        .any(|r| r.start <= e.offset && e.end() <= r.end))
        });
        let mut kept: Vec<Entity> = Vec::new();
        for entity in self.entities.drain(..) {
            let same = kept
                .iter_mut()
                .find(|k| k.kind.merges() && k.kind == entity.kind && entity.offset <= k.end());
            match same {
                Some(k) => k.length = k.length.max(entity.end() - k.offset),
                None => kept.push(entity),
            }
        }
        kept.truncate(MAX_ENTITIES);
        self.entities = kept;
    }

    /// Cuts white space at both ends, as every message has it cut.
    pub(super) fn trimmed(self) -> Self {
        let start = self.text.len() - self.text.trim_start().len();
        let cut = units(&self.text[..start]);
        let text = self.text.trim().to_owned();
        let length = units(&text);
        let entities = self
            .entities
            .into_iter()
            .filter_map(|e| {
                let from = e.offset.max(cut) - cut;
                let to = (e.end().max(cut) - cut).min(length);
                (to > from).then_some(Entity {
                    kind: e.kind,
                    offset: from,
                    length: to - from,
                })
            })
            .collect();
        Self { text, entities }
    }
}

/// Sorts by place, the enclosing one first.
pub(super) fn sort(entities: &mut [Entity]) {
    entities.sort_by_key(|e| (e.offset, std::cmp::Reverse(e.length)));
}

/// UTF-16 units of a text.
pub(super) fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bold(offset: usize, length: usize) -> Entity {
        Entity {
            kind: EntityKind::Bold,
            offset,
            length,
        }
    }

    #[test]
    fn trimming_moves_and_clips_entities() {
        let rich = RichText {
            text: "  😀 ab  ".into(),
            entities: vec![bold(0, 4), bold(5, 4)],
        };
        let rich = rich.trimmed();
        assert_eq!(rich.text, "😀 ab");
        assert_eq!(rich.entities, [bold(0, 2), bold(3, 2)]);
        assert_eq!(rich.pieces(&EntityKind::Bold), ["😀", "ab"]);
    }

    #[test]
    fn touching_entities_merge_and_code_stays_bare() {
        let code = Entity {
            kind: EntityKind::Code,
            offset: 4,
            length: 4,
        };
        let mut rich = RichText {
            text: "aabbcccc".into(),
            entities: vec![bold(2, 2), bold(0, 2), code.clone(), bold(5, 1)],
        };
        rich.normalise();
        assert_eq!(rich.entities, [bold(0, 4), code]);
    }
}
