//! The chat in the browser: a listener of its own with one page, its events and its verbs.
//!
//! It plays the app, not the bot, so no fault and no limit of the Bot API touches it.

mod verbs;
mod view;

use std::{
    collections::HashMap,
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Path, Query, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::{get, post},
};
use futures::Stream;
use serde_json::json;
use tokio::net::TcpListener;

use super::{BotApi, control::ControlError, files::MAX_DOCUMENT, ids::PersonId};

const HTML: &str = include_str!("page/index.html");
const CSS: &str = include_str!("page/style.css");
const SCRIPTS: [(&str, &str); 5] = [
    ("app.js", include_str!("page/app.js")),
    ("chat.js", include_str!("page/chat.js")),
    ("composer.js", include_str!("page/composer.js")),
    ("panel.js", include_str!("page/panel.js")),
    ("words.js", include_str!("page/words.js")),
];

/// Nothing from elsewhere, no inline script: text from a chat cannot become code.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'";

/// Changes that come close together are told together.
const TOGETHER: Duration = Duration::from_millis(30);

/// Starts the page and says where it is. `api` must be a guest: a page must not keep the server alive.
pub(super) async fn open(api: BotApi, address: SocketAddr) -> Result<String, ControlError> {
    let cannot = |source| ControlError::Listen { address, source };
    let listener = TcpListener::bind(address).await.map_err(cannot)?;
    let bound = listener.local_addr().map_err(cannot)?;
    let tasks = api.shared.tasks.clone();
    let stop = api.shared.stop.clone().cancelled_owned();
    let served = axum::serve(listener, router(api)).with_graceful_shutdown(stop);
    tasks.spawn(async move {
        if let Err(error) = served.await {
            tracing::error!(%error, "the chat page stopped");
        }
    });
    Ok(format!("http://{bound}/"))
}

fn router(api: BotApi) -> Router {
    Router::new()
        .route(
            "/",
            get(|| async { asset("text/html; charset=utf-8", HTML) }),
        )
        .route(
            "/style.css",
            get(|| async { asset("text/css; charset=utf-8", CSS) }),
        )
        .route("/js/{name}", get(script))
        .route("/demo/events", get(events))
        .route("/demo/files/{index}", get(file))
        .route("/demo/facts", get(facts))
        .route("/demo/actions", get(actions))
        .route("/demo/actions/{id}", post(act))
        .merge(verbs::router())
        .layer(DefaultBodyLimit::max(MAX_DOCUMENT))
        .layer(middleware::from_fn(guard))
        .with_state(api)
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    (
        [
            (header::CONTENT_TYPE, kind),
            (header::CACHE_CONTROL, "no-cache"),
        ],
        text,
    )
        .into_response()
}

async fn script(Path(name): Path<String>) -> Response {
    match SCRIPTS.iter().find(|(known, _)| *known == name) {
        Some((_, text)) => asset("text/javascript; charset=utf-8", text),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Keeps other sites out: a page elsewhere must neither press buttons here (`Origin`) nor pose as
/// this one under a name of its own (`Host`).
async fn guard(request: Request, next: Next) -> Response {
    let headers = request.headers();
    let host = text(headers, header::HOST).unwrap_or_default();
    let origin = text(headers, header::ORIGIN);
    let same = origin.is_none_or(|origin| origin == format!("http://{host}"));
    if !is_local_name(host) || !same {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    );
    response
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// An address, or `localhost`: names can be made to point anywhere.
fn is_local_name(host: &str) -> bool {
    let address: Result<SocketAddr, _> = host.parse();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    address.is_ok() || name.parse::<IpAddr>().is_ok() || name == "localhost"
}

/// Everything one person sees, and then every change of it.
async fn events(
    State(api): State<BotApi>,
    Query(query): Query<HashMap<String, String>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let person = query.get("as").and_then(|id| id.parse().ok()).map(PersonId);
    let shared = api.shared;
    let stream = async_stream::stream! {
        let mut bell = shared.listen();
        let mut shown = view::Shown::default();
        loop {
            bell.borrow_and_update();
            if let Some(news) = view::news(&shared, person, &mut shown)
                && let Ok(event) = Event::default().json_data(news)
            {
                yield Ok(event);
            }
            tokio::select! {
                () = shared.stop.cancelled() => break,
                rung = bell.changed() => if rung.is_err() { break },
            }
            tokio::time::sleep(TOGETHER).await;
        }
    };
    Sse::new(stream).keep_alive(KeepAlive::default())
}

/// Pictures are shown; everything else is only ever saved.
async fn file(State(api): State<BotApi>, Path(index): Path<usize>) -> Response {
    let Some(file) = api.read(|w| w.file(index).cloned()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let shown = ["image/png", "image/jpeg", "image/gif"].contains(&file.mime.as_str());
    let (kind, disposition) = if shown {
        (file.mime.as_str(), "inline")
    } else {
        ("application/octet-stream", "attachment")
    };
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, file.bytes).into_response()
}

async fn facts(State(api): State<BotApi>) -> Response {
    Json(api.shared.panel(|p| p.facts().1)).into_response()
}

async fn actions(State(api): State<BotApi>) -> Response {
    Json(api.shared.panel(|p| p.actions())).into_response()
}

async fn act(State(api): State<BotApi>, Path(id): Path<String>) -> Response {
    let Some(action) = api.shared.panel(|p| p.action(&id)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match action.run().await {
        Ok(done) => Json(json!({ "done": done })).into_response(),
        Err(why) => (StatusCode::CONFLICT, Json(json!({ "failed": why }))).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::is_local_name;

    #[test]
    fn only_addresses_and_localhost_are_this_page() {
        for host in [
            "127.0.0.1:8080",
            "localhost:8080",
            "localhost",
            "[::1]:80",
            "10.0.0.7",
        ] {
            assert!(is_local_name(host), "{host}");
        }
        for host in [
            "",
            "evil.example:8080",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
        ] {
            assert!(!is_local_name(host), "{host}");
        }
    }
}
