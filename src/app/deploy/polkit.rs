//! The polkit rule.

use std::collections::BTreeSet;

/// Job types of systemd, as it tells polkit.
const VERBS: [&str; 3] = ["start", "stop", "restart"];

/// A file for `/etc/polkit-1/rules.d`.
pub(super) fn rule(head: &str, user: &str, units: &BTreeSet<String>) -> String {
    let units: Vec<String> = units.iter().map(|unit| quoted(unit)).collect();
    let verbs = VERBS.map(quoted);
    let (user, units, verbs) = (quoted(user), units.join(", "), verbs.join(", "));
    format!(
        "// {head}
polkit.addRule(function(action, subject) {{
    var units = [{units}];
    var verbs = [{verbs}];
    if (action.id == \"org.freedesktop.systemd1.manage-units\" &&
        subject.user == {user} &&
        units.indexOf(action.lookup(\"unit\")) >= 0 &&
        verbs.indexOf(action.lookup(\"verb\")) >= 0) {{
        return polkit.Result.YES;
    }}
}});
"
    )
}

/// A literal that JavaScript reads as this text: ASCII, whatever the text is.
fn quoted(text: &str) -> String {
    let mut literal = String::from('"');
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(byte) if byte.is_ascii_alphanumeric() || b"._-@: ".contains(&byte) => {
                literal.push(char::from(byte));
            }
            _ => literal.push_str(&format!("\\u{unit:04x}")),
        }
    }
    literal.push('"');
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_quotes() {
        assert_eq!(quoted("rei@a:b.service"), "\"rei@a:b.service\"");
        let hostile = quoted("a\"];//\\\n\u{2028}я");
        assert_eq!(
            hostile,
            "\"a\\u0022\\u005d\\u003b\\u002f\\u002f\\u005c\\u000a\\u2028\\u044f\""
        );
    }
}
