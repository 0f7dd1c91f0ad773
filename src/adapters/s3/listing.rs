//! Listing the bucket, page by page, with the checksums and records that stand beside backups.

use super::bounded::Bounded;
use super::{Bucket, errors::Trouble};
use crate::adapters::common::manifest::{manifest_in, record_in};
use crate::adapters::common::names::{self, Kind};
use crate::domain::backup::{Backup, BackupTime, Place, VerificationRecord};
use crate::domain::manifest::Manifest;
use crate::ports::{PortError, PortResult};
use aws_sdk_s3::types::{ChecksumAlgorithm, ChecksumMode, ChecksumType, Object};
use data_encoding::{BASE64, HEXLOWER};
use futures::{StreamExt, TryStreamExt, stream};
use std::collections::BTreeMap;
use std::future::Future;

/// Small requests under way at once.
const AT_ONCE: usize = 16;
/// Pages of a thousand objects that a listing may have.
const MOST_PAGES: usize = 2000;

/// An object as far as its listing tells.
#[derive(Debug, Clone)]
pub(super) struct Listed {
    pub(super) key: String,
    pub(super) etag: String,
    size: u64,
    /// S3 itself keeps a SHA-256 of the whole object.
    hashed: bool,
}

impl Bucket {
    /// Holds a whole call, with all its pages and small requests, to the deadline of an operation.
    pub(super) async fn bounded<T>(
        &self,
        call: impl Future<Output = PortResult<T>>,
    ) -> PortResult<T> {
        let done = tokio::time::timeout(self.limits.operation, call).await;
        done.unwrap_or_else(|_| {
            Err(Trouble::Unreachable("no answer in time".into()).at(&self.describe(), ""))
        })
    }

    /// Objects whose kind has a time of the wanted sort.
    pub(super) async fn list(
        &self,
        wanted: fn(Kind) -> Option<BackupTime>,
    ) -> PortResult<Vec<Backup>> {
        let objects = self.objects().await?;
        let named = |object: &Listed| (self.name_of(object).to_owned(), object.clone());
        let by_name: &BTreeMap<String, Listed> = &objects.iter().map(named).collect();
        let timed = |object: Listed| {
            let time = names::parse(self.name_of(&object)).and_then(wanted);
            time.map(|time| (object, time))
        };
        stream::iter(objects.into_iter().filter_map(timed))
            .map(|(object, time)| async move { self.backup(&object, time, by_name).await })
            .buffered(AT_ONCE)
            .try_collect()
            .await
    }

    pub(super) async fn records(&self) -> PortResult<Vec<VerificationRecord>> {
        let texts = self.record_texts().await?;
        Ok(texts.iter().filter_map(|text| record_in(text)).collect())
    }

    pub(super) async fn manifests(&self) -> PortResult<Vec<Manifest>> {
        let texts = self.record_texts().await?;
        Ok(texts.iter().filter_map(|text| manifest_in(text)).collect())
    }

    async fn record_texts(&self) -> PortResult<Vec<String>> {
        let mut objects = self.objects().await?;
        objects.retain(|object| names::parse(self.name_of(object)) == Some(Kind::Record));
        stream::iter(objects)
            .map(|object| async move { self.small_text(&object).await })
            .buffered(AT_ONCE)
            .try_filter_map(|text| std::future::ready(Ok(text)))
            .try_collect()
            .await
    }

    pub(super) async fn record(&self, key: &str) -> PortResult<Option<VerificationRecord>> {
        let text = self.fetch_small(key).await?;
        Ok(text.and_then(|(_, text)| record_in(&text)))
    }

    fn name_of<'a>(&self, object: &'a Listed) -> &'a str {
        object.key.strip_prefix(&self.prefix).unwrap_or_default()
    }

    /// Objects whose names mean something here.
    async fn objects(&self) -> PortResult<Vec<Listed>> {
        let mine = |object: &Object| {
            let listed = listed(object)?;
            names::parse(self.name_of(&listed))
                .is_some()
                .then_some(listed)
        };
        self.each(&self.prefix, mine).await
    }

    /// What is kept of the objects right below a prefix. A store that never comes to an end, or sends
    /// what is no page, is in trouble: neither fills the memory.
    pub(super) async fn each<T>(
        &self,
        prefix: &str,
        keep: impl Fn(&Object) -> Option<T>,
    ) -> PortResult<Vec<T>> {
        let mut objects = Vec::new();
        let mut next = None;
        for _ in 0..MOST_PAGES {
            let request = self.client.list_objects_v2().bucket(&self.name);
            let request = request.prefix(prefix).delimiter("/");
            let request = request.set_continuation_token(next.clone());
            let page = match request
                .customize()
                .interceptor(Bounded::Always)
                .send()
                .await
            {
                Ok(page) => page,
                Err(error) => return Err(self.explain(error, "").await),
            };
            objects.extend(page.contents().iter().filter_map(&keep));
            let after = page.next_continuation_token().filter(|it| !it.is_empty());
            match after {
                None => return Ok(objects),
                Some(after) if next.as_deref() == Some(after) => {
                    return Err(self.endless("its listing goes round in a circle"));
                }
                Some(after) => next = Some(after.to_owned()),
            }
        }
        Err(self.endless("its listing has no end"))
    }

    fn endless(&self, why: &str) -> PortError {
        Trouble::Refused(why.to_owned()).at(&self.describe(), "")
    }

    async fn backup(
        &self,
        object: &Listed,
        time: BackupTime,
        all: &BTreeMap<String, Listed>,
    ) -> PortResult<Backup> {
        let name = self.name_of(object);
        let sha256 = match all.get(&names::checksum_name(name)) {
            Some(beside) => self.checksum_beside(beside, name).await?,
            None if object.hashed => self.own_checksum(object).await?,
            None => None,
        };
        let revision = match object.etag.as_str() {
            "" => self.etag(&object.key).await?,
            etag => etag.to_owned(),
        };
        Ok(Backup {
            time,
            place: Place::S3,
            name: object.key.clone(),
            size: object.size,
            revision,
            sha256,
        })
    }

    async fn checksum_beside(&self, beside: &Listed, name: &str) -> PortResult<Option<String>> {
        let Some(text) = self.small_text(beside).await? else {
            return Ok(None);
        };
        let sum = names::checksum_in(&text, name);
        if sum.is_none() {
            tracing::warn!(name, "the checksum beside the backup holds no SHA-256");
        }
        Ok(sum)
    }

    /// The SHA-256 that S3 keeps; of a multipart upload's parts it is no use here.
    async fn own_checksum(&self, object: &Listed) -> PortResult<Option<String>> {
        let request = self.client.head_object().bucket(&self.name);
        let request = request.key(&object.key);
        match request.checksum_mode(ChecksumMode::Enabled).send().await {
            Ok(head) => Ok(head
                .checksum_sha256()
                .and_then(|sum| BASE64.decode(sum.as_bytes()).ok())
                .map(|sum| HEXLOWER.encode(&sum))),
            Err(error) => Err(self.explain(error, &object.key).await),
        }
    }

    /// For stores whose listings lack entity tags.
    async fn etag(&self, key: &str) -> PortResult<String> {
        let request = self.client.head_object().bucket(&self.name).key(key);
        match request.send().await {
            Ok(head) => Ok(head.e_tag().unwrap_or_default().to_owned()),
            Err(error) => Err(self.explain(error, key).await),
        }
    }
}

fn listed(object: &Object) -> Option<Listed> {
    Some(Listed {
        key: object.key()?.to_owned(),
        etag: object.e_tag().unwrap_or_default().to_owned(),
        size: u64::try_from(object.size()?).ok()?,
        hashed: object
            .checksum_algorithm()
            .contains(&ChecksumAlgorithm::Sha256)
            && object.checksum_type() == Some(&ChecksumType::FullObject),
    })
}
