//! The server: one request a connection, and bounds on everything a peer decides.

use super::{HttpParts, metrics, ready};
use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// Bounds on what a peer may take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at once; further ones wait in the kernel.
    pub connections: usize,
    /// For the whole head of a request to arrive.
    pub head: Duration,
    /// For a connection from its beginning to its end.
    pub whole: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 64,
            head: Duration::from_secs(3),
            whole: Duration::from_secs(8),
        }
    }
}

/// Bytes of a request's head.
const LARGEST_HEAD: usize = 16 * 1024;

/// After an `accept` that failed: descriptors may have run out, and come back.
const BREATH: Duration = Duration::from_millis(200);

/// Serves until it is told to stop.
pub async fn serve(
    listener: TcpListener,
    parts: Arc<HttpParts>,
    limits: Limits,
    stop: CancellationToken,
) {
    let slots = Arc::new(Semaphore::new(limits.connections));
    loop {
        let accepted = async {
            let slot = Arc::clone(&slots).acquire_owned().await;
            (slot, listener.accept().await)
        };
        let (slot, accepted) = tokio::select! {
            () = stop.cancelled() => return,
            accepted = accepted => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                let (parts, stop) = (Arc::clone(&parts), stop.clone());
                tokio::spawn(async move {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = connection(stream, parts, limits) => {}
                    }
                    drop(slot);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection to HTTP_LISTEN was not accepted");
                tokio::time::sleep(BREATH).await;
            }
        }
    }
}

/// One request and its answer. What goes wrong on the way concerns the peer alone.
async fn connection(stream: TcpStream, parts: Arc<HttpParts>, limits: Limits) {
    let service = service_fn(move |request| {
        let parts = Arc::clone(&parts);
        async move { Ok::<_, Infallible>(answer(&parts, &request).await) }
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_buf_size(LARGEST_HEAD)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    match tokio::time::timeout(limits.whole, served).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "a request to HTTP_LISTEN broke off"),
        Err(_) => tracing::debug!("a peer of HTTP_LISTEN was too slow"),
    }
}

type Answer = Response<Full<Bytes>>;

async fn answer(parts: &HttpParts, request: &Request<Incoming>) -> Answer {
    let path = request.uri().path();
    let known = ["/healthz", "/readyz", "/metrics"].contains(&path);
    if !known {
        return plain(
            StatusCode::NOT_FOUND,
            "there are /healthz, /readyz and /metrics\n",
        );
    }
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        let mut refused = plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD\n");
        let allow = HeaderValue::from_static("GET, HEAD");
        refused.headers_mut().insert(ALLOW, allow);
        return refused;
    }
    match path {
        "/metrics" => match metrics::text(parts).await {
            Ok(text) => {
                parts.scraped.beat();
                made(StatusCode::OK, metrics::CONTENT_TYPE, text)
            }
            Err(error) => {
                tracing::error!(%error, "metrics cannot be written");
                plain(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "metrics cannot be written\n",
                )
            }
        },
        "/healthz" => report(&ready::alive(parts).await),
        _ => report(&ready::ready(parts).await),
    }
}

fn report(report: &ready::Report) -> Answer {
    let status = match report.ok {
        true => StatusCode::OK,
        false => StatusCode::SERVICE_UNAVAILABLE,
    };
    let text = serde_json::to_string(report).unwrap_or_default();
    made(status, "application/json", text + "\n")
}

fn plain(status: StatusCode, text: &str) -> Answer {
    made(status, "text/plain; charset=utf-8", text.to_owned())
}

fn made(status: StatusCode, kind: &'static str, text: String) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(text)));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
