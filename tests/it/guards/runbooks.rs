//! Every runbook that ships passes the validator, in both languages.

use jiff::tz::TimeZone;
use rei_recovery::i18n::I18n;
use rei_recovery::runbook::{Runbooks, parse, runbook_files};
use std::path::Path;

#[test]
fn shipped_runbooks_are_sound() {
    let i18n = I18n::new(TimeZone::UTC).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/runbooks");
    let files = runbook_files(&folder).unwrap();
    assert!(!files.is_empty(), "no runbooks in {}", folder.display());
    for (name, text) in &files {
        parse(name, text, &|key| i18n.has(key)).unwrap();
    }
}

#[test]
fn every_shipped_runbook_is_built_in() {
    let i18n = I18n::new(TimeZone::UTC).unwrap();
    let built_in = Runbooks::load(None, &|key| i18n.has(key)).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/runbooks");
    for (name, _) in runbook_files(&folder).unwrap() {
        let id = name.trim_end_matches(".toml").parse().unwrap();
        assert!(built_in.get(&id).is_some(), "{name} is not embedded");
    }
}
