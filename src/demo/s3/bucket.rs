//! Buckets over a folder: `s3s-fs` with what it lacks of S3: entity tags that follow the file,
//! `If-Match`, missing buckets told apart from missing keys, pages of a given size.

use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;
use futures::{Stream, TryStreamExt};
use s3s::dto::*;
use s3s::{S3, S3ErrorCode, S3Request, S3Response, S3Result, s3_error};
use s3s_fs::FileSystem;
use std::fs::Metadata;
use std::io::{self, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

/// Bytes read from a file at once.
const CHUNK: usize = 256 * 1024;

#[derive(Debug)]
pub(super) struct FolderBuckets {
    inner: FileSystem,
    root: PathBuf,
    page_size: i32,
}

impl FolderBuckets {
    pub(super) fn new(root: &Path, page_size: u16) -> Result<Self, s3s_fs::Error> {
        Ok(Self {
            inner: FileSystem::new(root)?,
            root: root.to_owned(),
            page_size: i32::from(page_size),
        })
    }

    /// The object's file. Keys that would leave the bucket are no keys.
    fn file(&self, bucket: &str, key: &str) -> S3Result<PathBuf> {
        let folder = self.root.join(bucket);
        if !folder.is_dir() {
            return Err(s3_error!(NoSuchBucket));
        }
        if key.split('/').any(|part| part.is_empty() || part == "..") {
            return Err(s3_error!(NoSuchKey));
        }
        Ok(folder.join(key))
    }
}

/// Key and id of an upload to this bucket, from the name of the file that `s3s-fs` keeps of it:
/// `.bucket-<b>.object-<k>.upload-<id>.metadata.json`, with names in Base64.
fn unfinished(file: &str, bucket: &str) -> Option<(String, String)> {
    let rest = file.strip_prefix(".bucket-")?;
    let (of, rest) = rest.split_once(".object-")?;
    let (key, rest) = rest.split_once(".upload-")?;
    let id = rest.strip_suffix(".metadata.json")?;
    let plain = |name: &str| {
        let bytes = BASE64URL_NOPAD.decode(name.as_bytes()).ok()?;
        String::from_utf8(bytes).ok()
    };
    (plain(of)? == bucket).then_some((plain(key)?, id.to_owned()))
}

/// Changes with every change of the file, without reading it.
fn entity_tag(file: &Metadata) -> ETag {
    ETag::Strong(format!(
        "{:x}-{:x}-{:x}-{:x}",
        file.ino(),
        file.len(),
        file.mtime(),
        file.mtime_nsec()
    ))
}

fn missing(error: io::Error) -> s3s::S3Error {
    match error.kind() {
        io::ErrorKind::NotFound => s3_error!(error, NoSuchKey),
        _ => s3_error!(error, InternalError),
    }
}

/// An upload that has ended is called somebody else's by what lies below.
fn ended(error: s3s::S3Error) -> s3s::S3Error {
    match error.code() {
        S3ErrorCode::AccessDenied => s3_error!(NoSuchUpload),
        _ => error,
    }
}

fn internal(error: io::Error) -> s3s::S3Error {
    s3_error!(error, InternalError)
}

fn check_match(condition: Option<&ETagCondition>, tag: &ETag) -> S3Result<()> {
    match condition {
        Some(ETagCondition::ETag(wanted)) if !wanted.strong_cmp(tag) => {
            Err(s3_error!(PreconditionFailed))
        }
        _ => Ok(()),
    }
}

/// The part of the file that was asked for, closed with the stream.
async fn read_part(
    mut file: File,
    from: u64,
    length: u64,
) -> io::Result<impl Stream<Item = io::Result<Bytes>> + Send + Sync + 'static> {
    file.seek(SeekFrom::Start(from)).await?;
    file.set_max_buf_size(CHUNK);
    Ok(ReaderStream::with_capacity(file.take(length), CHUNK).map_ok(Bytes::from))
}

#[async_trait::async_trait]
impl S3 for FolderBuckets {
    async fn get_object(
        &self,
        req: S3Request<GetObjectInput>,
    ) -> S3Result<S3Response<GetObjectOutput>> {
        let path = self.file(&req.input.bucket, &req.input.key)?;
        let file = File::open(&path).await.map_err(missing)?;
        let metadata = file.metadata().await.map_err(internal)?;
        let tag = entity_tag(&metadata);
        check_match(req.input.if_match.as_ref(), &tag)?;
        let size = metadata.len();
        let part = match req.input.range {
            Some(range) => range.check(size)?,
            None => 0..size,
        };
        let length = part.end - part.start;
        let content_range = req
            .input
            .range
            .map(|_| format!("bytes {}-{}/{size}", part.start, part.end.saturating_sub(1)));
        let body = read_part(file, part.start, length)
            .await
            .map_err(internal)?;
        Ok(S3Response::new(GetObjectOutput {
            body: Some(StreamingBlob::wrap(body)),
            content_length: i64::try_from(length).ok(),
            content_range,
            e_tag: Some(tag),
            last_modified: metadata.modified().ok().map(Timestamp::from),
            ..Default::default()
        }))
    }

    async fn head_object(
        &self,
        req: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        let path = self.file(&req.input.bucket, &req.input.key)?;
        let metadata = tokio::fs::metadata(&path).await.map_err(missing)?;
        let mut answer = self.inner.head_object(req).await?;
        answer.output.e_tag = Some(entity_tag(&metadata));
        Ok(answer)
    }

    async fn list_objects_v2(
        &self,
        mut req: S3Request<ListObjectsV2Input>,
    ) -> S3Result<S3Response<ListObjectsV2Output>> {
        let wanted = req.input.max_keys.unwrap_or(self.page_size);
        req.input.max_keys = Some(wanted.min(self.page_size));
        let bucket = req.input.bucket.clone();
        let mut answer = self.inner.list_objects_v2(req).await?;
        for object in answer.output.contents.iter_mut().flatten() {
            let Some(key) = &object.key else { continue };
            let path = self.file(&bucket, key)?;
            let metadata = tokio::fs::metadata(&path).await;
            object.e_tag = metadata.ok().map(|file| entity_tag(&file));
        }
        Ok(answer)
    }

    async fn put_object(
        &self,
        req: S3Request<PutObjectInput>,
    ) -> S3Result<S3Response<PutObjectOutput>> {
        let path = self.file(&req.input.bucket, &req.input.key)?;
        let mut answer = self.inner.put_object(req).await?;
        let metadata = tokio::fs::metadata(&path).await.map_err(missing)?;
        answer.output.e_tag = Some(entity_tag(&metadata));
        Ok(answer)
    }

    async fn create_multipart_upload(
        &self,
        req: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        self.file(&req.input.bucket, &req.input.key)?;
        self.inner.create_multipart_upload(req).await
    }

    async fn upload_part(
        &self,
        req: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        self.inner.upload_part(req).await
    }

    async fn complete_multipart_upload(
        &self,
        req: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        let completed = self.inner.complete_multipart_upload(req).await;
        completed.map_err(ended)
    }

    async fn abort_multipart_upload(
        &self,
        req: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        let aborted = self.inner.abort_multipart_upload(req).await;
        aborted.map_err(ended)
    }

    /// The folder keeps a file for each, which its library has no call to list.
    async fn list_multipart_uploads(
        &self,
        req: S3Request<ListMultipartUploadsInput>,
    ) -> S3Result<S3Response<ListMultipartUploadsOutput>> {
        let ListMultipartUploadsInput { bucket, prefix, .. } = req.input;
        let prefix = prefix.unwrap_or_default();
        let mut uploads = Vec::new();
        let mut files = tokio::fs::read_dir(&self.root).await.map_err(missing)?;
        while let Some(file) = files.next_entry().await.map_err(internal)? {
            let found = unfinished(&file.file_name().to_string_lossy(), &bucket);
            uploads.extend(found.filter(|(key, _)| key.starts_with(&prefix)));
        }
        uploads.sort();
        let upload = |(key, id)| MultipartUpload {
            key: Some(key),
            upload_id: Some(id),
            ..MultipartUpload::default()
        };
        Ok(S3Response::new(ListMultipartUploadsOutput {
            uploads: Some(uploads.into_iter().map(upload).collect()),
            is_truncated: Some(false),
            bucket: Some(bucket),
            ..ListMultipartUploadsOutput::default()
        }))
    }

    async fn delete_object(
        &self,
        req: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        self.inner.delete_object(req).await
    }

    async fn head_bucket(
        &self,
        req: S3Request<HeadBucketInput>,
    ) -> S3Result<S3Response<HeadBucketOutput>> {
        self.inner.head_bucket(req).await
    }

    async fn create_bucket(
        &self,
        req: S3Request<CreateBucketInput>,
    ) -> S3Result<S3Response<CreateBucketOutput>> {
        self.inner.create_bucket(req).await
    }

    async fn list_buckets(
        &self,
        req: S3Request<ListBucketsInput>,
    ) -> S3Result<S3Response<ListBucketsOutput>> {
        self.inner.list_buckets(req).await
    }
}
