//! The document as one HTML file: nothing is loaded from anywhere, and it prints as it looks.

use super::blocks::{Block, Document, Piece, Section, pieces};
use data_encoding::BASE64;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How it looks, on a screen and on paper.
const STYLE: &str = include_str!("style.css");

/// The file. `chart` is a PNG; `pictures` are what people added, by content.
#[must_use]
pub fn html(
    document: &Document,
    chart: Option<&[u8]>,
    pictures: &BTreeMap<String, Vec<u8>>,
) -> String {
    let mut page = Page {
        out: String::new(),
        chart,
        pictures,
    };
    let title = escaped(&document.title);
    page.raw("<!DOCTYPE html>\n");
    page.raw(&format!("<html lang=\"{}\">\n<head>\n", document.language));
    page.raw("<meta charset=\"utf-8\">\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    // No script, no address: even a browser that missed something in it would load nothing.
    page.raw(
        "<meta http-equiv=\"Content-Security-Policy\" \
         content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n",
    );
    page.raw(&format!(
        "<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n"
    ));
    page.raw(&format!("<header>\n<h1>{title}</h1>\n"));
    page.element("p", "status", &document.status);
    page.raw("</header>\n<main>\n");
    for section in &document.sections {
        page.section(section);
    }
    page.raw("</main>\n<footer>\n");
    page.element("p", "source", &document.source);
    page.raw("</footer>\n</body>\n</html>\n");
    page.out
}

struct Page<'a> {
    out: String,
    chart: Option<&'a [u8]>,
    pictures: &'a BTreeMap<String, Vec<u8>>,
}

impl Page<'_> {
    fn raw(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    fn element(&mut self, tag: &str, class: &str, text: &str) {
        let text = escaped(text);
        let _ = writeln!(self.out, "<{tag} class=\"{class}\">{text}</{tag}>");
    }

    fn section(&mut self, section: &Section) {
        self.raw("<section>\n");
        if let Some(heading) = &section.heading {
            let heading = escaped(heading);
            let _ = writeln!(self.out, "<h2>{heading}</h2>");
        }
        for block in &section.blocks {
            self.block(block);
        }
        self.raw("</section>\n");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Plain(text) => self.element("p", "plain", text),
            Block::Missing(text) => self.element("p", "missing", text),
            Block::Said { text, by } => self.said(text, by),
            Block::Facts(facts) => self.facts(facts),
            Block::Code(text) => self.element("pre", "code", text),
            Block::Bullets(lines) => {
                self.raw("<ul>\n");
                for line in lines {
                    self.element("li", "point", line);
                }
                self.raw("</ul>\n");
            }
            Block::Table { head, rows } => self.table(head, rows),
            Block::Chart { about } => {
                if let Some(png) = self.chart {
                    self.image("chart", ("image/png", png), about);
                }
            }
            Block::Picture { content, about } => self.picture(content, about),
        }
    }

    /// A person's words: lines stay lines, points become a list.
    fn said(&mut self, text: &str, by: &str) {
        self.raw("<div class=\"said\">\n");
        let mut listed = false;
        for piece in pieces(text) {
            let (point, words) = match piece {
                Piece::Point(words) => (true, words),
                Piece::Words(words) => (false, words),
            };
            match (listed, point) {
                (false, true) => self.raw("<ul>\n"),
                (true, false) => self.raw("</ul>\n"),
                _ => {}
            }
            listed = point;
            self.element(if point { "li" } else { "p" }, "words", words);
        }
        if listed {
            self.raw("</ul>\n");
        }
        self.element("p", "by", &format!("— {by}"));
        self.raw("</div>\n");
    }

    fn facts(&mut self, facts: &[(String, Vec<String>)]) {
        self.raw("<table class=\"facts\">\n");
        for (name, lines) in facts {
            let name = escaped(name);
            let _ = write!(self.out, "<tr><th scope=\"row\">{name}</th><td>");
            for (nth, line) in lines.iter().enumerate() {
                let class = if nth == 0 { "first" } else { "more" };
                let line = escaped(line);
                let _ = write!(self.out, "<p class=\"{class}\">{line}</p>");
            }
            self.raw("</td></tr>\n");
        }
        self.raw("</table>\n");
    }

    fn table(&mut self, head: &[String], rows: &[Vec<String>]) {
        let _ = write!(
            self.out,
            "<table class=\"columns-{}\">\n<thead><tr>",
            head.len()
        );
        for name in head {
            let name = escaped(name);
            let _ = write!(self.out, "<th scope=\"col\">{name}</th>");
        }
        self.raw("</tr></thead>\n<tbody>\n");
        for row in rows {
            self.raw("<tr>");
            for cell in row {
                let cell = escaped(cell);
                let _ = write!(self.out, "<td>{cell}</td>");
            }
            self.raw("</tr>\n");
        }
        self.raw("</tbody>\n</table>\n");
    }

    /// Only what is a picture by its own first bytes goes in as one, whatever it was sent as.
    fn picture(&mut self, content: &str, about: &str) {
        let known = self.pictures.get(content).and_then(|bytes| {
            let kind = kind(bytes)?;
            Some((kind, bytes.as_slice()))
        });
        match known {
            Some(known) => self.image("photo", known, about),
            None => {
                let short: String = content.chars().take(12).collect();
                self.element("p", "missing", &format!("{about}: {short}"));
            }
        }
    }

    fn image(&mut self, class: &str, (kind, bytes): (&str, &[u8]), about: &str) {
        let (about, data) = (escaped(about), BASE64.encode(bytes));
        let _ = writeln!(
            self.out,
            "<figure class=\"{class}\"><img src=\"data:{kind};base64,{data}\" alt=\"{about}\">\
             <figcaption>{about}</figcaption></figure>"
        );
    }
}

/// The type of a picture that every browser shows and none runs.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => Some("image/webp"),
        _ => None,
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
