//! A backup on its way into the bucket: a multipart upload, which nobody sees before it is completed.

use super::Bucket;
use super::errors::{self, Trouble};
use super::small::JSON;
use crate::adapters::common::names;
use crate::domain::failure::FailureCode;
use crate::domain::manifest::Manifest;
use crate::ports::taking::Deposit;
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::{Bytes, BytesMut};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;

/// Bytes of a part; S3 wants 5 MiB at least, but for the last one.
const PART: u64 = 8 * 1024 * 1024;
/// S3 takes 10,000 parts.
const PARTS: u64 = 9_000;
/// Parts under way at once: one is sent while the answer to another one is waited for.
const AT_ONCE: usize = 2;
/// Bytes a second below which a line is no line.
const SLOWEST: u64 = 64 * 1024;
/// Bytes a second that any store puts together.
const ASSEMBLED: u64 = 1024 * 1024;

/// Begins an upload; gives its id. A key that is taken is refused here, before anything is sent.
pub(super) async fn begin(bucket: &Bucket, key: &str) -> PortResult<String> {
    if bucket.stands(key).await?.is_some() {
        let path = format!("s3://{}/{key}", bucket.name);
        return Err(PortError::new(FailureCode::PlaceTaken).with("path", path));
    }
    let request = bucket.client.create_multipart_upload();
    let request = request.bucket(&bucket.name).key(key);
    match request.content_type("application/gzip").send().await {
        Ok(answer) => Ok(answer.upload_id().unwrap_or_default().to_owned()),
        Err(error) => Err(bucket.explain(error, key).await),
    }
}

pub(super) struct BucketDeposit {
    upload: Arc<Upload>,
    part: u64,
    /// Bytes that make no whole part yet.
    buffer: BytesMut,
    begun: i32,
    bytes: u64,
    under_way: JoinSet<PortResult<CompletedPart>>,
    done: Vec<CompletedPart>,
}

struct Upload {
    bucket: Arc<Bucket>,
    key: String,
    id: String,
}

impl BucketDeposit {
    pub(super) fn new(bucket: Arc<Bucket>, key: String, id: String, at_most: u64) -> Self {
        Self {
            upload: Arc::new(Upload { bucket, key, id }),
            part: PART.max(at_most / PARTS),
            buffer: BytesMut::new(),
            begun: 0,
            bytes: 0,
            under_way: JoinSet::new(),
            done: Vec::new(),
        }
    }

    /// Sends what is in the buffer as the next part, once there is room for one more under way.
    async fn send(&mut self) -> PortResult<()> {
        while self.under_way.len() >= AT_ONCE {
            self.arrive().await?;
        }
        self.begun += 1;
        let (upload, number) = (Arc::clone(&self.upload), self.begun);
        let bytes = self.buffer.split().freeze();
        self.under_way
            .spawn(async move { upload.send(number, bytes).await });
        Ok(())
    }

    /// Waits for one part.
    async fn arrive(&mut self) -> PortResult<()> {
        if let Some(part) = self.under_way.join_next().await {
            let part =
                part.map_err(|error| PortError::new(FailureCode::Panicked).because(error))?;
            self.done.push(part?);
        }
        Ok(())
    }
}

#[async_trait]
impl Deposit for BucketDeposit {
    fn token(&self) -> String {
        self.upload.id.clone()
    }

    async fn write(&mut self, chunk: Bytes) -> PortResult<()> {
        self.bytes += chunk.len() as u64;
        self.buffer.extend_from_slice(&chunk);
        match self.buffer.len() as u64 >= self.part {
            true => self.send().await,
            false => Ok(()),
        }
    }

    async fn publish(mut self: Box<Self>, manifest: &Manifest) -> PortResult<()> {
        if !self.buffer.is_empty() {
            self.send().await?;
        }
        while !self.under_way.is_empty() {
            self.arrive().await?;
        }
        self.done.sort_by_key(|part| part.part_number);
        let parts = std::mem::take(&mut self.done);
        let upload = Arc::clone(&self.upload);
        upload.publish((parts, self.bytes), manifest).await
    }
}

impl Upload {
    async fn send(&self, number: i32, bytes: Bytes) -> PortResult<CompletedPart> {
        let length = bytes.len() as u64;
        let request = self.bucket.client.upload_part();
        let request = request.bucket(&self.bucket.name).key(&self.key);
        let request = request.upload_id(&self.id).part_number(number);
        let sent = request.body(bytes.into()).customize();
        let patience = aws_sdk_s3::config::Builder::new()
            .timeout_config(self.patience(Duration::from_secs(length / SLOWEST)));
        match sent.config_override(patience).send().await {
            Ok(answer) => Ok(CompletedPart::builder()
                .part_number(number)
                .set_e_tag(answer.e_tag().map(str::to_owned))
                .build()),
            Err(error) => Err(self.bucket.explain(error, &self.key).await),
        }
    }

    /// A request may take so much longer than others.
    fn patience(&self, longer: Duration) -> TimeoutConfig {
        let limits = &self.bucket.limits;
        let attempt = limits.attempt + longer;
        TimeoutConfig::builder()
            .connect_timeout(limits.connect)
            .read_timeout(attempt)
            .operation_attempt_timeout(attempt)
            .operation_timeout(attempt.saturating_mul(limits.attempts.max(1)))
            .build()
    }

    /// What stands beside it first: once the backup can be seen, it can be checked.
    async fn publish(
        &self,
        (parts, bytes): (Vec<CompletedPart>, u64),
        manifest: &Manifest,
    ) -> PortResult<()> {
        let bucket = &self.bucket;
        let record = bucket.record_key(manifest.time);
        let text = serde_json::to_vec_pretty(manifest)
            .map_err(|error| PortError::new(FailureCode::Panicked).because(error))?;
        let name = names::backup_name(manifest.time);
        let sum = names::checksum_text(&manifest.taken.sha256, &name).into_bytes();
        let checksum = names::checksum_name(&self.key);
        bucket.bounded(bucket.put_new(&record, JSON, text)).await?;
        let put = bucket.put_new(&checksum, "text/plain", sum);
        if let Err(error) = bucket.bounded(put).await {
            let _ = bucket.bounded(bucket.delete(&record)).await;
            return Err(error);
        }
        let Err(error) = self.complete(parts, bytes).await else {
            return Ok(());
        };
        // Where it may have become whole all the same, what belongs to it stays.
        if !error.unknown {
            let _ = bucket.bounded(bucket.delete(&checksum)).await;
            let _ = bucket.bounded(bucket.delete(&record)).await;
        }
        Err(error)
    }

    /// The store puts all bytes together before it answers.
    async fn complete(&self, parts: Vec<CompletedPart>, bytes: u64) -> PortResult<()> {
        let whole = CompletedMultipartUpload::builder()
            .set_parts(Some(parts))
            .build();
        let request = self.bucket.client.complete_multipart_upload();
        let request = request.bucket(&self.bucket.name).key(&self.key);
        let request = request.upload_id(&self.id).if_none_match("*");
        let patience = aws_sdk_s3::config::Builder::new()
            .timeout_config(self.patience(Duration::from_secs(bytes / ASSEMBLED)));
        let sent = request.multipart_upload(whole).customize();
        match sent.config_override(patience).send().await {
            Ok(_) => Ok(()),
            Err(error) => {
                let lost = matches!(
                    errors::trouble(&error),
                    Trouble::Unreachable(_) | Trouble::Failing(_) | Trouble::NotThere
                );
                let error = self.bucket.explain_taken(error, &self.key).await;
                Err(if lost { error.unknown() } else { error })
            }
        }
    }
}

impl Bucket {
    /// Ends every upload to this key, as far as the store lists them: one that may not be asked keeps
    /// them until its own rule about unfinished uploads takes them away.
    pub(super) async fn abort_all(&self, key: &str) {
        let request = self.client.list_multipart_uploads().bucket(&self.name);
        let listed = match request.prefix(key).send().await {
            Ok(listed) => listed,
            Err(error) => {
                let error = self.explain(error, key).await;
                tracing::warn!(%error, key, "unfinished uploads cannot be listed");
                return;
            }
        };
        let to_key = listed.uploads().iter().filter(|one| one.key() == Some(key));
        for upload in to_key.filter_map(|one| one.upload_id()) {
            if let Err(error) = self.abort(key, upload).await {
                tracing::warn!(%error, key, "an unfinished upload stays");
            }
        }
    }

    /// Ends an upload with all its parts; one that is gone already is no error.
    pub(super) async fn abort(&self, key: &str, upload: &str) -> PortResult<()> {
        let request = self.client.abort_multipart_upload().bucket(&self.name);
        match request.key(key).upload_id(upload).send().await {
            Ok(_) => Ok(()),
            Err(error) if errors::trouble(&error) == Trouble::NotThere => Ok(()),
            Err(error) => Err(self.explain(error, key).await),
        }
    }
}
