//! What a test of backups found.

use crate::domain::chore::testing::Line;
use crate::domain::chore::testing::Tested;
use crate::telegram::render::View;

/// Place by place, what speaks against each below it.
pub(super) fn lines(view: &View<'_>, tested: &Tested) -> Vec<String> {
    let mut lines = Vec::new();
    for Line { key, args, against } in tested.lines() {
        if matches!(key.as_str(), "backup-test-place" | "backup-test-untested") {
            lines.push(String::new());
        }
        let text = view.i18n.html(view.locale, &key, &args);
        lines.push(if against { format!("• {text}") } else { text });
    }
    lines
}
