//! Text from outside made harmless: names, paths, words of other programs.

/// Longest text an argument may bring into a message, in characters.
const LONGEST: usize = 400;

/// Marks that may stand on one letter. More of them reach into the lines above and below.
const MOST_MARKS: usize = 3;

/// For the console: one line, nothing that moves the cursor, turns the reading direction, cannot be
/// seen, or covers what stands around it.
pub(super) fn plain(text: &str) -> String {
    let mut clean = String::new();
    let (mut length, mut marks) = (0, 0);
    for character in text.chars().filter_map(harmless) {
        marks = if is_mark(character) { marks + 1 } else { 0 };
        if marks > MOST_MARKS {
            continue;
        }
        if length == LONGEST {
            clean.push('…');
            break;
        }
        clean.push(character);
        length += 1;
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
/// rearrange the words around it; what cannot be seen makes two names of one.
fn harmless(character: char) -> Option<char> {
    match character {
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}' => None,
        '\u{2028}' | '\u{2029}' => Some(' '),
        other if other.is_control() => Some(' '),
        other => Some(other),
    }
}

/// Marks of the blocks for combining marks: those of no script, which none needs more than a few of.
fn is_mark(character: char) -> bool {
    matches!(character,
        '\u{300}'..='\u{36f}'
        | '\u{483}'..='\u{489}'
        | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}')
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
    fn what_cannot_be_seen_or_covers_other_lines_is_taken_out() {
        assert_eq!(plain("a\u{ad}d\u{e0061}m\u{3164}in\u{fffb}"), "admin");
        let piled = plain(&format!("x{}y", "\u{335}".repeat(80)));
        assert_eq!(piled.chars().count(), 2 + MOST_MARKS);
        // What people really write stays: accents, Hindi, joined emoji.
        for text in [
            "Зоя\u{301} e\u{301}",
            "\u{928}\u{92e}\u{938}\u{94d}\u{924}\u{947}",
            "👩\u{200d}💻",
        ] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        let cut = plain(&"я".repeat(1000));
        assert_eq!(cut.chars().count(), LONGEST + 1);
        assert!(cut.ends_with('…'));
    }
}
