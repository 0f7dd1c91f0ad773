//! The rooms of ARCHITECTURE.md: who may import whom.

use super::source::Source;
use proc_macro2::{TokenStream, TokenTree};
use std::collections::BTreeMap;

/// Every room and what it may import. Imports go down only; siblings do not know each other.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("ports", &["domain"]),
    ("runbook", &["domain"]),
    ("config", &["domain"]),
    ("i18n", &["domain"]),
    ("store", &["domain", "ports"]),
    ("adapters", &["domain", "ports"]),
    ("tasks", &["domain", "ports"]),
    ("picture", &["domain", "i18n"]),
    ("document", &["domain", "i18n", "picture"]),
    ("engine", &["domain", "ports", "tasks"]),
    ("ops", &["domain", "ports", "runbook", "tasks"]),
    (
        "telegram",
        &["domain", "ports", "i18n", "picture", "document", "ops"],
    ),
    (
        "cli",
        &["domain", "ports", "runbook", "i18n", "document", "ops"],
    ),
    ("http", &["domain", "ports", "ops"]),
    ("demo", BELOW_DEMO),
    ("app", EVERYTHING),
    ("main", EVERYTHING),
    ("lib", &[]),
];

const BELOW_DEMO: &[&str] = &[
    "domain", "ports", "runbook", "config", "i18n", "store", "adapters", "tasks", "picture",
    "document", "engine", "ops", "telegram", "cli", "http",
];

const EVERYTHING: &[&str] = &[
    "domain", "ports", "runbook", "config", "i18n", "store", "adapters", "tasks", "picture",
    "document", "engine", "ops", "telegram", "cli", "http", "demo", "app",
];

/// Longer files are more than one room's one purpose.
const LONGEST: usize = 450;

#[test]
fn imports_go_down_only() {
    let rooms: BTreeMap<_, _> = ROOMS.iter().copied().collect();
    let mut wrong = Vec::new();
    for source in Source::all() {
        let room = source.room();
        let Some(allowed) = rooms.get(room.as_str()) else {
            wrong.push(format!("{}: no such room", source.path.display()));
            continue;
        };
        for used in rooms_used(source.tokens(), source.depth()) {
            let known = rooms.contains_key(used.as_str());
            if known && used != room && !allowed.contains(&used.as_str()) {
                wrong.push(format!("{}: imports {used}", source.path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn only_config_reads_the_environment() {
    let calls = ["var", "var_os", "vars", "vars_os", "set_var", "remove_var"];
    assert_paths_stay_in(&["config"], |path| {
        path.windows(2)
            .any(|two| two[0] == "env" && calls.contains(&two[1].as_str()))
    });
}

#[test]
fn errors_are_typed_below_the_top() {
    assert_paths_stay_in(&["app", "main", "config"], |path| {
        path.iter().any(|part| part == "anyhow")
    });
}

#[test]
fn no_file_is_too_long() {
    let long: Vec<String> = Source::all()
        .iter()
        .map(|source| (source.text.lines().count(), source))
        .filter(|(lines, _)| *lines > LONGEST)
        .map(|(lines, source)| format!("{}: {lines} lines", source.path.display()))
        .collect();
    assert!(
        long.is_empty(),
        "over {LONGEST} lines:\n{}",
        long.join("\n")
    );
}

fn assert_paths_stay_in(rooms: &[&str], is_meant: impl Fn(&[String]) -> bool) {
    let outside = |source: &Source| !rooms.contains(&source.room().as_str());
    let wrong: Vec<String> = Source::all()
        .iter()
        .filter(|source| outside(source))
        .flat_map(|source| {
            let meant = paths(source.tokens()).into_iter().filter(|p| is_meant(p));
            meant
                .map(|path| format!("{}: {}", source.path.display(), path.join("::")))
                .collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The rooms that paths in these tokens lead to, where they leave the room they stand in.
fn rooms_used(tokens: TokenStream, depth: usize) -> Vec<String> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut used = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let inside = usize::from(is_module_body(&tokens, at));
                used.extend(rooms_used(group.stream(), depth + inside));
            }
            TokenTree::Ident(word) if *word == "crate" || *word == "rei_recovery" => {
                used.extend(next_names(&tokens, at));
            }
            TokenTree::Ident(word)
                if *word == "super" && supers_before(&tokens, at) + 1 == depth =>
            {
                used.extend(next_names(&tokens, at));
            }
            _ => {}
        }
    }
    used
}

fn is_module_body(tokens: &[TokenTree], at: usize) -> bool {
    at >= 2 && matches!(&tokens[at - 2], TokenTree::Ident(word) if *word == "mod")
}

/// How many `super::` stand right before this one.
fn supers_before(tokens: &[TokenTree], at: usize) -> usize {
    let is_super = |at: usize| matches!(&tokens[at], TokenTree::Ident(word) if *word == "super");
    (1..)
        .take_while(|n| at >= 3 * n && is_super(at - 3 * n))
        .count()
}

/// What follows `word::` at a place: one name, or each first name of a braced list.
fn next_names(tokens: &[TokenTree], at: usize) -> Vec<String> {
    let colon =
        |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(p)) if p.as_char() == ':');
    if !(colon(at + 1) && colon(at + 2)) {
        return Vec::new();
    }
    match tokens.get(at + 3) {
        Some(TokenTree::Ident(name)) => vec![name.to_string()],
        Some(TokenTree::Group(group)) => {
            let inner: Vec<TokenTree> = group.stream().into_iter().collect();
            inner
                .split(|token| matches!(token, TokenTree::Punct(p) if p.as_char() == ','))
                .filter_map(|part| part.first().map(ToString::to_string))
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Every path, `a::b::c` as its names; lists in braces are followed one by one.
fn paths(tokens: TokenStream) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut joined = false;
    for token in tokens {
        match token {
            TokenTree::Ident(name) => {
                if !joined {
                    found.push(std::mem::take(&mut path));
                }
                path.push(name.to_string());
                joined = false;
            }
            TokenTree::Punct(p) if p.as_char() == ':' => joined = true,
            TokenTree::Group(group) => {
                let inner = paths(group.stream());
                let prefix = if joined { path.clone() } else { Vec::new() };
                found.extend(
                    inner
                        .into_iter()
                        .map(|rest| [prefix.clone(), rest].concat()),
                );
                joined = false;
            }
            _ => joined = false,
        }
    }
    found.push(path);
    found
}

#[test]
fn paths_are_found_wherever_they_stand() {
    let used = |text: &str, depth| rooms_used(text.parse().unwrap(), depth);
    assert_eq!(used("use crate::ports::clock;", 2), ["ports"]);
    assert_eq!(
        used("use crate::{ports, store::db};", 2),
        ["ports", "store"]
    );
    assert_eq!(used("fn f() { m!(crate::store::X) }", 2), ["store"]);
    assert_eq!(used("use super::super::store::X;", 2), ["store"]);
    assert_eq!(used("use super::store;", 2), [""; 0]);
    assert_eq!(used("mod t { use super::super::store; }", 1), ["store"]);
    assert_eq!(
        used("// crate::store\nlet a = \"crate::store\";", 2),
        [""; 0]
    );
    let found = paths("use std::{env::{var, args}, io};".parse().unwrap());
    assert!(found.contains(&["std", "env", "var"].map(String::from).to_vec()));
}
