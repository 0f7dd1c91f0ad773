//! `parse_mode=HTML`: markup in, text and entities out, or the complaint Telegram would make.
//!
//! Pure. The tags, the four named references and the wording of each complaint are those of
//! Telegram's own parser; offsets in complaints are bytes of the input, offsets of entities UTF-16
//! units of the output.

use super::{
    html_tag::{Tag, decode_reference, read_end_tag, read_start_tag},
    ids::PersonId,
    text::{Entity, EntityKind, RichText},
};

/// A tag that waits for its end.
struct Open {
    name: String,
    argument: String,
    offset: usize,
    byte: usize,
}

struct Parser {
    out: RichText,
    units: usize,
    open: Vec<Open>,
}

/// Parses a text with Telegram's HTML.
///
/// # Errors
/// The text behind `can't parse entities: `.
pub(super) fn parse(source: &str) -> Result<RichText, String> {
    let mut parser = Parser {
        out: RichText::default(),
        units: 0,
        open: Vec::new(),
    };
    let mut at = 0;
    while let Some(next) = source[at..].chars().next() {
        at = match next {
            '<' if source[at + 1..].starts_with('/') => {
                let (name, end) = read_end_tag(source, at)?;
                parser.close(&name, at)?;
                end
            }
            '<' => {
                let (tag, end) = read_start_tag(source, at)?;
                parser.open(tag);
                end
            }
            '&' => match decode_reference(&source[at..]) {
                Some((decoded, length)) => {
                    parser.push(decoded);
                    at + length
                }
                None => parser.push_at(next, at),
            },
            _ => parser.push_at(next, at),
        };
    }
    parser.finish()
}

impl Parser {
    fn push(&mut self, c: char) {
        self.units += c.len_utf16();
        self.out.text.push(c);
    }

    fn push_at(&mut self, c: char, at: usize) -> usize {
        self.push(c);
        at + c.len_utf8()
    }

    fn open(&mut self, tag: Tag) {
        self.open.push(Open {
            name: tag.name,
            argument: tag.argument,
            offset: self.units,
            byte: self.out.text.len(),
        });
    }

    /// `name` is empty for `</>`, which closes whatever is open.
    fn close(&mut self, name: &str, at: usize) -> Result<(), String> {
        let Some(open) = self.open.pop() else {
            return Err(format!("Unexpected end tag at byte offset {at}"));
        };
        if !name.is_empty() && name != open.name {
            return Err(format!(
                "Unmatched end tag at byte offset {at}, expected \"</{}>\", found \"</{name}>\"",
                open.name
            ));
        }
        if self.units > open.offset {
            self.add(open)?;
        }
        Ok(())
    }

    fn add(&mut self, open: Open) -> Result<(), String> {
        let (offset, length) = (open.offset, self.units - open.offset);
        let inner = self
            .out
            .entities
            .last()
            .filter(|e| e.offset == offset && e.length == length);
        let kind = match open.name.as_str() {
            "b" | "strong" => EntityKind::Bold,
            "i" | "em" => EntityKind::Italic,
            "u" | "ins" => EntityKind::Underline,
            "s" | "strike" | "del" => EntityKind::Strikethrough,
            "span" | "tg-spoiler" => EntityKind::Spoiler,
            "blockquote" if open.argument.is_empty() => EntityKind::Blockquote,
            "blockquote" => EntityKind::ExpandableBlockquote,
            "tg-emoji" => custom_emoji(open.argument)?,
            "pre" => {
                // `<pre><code class="language-x">` is one block, not code within a block.
                match inner.map(|e| e.kind.clone()) {
                    Some(block @ EntityKind::Pre { language: Some(_) }) => {
                        self.out.entities.pop();
                        block
                    }
                    _ => EntityKind::Pre { language: None },
                }
            }
            "code" if open.argument.is_empty() => EntityKind::Code,
            "code" if self.inside_pre(offset) => EntityKind::Pre {
                language: Some(open.argument),
            },
            "code" => EntityKind::Code,
            _ => match link(open.argument, &self.out.text[open.byte..]) {
                Some(link) => link,
                None => return Ok(()),
            },
        };
        self.out.entities.push(Entity {
            kind,
            offset,
            length,
        });
        Ok(())
    }

    fn inside_pre(&self, offset: usize) -> bool {
        self.open
            .last()
            .is_some_and(|o| o.name == "pre" && o.offset == offset)
    }

    fn finish(mut self) -> Result<RichText, String> {
        if let Some(open) = self.open.pop() {
            let name = open.name;
            return Err(format!(
                "Can't find end tag corresponding to start tag \"{name}\""
            ));
        }
        self.out.normalise();
        Ok(self.out)
    }
}

fn custom_emoji(id: String) -> Result<EntityKind, String> {
    match id.parse::<i64>() {
        Ok(n) if n != 0 => Ok(EntityKind::CustomEmoji {
            custom_emoji_id: id,
        }),
        _ => Err("Invalid custom emoji identifier specified".into()),
    }
}

/// A link without a usable address stays as plain text, silently.
fn link(href: String, shown: &str) -> Option<EntityKind> {
    let url = if href.is_empty() {
        shown.trim().to_owned()
    } else {
        href
    };
    if let Some(id) = url.strip_prefix("tg://user?id=") {
        return id.parse().ok().map(|id| EntityKind::TextMention {
            person: PersonId(id),
        });
    }
    let known = ["http://", "https://", "tg://", "ton://"]
        .iter()
        .any(|p| url.starts_with(p));
    let host = url.split(['/', '?', '#']).next().unwrap_or_default();
    if known {
        Some(EntityKind::TextLink { url })
    } else if host.contains('.') && !url.contains([' ', ':']) {
        Some(EntityKind::TextLink {
            url: format!("http://{url}"),
        })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(source: &str) -> String {
        parse(source).expect_err(source)
    }

    fn only(source: &str) -> (String, EntityKind, String) {
        let rich = parse(source).expect(source);
        assert_eq!(rich.entities.len(), 1, "{rich:?}");
        let entity = &rich.entities[0];
        (rich.text.clone(), entity.kind.clone(), rich.piece(entity))
    }

    #[test]
    fn every_tag_becomes_its_entity() {
        for (tag, kind) in [
            ("b", EntityKind::Bold),
            ("STRONG", EntityKind::Bold),
            ("i", EntityKind::Italic),
            ("em", EntityKind::Italic),
            ("u", EntityKind::Underline),
            ("ins", EntityKind::Underline),
            ("s", EntityKind::Strikethrough),
            ("strike", EntityKind::Strikethrough),
            ("del", EntityKind::Strikethrough),
            ("tg-spoiler", EntityKind::Spoiler),
            ("code", EntityKind::Code),
            ("pre", EntityKind::Pre { language: None }),
            ("blockquote", EntityKind::Blockquote),
        ] {
            let got = only(&format!("a <{tag}>bc</{tag}> d"));
            assert_eq!(got, ("a bc d".into(), kind, "bc".into()));
        }
    }

    #[test]
    fn tags_with_attributes() {
        let spoiler = only("<span class=\"tg-spoiler\">x</span>");
        assert_eq!(spoiler.1, EntityKind::Spoiler);
        let quote = only("<blockquote expandable>x</blockquote>");
        assert_eq!(quote.1, EntityKind::ExpandableBlockquote);
        let emoji = only("<tg-emoji emoji-id='5368324170671202286'>👍</tg-emoji>");
        assert_eq!(
            emoji.1,
            EntityKind::CustomEmoji {
                custom_emoji_id: "5368324170671202286".into()
            }
        );
        let block = only("<pre><code class=\"language-rust\">let x;</code></pre>");
        assert_eq!(
            block.1,
            EntityKind::Pre {
                language: Some("rust".into())
            }
        );
        let link = only("<a href=\"https://a.example/?x=1&amp;y=2\">here</a>");
        assert_eq!(
            link.1,
            EntityKind::TextLink {
                url: "https://a.example/?x=1&y=2".into()
            }
        );
        let person = only("<a href='tg://user?id=42'>Ann</a>");
        assert_eq!(
            person.1,
            EntityKind::TextMention {
                person: PersonId(42)
            }
        );
        let bare = only("<a>example.org</a>");
        assert_eq!(
            bare.1,
            EntityKind::TextLink {
                url: "http://example.org".into()
            }
        );
        assert!(
            parse("<a href='nonsense'>x</a>")
                .expect("text")
                .entities
                .is_empty()
        );
    }

    #[test]
    fn offsets_are_utf16_units() {
        let rich = parse("😀é <b>ж😀</b>&lt;&#128512;&amp;&quot;&nbsp;").expect("text");
        assert_eq!(rich.text, "😀é ж😀<😀&\"&nbsp;");
        assert_eq!((rich.entities[0].offset, rich.entities[0].length), (4, 3));
    }

    #[test]
    fn entities_nest_and_code_swallows_what_is_in_it() {
        let rich = parse("<b>a<i>b</i></b><code>x<b>y</b></code>").expect("text");
        let kinds: Vec<_> = rich.entities.iter().map(|e| e.kind.clone()).collect();
        assert_eq!(
            kinds,
            [EntityKind::Bold, EntityKind::Italic, EntityKind::Code]
        );
    }

    #[test]
    fn complaints_are_worded_as_telegram_words_them() {
        for (source, expected) in [
            ("a <foo>", "Unsupported start tag \"foo\" at byte offset 2"),
            ("1 < 2 >", "Unsupported start tag \"\" at byte offset 2"),
            ("ж <b", "Unclosed start tag at byte offset 3"),
            (
                "<b>x",
                "Can't find end tag corresponding to start tag \"b\"",
            ),
            ("x</b>", "Unexpected end tag at byte offset 1"),
            (
                "<b>x</i>",
                "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\"",
            ),
            ("<b>x</b", "Unclosed end tag at byte offset 4"),
            (
                "<span>x</span>",
                "Tag \"span\" must have class \"tg-spoiler\" at byte offset 0",
            ),
            (
                "<a href>x</a>",
                "Expected equal sign in declaration of an attribute of the tag \"a\" at byte offset 0",
            ),
            ("<a href=\"x>y</a>", "Unclosed start tag at byte offset 0"),
            (
                "<a href=x/y>y</a>",
                "Unexpected end of name token at byte offset 8",
            ),
            (
                "<tg-emoji emoji-id='q'>x</tg-emoji>",
                "Invalid custom emoji identifier specified",
            ),
        ] {
            assert_eq!(complaint(source), expected);
        }
    }
}
