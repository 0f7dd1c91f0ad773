//! The document as Markdown, for a wiki or a ticket.

use super::blocks::{Block, Document, Piece, pieces};
use std::fmt::Write;

/// Everything but the pictures, which Markdown cannot hold.
#[must_use]
pub fn markdown(document: &Document) -> String {
    let mut out = format!("# {}\n\n", escaped(&document.title));
    push(&mut out, &format!("*{}*", escaped(&document.status)));
    for section in &document.sections {
        if let Some(heading) = &section.heading {
            push(&mut out, &format!("## {}", escaped(heading)));
        }
        for block in &section.blocks {
            push(&mut out, &self::block(block));
        }
    }
    push(&mut out, "---");
    let _ = writeln!(out, "{}", escaped(&document.source));
    out
}

fn push(out: &mut String, text: &str) {
    if !text.is_empty() {
        out.push_str(text);
        out.push_str("\n\n");
    }
}

fn block(block: &Block) -> String {
    match block {
        Block::Plain(text) => escaped(text),
        Block::Missing(text) => format!("*{}*", escaped(text)),
        Block::Said { text, by } => said(text, by),
        Block::Facts(facts) => facts
            .iter()
            .map(|(name, lines)| {
                let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
                // The runbook's template writes its names so.
                format!("**{}:** {}", escaped(name), lines.join("<br>"))
            })
            .collect::<Vec<_>>()
            .join("  \n"),
        // A line of TOML never begins with the fence.
        Block::Code(text) => format!("```toml\n{}\n```", text.trim_end()),
        Block::Bullets(lines) => list(lines.iter().map(String::as_str)),
        Block::Table { head, rows } => table(head, rows),
        Block::Chart { .. } => String::new(),
        Block::Picture { about, content } => {
            let short: String = content.chars().take(12).collect();
            format!("*{}: {short}*", escaped(about))
        }
    }
}

fn list<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let lines = lines.map(|line| format!("- {}", escaped(line)));
    lines.collect::<Vec<_>>().join("\n")
}

/// A person's words; each of his lines stays one.
fn said(text: &str, by: &str) -> String {
    let lines = pieces(text).map(|piece| match piece {
        Piece::Words(line) => format!("{}  ", escaped(line)),
        Piece::Point(point) => format!("- {}", escaped(point)),
    });
    let mut lines: Vec<String> = lines.collect();
    lines.push(format!("\n*— {}*", escaped(by)));
    lines.join("\n")
}

fn table(head: &[String], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| escaped(cell)).collect();
        format!("| {} |", cells.join(" | "))
    };
    let rule = format!("|{}", " --- |".repeat(head.len()));
    let mut lines = vec![line(head), rule];
    lines.extend(rows.iter().map(|row| line(row)));
    lines.join("\n")
}

/// Whatever Markdown or HTML in it would read as markup is text.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' => {
                out.push('\\');
                out.push(character);
            }
            // Only at the beginning of a line do these mean anything.
            '#' | '=' | '+' | '-' if at == 0 => {
                out.push('\\');
                out.push(character);
            }
            // `1.` begins a list.
            '.' | ')' if at > 0 && text[..at].bytes().all(|byte| byte.is_ascii_digit()) => {
                out.push('\\');
                out.push(character);
            }
            '\n' | '\r' => out.push(' '),
            other => out.push(other),
        }
    }
    out
}
