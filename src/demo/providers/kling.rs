//! Kling's API, as far as it is asked: a page of tasks, and one task by its id. Its answers are shaped
//! like Kling's, with its codes.

use super::state::{Endpoint, Mood, Service, State, TaskWord, bearer};
use axum::extract::{Path, Query, State as Shared};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new()
        .route("/v1/videos/text2video", get(page).post(begin_video))
        .route("/v1/images/generations", post(begin_image))
        .route("/v1/{family}/{kind}/{task}", get(task))
}

async fn page(
    Shared(state): Shared<Arc<State>>,
    Query(query): Query<BTreeMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let wanted = query.get("pageSize").map(String::as_str);
    let path = format!(
        "/v1/videos/text2video?pageSize={}",
        wanted.unwrap_or_default()
    );
    let refused = refused(&state, &path, &headers).await;
    let answer = refused.unwrap_or_else(|| ok(json!([])));
    dated(&state, answer)
}

async fn begin_video(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Response {
    begin(
        &state,
        &headers,
        ("/v1/videos/text2video", Endpoint::TextToVideo),
    )
    .await
}

async fn begin_image(Shared(state): Shared<Arc<State>>, headers: HeaderMap) -> Response {
    begin(
        &state,
        &headers,
        ("/v1/images/generations", Endpoint::Image),
    )
    .await
}

/// A new task; it is done by the time somebody asks for it.
async fn begin(state: &State, headers: &HeaderMap, (path, of): (&str, Endpoint)) -> Response {
    let refused = refused(state, path, headers).await;
    let answer = refused.unwrap_or_else(|| {
        let id = state.new_task(of);
        ok(json!({"task_id": id, "task_status": TaskWord::Submitted.as_str()}))
    });
    dated(state, answer)
}

async fn task(
    Shared(state): Shared<Arc<State>>,
    Path((family, kind, task)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response {
    let path = format!("/v1/{family}/{kind}/{task}");
    let refused = refused(&state, &path, &headers).await;
    let answer = refused.unwrap_or_else(|| found(&state, (&family, &kind), &task));
    dated(&state, answer)
}

fn found(state: &State, (family, kind): (&str, &str), task: &str) -> Response {
    let endpoint = match (family, kind) {
        ("videos", "text2video") => Some(Endpoint::TextToVideo),
        ("videos", "image2video") => Some(Endpoint::ImageToVideo),
        ("images", "generations") => Some(Endpoint::Image),
        _ => None,
    };
    match endpoint.and_then(|endpoint| state.task(task, endpoint)) {
        Some(word) => ok(json!({"task_id": task, "task_status": word.as_str()})),
        None => refusal(
            StatusCode::NOT_FOUND,
            1203,
            "the requested resource does not exist",
        ),
    }
}

/// Why a request is not let in, if it is not.
async fn refused(state: &State, path: &str, headers: &HeaderMap) -> Option<Response> {
    let unauthorized = |code, message: &str| Some(refusal(StatusCode::UNAUTHORIZED, code, message));
    match state.receive(Service::Kling, path, headers).await {
        Mood::Unavailable => {
            let status = StatusCode::SERVICE_UNAVAILABLE;
            return Some(refusal(status, 5001, "service temporarily unavailable"));
        }
        Mood::Busy => {
            let status = StatusCode::TOO_MANY_REQUESTS;
            return Some(refusal(status, 1302, "the API request is too fast"));
        }
        Mood::RefusesKeys => return unauthorized(1000, "authentication failed"),
        Mood::Healthy | Mood::Hangs | Mood::Slow(_) => {}
    }
    let Some(token) = bearer(headers) else {
        return unauthorized(1001, "authorization is empty");
    };
    let claims = claims(&token, &state.keys.kling_secret);
    let Some(claims) = claims.filter(|claims| claims.iss == state.keys.kling_access) else {
        return unauthorized(1002, &format!("authorization is invalid: {token}"));
    };
    let now = state.now().as_second();
    match () {
        () if now < claims.nbf => unauthorized(1003, "authorization is not yet valid"),
        () if now >= claims.exp => unauthorized(1004, "authorization has expired"),
        () => None,
    }
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    exp: i64,
    nbf: i64,
}

/// What a token says, if this secret signed it.
fn claims(token: &str, secret: &str) -> Option<Claims> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (_, claims) = signed.split_once('.')?;
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(signed.as_bytes());
    let signature = BASE64URL_NOPAD.decode(signature.as_bytes()).ok()?;
    mac.verify_slice(&signature).ok()?;
    let claims = BASE64URL_NOPAD.decode(claims.as_bytes()).ok()?;
    serde_json::from_slice(&claims).ok()
}

fn ok(data: Value) -> Response {
    Json(json!({"code": 0, "message": "SUCCEED", "request_id": "rehearsal", "data": data}))
        .into_response()
}

fn refusal(status: StatusCode, code: u16, message: &str) -> Response {
    let body = json!({"code": code, "message": message, "request_id": "rehearsal"});
    (status, Json(body)).into_response()
}

/// With the date of Kling's own clock.
fn dated(state: &State, mut answer: Response) -> Response {
    let date = state
        .now()
        .strftime("%a, %d %b %Y %H:%M:%S GMT")
        .to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        answer.headers_mut().insert(header::DATE, date);
    }
    answer
}
