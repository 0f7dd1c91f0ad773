//! The first stage: takes the compressed bytes in.

use crate::domain::backup::Backup;
use crate::domain::failure::FailureCode;
use crate::ports::backups::Work;
use crate::ports::{PortError, PortResult};
use bytes::Bytes;
use data_encoding::HEXLOWER;
use futures::StreamExt;
use futures::stream::BoxStream;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc::Sender;

/// What goes from the source to inflating.
#[derive(Debug)]
pub(crate) enum Portion {
    /// More bytes.
    Bytes(Bytes),
    /// There are no more. A queue that closes without it was cut off.
    End,
}

/// Passes the stream on. Returns the SHA-256 of all of it when the backup has one to compare with,
/// or nothing when the next stage wanted no more.
pub(crate) async fn run(
    mut stream: BoxStream<'static, PortResult<Bytes>>,
    backup: &Backup,
    work: &Work,
    next: Sender<Portion>,
) -> PortResult<Option<String>> {
    work.progress.expect(backup.size);
    let mut sum = backup.sha256.as_ref().map(|_| Sha256::new());
    loop {
        let chunk = tokio::select! {
            biased;
            () = work.cancel.cancelled() => return Err(PortError::new(FailureCode::CutOff)),
            chunk = stream.next() => chunk,
        };
        let portion = match chunk {
            Some(Ok(bytes)) => {
                if let Some(sum) = &mut sum {
                    sum.update(&bytes);
                }
                work.progress.advance(bytes.len() as u64);
                Portion::Bytes(bytes)
            }
            Some(Err(error)) => return Err(error),
            None => Portion::End,
        };
        let last = matches!(portion, Portion::End);
        if next.send(portion).await.is_err() {
            return Ok(None);
        }
        if last {
            return Ok(sum.map(|sum| HEXLOWER.encode(&sum.finalize())));
        }
    }
}

/// Holds the SHA-256 of what came against the one beside the backup, where there is one.
pub(crate) fn check_sum(backup: &Backup, found: Option<String>) -> PortResult<()> {
    match (&backup.sha256, found) {
        (Some(expected), Some(found)) if *expected != found => {
            Err(PortError::new(FailureCode::ChecksumMismatch)
                .with("backup", backup.time.to_string())
                .with("expected", expected.clone())
                .with("found", found))
        }
        _ => Ok(()),
    }
}
