//! The inside of one HTML tag, and character references.

/// A start tag that Telegram knows, with the one attribute it looks at.
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) argument: String,
}

const KNOWN: [&str; 16] = [
    "a",
    "b",
    "strong",
    "i",
    "em",
    "s",
    "strike",
    "del",
    "u",
    "ins",
    "tg-spoiler",
    "tg-emoji",
    "span",
    "pre",
    "code",
    "blockquote",
];

/// Walks over the bytes of one tag.
struct Cursor<'a> {
    source: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<u8> {
        self.source.as_bytes().get(self.at).copied()
    }

    /// Everything up to the first byte for which `stop` holds, or the end.
    fn until(&mut self, stop: impl Fn(u8) -> bool) -> &'a str {
        let rest = &self.source[self.at..];
        let length = rest.bytes().position(stop).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn skip_space(&mut self) {
        self.until(|b| !b.is_ascii_whitespace());
    }
}

/// Reads the start tag whose `<` is at `begin`; also gives where the text goes on.
///
/// # Errors
/// Telegram's complaint.
pub(super) fn read_start_tag(source: &str, begin: usize) -> Result<(Tag, usize), String> {
    let unclosed = || format!("Unclosed start tag at byte offset {begin}");
    let mut cursor = Cursor {
        source,
        at: begin + 1,
    };
    let name = cursor
        .until(|b| b.is_ascii_whitespace() || b == b'>')
        .to_ascii_lowercase();
    if cursor.peek().is_none() {
        return Err(unclosed());
    }
    if !KNOWN.contains(&name.as_str()) {
        return Err(format!(
            "Unsupported start tag \"{name}\" at byte offset {begin}"
        ));
    }
    let mut argument = String::new();
    loop {
        cursor.skip_space();
        match cursor.peek() {
            None => return Err(unclosed()),
            Some(b'>') => break,
            Some(_) => {
                let (key, value) = read_attribute(&mut cursor, &name, begin)?;
                if let Some(found) = meaning(&name, &key, value) {
                    argument = found;
                }
            }
        }
    }
    if name == "span" && argument != "spoiler" {
        return Err(format!(
            "Tag \"span\" must have class \"tg-spoiler\" at byte offset {begin}"
        ));
    }
    Ok((Tag { name, argument }, cursor.at + 1))
}

/// Reads the end tag whose `<` is at `begin`: its name, and where the text goes on.
///
/// # Errors
/// Telegram's complaint.
pub(super) fn read_end_tag(source: &str, begin: usize) -> Result<(String, usize), String> {
    let mut cursor = Cursor {
        source,
        at: begin + 2,
    };
    let name = cursor
        .until(|b| b.is_ascii_whitespace() || b == b'>')
        .to_ascii_lowercase();
    cursor.skip_space();
    match cursor.peek() {
        Some(b'>') => Ok((name, cursor.at + 1)),
        _ => Err(format!("Unclosed end tag at byte offset {begin}")),
    }
}

fn read_attribute(
    cursor: &mut Cursor<'_>,
    tag: &str,
    begin: usize,
) -> Result<(String, String), String> {
    let key = cursor
        .until(|b| b.is_ascii_whitespace() || b == b'=' || b == b'>')
        .to_owned();
    if key.is_empty() {
        return Err(format!(
            "Empty attribute name in the tag \"{tag}\" at byte offset {begin}"
        ));
    }
    cursor.skip_space();
    if cursor.peek() != Some(b'=') {
        if tag == "blockquote" && key == "expandable" {
            return Ok((key, String::new()));
        }
        return Err(format!(
            "Expected equal sign in declaration of an attribute of the tag \"{tag}\" at byte offset {begin}"
        ));
    }
    cursor.at += 1;
    cursor.skip_space();
    let value = match cursor.peek() {
        None => {
            return Err(format!(
                "Unclosed start tag \"{tag}\" at byte offset {begin}"
            ));
        }
        Some(quote @ (b'"' | b'\'')) => read_quoted(cursor, quote),
        Some(_) => read_token(cursor)?,
    };
    match cursor.peek() {
        None => Err(format!("Unclosed start tag at byte offset {begin}")),
        Some(_) => Ok((key, value)),
    }
}

fn read_quoted(cursor: &mut Cursor<'_>, quote: u8) -> String {
    cursor.at += 1;
    let raw = cursor.until(|b| b == quote);
    if cursor.peek().is_some() {
        cursor.at += 1;
    }
    decode(raw)
}

fn read_token(cursor: &mut Cursor<'_>) -> Result<String, String> {
    let begin = cursor.at;
    let token = cursor.until(|b| !(b.is_ascii_alphanumeric() || b == b'.' || b == b'-'));
    match cursor.peek() {
        Some(b) if b.is_ascii_whitespace() || b == b'>' => Ok(token.to_ascii_lowercase()),
        _ => Err(format!(
            "Unexpected end of name token at byte offset {begin}"
        )),
    }
}

/// The part of an attribute that matters, for the few that do.
fn meaning(tag: &str, key: &str, value: String) -> Option<String> {
    match (tag, key) {
        ("a", "href") | ("tg-emoji", "emoji-id") => Some(value),
        ("code", "class") => value.strip_prefix("language-").map(str::to_owned),
        ("span", "class") => value.strip_prefix("tg-").map(str::to_owned),
        ("blockquote", "expandable") => Some(key.to_owned()),
        _ => None,
    }
}

fn decode(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(c) = rest.chars().next() {
        let (decoded, length) = match c {
            '&' => decode_reference(rest).unwrap_or((c, 1)),
            _ => (c, c.len_utf8()),
        };
        out.push(decoded);
        rest = &rest[length..];
    }
    out
}

/// Decodes the reference at the start of `text` (which begins with `&`): the character and how many
/// bytes stood for it. Unknown names are no references and stay as they are; the `;` may be missing.
pub(super) fn decode_reference(text: &str) -> Option<(char, usize)> {
    let body = &text[1..];
    let (c, length) = match body.strip_prefix('#') {
        Some(number) => {
            let (digits, radix) = match number.strip_prefix('x') {
                Some(hex) => (hex, 16),
                None => (number, 10),
            };
            let length = digits
                .bytes()
                .take_while(|b| (*b as char).is_digit(radix))
                .count();
            let code = u32::from_str_radix(&digits[..length], radix).ok()?;
            let prefix = body.len() - digits.len();
            (
                char::from_u32(code).filter(|c| *c != '\0')?,
                prefix + length,
            )
        }
        None => {
            let length = body.bytes().take_while(u8::is_ascii_alphabetic).count();
            let c = match &body[..length] {
                "lt" => '<',
                "gt" => '>',
                "amp" => '&',
                "quot" => '"',
                _ => return None,
            };
            (c, length)
        }
    };
    let semicolon = usize::from(body[length..].starts_with(';'));
    Some((c, 1 + length + semicolon))
}
