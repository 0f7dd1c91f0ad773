//! Addresses: what settings may not lead to, and servers that send the program elsewhere.

use crate::check::play::PROGRAM;
use axum::Router;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use rei_recovery::adapters::yookassa::{YooKassa, YooKassaLimits, YooKassaOptions};
use rei_recovery::runbook::providers;
use rei_recovery::telegram::client;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use teloxide::prelude::Requester;
use tokio::net::TcpListener;
use url::Url;

/// Addresses that lead to no service, whatever is asked there.
const NOWHERE: &[&str] = &[
    "file:///etc/passwd",
    "ftp://example.org/",
    "unix:/run/dbus/system_bus_socket",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/",
    "http://0xa9fea9fe/",
    "http://[fe80::1]/",
    "http://[::ffff:169.254.169.254]/",
    "http://[fd00:ec2::254]/",
    "http://user:password@example.org/",
    "https://example.org/?to=http://127.0.0.1/",
];

#[test]
fn no_setting_leads_to_files_or_to_the_machines_cloud() {
    for name in [
        "TELEGRAM_API_URL",
        "S3_ENDPOINT_URL",
        "YOOKASSA_API_URL",
        "YOOKASSA_STATUS_URL",
    ] {
        for address in NOWHERE {
            let ended = Command::new(PROGRAM)
                .args(["status", "--json"])
                .env_clear()
                .current_dir("/")
                .envs([(name, *address), ("S3_BUCKET", "backups")])
                .output()
                .unwrap();
            let told = String::from_utf8_lossy(&ended.stderr).into_owned();
            assert_eq!(ended.status.code(), Some(2), "{name}={address}: {told}");
            assert!(told.contains(name), "{name}={address}: {told}");
            assert!(!told.contains("password@"), "{told}");
        }
    }
}

#[test]
fn no_provider_is_at_the_machines_cloud() {
    let known = [
        "KLING_ACCESS_KEY",
        "KLING_SECRET_KEY",
        "NANO_BANANA_API_KEY",
    ];
    let text = providers::BUILT_IN;
    let real = text
        .split('"')
        .find(|word| word.starts_with("https://"))
        .unwrap();
    let host = Url::parse(&real.replace("{task}", "1")).unwrap();
    let host = host.host_str().unwrap();
    for other in [
        "169.254.169.254",
        "[fe80::1]",
        "0xa9fea9fe",
        "user:pw@example.org",
    ] {
        let error = providers::parse(&text.replace(host, other), &known).unwrap_err();
        let error = error.to_string();
        assert!(
            error.contains("own cloud") || error.contains("password"),
            "{other}: {error}"
        );
    }
}

/// A server that sends everybody elsewhere, and one that counts who comes.
async fn decoy() -> (Url, Arc<AtomicUsize>) {
    let visits = Arc::<AtomicUsize>::default();
    let counted = Arc::clone(&visits);
    let there = serve(Router::new().fallback(move || async move {
        counted.fetch_add(1, Ordering::SeqCst);
        "{\"ok\":true,\"result\":{\"id\":1,\"is_bot\":true,\"first_name\":\"x\"}}"
    }))
    .await;
    let away = serve(
        Router::new().fallback(move |method: axum::http::Method| async move {
            // 307 keeps method and body of a call that posts.
            let status = match method == axum::http::Method::GET {
                true => StatusCode::FOUND,
                false => StatusCode::TEMPORARY_REDIRECT,
            };
            (status, [(LOCATION, there.to_string())])
        }),
    )
    .await;
    (away, visits)
}

async fn serve(app: Router) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await });
    format!("http://{address}/").parse().unwrap()
}

#[tokio::test]
async fn a_token_goes_to_no_other_server() {
    let (away, visits) = decoy().await;
    let bot = client(&"700:a-secret-of-the-test".to_owned().into(), &away).unwrap();
    assert!(bot.get_me().await.is_err());
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_status_page_sends_nobody_to_another_server() {
    let (away, visits) = decoy().await;
    let options = YooKassaOptions {
        keys: None,
        api: away.clone(),
        status: away,
        limits: YooKassaLimits::default(),
    };
    let reading = YooKassa::new(options).unwrap().page().await;
    assert_eq!(visits.load(Ordering::SeqCst), 0, "{reading:?}");
}

#[tokio::test]
async fn a_status_page_may_move_on_its_own_server() {
    let page = "<html>Все системы работают</html>";
    let app = Router::new()
        .route(
            "/",
            axum::routing::get(|| async { (StatusCode::FOUND, [(LOCATION, "/ru")]) }),
        )
        .route("/ru", axum::routing::get(move || async move { page }));
    let url = serve(app).await;
    let options = YooKassaOptions {
        keys: None,
        api: url.clone(),
        status: url,
        limits: YooKassaLimits::default(),
    };
    let reading = YooKassa::new(options).unwrap().page().await;
    assert_eq!(
        reading.condition,
        rei_recovery::domain::provider::Condition::Up,
        "{reading:?}"
    );
}
