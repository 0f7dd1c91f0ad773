//! The API's addresses.

use super::answers;
use super::faults::Fate;
use super::query::{Question, Wrong};
use super::{Shared, lock};
use crate::domain::money::Money;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::net::TcpListener;

type Pairs = Query<Vec<(String, String)>>;

/// Serves until it is stopped.
pub(super) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    let stop = shared.stop.clone();
    let api = Router::new()
        .route("/payments", get(payments).post(begin))
        .route("/payments/{id}", get(payment))
        .route("/refunds", get(refunds))
        .route("/me", get(me))
        .fallback(async || answers::error(StatusCode::NOT_FOUND, "not_found", None))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), gate));
    let router = Router::new()
        .nest("/v3", api)
        .route("/status", get(status))
        .with_state(shared);
    // Small answers must not wait for more to come.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let served = axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned());
    if let Err(error) = served.await {
        tracing::error!(%error, "YooKassa's stand-in stopped");
    }
}

/// Who may come in, and what becomes of the call.
async fn gate(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if !is_let_in(&shared, request.headers()) {
        return answers::error(StatusCode::UNAUTHORIZED, "invalid_credentials", None);
    }
    let call = shared.faults.call();
    match call.fate {
        Fate::Served(delay) => {
            tokio::time::sleep(delay).await;
            next.run(request).await
        }
        Fate::Error(delay) => {
            tokio::time::sleep(delay).await;
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            answers::error(status, "internal_server_error", None)
        }
        Fate::TooMany => answers::error(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", None),
        Fate::Unavailable => StatusCode::SERVICE_UNAVAILABLE.into_response(),
        Fate::Silence => {
            shared.stop.cancelled().await;
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

fn is_let_in(shared: &Shared, headers: &HeaderMap) -> bool {
    let pair = format!("{}:{}", shared.shop, shared.secret);
    let wanted = format!("Basic {}", data_encoding::BASE64.encode(pair.as_bytes()));
    let given = headers.get(header::AUTHORIZATION);
    given.is_some_and(|given| given.as_bytes() == wanted.as_bytes())
}

async fn payments(State(shared): State<Arc<Shared>>, Query(pairs): Pairs) -> Response {
    let question = match Question::read(&pairs) {
        Ok(question) => question,
        Err(wrong) => return refuse(&wrong),
    };
    let arrival = match question.goes_on() {
        true => lock(&shared.arrivals).pop(),
        false => None,
    };
    let mut book = shared.book();
    if let Some(payment) = arrival {
        book.put(payment);
    }
    let wanted = book.payments().filter(|payment| question.wants(payment));
    let (page, next) = question.page(wanted);
    let items = page.into_iter().map(answers::payment).collect();
    Json(answers::list(items, next)).into_response()
}

/// What a shop sends to begin a payment, as far as it matters here.
#[derive(Debug, Deserialize)]
struct Wish {
    amount: Sum,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct Sum {
    value: String,
    currency: String,
}

/// Whoever buys here has the card at hand: the payment is paid when it is begun.
async fn begin(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    Json(wish): Json<Wish>,
) -> Response {
    let Some(key) = headers.get("idempotence-key").cloned() else {
        return refuse(&Wrong("Idempotence-Key".to_owned()));
    };
    let Ok(amount) = Money::parse(&wish.amount.value, &wish.amount.currency) else {
        return refuse(&Wrong("amount".to_owned()));
    };
    let payment = shared.begin_once(key.as_bytes(), amount, wish.metadata);
    Json(answers::payment(&payment)).into_response()
}

async fn refunds(State(shared): State<Arc<Shared>>, Query(pairs): Pairs) -> Response {
    let question = match Question::read(&pairs) {
        Ok(question) => question,
        Err(wrong) => return refuse(&wrong),
    };
    let book = shared.book();
    let wanted = book
        .refunds()
        .filter(|refund| question.wants_refund(refund));
    let (page, next) = question.page(wanted);
    let items = page.into_iter().map(answers::refund).collect();
    Json(answers::list(items, next)).into_response()
}

fn refuse(Wrong(parameter): &Wrong) -> Response {
    let status = StatusCode::BAD_REQUEST;
    answers::error(status, "invalid_request", Some(parameter))
}

async fn payment(State(shared): State<Arc<Shared>>, Path(id): Path<String>) -> Response {
    match shared.book().payment(&id) {
        Some(payment) => Json(answers::payment(payment)).into_response(),
        None => answers::error(StatusCode::NOT_FOUND, "not_found", None),
    }
}

async fn me(State(shared): State<Arc<Shared>>) -> Response {
    let shop = json!({ "account_id": shared.shop, "status": "enabled", "test": false });
    Json(shop).into_response()
}

async fn status(State(shared): State<Arc<Shared>>) -> Html<String> {
    let incident = lock(&shared.incident).clone();
    let said = incident.as_deref().unwrap_or("Все системы работают");
    let said = said.replace('&', "&amp;").replace('<', "&lt;");
    Html(format!(
        "<!doctype html><html lang=\"ru\"><meta charset=\"utf-8\"><title>Статус ЮKassa</title>\
         <h1>{said}</h1></html>"
    ))
}
