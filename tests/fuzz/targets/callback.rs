//! Callback data of a patched app.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rei_recovery::telegram::{Data, read_callback};

fuzz_target!(|data: &str| {
    if let Data::Nonce(nonce) = read_callback(Some(data)) {
        assert_eq!(format!("1:{nonce}"), data);
    }
});
