//! As much of PromQL as it takes to know which metrics and labels an expression names.

use std::collections::{BTreeMap, BTreeSet};

/// What an expression names.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// Metrics, each with the labels it is asked for by.
    pub metrics: BTreeMap<String, BTreeSet<String>>,
    /// Labels that results are grouped or matched by.
    pub grouped: BTreeSet<String>,
}

const WORDS: [&str; 6] = ["and", "or", "unless", "bool", "offset", "inf"];
const GROUPING: [&str; 6] = [
    "by",
    "without",
    "on",
    "ignoring",
    "group_left",
    "group_right",
];

#[derive(Debug, PartialEq)]
enum Token {
    Name(String),
    Sign(char),
}

/// Reads an expression.
pub fn named(expression: &str) -> Named {
    let tokens = tokens(expression);
    let mut named = Named::default();
    let mut at = 0;
    while at < tokens.len() {
        let Token::Name(name) = &tokens[at] else {
            at += 1;
            continue;
        };
        let next = tokens.get(at + 1);
        if GROUPING.contains(&name.as_str()) {
            let (labels, after) = names_until(&tokens, at + 2, ')');
            named.grouped.extend(labels);
            at = after;
        } else if next == Some(&Token::Sign('{')) {
            let (labels, after) = names_until(&tokens, at + 2, '}');
            named
                .metrics
                .entry(name.clone())
                .or_default()
                .extend(labels);
            at = after;
        } else {
            let function = match next {
                Some(Token::Sign(sign)) => *sign == '(',
                Some(Token::Name(word)) => ["by", "without"].contains(&word.as_str()),
                None => false,
            };
            if !function && !WORDS.contains(&name.as_str()) {
                named.metrics.entry(name.clone()).or_default();
            }
            at += 1;
        }
    }
    named
}

fn names_until(tokens: &[Token], from: usize, end: char) -> (Vec<String>, usize) {
    let length = tokens[from..]
        .iter()
        .position(|token| *token == Token::Sign(end))
        .unwrap_or_else(|| panic!("no {end}: {tokens:?}"));
    let names = tokens[from..from + length]
        .iter()
        .filter_map(|token| match token {
            Token::Name(name) => Some(name.clone()),
            Token::Sign(_) => None,
        });
    (names.collect(), from + length + 1)
}

/// Names and signs; strings, numbers and durations are gone.
fn tokens(expression: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut letters = expression.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter == '"' {
            while letters.next().expect("a string ends") != '"' {}
        } else if letter == '[' {
            while letters.next().expect("a range ends") != ']' {}
        } else if letter.is_ascii_alphanumeric() || letter == '_' {
            let mut word = letter.to_string();
            while let Some(more) = letters.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
                word.push(more);
            }
            if !letter.is_ascii_digit() {
                tokens.push(Token::Name(word));
            }
        } else if !letter.is_whitespace() {
            tokens.push(Token::Sign(letter));
        }
    }
    tokens
}

#[test]
fn names_are_found_where_they_stand() {
    let found = named(
        "sum by (part, b) (rate(x_total{a=\"n{o\", c=~\"$z\"}[5m])) > 7200 and on (instance) y == 0 or time() - z",
    );
    let set = |names: &[&str]| {
        names
            .iter()
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(found.grouped, set(&["part", "b", "instance"]));
    let metrics = [
        ("x_total", set(&["a", "c"])),
        ("y", set(&[])),
        ("z", set(&[])),
    ];
    let metrics = metrics.map(|(name, labels)| (name.to_owned(), labels));
    assert_eq!(found.metrics, BTreeMap::from(metrics));
}
