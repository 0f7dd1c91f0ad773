//! A bucket that means harm: whatever it answers, a listing ends, the memory stays small, and names that
//! are none of ours are none.

use crate::restore::fixture::{KEY, SECRET, limits};
use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use bytes::Bytes;
use futures::stream;
use rei_recovery::adapters::s3::{S3Keys, S3Place, S3Settings};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::ports::backups::BackupPlace;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::net::TcpListener;

const NAME: &str = "db_20261123_031500.db.gz";
const MIB: u64 = 1 << 20;

/// What it was asked and what it sent.
#[derive(Clone, Default)]
struct Counts {
    requests: Arc<AtomicU64>,
    bytes: Arc<AtomicU64>,
}

/// A store that answers as it likes; its first argument is what is asked for, with the query.
async fn store(answer: fn(&str, &Counts) -> Response) -> (S3Place, Counts) {
    let counts = Counts::default();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shared = counts.clone();
    let app = Router::new().fallback(move |request: Request| async move {
        shared.requests.fetch_add(1, Ordering::SeqCst);
        answer(&request.uri().to_string(), &shared)
    });
    tokio::spawn(async move { axum::serve(listener, app).await });
    let settings = S3Settings {
        endpoint: Some(format!("http://{address}")),
        region: None,
        bucket: "rei-backups".into(),
        prefix: "prod".into(),
        keys: Some(S3Keys {
            id: KEY.into(),
            secret: SECRET.into(),
            session: None,
        }),
        limits: rei_recovery::adapters::s3::S3Limits {
            operation: Duration::from_secs(3),
            ..limits()
        },
    };
    (S3Place::new(&settings).await, counts)
}

/// A page of a listing; each object with its key, as it stands in XML, and its size.
fn page(objects: &[(&str, &str)], next: Option<&str>) -> Response {
    let mut text = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult><Name>rei-backups</Name>",
    );
    for (key, size) in objects {
        text += &format!(
            "<Contents><Key>{key}</Key><Size>{size}</Size><ETag>&quot;1&quot;</ETag></Contents>"
        );
    }
    if let Some(next) = next {
        text += &format!(
            "<IsTruncated>true</IsTruncated><NextContinuationToken>{next}</NextContinuationToken>"
        );
    }
    Response::new(Body::from(text + "</ListBucketResult>"))
}

/// Bytes without end, counted.
fn endless(first: &'static str, counts: &Counts) -> Response {
    let sent = Arc::clone(&counts.bytes);
    let chunks = stream::unfold(0, move |turn| {
        let sent = Arc::clone(&sent);
        async move {
            let chunk = match turn {
                0 => Bytes::from_static(first.as_bytes()),
                _ => Bytes::from_static(&[b' '; 64 * 1024]),
            };
            sent.fetch_add(chunk.len() as u64, Ordering::SeqCst);
            Some((Ok::<_, std::io::Error>(chunk), turn + 1))
        }
    });
    let mut answer = Response::new(Body::from_stream(chunks));
    let etag = "\"1\"".parse().unwrap();
    answer.headers_mut().insert("etag", etag);
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_goes_round_or_has_no_end_ends_by_itself() {
    let (place, counts) = store(|_, _| page(&[], Some("again"))).await;
    let error = place.list().await.unwrap_err();
    assert_eq!(error.code(), FailureCode::BackupPlaceFailing, "{error}");
    assert_eq!(counts.requests.load(Ordering::SeqCst), 2);
    let (place, counts) = store(|_, counts| {
        let turn = counts.requests.load(Ordering::SeqCst);
        let keys: Vec<String> = (0..50).map(|n| format!("prod/{turn}-{n}")).collect();
        let keys: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), "1")).collect();
        page(&keys, Some(&turn.to_string()))
    })
    .await;
    let error = place.list().await.unwrap_err();
    assert!(
        [
            FailureCode::BackupPlaceUnreachable,
            FailureCode::BackupPlaceFailing
        ]
        .contains(&error.code()),
        "{error}"
    );
    assert!(counts.requests.load(Ordering::SeqCst) <= 2000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_end_is_not_read_to_its_end() {
    let (place, counts) = store(|_, counts| endless("<ListBucketResult>", counts)).await;
    let error = place.list().await.unwrap_err();
    assert_eq!(error.code(), FailureCode::BackupPlaceFailing, "{error}");
    // What two tries may read, and what was on its way then.
    let sent = counts.bytes.load(Ordering::SeqCst);
    assert!(sent < 2 * 16 * MIB + 32 * MIB, "{sent}");
}

#[tokio::test(flavor = "multi_thread")]
async fn small_objects_without_end_are_none() {
    let (place, counts) = store(|asked, counts| match asked.contains("list-type") {
        true => page(
            &[
                ("prod/db_20261123_031500.db.gz", "9"),
                ("prod/db_20261123_031500.db.gz.sha256", "64"),
                ("prod/db_20261123_031500.manifest.json", "64"),
            ],
            None,
        ),
        false => endless("{}", counts),
    })
    .await;
    let backups = place.list().await.unwrap();
    assert_eq!(backups.len(), 1);
    assert_eq!(backups[0].sha256, None);
    assert_eq!(place.records().await.unwrap(), []);
    assert!(place.size_hint(&backups[0]).await.is_err());
    let sent = counts.bytes.load(Ordering::SeqCst);
    assert!(sent < 48 * MIB, "{sent}");
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_sizes_that_deceive_make_no_backup() {
    let (place, _) = store(|_, _| {
        page(
            &[
                ("evil/db_20261123_031500.db.gz", "9"),
                ("prod/../db_20261123_031500.db.gz", "9"),
                ("prod//etc/db_20261123_031500.db.gz", "9"),
                ("prod/db_20261123_031500.db.gz&#10;forged", "9"),
                ("prod/db_20261123_031500.db.gz&#x202e;", "9"),
                ("prod/\u{202e}db_20261123_031500.db.gz", "9"),
                ("prod/db_20261123_031501.db.gz", "-9"),
                ("", "9"),
                ("prod/db_20261123_031500.db.gz", "9223372036854775807"),
            ],
            None,
        )
    })
    .await;
    let backups = place.list().await.unwrap();
    let names: Vec<_> = backups.iter().map(|backup| backup.name.as_str()).collect();
    assert_eq!(names, [format!("prod/{NAME}")]);
    // It claims eight exbibytes and gives a page of XML: neither believed nor waited for.
    let Ok(mut stream) = place.open(&backups[0]).await else {
        return;
    };
    use futures::StreamExt;
    let mut read = 0;
    while let Some(chunk) = stream.next().await {
        match chunk {
            Ok(chunk) => read += chunk.len(),
            Err(_) => break,
        }
    }
    assert!(read < MIB as usize, "{read}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_without_end_is_not_read_to_its_end() {
    let (place, counts) = store(|_, counts| {
        let mut answer = endless("<Error><Code>SlowDown</Code>", counts);
        *answer.status_mut() = axum::http::StatusCode::SERVICE_UNAVAILABLE;
        answer
    })
    .await;
    assert!(place.prove_writable().await.is_err());
    let sent = counts.bytes.load(Ordering::SeqCst);
    assert!(sent < 2 * 16 * MIB + 32 * MIB, "{sent}");
}
