//! Timestamps of backups: what is read is written so that it is read as the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rei_recovery::domain::backup::BackupTime;

fuzz_target!(|text: &str| {
    let Ok(time) = text.parse::<BackupTime>() else {
        return;
    };
    let written = time.to_string();
    assert_eq!(
        written.parse::<BackupTime>().ok(),
        Some(time),
        "{text:?} {written:?}"
    );
    assert_eq!(BackupTime::of(time.at()), time);
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    assert_eq!(digits(text), digits(&written), "{text:?}");
    assert!(
        written.bytes().all(|b| b.is_ascii_digit() || b == b'_'),
        "{text:?} {written:?}"
    );
});
