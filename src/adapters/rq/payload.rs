//! A new job's data: what RQ's worker unpickles and calls.

use flate2::{Compress, Compression, FlushCompress, Status};
use std::collections::BTreeMap;

/// Why there is no data.
#[derive(Debug, thiserror::Error)]
pub(super) enum PayloadError {
    /// The pickle.
    #[error(transparent)]
    Pickle(#[from] serde_pickle::Error),
    /// The compression.
    #[error("zlib: {0}")]
    Zlib(#[from] flate2::CompressError),
    /// It did not fit where it always fits.
    #[error("zlib: no end")]
    Endless,
}

/// Makes data for one function.
pub(super) struct Payloads<'a> {
    function: &'a str,
    zlib: Compress,
}

impl<'a> Payloads<'a> {
    /// For calls of this function.
    pub(super) fn of(function: &'a str) -> Self {
        Self {
            function,
            zlib: Compress::new(Compression::fast(), true),
        }
    }

    /// `zlib(pickle((function, None, (id,), {})))`.
    pub(super) fn data(&mut self, id: &str) -> Result<Vec<u8>, PayloadError> {
        let arguments: BTreeMap<&str, ()> = BTreeMap::new();
        let call = (self.function, (), (id,), arguments);
        let pickle = serde_pickle::to_vec(&call, serde_pickle::SerOptions::new())?;
        // Its tables are larger than all jobs' data together: made once, and reset for each.
        self.zlib.reset();
        let mut data = Vec::with_capacity(pickle.len() + pickle.len() / 2 + 64);
        match self
            .zlib
            .compress_vec(&pickle, &mut data, FlushCompress::Finish)?
        {
            Status::StreamEnd => Ok(data),
            Status::Ok | Status::BufError => Err(PayloadError::Endless),
        }
    }

    /// What `rq info` shows; RQ's own form of it would repeat the user's prompt.
    pub(super) fn description(&self, id: &str) -> String {
        format!("{}({id:?})", self.function)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_pickle::{DeOptions, Value};
    use std::io::Read;

    #[test]
    fn the_data_is_the_call() {
        let mut payloads = Payloads::of("worker.process_job");
        for id in ["42", "a-1", "ж"] {
            let data = payloads.data(id).unwrap();
            let mut pickle = Vec::new();
            let mut zlib = flate2::read::ZlibDecoder::new(data.as_slice());
            zlib.read_to_end(&mut pickle).unwrap();
            let call = serde_pickle::value_from_slice(&pickle, DeOptions::new()).unwrap();
            let expected = vec![
                Value::String("worker.process_job".into()),
                Value::None,
                Value::Tuple(vec![Value::String(id.into())]),
                Value::Dict(BTreeMap::new()),
            ];
            assert_eq!(call, Value::Tuple(expected), "{id}");
        }
        assert_eq!(payloads.description("42"), "worker.process_job(\"42\")");
    }
}
