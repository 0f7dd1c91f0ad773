//! An object as a stream that survives broken connections.

use super::bounded;
use super::errors::{self, Trouble};
use super::{Bucket, S3Limits};
use crate::domain::backup::Backup;
use crate::ports::{PortError, PortResult};
use aws_sdk_s3::operation::get_object::GetObjectOutput;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use std::sync::Arc;
use std::time::Duration;

/// Pause before the first resumption; doubled up to [`LONGEST_PAUSE`].
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Opens the object from its start: whatever is wrong with place, key or revision shows here.
pub(super) async fn open(
    bucket: Arc<Bucket>,
    backup: Backup,
) -> PortResult<BoxStream<'static, PortResult<Bytes>>> {
    if backup.size == 0 {
        return Ok(stream::empty().boxed());
    }
    let body = request(&bucket, &backup, format!("bytes=0-{}", backup.size - 1)).await?;
    let download = Download {
        bucket,
        backup,
        body: Some(body),
        offset: 0,
        resumed: 0,
    };
    Ok(stream::unfold(Some(download), |download| async move {
        let mut download = download?;
        match download.next().await {
            Ok(Some(chunk)) => Some((Ok(chunk), Some(download))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    })
    .boxed())
}

/// The last four bytes of the object.
pub(super) async fn tail(bucket: &Bucket, backup: &Backup) -> PortResult<Bytes> {
    let Some(from) = backup.size.checked_sub(4) else {
        return Ok(Bytes::new());
    };
    let range = format!("bytes={from}-{}", backup.size - 1);
    let body = request(bucket, backup, range).await?;
    let broken = |why: String| Trouble::Failing(why).at(&bucket.describe(), &backup.name);
    match tokio::time::timeout(bucket.limits.stall, bounded::small(body)).await {
        Ok(Ok(Some(bytes))) => Ok(bytes.into()),
        Ok(Ok(None)) => Err(broken("it sent more than was asked for".to_owned())),
        Ok(Err(error)) => Err(broken(error.to_string())),
        Err(_) => Err(errors::stalled(&bucket.describe(), bucket.limits.stall)),
    }
}

async fn request(bucket: &Bucket, backup: &Backup, range: String) -> PortResult<ByteStream> {
    let request = bucket.client.get_object().bucket(&bucket.name);
    let request = request.key(&backup.name).range(range);
    let request = match backup.revision.as_str() {
        "" => request,
        revision => request.if_match(revision),
    };
    match request.send().await {
        Ok(answer) if is_revision(&answer, backup) => Ok(answer.body),
        Ok(_) => Err(changed(bucket, backup)),
        // Another object may be shorter than the part that was asked for.
        Err(error) if error.raw_response().map(|r| r.status().as_u16()) == Some(416) => {
            Err(changed(bucket, backup))
        }
        Err(error) => Err(match bucket.explain(error, &backup.name).await {
            error if error.code() == changed(bucket, backup).code() => changed(bucket, backup),
            error => error,
        }),
    }
}

/// Stores that ignore `If-Match` still tell what they send, and how large the whole of it is.
fn is_revision(answer: &GetObjectOutput, backup: &Backup) -> bool {
    let whole = answer
        .content_range()
        .and_then(|range| range.rsplit('/').next()?.parse::<u64>().ok());
    answer.e_tag().unwrap_or_default() == backup.revision
        && whole.is_none_or(|size| size == backup.size)
}

fn changed(bucket: &Bucket, backup: &Backup) -> PortError {
    Trouble::Changed.at(&bucket.describe(), &backup.time.to_string())
}

struct Download {
    bucket: Arc<Bucket>,
    backup: Backup,
    /// Nothing while the connection is broken.
    body: Option<ByteStream>,
    offset: u64,
    resumed: u32,
}

impl Download {
    /// The next bytes, or nothing after the last one.
    async fn next(&mut self) -> PortResult<Option<Bytes>> {
        let S3Limits { stall, resumes, .. } = self.bucket.limits;
        while self.offset < self.backup.size {
            let Some(body) = &mut self.body else {
                self.resume(resumes).await?;
                continue;
            };
            match tokio::time::timeout(stall, body.next()).await {
                Err(_) => return Err(errors::stalled(&self.bucket.describe(), stall)),
                Ok(Some(Ok(chunk))) if chunk.is_empty() => {}
                Ok(Some(Ok(chunk))) => {
                    self.offset += chunk.len() as u64;
                    return Ok(Some(chunk));
                }
                // Broken, or over before its end, which is the same.
                Ok(Some(Err(_)) | None) => self.body = None,
            }
        }
        Ok(None)
    }

    async fn resume(&mut self, resumes: u32) -> PortResult<()> {
        let place = self.bucket.describe();
        if self.resumed >= resumes {
            let why = format!("the connection broke {} times", self.resumed + 1);
            return Err(Trouble::Failing(why).at(&place, &self.backup.name));
        }
        let pause = FIRST_PAUSE.saturating_mul(1 << self.resumed.min(10));
        self.resumed += 1;
        tokio::time::sleep(pause.min(LONGEST_PAUSE)).await;
        tracing::info!(place, offset = self.offset, "the download is resumed");
        let range = format!("bytes={}-{}", self.offset, self.backup.size - 1);
        match request(&self.bucket, &self.backup, range).await {
            Ok(body) => self.body = Some(body),
            // The store may be back before the next try.
            Err(error) if error.transient && self.resumed < resumes => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}
