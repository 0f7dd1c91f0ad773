//! The fields of a request, whichever of the four ways they came.
//!
//! Query string, JSON, urlencoded and multipart may be mixed; multipart and urlencoded clients write
//! nested objects as JSON within a string, so every reader here takes both.

use std::collections::HashMap;

use axum::{
    Form,
    body::Bytes,
    extract::{FromRequest, Multipart, Query, Request},
    http::header,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::error::ApiError;

/// A file that came with the request.
#[derive(Debug, Clone)]
pub(super) struct Upload {
    pub(super) name: Option<String>,
    pub(super) mime: Option<String>,
    pub(super) bytes: Bytes,
}

/// What a method was called with.
#[derive(Debug, Clone, Default)]
pub(super) struct Params {
    fields: Map<String, Value>,
    uploads: HashMap<String, Upload>,
}

impl Params {
    /// Reads a request to its end.
    pub(super) async fn read(request: Request) -> Result<Self, ApiError> {
        let mut params = Self::default();
        if let Ok(Query(pairs)) = Query::try_from_uri(request.uri()) {
            params.add_pairs(pairs);
        }
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            params.add_multipart(request).await?;
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            let form = Form::from_request(request, &()).await;
            let broken = |_| ApiError::bad_request("can't parse urlencoded form data");
            params.add_pairs(form.map_err(broken)?.0);
        } else {
            let body = Bytes::from_request(request, &()).await;
            let body = body.map_err(|_| ApiError::too_large())?;
            if kind.starts_with("application/json") {
                params.add_json(&body)?;
            }
        }
        Ok(params)
    }

    fn add_pairs(&mut self, pairs: Vec<(String, String)>) {
        self.fields
            .extend(pairs.into_iter().map(|(key, value)| (key, value.into())));
    }

    fn add_json(&mut self, body: &[u8]) -> Result<(), ApiError> {
        if body.is_empty() {
            return Ok(());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => self.fields.extend(fields),
            _ => return Err(ApiError::bad_request("can't parse request JSON object")),
        }
        Ok(())
    }

    async fn add_multipart(&mut self, request: Request) -> Result<(), ApiError> {
        let broken = |_| ApiError::bad_request("can't parse multipart form data");
        let mut form = Multipart::from_request(request, &())
            .await
            .map_err(|_| ApiError::bad_request("can't find boundary of multipart form data"))?;
        while let Some(field) = form.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(str::to_owned);
            let mime = field.content_type().map(str::to_owned);
            let bytes = field.bytes().await.map_err(|_| ApiError::too_large())?;
            match file_name {
                Some(file) => {
                    let name_given = (!file.is_empty()).then_some(file);
                    self.uploads.insert(
                        name,
                        Upload {
                            name: name_given,
                            mime,
                            bytes,
                        },
                    );
                }
                None => {
                    self.fields
                        .insert(name, String::from_utf8_lossy(&bytes).into());
                }
            }
        }
        Ok(())
    }

    /// A field as text; numbers and truth values are written out.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.fields.get(name)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// A whole number, also when it came as text.
    pub(super) fn int(&self, name: &str) -> Option<i64> {
        match self.fields.get(name)? {
            Value::Number(n) => n.as_i64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// A truth value; Telegram takes `true`, `yes` and `1`.
    pub(super) fn flag(&self, name: &str) -> bool {
        match self.fields.get(name) {
            Some(Value::Bool(set)) => *set,
            Some(Value::String(text)) => {
                matches!(text.to_ascii_lowercase().as_str(), "true" | "yes" | "1")
            }
            Some(Value::Number(n)) => n.as_i64() == Some(1),
            _ => false,
        }
    }

    /// A nested object, also when it came as JSON in a string.
    ///
    /// # Errors
    /// What serde says about it.
    pub(super) fn object<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<T>, serde_json::Error> {
        match self.fields.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
            Some(Value::String(text)) => serde_json::from_str(text).map(Some),
            Some(value) => serde_json::from_value(value.clone()).map(Some),
        }
    }

    /// The file a field stands for: uploaded under the field's own name, or under the name that an
    /// `attach://` text gives.
    pub(super) fn upload(&self, name: &str, reference: Option<&str>) -> Option<&Upload> {
        match reference.and_then(|text| text.strip_prefix("attach://")) {
            Some(attached) => self.uploads.get(attached),
            None => self.uploads.get(name),
        }
    }

    /// Everything, for the call log.
    pub(super) fn describe(&self) -> Value {
        let mut all = self.fields.clone();
        for (name, upload) in &self.uploads {
            all.insert(
                name.clone(),
                json!({ "file": upload.name, "bytes": upload.bytes.len() }),
            );
        }
        Value::Object(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn urlencoded_fields_are_decoded_and_typed_on_reading() {
        let body = "chat_id=-100&text=a%20%D0%B6+b&markup=%7B%22a%22%3A1%7D";
        let request = Request::post("/botx/sendMessage?silent=yes")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(body.into())
            .expect("request");
        let params = Params::read(request).await.expect("params");
        assert_eq!(params.int("chat_id"), Some(-100));
        assert_eq!(params.text("text").as_deref(), Some("a ж b"));
        assert!(params.flag("silent"));
        let markup: Option<Value> = params.object("markup").expect("markup");
        assert_eq!(markup, Some(json!({ "a": 1 })));
    }

    #[test]
    fn a_json_body_must_be_an_object() {
        let mut params = Params::default();
        params
            .add_json(br#"{"chat_id":"7","flag":true,"nothing":null}"#)
            .expect("object");
        assert_eq!(
            (params.int("chat_id"), params.flag("flag")),
            (Some(7), true)
        );
        assert_eq!(params.text("nothing"), None);
        assert_eq!(params.add_json(b"[1]").expect_err("array").code, 400);
    }
}
