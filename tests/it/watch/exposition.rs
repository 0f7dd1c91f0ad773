//! A strict reader of the OpenMetrics text format.

use std::collections::{BTreeMap, BTreeSet};

/// One value.
#[derive(Debug)]
pub struct Sample {
    pub name: String,
    pub labels: BTreeMap<String, String>,
    pub value: f64,
}

/// A whole answer.
#[derive(Debug)]
pub struct Exposition {
    /// Type by family.
    pub families: BTreeMap<String, String>,
    pub samples: Vec<Sample>,
}

impl Exposition {
    /// Reads it; panics with what breaks the format.
    pub fn read(text: &str) -> Self {
        let body = text.strip_suffix("# EOF\n").expect("it ends with EOF");
        let mut families = BTreeMap::new();
        let mut helped = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut samples = Vec::new();
        for line in body.lines() {
            if let Some(rest) = line.strip_prefix("# ") {
                let mut words = rest.splitn(3, ' ');
                let mut next = || words.next().unwrap_or_else(|| panic!("{line}"));
                match (next(), next(), next()) {
                    ("HELP", name, _) => assert!(helped.insert(name.to_owned()), "{line}"),
                    ("TYPE", name, kind) => {
                        let twice = families.insert(name.to_owned(), kind.to_owned());
                        assert!(twice.is_none(), "{line}");
                    }
                    _ => panic!("{line}"),
                }
                continue;
            }
            let (series, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("{line}"));
            assert!(seen.insert(series.to_owned()), "twice: {line}");
            let (name, labels) = match series.split_once('{') {
                Some((name, rest)) => (name, read_labels(rest.strip_suffix('}').expect(line))),
                None => (series, BTreeMap::new()),
            };
            assert!(is_name(name), "{line}");
            samples.push(Sample {
                name: name.to_owned(),
                labels,
                value: value.parse().unwrap_or_else(|_| panic!("{line}")),
            });
        }
        for sample in &samples {
            let stem = ["_total", "_info"];
            let stem = stem.iter().find_map(|end| sample.name.strip_suffix(end));
            let family = stem.unwrap_or(&sample.name);
            assert!(helped.contains(family), "{} has no help", sample.name);
            let kind = families.get(family).map(String::as_str);
            let kinds = match (sample.name.ends_with("_total"), stem.is_some()) {
                (true, _) => "counter",
                (false, true) => "info",
                (false, false) => "gauge",
            };
            assert_eq!(kind, Some(kinds), "{}", sample.name);
        }
        Self { families, samples }
    }

    /// The names under which values can be asked for, also of families that have none just now.
    pub fn names(&self) -> BTreeSet<String> {
        let name = |(family, kind): (&String, &String)| match kind.as_str() {
            "counter" => format!("{family}_total"),
            "info" => format!("{family}_info"),
            _ => family.clone(),
        };
        self.families.iter().map(name).collect()
    }

    pub fn value(&self, name: &str, labels: &[(&str, &str)]) -> Option<f64> {
        let fits = |sample: &&Sample| {
            let has = |(key, value): &(&str, &str)| {
                sample.labels.get(*key).map(String::as_str) == Some(*value)
            };
            sample.name == name && labels.iter().all(has)
        };
        self.samples.iter().find(fits).map(|sample| sample.value)
    }
}

fn read_labels(text: &str) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").unwrap_or_else(|| panic!("{text}"));
        assert!(is_name(name) && !name.contains(':'), "{text}");
        let mut value = String::new();
        let mut letters = after.char_indices();
        let end = loop {
            match letters.next().unwrap_or_else(|| panic!("{text}")) {
                (at, '"') => break at,
                (_, '\\') => match letters.next() {
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, letter @ ('"' | '\\'))) => value.push(letter),
                    _ => panic!("{text}"),
                },
                (_, letter) => value.push(letter),
            }
        };
        assert!(labels.insert(name.to_owned(), value).is_none(), "{text}");
        rest = after[end + 1..].trim_start_matches(',');
    }
    labels
}

fn is_name(name: &str) -> bool {
    let letter = |b: u8| b.is_ascii_alphabetic() || b == b'_' || b == b':';
    !name.is_empty()
        && letter(name.as_bytes()[0])
        && name.bytes().all(|b| letter(b) || b.is_ascii_digit())
}
