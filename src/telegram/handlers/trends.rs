//! The picture of the last year.

use super::{Handled, commands, explain};
use crate::picture;
use crate::telegram::chat::Chat;
use crate::telegram::render::{View, menu};
use std::sync::Arc;

/// Sends it; without a single measurement there is nothing to be seen.
pub(super) async fn show(chat: &Chat, view: &View<'_>, to: i64) -> Handled {
    let trends = match chat.ops.trends().await {
        Ok(trends) if trends.is_empty() => {
            let none = menu::text(view, view.say("trends-none"));
            return chat.say(to, &none).await.map(drop);
        }
        Ok(trends) => trends,
        Err(error) => {
            let sorry = menu::text(view, explain(view, &error));
            return chat.say(to, &sorry).await.map(drop);
        }
    };
    let (i18n, locale) = (Arc::clone(&chat.i18n), view.locale);
    let drawn = tokio::task::spawn_blocking(move || picture::year(&trends, &i18n, locale)).await;
    match drawn {
        Ok(Ok(png)) => chat.show(to, png, &view.say("trends-caption")).await,
        Ok(Err(error)) => commands::no_picture(chat, view, to, &error).await,
        Err(error) => commands::no_picture(chat, view, to, &error).await,
    }
}
