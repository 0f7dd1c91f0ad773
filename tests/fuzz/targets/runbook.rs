//! Files of `RUNBOOK_DIR`: each is taken or refused in words.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rei_recovery::runbook::{self, papers, providers, schema};

fuzz_target!(|text: &str| {
    let knows = |_: &str| true;
    if let Err(error) = runbook::parse("it.toml", text, &knows) {
        let _ = error.to_string();
    }
    let _ = papers::parse_checklist(text, &knows).map_err(|error| error.to_string());
    let _ = papers::parse_contacts(text, &knows).map_err(|error| error.to_string());
    let _ = providers::parse(text, &["KLING_ACCESS_KEY"]).map_err(|error| error.to_string());
    let _ = schema::parse(text).map_err(|error| error.to_string());
});
