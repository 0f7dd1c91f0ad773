//! Servers and what opens them.

use super::reads;
use crate::domain::address::is_of_the_link;
use secrecy::SecretString;
use std::net::{IpAddr, SocketAddr};
use url::{Host, Url};

/// The address of an HTTP API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpUrl(pub Url);

impl HttpUrl {
    fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|error| error.to_string())?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("it begins with neither http:// nor https://".to_owned());
        }
        // Addresses are shown and logged; a password in one would be too.
        if !url.username().is_empty() || url.password().is_some() {
            return Err("a user name or password in it would be shown".to_owned());
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("there is a ? or # in it".to_owned());
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            _ => None,
        };
        if address.is_some_and(is_of_the_link) {
            return Err("it leads to this machine's own cloud, not to a service".to_owned());
        }
        Ok(Self(url))
    }
}

reads!(
    HttpUrl,
    "an http:// or https:// address without user name, ? and #"
);

/// Redis's address. A password may stand in it, so it is never shown.
#[derive(Clone, Debug)]
pub struct RedisUrl(pub SecretString);

impl RedisUrl {
    fn parse(text: &str) -> Result<Self, &'static str> {
        let scheme = Url::parse(text)
            .map(|url| url.scheme().to_owned())
            .map_err(|_| "it is no address")?;
        match scheme.as_str() {
            "redis" | "rediss" | "unix" | "redis+unix" => Ok(Self(SecretString::from(text))),
            _ => Err("it does not begin with redis://"),
        }
    }
}

reads!(
    RedisUrl,
    "redis://[user:password@]host:port/number, rediss://… or unix://path",
    SECRET
);

/// A key of an account.
#[derive(Clone, Debug)]
pub struct AccountKey(pub SecretString);

impl AccountKey {
    fn parse(text: &str) -> Result<Self, &'static str> {
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            Err("there are blanks in it")
        } else {
            Ok(Self(SecretString::from(text)))
        }
    }
}

reads!(
    AccountKey,
    "a key exactly as it was issued, without blanks",
    SECRET
);

/// A bucket's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket(pub String);

impl Bucket {
    // Wider than AWS's own rule: other stores allow upper case and underscores.
    fn parse(text: &str) -> Result<Self, &'static str> {
        let fits = |b: u8| b.is_ascii_alphanumeric() || b".-_".contains(&b);
        if (3..=255).contains(&text.len()) && text.bytes().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err("it is no bucket's name")
        }
    }
}

reads!(
    Bucket,
    "the bucket's name alone, without s3:// and without a prefix"
);

/// What keys in the bucket begin with; without slashes at its ends, empty for none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPrefix(pub String);

impl KeyPrefix {
    fn parse(text: &str) -> Result<Self, &'static str> {
        if text.contains("://") {
            return Err("it is a whole address");
        }
        Ok(Self(text.trim_matches('/').to_owned()))
    }
}

reads!(KeyPrefix, "a folder in the bucket, such as rei/backups");

/// Where to listen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listen(pub SocketAddr);

impl Listen {
    fn parse(text: &str) -> Result<Self, &'static str> {
        text.parse()
            .map(Self)
            .map_err(|_| "it is no address with a port")
    }
}

reads!(Listen, "an address with a port, such as 127.0.0.1:9464");
