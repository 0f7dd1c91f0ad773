//! `/bot<token>/<method>` and `/file/bot<token>/<path>`: from a request to an answer, through
//! everything that can go wrong on the way.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Json, Router,
    body::Body,
    extract::{DefaultBodyLimit, Request, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    connection::Cutter,
    error::ApiError,
    faults::{Fault, Network},
    files::MAX_DOCUMENT,
    ids::BotId,
    limits::Kind,
    log::{Call, Outcome, summary},
    methods::{self, Ctx, Method, Run},
    params::Params,
    polling,
    shared::Shared,
};

/// A document of the largest size, and the form around it.
const MAX_BODY: usize = MAX_DOCUMENT + (1 << 20);

pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .fallback(answer)
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(shared)
}

/// Dated by the server's own clock, as all of Telegram is.
async fn answer(
    State(shared): State<Arc<Shared>>,
    Extension(cutter): Extension<Cutter>,
    request: Request,
) -> Response {
    let mut answer = undated(&shared, &cutter, request).await;
    let date = jiff::Timestamp::from_second(shared.clock.unix()).unwrap_or_default();
    let date = date.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = header::HeaderValue::try_from(date) {
        answer.headers_mut().insert(header::DATE, date);
    }
    answer
}

async fn undated(shared: &Arc<Shared>, cutter: &Cutter, request: Request) -> Response {
    // Clients escape the colon of a token, and teloxide the slash of a file's path.
    let path = request.uri().path().replace("%3A", ":").replace("%2F", "/");
    if *shared.network.borrow() == Network::Hanging {
        return hang(shared, cutter).await;
    }
    if let Some(rest) = path.strip_prefix("/file/bot") {
        let answer = download(shared, rest).unwrap_or_else(IntoResponse::into_response);
        return through_network(shared, cutter, answer).await;
    }
    let Some((token, method)) = path
        .strip_prefix("/bot")
        .and_then(|rest| rest.split_once('/'))
    else {
        return ApiError::not_found().into_response();
    };
    let answer = match known(shared, token, method) {
        Ok((bot, method)) => handle(shared, cutter, bot, method, request).await,
        Err(error) => error.into_response(),
    };
    through_network(shared, cutter, answer).await
}

/// Lets an answer out, unless the network went while it was being made.
async fn through_network(shared: &Shared, cutter: &Cutter, answer: Response) -> Response {
    if *shared.network.borrow() == Network::Hanging {
        return hang(shared, cutter).await;
    }
    answer
}

/// Says nothing until the network comes back, and then cuts the connection.
async fn hang(shared: &Shared, cutter: &Cutter) -> Response {
    let mut network = shared.network.subscribe();
    // An error would mean that the server is gone, and the connection with it.
    let _ = network.wait_for(|state| *state != Network::Hanging).await;
    cut(cutter).await
}

async fn cut(cutter: &Cutter) -> Response {
    cutter.cut();
    std::future::pending().await
}

fn known(shared: &Shared, token: &str, method: &str) -> Result<(BotId, &'static Method), ApiError> {
    let id = token
        .split_once(':')
        .and_then(|(id, _)| id.parse().ok())
        .map(BotId);
    let id = id.ok_or_else(ApiError::not_found)?;
    let right = shared.read(|w| w.bot(id).is_some_and(|b| b.token == token));
    if !right {
        return Err(ApiError::unauthorized());
    }
    Ok((
        id,
        methods::find(method).ok_or_else(ApiError::no_such_method)?,
    ))
}

async fn handle(
    shared: &Arc<Shared>,
    cutter: &Cutter,
    bot: BotId,
    method: &'static Method,
    request: Request,
) -> Response {
    let params = match Params::read(request).await {
        Ok(params) => params,
        Err(error) => return error.into_response(),
    };
    let seq = log(shared, bot, method, &params);
    // Telegram counts a call when it comes in, whatever time it then takes.
    let admitted = admit(shared, bot, method, &params);
    let latency = shared.faults(|f| f.latency());
    if latency > Duration::ZERO {
        tokio::time::sleep(latency).await;
    }
    let fault = match admitted {
        Ok(()) => shared.faults(|f| f.next(method.name)),
        Err(_) => None,
    };
    let result = match fault {
        Some(Fault::ResetBefore) => {
            shared.change(|w| w.log.close(seq, Outcome::ResetBefore));
            return cut(cutter).await;
        }
        Some(Fault::Status(code)) => Err(ApiError::server(code)),
        Some(Fault::TooMany(seconds)) => Err(stall(shared, bot, seconds)),
        Some(Fault::ResetAfter | Fault::HangAfter) | None => match admitted {
            Ok(()) => carry_out(shared, bot, method, &params).await,
            Err(wait) => Err(ApiError::too_many(wait)),
        },
    };
    shared.change(|w| w.log.close(seq, outcome(fault, &result)));
    match fault {
        Some(Fault::ResetAfter) => cut(cutter).await,
        Some(Fault::HangAfter) => std::future::pending().await,
        _ => match result {
            Ok(value) => Json(json!({ "ok": true, "result": value })).into_response(),
            Err(error) => error.into_response(),
        },
    }
}

fn log(shared: &Shared, bot: BotId, method: &Method, params: &Params) -> u64 {
    let fields = params.describe();
    shared.change(|world| {
        let call = Call {
            seq: 0,
            at: world.clock.unix(),
            bot: world
                .bot(bot)
                .map(|b| b.username.clone())
                .unwrap_or_default(),
            method: method.name.to_owned(),
            chat: params.int("chat_id"),
            summary: summary(&fields),
            params: fields,
            outcome: Outcome::Open,
        };
        world.log.open(call)
    })
}

fn stall(shared: &Shared, bot: BotId, seconds: u64) -> ApiError {
    let until = shared.clock.elapsed() + Duration::from_secs(seconds);
    shared.limiter(|l| l.stall(bot, until));
    ApiError::too_many(seconds)
}

/// Whole seconds to wait where the call comes too soon.
fn admit(shared: &Shared, bot: BotId, method: &Method, params: &Params) -> Result<(), u64> {
    let (Some(kind), Some(place)) = (method.kind, methods::addressed(bot, params)) else {
        return Ok(());
    };
    let kind = match kind {
        Kind::Send if params.flag(methods::PAID) => Kind::PaidSend,
        other => other,
    };
    let now = shared.clock.elapsed();
    shared.limiter(|l| l.admit(bot, place, kind, now))
}

async fn carry_out(
    shared: &Arc<Shared>,
    bot: BotId,
    method: &Method,
    params: &Params,
) -> Result<Value, ApiError> {
    match method.run {
        Run::Now(run) => shared.change(|world| run(&mut Ctx { world, bot, params })),
        Run::Poll => polling::poll(shared, bot, params).await,
    }
}

fn outcome(fault: Option<Fault>, result: &Result<Value, ApiError>) -> Outcome {
    match (fault, result) {
        (_, Err(error)) => Outcome::Refused {
            code: error.code,
            description: error.description.clone(),
        },
        (Some(Fault::ResetAfter), Ok(_)) => Outcome::ResetAfter,
        (Some(Fault::HangAfter), Ok(_)) => Outcome::Hung,
        (_, Ok(_)) => Outcome::Done,
    }
}

/// `<token>/<folder>/file_<index>…`, as `getFile` wrote it.
fn download(shared: &Shared, rest: &str) -> Result<Response, ApiError> {
    let (token, path) = rest.split_once('/').ok_or_else(ApiError::not_found)?;
    known(shared, token, "getFile")?;
    let name = path.rsplit('/').next().unwrap_or_default();
    let index = name
        .strip_prefix("file_")
        .map(|rest| rest.split('.').next().unwrap_or_default())
        .and_then(|index| index.parse().ok())
        .ok_or_else(ApiError::not_found)?;
    let file = shared
        .read(|w| w.file(index).cloned())
        .ok_or_else(ApiError::not_found)?;
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    Ok((StatusCode::OK, kind, Body::from(file.bytes)).into_response())
}
