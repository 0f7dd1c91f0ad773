//! Every test that the list of attacks names is there.

use super::source::root;
use std::fs;
use std::path::Path;

/// Files of tests and of the program that end in this module path.
fn files(module: &[&str], folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(module, &path, found);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let name = path.with_extension("");
            let mut parts: Vec<_> = name.iter().map(|part| part.to_str().unwrap()).collect();
            parts.retain(|part| !["mod", "tests"].contains(part) || module.contains(part));
            if parts.ends_with(module) {
                found.push(fs::read_to_string(&path).unwrap());
            }
        }
    }
}

fn is_a_test(named: &str) -> bool {
    let parts: Vec<_> = named.split("::").collect();
    let Some((test, module)) = parts.split_last() else {
        return false;
    };
    let mut texts = Vec::new();
    for folder in ["tests/it", "src"] {
        files(module, &root().join(folder), &mut texts);
    }
    let head = format!("fn {test}(");
    texts.iter().any(|text| {
        let lines: Vec<_> = text.lines().map(str::trim_start).collect();
        let at = lines
            .iter()
            .position(|line| line.trim_start_matches("async ").starts_with(&head));
        at.is_some_and(|at| {
            let above = lines[..at].iter().rev().take(4);
            above
                .take_while(|line| !line.is_empty() && **line != "}")
                .any(|line| line.starts_with("#[test") || line.starts_with("#[tokio::test"))
        })
    })
}

#[test]
fn every_test_of_the_list_of_attacks_is_there() {
    let text = fs::read_to_string(root().join("deploy/THREATS.md")).unwrap();
    let rows: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(1)
        .collect();
    assert!(rows.len() > 15, "{}", rows.len());
    let mut wrong = Vec::new();
    for row in rows {
        let named: Vec<_> = row
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|it| it.contains("::"))
            .collect();
        if named.is_empty() {
            wrong.push(format!("no test: {row}"));
        }
        wrong.extend(
            named
                .iter()
                .filter(|name| !is_a_test(name))
                .map(|name| format!("no such test: {name}")),
        );
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(
        !is_a_test("attack::links::files"),
        "a function that is no test"
    );
}
