//! The clock, held against the servers' that this program talks to, and the time zone.

use super::Checker;
use super::finding::{Finding, args};
use crate::domain::Timestamp;
use crate::domain::failure::Arg;
use futures::future::join_all;
use jiff::SignedDuration;
use jiff::fmt::rfc2822;
use reqwest::header::DATE;
use std::time::Instant;
use url::Url;

/// People begin to wonder.
const NOTICED: SignedDuration = SignedDuration::from_secs(5);
/// Signatures of S3 and Kling's tokens are refused, and backups' ages mean nothing.
const TOO_FAR: SignedDuration = SignedDuration::from_mins(5);

/// How far this clock is ahead of a server's.
struct Skew {
    server: String,
    ahead: SignedDuration,
}

/// The worst that any server says: one that differs from us alone refuses our signatures all the same.
pub(super) async fn check(checker: &Checker<'_>) -> Vec<Finding> {
    let words = &checker.words;
    let Ok(client) = super::client() else {
        return vec![
            words
                .wrong("clock", "check-clock-unknown", &args([]))
                .lenient(),
        ];
    };
    let asked = servers(checker).into_iter().map(|url| skew(&client, url));
    let skews = join_all(asked).await.into_iter().flatten();
    let Some(worst) = skews.max_by_key(|skew| skew.ahead.abs()) else {
        return vec![
            words
                .wrong("clock", "check-clock-unknown", &args([]))
                .lenient(),
        ];
    };
    let apart = worst.ahead.abs();
    let told = args([
        ("server", worst.server.into()),
        ("apart", Arg::Seconds(apart.as_secs().unsigned_abs())),
        (
            "way",
            if worst.ahead.is_negative() {
                "behind"
            } else {
                "ahead"
            }
            .into(),
        ),
    ]);
    vec![match apart {
        _ if apart > TOO_FAR => words.wrong("clock", "check-clock-wrong", &told),
        _ if apart > NOTICED => words.wrong("clock", "check-clock-wrong", &told).lenient(),
        _ => words.ok("clock", "check-clock-ok", &told),
    }]
}

/// Those whose opinion of the time matters. Their front page will do: every answer is dated.
fn servers(checker: &Checker<'_>) -> Vec<Url> {
    let settings = checker.settings();
    let mut servers = vec![settings.base.telegram_api.clone()];
    if let Some(s3) = &settings.base.backups.s3 {
        let aws = || Url::parse("https://s3.amazonaws.com/").ok();
        servers.extend(s3.endpoint.clone().or_else(aws));
    }
    for url in &mut servers {
        url.set_path("/");
    }
    servers
}

/// Nothing where there is no answer, or none with a date: other lines tell of that.
async fn skew(client: &reqwest::Client, url: Url) -> Option<Skew> {
    let server = url.host_str()?.to_owned();
    let (asked, began) = (Timestamp::now(), Instant::now());
    let answer = client.get(url).send().await.ok()?;
    let half = SignedDuration::try_from(began.elapsed() / 2).ok()?;
    let date = answer.headers().get(DATE)?.to_str().ok()?;
    let theirs = rfc2822::parse(date).ok()?.timestamp();
    // A date has no fractions: on average half a second has passed since it.
    let theirs = theirs + SignedDuration::from_millis(500);
    Some(Skew {
        server,
        ahead: (asked + half).duration_since(theirs),
    })
}

/// Which zone people read times in.
pub(super) async fn zone(checker: &Checker<'_>) -> Vec<Finding> {
    let zone = &checker.settings().base.zone;
    let name = zone.iana_name().unwrap_or("UTC").to_owned();
    let told = args([("zone", name.into()), ("now", Timestamp::now().into())]);
    vec![checker.words.ok("time zone", "check-zone-ok", &told)]
}
