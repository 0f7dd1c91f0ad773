//! What the API says, in its own form.

use super::book::Refund;
use crate::domain::money::Money;
use crate::domain::payment::{PaymentStatus, RemotePayment};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

fn amount(money: &Money) -> Value {
    let value = format!("{}.{:02}", money.minor / 100, money.minor % 100);
    json!({ "value": value, "currency": money.currency })
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

pub(super) fn payment(payment: &RemotePayment) -> Value {
    let paid = payment.status == PaymentStatus::Succeeded;
    let held = payment.status == PaymentStatus::WaitingForCapture;
    let mut value = json!({
        "id": payment.id,
        "status": payment.status.as_str(),
        "amount": amount(&payment.amount),
        "recipient": { "account_id": "100500", "gateway_id": "100700" },
        "created_at": moment(payment.created_at),
        "paid": paid || held,
        "refundable": paid && payment.refunded.minor < payment.amount.minor,
        "test": payment.test,
        "metadata": payment.metadata,
    });
    if paid {
        value["refunded_amount"] = amount(&payment.refunded);
    }
    if let Some(at) = payment.captured_at {
        value["captured_at"] = moment(at).into();
    }
    if payment.status == PaymentStatus::Canceled {
        value["cancellation_details"] =
            json!({ "party": "yoo_money", "reason": "expired_on_confirmation" });
    }
    value
}

pub(super) fn refund(refund: &Refund) -> Value {
    json!({
        "id": refund.id,
        "payment_id": refund.payment,
        "status": "succeeded",
        "created_at": moment(refund.created_at),
        "amount": amount(&refund.amount),
    })
}

pub(super) fn list(items: Vec<Value>, next: Option<String>) -> Value {
    let mut list = json!({ "type": "list", "items": items });
    if let Some(next) = next {
        list["next_cursor"] = next.into();
    }
    list
}

/// What is told of a payment's new state.
pub(super) fn event(changed: &RemotePayment) -> Value {
    let name = format!("payment.{}", changed.status.as_str());
    json!({ "type": "notification", "event": name, "object": payment(changed) })
}

pub(super) fn refund_event(made: &Refund) -> Value {
    json!({ "type": "notification", "event": "refund.succeeded", "object": refund(made) })
}

/// A refusal in the API's form.
pub(super) fn error(status: StatusCode, code: &str, parameter: Option<&str>) -> Response {
    let mut body = json!({
        "type": "error",
        "id": "ab5a11cd-13cc-4e33-af8b-75a74e18dd09",
        "code": code,
        "description": status.canonical_reason().unwrap_or(code),
    });
    if let Some(parameter) = parameter {
        body["parameter"] = parameter.into();
    }
    (status, Json(body)).into_response()
}
