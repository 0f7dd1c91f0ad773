//! Our own source as tokens: comments are gone, and a path in a string is no path.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::fs;
use std::path::{Path, PathBuf};

/// The project's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// One source file.
pub struct Source {
    /// Its path below `src`.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

impl Source {
    /// Every file below `src`.
    pub fn all() -> Vec<Self> {
        files(&root().join("src"), "rs")
            .into_iter()
            .map(|path| Self {
                text: fs::read_to_string(&path).unwrap(),
                path: path.strip_prefix(root().join("src")).unwrap().to_owned(),
            })
            .collect()
    }

    /// The room it belongs to: the first part of its path.
    pub fn room(&self) -> String {
        let first = self.path.iter().next().unwrap();
        first.to_str().unwrap().trim_end_matches(".rs").to_owned()
    }

    /// Its tokens.
    pub fn tokens(&self) -> TokenStream {
        self.text
            .parse()
            .unwrap_or_else(|error| panic!("{}: {error}", self.path.display()))
    }

    /// How many modules deep it lies: 1 for a room's own file.
    pub fn depth(&self) -> usize {
        let own = self.path.file_stem().is_some_and(|stem| stem != "mod");
        self.path.parent().map_or(0, |parent| parent.iter().count()) + usize::from(own)
    }

    /// Every string in it outside of tests and doc comments.
    pub fn strings(&self) -> Vec<String> {
        let mut found = Vec::new();
        collect_strings(self.tokens(), &mut found);
        found
    }
}

/// All files below a folder with this extension, sorted.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut found: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .flat_map(|path| match path.is_dir() {
            true => files(&path, extension),
            false => vec![path],
        })
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .collect();
    found.sort();
    found
}

fn collect_strings(tokens: TokenStream, found: &mut Vec<String>) {
    let mut tests = false;
    let mut after_hash = false;
    for token in tokens {
        let hash = match &token {
            TokenTree::Punct(p) => p.as_char() == '#' || (after_hash && p.as_char() == '!'),
            _ => false,
        };
        match token {
            TokenTree::Group(group) if after_hash => {
                // An attribute: doc comments are dropped, and what `#[cfg(test)]` stands before.
                let text = group.stream().to_string().replace(' ', "");
                tests |= text == "cfg(test)";
                if !text.starts_with("doc") {
                    collect_strings(group.stream(), found);
                }
            }
            TokenTree::Group(group) => {
                if !tests {
                    collect_strings(group.stream(), found);
                }
                tests &= group.delimiter() != Delimiter::Brace;
            }
            TokenTree::Literal(literal) => found.extend(unquoted(&literal.to_string())),
            TokenTree::Punct(ref p) if p.as_char() == ';' => tests = false,
            _ => {}
        }
        after_hash = hash;
    }
}

/// The inside of a string literal; escapes stay as written, no key contains one.
fn unquoted(literal: &str) -> Option<String> {
    let start = literal.find('"')?;
    let end = literal.rfind('"')?;
    let prefix = literal.get(..start)?;
    let text = literal.get(start + 1..end)?;
    matches!(prefix, "" | "r" | "r#").then(|| text.to_owned())
}

#[test]
fn comments_and_tests_are_passed_over() {
    let source = Source {
        path: "telegram/render/plan.rs".into(),
        text: r#"
            //! "in-a-doc"
            fn a() { say("in-code"); /* "in-a-comment" */ }
            #[cfg(test)]
            mod tests { fn b() { say("in-a-test") } }
            fn c() { say(r"after-it") }
        "#
        .to_owned(),
    };
    assert_eq!(source.strings(), ["in-code", "after-it"]);
    assert_eq!((source.room().as_str(), source.depth()), ("telegram", 3));
}
