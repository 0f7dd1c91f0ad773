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
    let packed = zlib.finish().unwrap();
    let worded = data_encoding::BASE64.encode(&packed).into_bytes();
    for class in [
        error_class(None, Some(packed)),
        error_class(Some(worded), None),
    ] {
        let fits = |class: &String| class.len() <= 120 && !class.contains(char::is_whitespace);
        assert!(class.as_ref().is_none_or(fits), "{class:?}");
    }
});
