//! Incidents: opened by themselves, written by people, exported, and kept over crashes.

mod between;
mod book;
mod chat;
mod kept;
mod people;
mod whole;

/// Tags that stand open at the end, or the first that does not fit.
fn unbalanced(html: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html.strip_prefix("<!DOCTYPE html>").unwrap();
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = after.split_once('>')?;
        rest = after;
        let name = tag.trim_start_matches('/').split(' ').next().unwrap();
        match tag.strip_prefix('/') {
            Some(closed) if open.last() == Some(&closed) => drop(open.pop()),
            Some(_) => return Some(tag.to_owned()),
            None if ["meta", "img"].contains(&name) => {}
            None => open.push(name),
        }
    }
    (!open.is_empty()).then(|| open.join(" "))
}
