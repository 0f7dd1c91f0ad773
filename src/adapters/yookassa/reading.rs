//! How YooKassa is: what its API answers, and what its status page says.

use super::http::{self, Api, Trouble};
use super::wire::Shop;
use super::{SERVICE, SETTINGS};
use crate::domain::failure::FailureCode;
use crate::domain::provider::{Condition, Reading};
use crate::ports::PortResult;
use reqwest::Client;
use serde::Deserialize;
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

const PAGE: &str = "yookassa-status";
/// What a status page says when nothing is wrong, in lower case. Anything else in words is left to a
/// person: a page also tells of incidents that are over.
const ALL_WELL: [&str; 4] = [
    "все системы работают",
    "все сервисы работают",
    "all systems operational",
    "all services operational",
];

type Said = (Condition, Option<String>, Option<FailureCode>);

/// The body that Atlassian's and many other status pages serve as JSON.
#[derive(Debug, Deserialize)]
struct Summary {
    status: Indicator,
}

#[derive(Debug, Deserialize)]
struct Indicator {
    indicator: String,
    #[serde(default)]
    description: String,
}

/// Asks `GET /me` once: a reading tells how it is now, so nothing is repeated.
pub(super) async fn of_api(api: Option<&Api>, limit: Duration) -> Reading {
    let begun = Instant::now();
    let said = match api {
        None => (
            Condition::Unknown,
            Some(format!("{SETTINGS} are not set")),
            Some(FailureCode::ProviderNotConfigured),
        ),
        Some(api) => {
            let url = api.address(&["me"]);
            match tokio::time::timeout(limit, api.once::<Shop>(&url)).await {
                Ok(Ok(shop)) => shop_is(&shop),
                Ok(Err(trouble)) => in_trouble(trouble),
                Err(_) => overdue(limit),
            }
        }
    };
    reading(SERVICE, said, begun)
}

/// Asks `GET /me` once, for whoever wants to know whether the keys are taken.
pub(super) async fn shop(api: &Api, limit: Duration) -> PortResult<String> {
    let asked = api.address(&["me"]);
    let shop = match tokio::time::timeout(limit, api.once::<Shop>(&asked)).await {
        Ok(shop) => shop,
        Err(_) => Err(Trouble::Down(format!(
            "no answer within {} s",
            limit.as_secs()
        ))),
    };
    let (_, said, _) = shop_is(&shop.map_err(Trouble::error)?);
    Ok(said.unwrap_or_default())
}

/// Asks for the status page.
pub(super) async fn of_page(client: &Client, url: &Url, limit: Duration) -> Reading {
    let begun = Instant::now();
    let said = match tokio::time::timeout(limit, page(client, url)).await {
        Ok(Ok(said)) => said,
        Ok(Err(trouble)) => in_trouble(trouble),
        Err(_) => overdue(limit),
    };
    reading(PAGE, said, begun)
}

fn reading(service: &str, (condition, said, failure): Said, begun: Instant) -> Reading {
    Reading {
        service: service.to_owned(),
        condition,
        said: said.map(|said| http::cut(&said)),
        failure,
        millis: u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
    }
}

fn shop_is(shop: &Shop) -> Said {
    let name = shop.account_id.as_deref().unwrap_or("?");
    match shop.status.as_deref() {
        Some("enabled") | None if !shop.test => (Condition::Up, Some(format!("shop {name}")), None),
        Some("enabled") | None => (Condition::Up, Some(format!("test shop {name}")), None),
        Some(other) => (
            Condition::Degraded,
            Some(format!("shop {name} is {other}")),
            None,
        ),
    }
}

fn in_trouble(trouble: Trouble) -> Said {
    match trouble {
        Trouble::TooMany => (Condition::Degraded, Some("429".to_owned()), None),
        Trouble::Key(why) => {
            let refused = FailureCode::ProviderKeyRefused;
            (Condition::Degraded, Some(why), Some(refused))
        }
        Trouble::Down(why) => (Condition::Down, Some(why), None),
        Trouble::Missing => (Condition::Unknown, Some("404".to_owned()), None),
        Trouble::Odd(why) => (Condition::Unknown, Some(why), None),
    }
}

fn overdue(limit: Duration) -> Said {
    let why = format!("no answer within {} s", limit.as_secs());
    (Condition::Down, Some(why), None)
}

async fn page(client: &Client, url: &Url) -> Result<Said, Trouble> {
    let asked = client
        .get(url.clone())
        .header("accept", "application/json, text/html;q=0.9");
    let answer = asked.send().await.map_err(http::lost)?;
    let status = answer.status();
    let body = http::body(answer).await?;
    Ok(match status.as_u16() {
        200 => says(&String::from_utf8_lossy(&body)),
        500.. => (Condition::Down, Some(status.to_string()), None),
        _ => (Condition::Unknown, Some(status.to_string()), None),
    })
}

/// What a page means that was served.
fn says(body: &str) -> Said {
    if let Ok(Summary { status }) = serde_json::from_str(body) {
        let condition = match status.indicator.as_str() {
            "none" => Condition::Up,
            "minor" | "maintenance" => Condition::Degraded,
            "major" | "critical" => Condition::Down,
            _ => Condition::Unknown,
        };
        return (condition, Some(status.description), None);
    }
    let lower = body.to_lowercase();
    let condition = match ALL_WELL.iter().any(|words| lower.contains(words)) {
        true => Condition::Up,
        false => Condition::Unknown,
    };
    (condition, title(body), None)
}

/// The title of an HTML page.
fn title(body: &str) -> Option<String> {
    let (_, rest) = body.split_once("<title>")?;
    let (title, _) = rest.split_once("</title>")?;
    Some(title.trim().to_owned()).filter(|title| !title.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_believed_only_where_its_words_are_plain() {
        let html = |text: &str| format!("<title>Status</title><h1>{text}</h1>");
        let said = |text: &str| says(text).0;
        assert_eq!(said(&html("Все системы работают")), Condition::Up);
        assert_eq!(said(&html("Сбой")), Condition::Unknown);
        assert_eq!(says(&html("x")).1.as_deref(), Some("Status"));
        let json = |word: &str| format!(r#"{{"status": {{"indicator": "{word}"}}}}"#);
        for (word, condition) in [
            ("none", Condition::Up),
            ("minor", Condition::Degraded),
            ("critical", Condition::Down),
            ("?", Condition::Unknown),
        ] {
            assert_eq!(said(&json(word)), condition, "{word}");
        }
    }
}
