//! Where backups are.

use super::problem::Problem;
use super::reader::{Read, Reader};
use super::setting::Row;
use super::table;
use secrecy::SecretString;
use std::path::PathBuf;
use url::Url;

/// The folder, and the bucket if there is one.
#[derive(Clone, Debug)]
pub struct BackupSettings {
    /// `BACKUP_DIR`, absolute.
    pub dir: PathBuf,
    /// Whether somebody gave `BACKUP_DIR`: with a bucket, a missing *default* folder is no failure.
    pub dir_given: bool,
    /// The bucket; absent while `S3_BUCKET` is empty.
    pub s3: Option<S3Settings>,
}

/// An S3-compatible store.
#[derive(Clone, Debug)]
pub struct S3Settings {
    /// `S3_BUCKET`.
    pub bucket: String,
    /// `S3_PREFIX` without slashes at its ends; empty for none.
    pub prefix: String,
    /// `S3_ENDPOINT_URL`; absent for AWS itself.
    pub endpoint: Option<Url>,
    /// `AWS_REGION`; absent where AWS's usual configuration decides.
    pub region: Option<String>,
    /// A key given here; absent where the usual AWS credential chain is asked.
    pub key: Option<S3Key>,
}

/// An access key.
#[derive(Clone, Debug)]
pub struct S3Key {
    /// `AWS_ACCESS_KEY_ID`.
    pub id: SecretString,
    /// `AWS_SECRET_ACCESS_KEY`.
    pub secret: SecretString,
    /// `AWS_SESSION_TOKEN`, for temporary keys.
    pub session: Option<SecretString>,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Read<BackupSettings> {
    let dir = reader.get(&table::BACKUP_DIR);
    let s3 = bucket(reader);
    Ok(BackupSettings {
        dir: dir?.0,
        dir_given: reader.is_given(table::BACKUP_DIR.row),
        s3: s3?,
    })
}

fn bucket(reader: &mut Reader<'_>) -> Read<Option<S3Settings>> {
    let bucket = reader.find(&table::S3_BUCKET);
    let prefix = reader.find(&table::S3_PREFIX);
    let endpoint = reader.find(&table::S3_ENDPOINT_URL);
    let region = reader.find(&table::AWS_REGION);
    let Some(bucket) = bucket? else {
        warn_of_lone_parts(reader);
        return Ok(None);
    };
    let key = key(reader);
    Ok(Some(S3Settings {
        bucket: bucket.0,
        prefix: prefix?.map_or_else(String::new, |prefix| prefix.0),
        endpoint: endpoint?.map(|url| url.0),
        region: region?.map(|region| region.0),
        key: key?,
    }))
}

fn warn_of_lone_parts(reader: &mut Reader<'_>) {
    for row in [table::S3_PREFIX.row, table::S3_ENDPOINT_URL.row] {
        if reader.is_given(row) {
            reader.warn(row, "S3 is off, for S3_BUCKET is empty");
        }
    }
}

fn key(reader: &mut Reader<'_>) -> Read<Option<S3Key>> {
    let id = reader.find(&table::AWS_ACCESS_KEY_ID);
    let secret = reader.find(&table::AWS_SECRET_ACCESS_KEY);
    let session = reader.find(&table::AWS_SESSION_TOKEN);
    match (id?, secret?) {
        (Some(id), Some(secret)) => Ok(Some(S3Key {
            id: id.0,
            secret: secret.0,
            session: session?.map(|token| token.0),
        })),
        (None, None) => Ok(None),
        (Some(_), None) => half(reader, table::AWS_SECRET_ACCESS_KEY.row),
        (None, Some(_)) => half(reader, table::AWS_ACCESS_KEY_ID.row),
    }
}

fn half<T>(reader: &mut Reader<'_>, missing: &Row) -> Read<T> {
    reader.fail(
        Problem::of(
            missing,
            "the other half of the key is given, this one is not",
        )
        .advise("Give both halves, or neither to use the usual AWS credential chain."),
    )
}
