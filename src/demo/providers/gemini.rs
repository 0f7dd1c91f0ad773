//! Gemini's API, as far as it is asked: the description of a model, and a picture of it. Its answers
//! are shaped like Google's.

use super::state::{Mood, Service, State};
use axum::extract::{Path, State as Shared};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::json;
use std::sync::Arc;

pub(super) fn routes() -> Router<Arc<State>> {
    Router::new().route("/v1beta/models/{model}", get(model).post(model))
}

async fn model(
    Shared(state): Shared<Arc<State>>,
    Path(model): Path<String>,
    headers: HeaderMap,
) -> Response {
    let path = format!("/v1beta/models/{model}");
    let mood = state.receive(Service::NanoBanana, &path, &headers).await;
    let key = headers
        .get("x-goog-api-key")
        .and_then(|key| key.to_str().ok());
    match mood {
        Mood::Unavailable => refusal(
            StatusCode::SERVICE_UNAVAILABLE,
            "UNAVAILABLE",
            "The model is overloaded. Please try again later.",
        ),
        Mood::Busy => refusal(
            StatusCode::TOO_MANY_REQUESTS,
            "RESOURCE_EXHAUSTED",
            "You exceeded your current quota.",
        ),
        Mood::RefusesKeys => refusal(
            StatusCode::FORBIDDEN,
            "PERMISSION_DENIED",
            "Your API key was reported as leaked. Please use another API key.",
        ),
        _ if key != Some(state.keys.nano_banana_key.as_str()) => unknown_key(key),
        _ => Json(json!({"name": format!("models/{model}"), "version": "2.0"})).into_response(),
    }
}

/// Google answers 400, and says why among the details.
fn unknown_key(key: Option<&str>) -> Response {
    // A careless server repeats what it was sent.
    let message = format!("API key not valid: {}", key.unwrap_or_default());
    let error = json!({
        "code": 400,
        "message": message,
        "status": "INVALID_ARGUMENT",
        "details": [{
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": {"service": "generativelanguage.googleapis.com"},
        }],
    });
    (StatusCode::BAD_REQUEST, Json(json!({"error": error}))).into_response()
}

fn refusal(status: StatusCode, word: &str, message: &str) -> Response {
    let error = json!({"code": status.as_u16(), "message": message, "status": word});
    (status, Json(json!({"error": error}))).into_response()
}
