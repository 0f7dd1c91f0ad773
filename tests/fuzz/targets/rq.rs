//! What RQ keeps of a failure: base64 of zlib of a traceback, and zlib of one.
#![no_main]

use flate2::{Compression, write::ZlibEncoder};
use libfuzzer_sys::fuzz_target;
use rei_recovery::adapters::rq::error_class;
use std::io::Write;

fuzz_target!(|bytes: &[u8]| {
    let _ = error_class(Some(bytes.to_vec()), Some(bytes.to_vec()));
    // Behind the compression, which no mutation gets through.
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    zlib.write_all(bytes).unwrap();
    if let Some(class) = error_class(None, Some(zlib.finish().unwrap())) {
        assert!(
            class.len() <= 120 && !class.contains(char::is_whitespace),
            "{class:?}"
        );
    }
});
