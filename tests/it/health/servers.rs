//! Peers on loopback ports, and what is seen of their certificates and clocks.

use super::ground::{Ground, of, only};
use crate::support::redis::free_port;
use crate::support::wait::until;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::any;
use axum::{Json, Router};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::health::{Condition, Measure, Part, SignCode};
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path as FilePath;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;
use tokio::net::TcpListener;

/// Answers every path with the given status and JSON, counts, and can be told otherwise.
pub struct Peer {
    pub url: String,
    pub asked: Arc<AtomicUsize>,
    answer: Arc<Mutex<Answer>>,
}

type Answer = Box<dyn Fn(&str) -> (u16, Value) + Send>;

impl Peer {
    pub async fn answering(answer: impl Fn(&str) -> (u16, Value) + Send + 'static) -> Self {
        let asked = Arc::new(AtomicUsize::new(0));
        let answer: Arc<Mutex<Answer>> = Arc::new(Mutex::new(Box::new(answer)));
        let (count, says) = (asked.clone(), answer.clone());
        let reply = move |path: Option<Path<String>>| async move {
            count.fetch_add(1, Ordering::Relaxed);
            let path = path.map(|path| path.0).unwrap_or_default();
            let (status, body) = says.lock().unwrap()(&path);
            (StatusCode::from_u16(status).unwrap(), Json(body))
        };
        let router = Router::new()
            .route("/", any(reply.clone()))
            .route("/{*path}", any(reply));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, asked, answer }
    }

    pub fn says(&self, answer: impl Fn(&str) -> (u16, Value) + Send + 'static) {
        *self.answer.lock().unwrap() = Box::new(answer);
    }

    pub fn count(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

/// Takes connections and never says a word.
pub fn hanging() -> SocketAddr {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    listener.set_nonblocking(true).unwrap();
    tokio::spawn(async move {
        let listener = TcpListener::from_std(listener).unwrap();
        let mut kept = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            kept.push(stream);
        }
    });
    at
}

const SERVER: &str = r#"
import http.server, ssl, sys, time, email.utils
port, folder, ahead = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
class Handler(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self):
        self.send_response(200)
        self.end_headers()
    def date_time_string(self, timestamp=None):
        return email.utils.formatdate(time.time() + ahead, usegmt=True)
    def log_message(self, *words):
        pass
server = http.server.HTTPServer(("127.0.0.1", port), Handler)
if folder:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + "/server.crt", folder + "/server.key")
    server.socket = context.wrap_socket(server.socket, server_side=True)
server.serve_forever()
"#;

/// A server of Python's, with TLS or without, whose clock may be wrong.
struct Server {
    child: Child,
    port: u16,
}

impl Server {
    async fn start(certificates: Option<&FilePath>, ahead: i64) -> Self {
        let port = free_port();
        let folder = certificates.map_or(String::new(), |path| path.display().to_string());
        let child = Command::new("python3")
            .args(["-c", SERVER, &port.to_string(), &folder])
            .arg(ahead.to_string())
            .stdin(Stdio::null())
            .spawn()
            .expect("python3 runs");
        let own = Self { child, port };
        until("the server", async || {
            tokio::net::TcpStream::connect(("127.0.0.1", port))
                .await
                .ok()
        })
        .await;
        own
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A certificate that ends so many days from now.
fn certificate(days: i32) -> TempDir {
    let folder = TempDir::new().unwrap();
    let openssl = |words: &str| {
        let words = words.split(' ');
        let output = Command::new("openssl")
            .args(words)
            .current_dir(folder.path())
            .output()
            .expect("Debian's package openssl is installed");
        assert!(output.status.success(), "{output:?}");
    };
    openssl("req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout server.key -out server.csr");
    openssl(&format!(
        "x509 -req -in server.csr -signkey server.key -days {days} -out server.crt"
    ));
    folder
}

#[tokio::test]
async fn the_end_of_a_certificate_is_seen_even_when_it_lies_back() {
    for (days, condition, sign) in [
        (90, Condition::Up, None),
        (10, Condition::Degraded, Some(SignCode::CertificateEnding)),
        (2, Condition::Down, Some(SignCode::CertificateEnding)),
        (-1, Condition::Down, Some(SignCode::CertificateEnded)),
    ] {
        let certificates = certificate(days);
        let server = Server::start(Some(certificates.path()), 0).await;
        let mut ground = Ground::new();
        let url = format!("https://localhost:{}/v3", server.port);
        ground.profile.servers = vec![url.parse().unwrap()];
        let round = ground.round().await;
        let found = of(
            &round,
            Part::Certificate,
            &format!("localhost:{}", server.port),
        );
        assert_eq!(found.condition, condition, "{found:?}");
        assert_eq!(found.signs.first().map(|sign| sign.code), sign);
        let left = found.measures[&Measure::DaysLeft];
        assert!(
            (i64::from(days) - 1..=i64::from(days)).contains(&left),
            "{found:?}"
        );
        assert_eq!(only(&round, Part::Clock).condition, Condition::Up);
    }
}

#[tokio::test]
async fn this_clock_is_held_against_those_of_the_servers() {
    for (ahead, condition) in [
        (0, Condition::Up),
        (60, Condition::Degraded),
        (-60, Condition::Degraded),
        (3600, Condition::Down),
    ] {
        let server = Server::start(None, ahead).await;
        let mut ground = Ground::new();
        let url = format!("http://127.0.0.1:{}", server.port);
        ground.profile.servers = vec![url.parse().unwrap()];
        let round = ground.round().await;
        let found = only(&round, Part::Clock);
        assert_eq!(found.condition, condition, "{found:?}");
        let seen = found.measures[&Measure::SkewMillis];
        assert!((seen + ahead * 1000).abs() < 1_500, "{found:?}");
        assert_eq!(round.of(Part::Certificate).count(), 0);
    }
}

#[tokio::test]
async fn one_wrong_clock_among_three_moves_nothing() {
    let servers = [
        Server::start(None, 0).await,
        Server::start(None, 3600).await,
        Server::start(None, 0).await,
    ];
    let mut ground = Ground::new();
    let url = |server: &Server| format!("http://127.0.0.1:{}", server.port).parse().unwrap();
    ground.profile.servers = servers.iter().map(url).collect();
    assert_eq!(ground.finds(Part::Clock).await.condition, Condition::Up);
}

#[tokio::test]
async fn a_server_that_is_not_there_tells_nothing() {
    let mut ground = Ground::new();
    let url = format!("https://127.0.0.1:{}", free_port());
    ground.profile.servers = vec![url.parse().unwrap()];
    let round = ground.round().await;
    for part in [Part::Certificate, Part::Clock] {
        let found = only(&round, part);
        assert_eq!(found.condition, Condition::Unknown);
        assert_eq!(found.failure.unwrap().code, FailureCode::ProviderDown);
    }
}
