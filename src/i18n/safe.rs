//! Text from outside made harmless: names, paths, words of other programs.

/// Longest text an argument may bring into a message, in characters.
const LONGEST: usize = 400;

/// For the console: one line, nothing that moves the cursor or turns the reading direction.
pub(super) fn plain(text: &str) -> String {
    let mut clean: String = text.chars().filter_map(harmless).take(LONGEST).collect();
    if text.chars().filter_map(harmless).nth(LONGEST).is_some() {
        clean.push('…');
    }
    clean
}

/// For Telegram's HTML: the same, escaped.
pub(super) fn html(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in plain(text).chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// A line break would let a name forge a line of its own; a bidirectional control would let it
/// rearrange the words around it.
fn harmless(character: char) -> Option<char> {
    match character {
        '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => None,
        '\u{2028}' | '\u{2029}' => Some(' '),
        other if other.is_control() => Some(' '),
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_escaped() {
        assert_eq!(html("<b>&\"x\""), "&lt;b&gt;&amp;&quot;x&quot;");
    }

    #[test]
    fn a_name_can_neither_break_the_line_nor_turn_it() {
        assert_eq!(plain("Ann\n\u{202e}evil\u{2066}\u{1b}[2J"), "Ann evil [2J");
    }

    #[test]
    fn a_long_text_is_cut() {
        let cut = plain(&"я".repeat(1000));
        assert_eq!(cut.chars().count(), LONGEST + 1);
        assert!(cut.ends_with('…'));
    }
}
