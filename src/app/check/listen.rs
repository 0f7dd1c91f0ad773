//! HTTP_LISTEN: free to be listened on, unless this program's own instance does.

use super::finding::{Finding, args};
use super::{Checker, blocking};
use crate::config::table;
use crate::domain::failure::Args;
use crate::store::InstanceLock;
use tokio::net::TcpListener;

/// Takes the address for a moment.
pub(super) async fn check(checker: &Checker<'_>) -> Vec<Finding> {
    let words = &checker.words;
    let Some(listen) = checker.sources.value(&table::HTTP_LISTEN) else {
        return vec![words.ok("http", "check-http-off", &Args::new())];
    };
    let address = listen.0;
    let bound = TcpListener::bind(address).await;
    let told = |cause: String| {
        args([
            ("address", address.to_string().into()),
            ("cause", cause.into()),
        ])
    };
    vec![match bound {
        Ok(_) => words.ok("http", "check-http-ok", &told(String::new())),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse && runs(checker).await => {
            words.ok("http", "check-http-own", &told(String::new()))
        }
        Err(error) => words.wrong("http", "check-http-taken", &told(error.to_string())),
    }]
}

async fn runs(checker: &Checker<'_>) -> bool {
    let dir = checker.settings().base.state_dir.clone();
    let holder = blocking(move || InstanceLock::holder(&dir)).await;
    matches!(holder, Some(Ok(Some(_))))
}
