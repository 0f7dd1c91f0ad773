//! Checksums and records: small objects, fetched once per revision.

use super::listing::Listed;
use super::{Bucket, bounded, errors, errors::Trouble};
use crate::adapters::common::manifest::with_record;
use crate::adapters::common::names::{PROOF, SMALL_FILE};
use crate::domain::backup::VerificationRecord;
use crate::ports::PortResult;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// What records and manifests are.
pub(super) const JSON: &str = "application/json";

/// The last text seen under each key, with its entity tag.
#[derive(Debug, Default)]
pub(super) struct SmallObjects(Mutex<HashMap<String, (String, String)>>);

impl SmallObjects {
    fn get(&self, object: &Listed) -> Option<String> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known
            .get(&object.key)
            .filter(|(etag, _)| !etag.is_empty() && *etag == object.etag)
            .map(|(_, text)| text.clone())
    }

    fn keep(&self, key: &str, etag: &str, text: &str) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(key.to_owned(), (etag.to_owned(), text.to_owned()));
    }
}

impl Bucket {
    /// The text of a listed object; nothing when it has gone or is no text.
    pub(super) async fn small_text(&self, object: &Listed) -> PortResult<Option<String>> {
        if let Some(text) = self.small.get(object) {
            return Ok(Some(text));
        }
        let fetched = self.fetch_small(&object.key).await?;
        Ok(fetched.map(|(etag, text)| {
            self.small.keep(&object.key, &etag, &text);
            text
        }))
    }

    /// Puts a record beside a backup; what a manifest there says of the same bytes stays.
    pub(super) async fn put_record(
        &self,
        key: &str,
        record: &VerificationRecord,
    ) -> PortResult<()> {
        let stands = self.fetch_small(key).await?.map(|(_, text)| text);
        let text = with_record(record, stands.as_deref())
            .map_err(|error| Trouble::Refused(error.to_string()).at(&self.describe(), key))?;
        let put = self.client.put_object().bucket(&self.name).key(key);
        let sent = put.content_type(JSON).body(text.into());
        match sent.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.explain(error, key).await),
        }
    }

    /// Puts a small object under a key that must be free.
    pub(super) async fn put_new(&self, key: &str, kind: &str, text: Vec<u8>) -> PortResult<()> {
        let put = self.client.put_object().bucket(&self.name).key(key);
        let sent = put.content_type(kind).if_none_match("*").body(text.into());
        match sent.send().await {
            Ok(_) => Ok(()),
            Err(error) => Err(self.explain_taken(error, key).await),
        }
    }

    /// Removes an object; one that is not there is no error.
    pub(super) async fn delete(&self, key: &str) -> PortResult<()> {
        let removed = self.client.delete_object().bucket(&self.name).key(key);
        match removed.send().await {
            Ok(_) => Ok(()),
            Err(error) if errors::trouble(&error) == Trouble::NotThere => Ok(()),
            Err(error) => Err(self.explain(error, key).await),
        }
    }

    /// Entity tag of an object; nothing when it is not there.
    pub(super) async fn stands(&self, key: &str) -> PortResult<Option<String>> {
        let request = self.client.head_object().bucket(&self.name).key(key);
        match request.send().await {
            Ok(head) => Ok(Some(head.e_tag().unwrap_or_default().to_owned())),
            Err(error) if errors::trouble(&error) == Trouble::NotThere => Ok(None),
            Err(error) => Err(self.explain(error, key).await),
        }
    }

    /// Puts a small object of our own and removes it.
    pub(super) async fn prove_writable(&self) -> PortResult<()> {
        let key = format!("{}{PROOF}", self.prefix);
        let put = self.client.put_object().bucket(&self.name).key(&key);
        if let Err(error) = put.body(PROOF.as_bytes().to_vec().into()).send().await {
            return Err(self.explain(error, &key).await);
        }
        self.delete(&key).await
    }

    /// Entity tag and text of an object; nothing when it is not there or no text.
    pub(super) async fn fetch_small(&self, key: &str) -> PortResult<Option<(String, String)>> {
        let request = self.client.get_object().bucket(&self.name).key(key);
        let range = format!("bytes=0-{}", SMALL_FILE - 1);
        let answer = match request.range(range).send().await {
            Ok(answer) => answer,
            // An empty object has no first byte to give.
            Err(e) if e.raw_response().is_some_and(|r| r.status().as_u16() == 416) => {
                return Ok(None);
            }
            Err(e) if errors::trouble(&e) == Trouble::NotThere => return Ok(None),
            Err(e) => return Err(self.explain(e, key).await),
        };
        let etag = answer.e_tag().unwrap_or_default().to_owned();
        let body = bounded::small(answer.body).await.map_err(|error| {
            Trouble::Failing(format!("a small object broke: {error}")).at(&self.describe(), key)
        })?;
        Ok(body
            .and_then(|body| String::from_utf8(body).ok())
            .map(|text| (etag, text)))
    }
}
