//! Backups in a bucket: AWS S3 or any store that speaks its protocol.
//!
//! A revision is the object's ETag, sent as `If-Match` and compared again with the answer, since
//! some stores ignore the header. Deadlines and repetitions are [`S3Limits`]; an object that breaks
//! in the middle is resumed where it broke.

mod bounded;
mod deposit;
mod depot;
mod errors;
mod listing;
mod own;
mod settings;
mod small;
mod stream;

pub use settings::{S3Keys, S3Limits, S3Settings};

use super::common::names::{self, Kind};
use crate::domain::backup::{Backup, BackupTime, Place, VerificationRecord};
use crate::ports::backups::BackupPlace;
use crate::ports::{PortError, PortResult};
use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use bytes::Bytes;
use errors::Trouble;
use futures::stream::BoxStream;
use small::SmallObjects;
use std::error::Error;
use std::sync::Arc;

/// The bucket as a place of backups.
#[derive(Debug, Clone)]
pub struct S3Place {
    bucket: Arc<Bucket>,
}

/// What its parts share.
#[derive(Debug)]
struct Bucket {
    client: Client,
    name: String,
    /// Empty, or with a slash at its end.
    prefix: String,
    limits: S3Limits,
    small: SmallObjects,
}

impl S3Place {
    /// Prepares the client. Nothing is sent yet; where no keys are given, the usual AWS chain of
    /// credentials is read at the first request.
    pub async fn new(settings: &S3Settings) -> Self {
        let prefix = match settings.prefix.trim_matches('/') {
            "" => String::new(),
            prefix => format!("{prefix}/"),
        };
        Self {
            bucket: Arc::new(Bucket {
                client: settings::client(settings).await,
                name: settings.bucket.clone(),
                prefix,
                limits: settings.limits,
                small: SmallObjects::default(),
            }),
        }
    }
}

impl Bucket {
    fn describe(&self) -> String {
        format!("s3://{}/{}", self.name, self.prefix)
    }

    /// The error for people. When something is not there it may be the bucket itself: asked, it says so.
    async fn explain<E>(&self, error: SdkError<E, HttpResponse>, backup: &str) -> PortError
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let mut trouble = errors::trouble(&error);
        if trouble == Trouble::NotThere {
            let bucket = self.client.head_bucket().bucket(&self.name).send().await;
            if bucket.is_err_and(|e| errors::trouble(&e) == Trouble::NotThere) {
                trouble = Trouble::NoBucket;
            }
        }
        trouble.at(&self.describe(), backup)
    }
}

#[async_trait]
impl BackupPlace for S3Place {
    fn place(&self) -> Place {
        Place::S3
    }

    fn describe(&self) -> String {
        self.bucket.describe()
    }

    async fn list(&self) -> PortResult<Vec<Backup>> {
        let wanted = |kind| match kind {
            Kind::Backup(time) => Some(time),
            _ => None,
        };
        self.bucket.bounded(self.bucket.list(wanted)).await
    }

    async fn archives(&self) -> PortResult<Vec<Backup>> {
        let wanted = |kind| match kind {
            Kind::Archive(time) => Some(time),
            _ => None,
        };
        self.bucket.bounded(self.bucket.list(wanted)).await
    }

    async fn open(&self, backup: &Backup) -> PortResult<BoxStream<'static, PortResult<Bytes>>> {
        stream::open(Arc::clone(&self.bucket), backup.clone()).await
    }

    async fn size_hint(&self, backup: &Backup) -> PortResult<u64> {
        let tail = stream::tail(&self.bucket, backup).await?;
        let tail = <[u8; 4]>::try_from(tail.as_ref()).unwrap_or_default();
        Ok(u64::from(u32::from_le_bytes(tail)))
    }

    async fn record(&self, time: BackupTime) -> PortResult<Option<VerificationRecord>> {
        let key = format!("{}{}", self.bucket.prefix, names::record_name(time));
        self.bucket.bounded(self.bucket.record(&key)).await
    }

    async fn records(&self) -> PortResult<Vec<VerificationRecord>> {
        self.bucket.bounded(self.bucket.records()).await
    }

    async fn put_record(&self, record: &VerificationRecord) -> PortResult<()> {
        let key = format!("{}{}", self.bucket.prefix, names::record_name(record.time));
        let bucket = &self.bucket;
        bucket.bounded(bucket.put_record(&key, record)).await
    }

    async fn prove_writable(&self) -> PortResult<()> {
        self.bucket.bounded(self.bucket.prove_writable()).await
    }
}
