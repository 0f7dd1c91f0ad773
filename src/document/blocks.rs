//! A document as blocks of plain text.

/// A document.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// `en`, `ru`: for whoever reads it aloud or breaks its words.
    pub language: &'static str,
    /// What it is about.
    pub title: String,
    /// How it stands, below the title.
    pub status: String,
    /// Its parts.
    pub sections: Vec<Section>,
    /// Where it comes from, at its end.
    pub source: String,
}

/// A part of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// Its heading; none for the one at the top.
    pub heading: Option<String>,
    /// What stands in it.
    pub blocks: Vec<Block>,
}

/// A piece of a part. All of it is plain text: whoever writes a file escapes it.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// A paragraph.
    Plain(String),
    /// What is still to be told.
    Missing(String),
    /// What a person wrote, with its line breaks, and who it was.
    Said {
        /// The words.
        text: String,
        /// Who and when.
        by: String,
    },
    /// Names with what belongs to them, a line each.
    Facts(Vec<(String, Vec<String>)>),
    /// Text for a file, to be copied as it is.
    Code(String),
    /// A list.
    Bullets(Vec<String>),
    /// A table.
    Table {
        /// Names of the columns.
        head: Vec<String>,
        /// Its rows.
        rows: Vec<Vec<String>>,
    },
    /// The picture of the incident.
    Chart {
        /// What it shows, for who cannot see it.
        about: String,
    },
    /// A picture that somebody added, by its content.
    Picture {
        /// Its SHA-256.
        content: String,
        /// What it shows.
        about: String,
    },
}

/// A line of what a person wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Ordinary words.
    Words(&'a str),
    /// A point of a list.
    Point(&'a str),
}

/// A person's words line by line; free lines are left out.
pub(super) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| {
        let point = ["- ", "• ", "* ", "– "]
            .iter()
            .find_map(|mark| line.strip_prefix(mark));
        match point.map(str::trim).filter(|point| !point.is_empty()) {
            Some(point) => Piece::Point(point),
            None => Piece::Words(line),
        }
    })
}
