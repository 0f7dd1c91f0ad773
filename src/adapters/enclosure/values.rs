//! Paths and addresses in the text of a setting.

use std::net::IpAddr;
use std::path::PathBuf;
use url::{Host, Url};

/// Redis's port where none is given.
const REDIS: u16 = 6379;

/// What a word of a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Named {
    /// An absolute path, or one that climbs.
    Path(PathBuf),
    /// Somebody to talk to.
    Address {
        /// Its host.
        host: String,
        /// `host:port`.
        address: String,
    },
}

/// What the words of a text name, quoted as a command line is, in lists by colons and commas too.
pub(super) fn named(text: &str) -> Vec<Named> {
    let words = shlex::split(text).unwrap_or_else(|| vec![text.to_owned()]);
    words.iter().flat_map(|word| of_word(word)).collect()
}

fn of_word(word: &str) -> Vec<Named> {
    // `--home=/x` and `NAME=value` name what stands behind.
    let value = word.split_once('=').map_or(
        word,
        |(name, value)| {
            if name.contains("://") { word } else { value }
        },
    );
    if value.contains("://") {
        return vec![address(value)];
    }
    let parts = value.split([':', ',']);
    let is_path = |part: &&str| part.starts_with('/') || part.split('/').any(|it| it == "..");
    parts
        .filter(is_path)
        .map(|part| Named::Path(part.into()))
        .collect()
}

/// Whoever cannot be told is somebody else.
fn address(text: &str) -> Named {
    let Ok(url) = Url::parse(text) else {
        return elsewhere(text);
    };
    if matches!(url.scheme(), "unix" | "redis+unix" | "file") {
        return Named::Path(url.path().into());
    }
    match url.host_str() {
        Some(host) => Named::Address {
            host: host.to_owned(),
            address: authority(&url).unwrap_or_default(),
        },
        None => elsewhere(text),
    }
}

/// `host:port` of an address; nothing where it has no host.
pub(super) fn authority(url: &Url) -> Option<String> {
    let usual = matches!(url.scheme(), "redis" | "rediss").then_some(REDIS);
    let port = url.port_or_known_default().or(usual).unwrap_or_default();
    Some(format!("{}:{port}", url.host_str()?))
}

fn elsewhere(text: &str) -> Named {
    Named::Address {
        host: text.to_owned(),
        address: text.to_owned(),
    }
}

/// Whether a host is this machine's loopback. Names are not: what they lead to may change.
pub(super) fn is_loopback(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Ipv4(ip)) => IpAddr::from(ip).is_loopback(),
        Ok(Host::Ipv6(ip)) => IpAddr::from(ip).is_loopback(),
        _ => false,
    }
}
