//! Which components get a strip of their own.

use super::Words;
use crate::domain::health::history::{Piece, Span, Track, add};
use crate::domain::health::{Condition, Part, worse};
use std::collections::BTreeSet;

/// With this many rows those that were up all day are only counted. Whatever was not up has its row.
const ENOUGH: usize = 12;

/// What is shown.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) rows: Vec<Row>,
    /// Further ones that were up all day.
    pub(super) calm: usize,
}

/// One strip.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) pieces: Vec<Piece>,
}

impl Row {
    fn is_calm(&self) -> bool {
        let mut pieces = self.pieces.iter();
        pieces.all(|piece| piece.condition == Condition::Up)
    }

    /// Percent of the time of which something is known that it was not down; nothing where nothing
    /// is known.
    pub(super) fn availability(&self) -> Option<f64> {
        let seconds = |wanted: fn(Condition) -> bool| -> i64 {
            let pieces = self.pieces.iter().filter(|piece| wanted(piece.condition));
            pieces
                .map(|piece| piece.until.as_second() - piece.from.as_second())
                .sum()
        };
        let known = seconds(|condition| condition != Condition::Unknown);
        let down = seconds(|condition| condition == Condition::Down);
        #[allow(clippy::cast_precision_loss, reason = "seconds of a day")]
        (known > 0).then(|| 100.0 - down as f64 * 100.0 / known as f64)
    }
}

/// A row for each unit and one for each other part; the ones that were up all day last to come in.
pub(super) fn choose(span: &Span, words: &Words<'_>) -> Chosen {
    let mut rows = Vec::new();
    for &part in Part::ALL {
        let tracks: Vec<&Track> = span.tracks.iter().filter(|t| t.part == part).collect();
        if part == Part::Unit {
            rows.extend(tracks.iter().map(|track| Row {
                name: track.subject.clone().unwrap_or_else(|| name(words, part)),
                pieces: track.pieces.clone(),
            }));
        } else if !tracks.is_empty() {
            rows.push(Row {
                name: name(words, part),
                pieces: merged(&tracks),
            });
        }
    }
    let troubled = rows.iter().filter(|row| !row.is_calm()).count();
    let mut room = ENOUGH.saturating_sub(troubled);
    let all = rows.len();
    rows.retain(|row| {
        let kept = !row.is_calm() || room > 0;
        if row.is_calm() {
            room = room.saturating_sub(1);
        }
        kept
    });
    Chosen {
        calm: all - rows.len(),
        rows,
    }
}

fn name(words: &Words<'_>, part: Part) -> String {
    words.text(&format!("picture-part-{}", part.as_str()))
}

/// The worst of several components at each moment.
fn merged(tracks: &[&Track]) -> Vec<Piece> {
    let all = || tracks.iter().flat_map(|track| &track.pieces);
    let edges: BTreeSet<i64> = all()
        .flat_map(|piece| [piece.from.as_second(), piece.until.as_second()])
        .collect();
    let edges: Vec<i64> = edges.into_iter().collect();
    let mut found = Vec::new();
    for two in edges.windows(2) {
        let there = all()
            .filter(|piece| piece.from.as_second() <= two[0] && two[1] <= piece.until.as_second());
        if let Some(worst) = there.map(|piece| piece.condition).reduce(worse) {
            add(&mut found, (two[0], two[1]), worst);
        }
    }
    found
}
