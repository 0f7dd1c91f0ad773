//! `reply_markup`: read, and refused where Telegram refuses.

use serde_json::Value;

use super::{
    super::{
        error::ApiError,
        message::{Asks, Button, CopyText, Keyboard},
    },
    Ctx,
};

/// Buttons of one message.
const MAX_BUTTONS: usize = 100;
/// Buttons of one row; Telegram wraps the rest onto the next.
const MAX_ROW: usize = 8;
/// Bytes of `callback_data`.
const MAX_DATA: usize = 64;

impl Ctx<'_> {
    /// Whether this call makes the app begin an answer.
    pub(super) fn asks(&self) -> Option<Asks> {
        let markup: Value = self.params.object("reply_markup").ok().flatten()?;
        (markup["force_reply"] == true).then(|| Asks {
            placeholder: markup["input_field_placeholder"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
            selective: markup["selective"] == true,
        })
    }

    /// The inline keyboard of this call. Keyboards of the other kinds have no place below a message;
    /// they are accepted for a new message (`any`) and not kept.
    pub(super) fn keyboard(&self, any: bool) -> Result<Option<Keyboard>, ApiError> {
        let markup: Option<Value> = self
            .params
            .object("reply_markup")
            .map_err(|_| ApiError::bad_request("object expected as reply markup"))?;
        let Some(markup) = markup else {
            return Ok(None);
        };
        match &markup["inline_keyboard"] {
            Value::Array(rows) => read(rows),
            Value::Null if any => Ok(None),
            _ => Err(ApiError::bad_request("inline keyboard expected")),
        }
    }
}

fn read(rows: &[Value]) -> Result<Option<Keyboard>, ApiError> {
    let mut keyboard = Keyboard::default();
    for row in rows {
        let Value::Array(row) = row else {
            return Err(cannot_parse("expected an Array of InlineKeyboardButton"));
        };
        let buttons: Vec<Button> = row.iter().map(button).collect::<Result<_, _>>()?;
        keyboard
            .inline_keyboard
            .extend(buttons.chunks(MAX_ROW).map(<[Button]>::to_vec));
    }
    let count: usize = keyboard.inline_keyboard.iter().map(Vec::len).sum();
    if count > MAX_BUTTONS {
        return Err(ApiError::bad_request("reply markup is too long"));
    }
    Ok((count > 0).then_some(keyboard))
}

fn button(json: &Value) -> Result<Button, ApiError> {
    let field = |name: &str| json[name].as_str().map(str::to_owned);
    let text = field("text").ok_or_else(|| cannot_parse("Can't find field \"text\""))?;
    if text.trim().is_empty() {
        return Err(ApiError::bad_request("BUTTON_TEXT_EMPTY"));
    }
    let button = Button {
        text,
        callback_data: field("callback_data"),
        url: field("url"),
        copy_text: json["copy_text"]["text"]
            .as_str()
            .map(|t| CopyText { text: t.to_owned() }),
    };
    match (&button.callback_data, &button.url, &button.copy_text) {
        (Some(data), None, None) if !(1..=MAX_DATA).contains(&data.len()) => {
            Err(ApiError::bad_request("BUTTON_DATA_INVALID"))
        }
        (None, Some(url), None) if !is_web(url) => Err(ApiError::bad_request("BUTTON_URL_INVALID")),
        (None, None, Some(copied)) if !(1..=256).contains(&copied.text.chars().count()) => {
            Err(ApiError::bad_request("BUTTON_COPY_TEXT_INVALID"))
        }
        (None, None, None) if json.as_object().is_some_and(|o| o.len() > 1) => {
            Err(ApiError::bad_request("BUTTON_TYPE_INVALID"))
        }
        (None, None, None) => Err(cannot_parse(
            "Text buttons are unallowed in the inline keyboard",
        )),
        _ => Ok(button),
    }
}

fn is_web(url: &str) -> bool {
    let rest = ["https://", "http://", "tg://"]
        .iter()
        .find_map(|scheme| url.strip_prefix(scheme));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
}

fn cannot_parse(why: &str) -> ApiError {
    ApiError::bad_request(format!("can't parse inline keyboard button: {why}"))
}
