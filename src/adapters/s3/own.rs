//! Copies of the program's own state, under a prefix of their own beside the backups.

use super::errors::Trouble;
use super::{Bucket, S3Place};
use crate::adapters::common::fs::{blocking, create_new, file_error};
use crate::adapters::own_copies::room;
use crate::domain::backup::{BackupTime, Place};
use crate::domain::own_copy::{self, FOLDER, OwnCopy};
use crate::ports::PortResult;
use crate::ports::own_copies::OwnCopies;
use async_trait::async_trait;
use aws_sdk_s3::config::timeout::TimeoutConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::Object;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// Bytes a second below which a line is no line.
const SLOWEST: u64 = 64 * 1024;

#[async_trait]
impl OwnCopies for S3Place {
    fn place(&self) -> Place {
        Place::S3
    }

    fn describe(&self) -> String {
        format!("{}{FOLDER}/", self.bucket.describe())
    }

    async fn list(&self) -> PortResult<Vec<OwnCopy>> {
        self.bucket.bounded(self.bucket.own_list()).await
    }

    async fn put(&self, time: BackupTime, file: &Path) -> PortResult<()> {
        self.bucket.own_put(time, file).await
    }

    async fn fetch(&self, time: BackupTime, to: &Path) -> PortResult<()> {
        self.bucket.own_fetch(time, to).await
    }

    async fn remove(&self, time: BackupTime) -> PortResult<()> {
        let key = self.bucket.own_key(time);
        self.bucket.bounded(self.bucket.delete(&key)).await
    }
}

impl Bucket {
    fn own_prefix(&self) -> String {
        format!("{}{FOLDER}/", self.prefix)
    }

    fn own_key(&self, time: BackupTime) -> String {
        format!("{}{}", self.own_prefix(), own_copy::name(time))
    }

    async fn own_list(&self) -> PortResult<Vec<OwnCopy>> {
        let prefix = self.own_prefix();
        let copy = |object: &Object| {
            let name = object.key()?.strip_prefix(&prefix)?;
            Some(OwnCopy {
                time: own_copy::parse(name)?,
                place: Place::S3,
                size: u64::try_from(object.size()?).ok()?,
            })
        };
        self.each(&prefix, copy).await
    }

    /// One object, which the store shows whole or not at all.
    async fn own_put(&self, time: BackupTime, file: &Path) -> PortResult<()> {
        let key = self.own_key(time);
        let size = file.metadata().map_or(0, |found| found.len());
        let body = ByteStream::from_path(file).await.map_err(|error| {
            let error = std::io::Error::other(error.to_string());
            file_error(file, &error, 0)
        })?;
        let put = self.client.put_object().bucket(&self.name).key(&key);
        let put = put.content_type("application/gzip").body(body).customize();
        let patience = aws_sdk_s3::config::Builder::new()
            .timeout_config(self.longer(Duration::from_secs(size / SLOWEST)));
        match put.config_override(patience).send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.explain(error, &key).await),
        }
    }

    async fn own_fetch(&self, time: BackupTime, to: &Path) -> PortResult<()> {
        let key = self.own_key(time);
        let request = self.client.get_object().bucket(&self.name).key(&key);
        let mut body = match request.send().await {
            Ok(answer) => answer.body,
            Err(error) => return Err(self.explain(error, &key).await),
        };
        let broken = |why: String| Trouble::Failing(why).at(&self.describe(), &key);
        let failed = |error: std::io::Error| file_error(to, &error, 0);
        let mut file = create_new(to, 0o600).map_err(failed)?;
        loop {
            let chunk = match tokio::time::timeout(self.limits.stall, body.next()).await {
                Ok(Some(Ok(chunk))) => chunk,
                Ok(Some(Err(error))) => return Err(broken(error.to_string())),
                Ok(None) => break,
                Err(_) => return Err(broken("no byte came in time".to_owned())),
            };
            let path = to.to_owned();
            file = blocking(move || {
                // A store that does not end must not take the room that the state needs.
                room(&path, chunk.len() as u64)?;
                let written = file.write_all(&chunk);
                written.map_err(|error| file_error(&path, &error, 0))?;
                Ok(file)
            })
            .await?;
        }
        let path = to.to_owned();
        blocking(move || {
            file.sync_all()
                .map_err(|error| file_error(&path, &error, 0))
        })
        .await
    }

    /// A request may take so much longer than others.
    fn longer(&self, longer: Duration) -> TimeoutConfig {
        let attempt = self.limits.attempt + longer;
        TimeoutConfig::builder()
            .connect_timeout(self.limits.connect)
            .read_timeout(attempt)
            .operation_attempt_timeout(attempt)
            .operation_timeout(attempt.saturating_mul(self.limits.attempts.max(1)))
            .build()
    }
}
