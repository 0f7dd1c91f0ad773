//! The bucket as a place that new backups go to.

use super::deposit::{self, BucketDeposit};
use super::errors::Trouble;
use super::{Bucket, S3Place};
use crate::adapters::common::manifest::manifest_in;
use crate::adapters::common::names;
use crate::domain::backup::{Backup, BackupTime, Place};
use crate::domain::failure::FailureCode;
use crate::domain::manifest::Manifest;
use crate::ports::taking::{Deposit, Depot};
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use std::error::Error;
use std::sync::Arc;

#[async_trait]
impl Depot for S3Place {
    fn place(&self) -> Place {
        Place::S3
    }

    fn describe(&self) -> String {
        self.bucket.describe()
    }

    async fn begin(&self, time: BackupTime, at_most: u64) -> PortResult<Box<dyn Deposit>> {
        let key = self.bucket.key_of(time);
        let begun = deposit::begin(&self.bucket, &key);
        let upload = self.bucket.bounded(begun).await?;
        let bucket = Arc::clone(&self.bucket);
        Ok(Box::new(BucketDeposit::new(bucket, key, upload, at_most)))
    }

    async fn clear(&self, time: BackupTime, token: Option<&str>) -> PortResult<()> {
        self.bucket.bounded(self.bucket.clear(time, token)).await
    }

    async fn manifests(&self) -> PortResult<Vec<Manifest>> {
        self.bucket.bounded(self.bucket.manifests()).await
    }

    async fn remove(&self, backup: &Backup) -> PortResult<()> {
        self.bucket.bounded(self.bucket.remove(backup)).await
    }
}

impl Bucket {
    /// The key of a backup that this program takes.
    fn key_of(&self, time: BackupTime) -> String {
        format!("{}{}", self.prefix, names::backup_name(time))
    }

    pub(super) fn record_key(&self, time: BackupTime) -> String {
        format!("{}{}", self.prefix, names::record_name(time))
    }

    /// The upload goes; what stands beside a backup goes only where the backup is missing and we had
    /// put it there.
    async fn clear(&self, time: BackupTime, token: Option<&str>) -> PortResult<()> {
        let (key, record) = (self.key_of(time), self.record_key(time));
        match token {
            // The end may have come between the begin of an upload and the note of its id.
            Some("") => self.abort_all(&key).await,
            Some(upload) => self.abort(&key, upload).await?,
            None => {}
        }
        if self.stands(&key).await?.is_some() {
            return Ok(());
        }
        let text = self.fetch_small(&record).await?;
        if text.is_some_and(|(_, text)| manifest_in(&text).is_some()) {
            self.delete(&names::checksum_name(&key)).await?;
            self.delete(&record).await?;
        }
        Ok(())
    }

    /// Exactly this revision. Few stores can be told so themselves, so it is looked first.
    async fn remove(&self, backup: &Backup) -> PortResult<()> {
        let key = &backup.name;
        match self.stands(key).await? {
            Some(etag) if etag != backup.revision => {
                let time = backup.time.to_string();
                return Err(Trouble::Changed.at(&self.describe(), &time));
            }
            Some(_) => self.delete(key).await?,
            None => {}
        }
        self.delete(&names::checksum_name(key)).await?;
        self.delete(&self.record_key(backup.time)).await
    }

    /// Where "changed" means that a key that must be free is not.
    pub(super) async fn explain_taken<E>(
        &self,
        error: SdkError<E, HttpResponse>,
        key: &str,
    ) -> PortError
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let path = format!("s3://{}/{key}", self.name);
        match self.explain(error, key).await {
            error if error.code() == FailureCode::BackupChanged => {
                PortError::new(FailureCode::PlaceTaken).with("path", path)
            }
            error => error,
        }
    }
}
