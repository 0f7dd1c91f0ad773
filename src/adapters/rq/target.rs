//! Which Redis: the address taken apart, so that nothing but host, port and number is ever shown.

use super::certificates::{DialError, TlsFiles};
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo,
    RedisConnectionInfo,
};
use secrecy::{ExposeSecret, SecretString};
use std::collections::BTreeMap;
use std::time::Duration;
use url::Url;

/// Why an address names no Redis. Never says what was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRedisUrl {
    /// Not an address, not of Redis, no host, or one that stands for any.
    #[error("REDIS_URL is not the address of a Redis")]
    Address,
    /// `/number` or `?db=number`.
    #[error("the database in REDIS_URL is not a number")]
    Database,
    /// `ssl_cert_reqs=none` and the like.
    #[error(
        "REDIS_URL switches the check of the certificate off; name its issuer with ?ssl_ca_certs="
    )]
    Unchecked,
}

/// A Redis server and one of its databases.
#[derive(Debug, Clone)]
pub(super) struct Target {
    addr: ConnectionAddr,
    /// Host, port and number, for people.
    pub(super) server: String,
    /// The number.
    pub(super) db: i64,
    /// Who we are; may be left out beside a password.
    pub(super) user: Option<String>,
    /// What proves it.
    pub(super) password: Option<SecretString>,
    files: TlsFiles,
}

impl Target {
    /// Takes the address apart.
    pub(super) fn parse(text: &SecretString) -> Result<Self, InvalidRedisUrl> {
        let wrong = InvalidRedisUrl::Address;
        let url = Url::parse(text.expose_secret()).map_err(|_| wrong)?;
        let query: BTreeMap<String, String> = url.query_pairs().into_owned().collect();
        let checks = query.get("ssl_cert_reqs").is_none_or(|v| v == "required");
        let shows_name = query.get("ssl_check_hostname").is_none_or(|v| v != "False");
        if !checks || !shows_name || url.fragment().is_some() {
            return Err(InvalidRedisUrl::Unchecked);
        }
        let path = url.path().trim_matches('/').to_owned();
        let has_number = url.has_host() && !path.is_empty();
        if has_number && path.parse::<i64>().is_err() {
            return Err(InvalidRedisUrl::Database);
        }
        let mut plain = url;
        plain.set_query(None);
        let info = plain.into_connection_info().map_err(|_| wrong)?;
        Self::of(&info, &query)
    }

    fn of(
        info: &ConnectionInfo,
        query: &BTreeMap<String, String>,
    ) -> Result<Self, InvalidRedisUrl> {
        let known = info.redis_settings();
        let named = |name: &str| query.get(name).cloned();
        let db = match query.get("db") {
            Some(number) => number.parse().map_err(|_| InvalidRedisUrl::Database)?,
            None => known.db(),
        };
        let user = known.username().map(str::to_owned);
        let password = known.password().map(str::to_owned);
        let password = password.or_else(|| named("password").or_else(|| named("pass")));
        Ok(Self {
            addr: info.addr().clone(),
            server: format!("{}/{db}", info.addr()),
            db,
            user: user.or_else(|| named("username").or_else(|| named("user"))),
            password: password.map(SecretString::from),
            files: TlsFiles::named(query),
        })
    }

    /// Whether the address asks for TLS.
    pub(super) fn tls(&self) -> bool {
        matches!(self.addr, ConnectionAddr::TcpTls { .. })
    }

    /// Host and port, where it has them.
    pub(super) fn host(&self) -> Option<(&str, u16)> {
        match &self.addr {
            ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => {
                Some((host, *port))
            }
            _ => None,
        }
    }

    /// The same server spoken to with TLS, whatever the address says; without the password.
    pub(super) fn with_tls(&self) -> Option<Self> {
        let (host, port) = self.host()?;
        Some(Self {
            addr: ConnectionAddr::TcpTls {
                host: host.to_owned(),
                port,
                insecure: false,
                tls_params: None,
            },
            user: None,
            password: None,
            ..self.clone()
        })
    }

    /// A client that has said nothing yet: who we are comes with the greeting.
    pub(super) async fn client(&self) -> Result<Client, DialError> {
        let settings = RedisConnectionInfo::default().set_skip_set_lib_name();
        let info = self.addr.clone().into_connection_info()?;
        let info = info.set_redis_settings(settings);
        match self.files.read().await? {
            Some(certificates) if self.tls() => Ok(Client::build_with_tls(info, certificates)?),
            _ => Ok(Client::open(info)?),
        }
    }

    /// A text without our password, and without the arguments that Redis repeats of a command that it
    /// does not know.
    pub(super) fn redact(&self, text: &str) -> String {
        let text = text.split(", with args beginning with").next();
        let mut clean = text.unwrap_or_default().to_owned();
        if let Some(password) = &self.password {
            clean = match password.expose_secret() {
                "" => clean,
                secret => clean.replace(secret, "***"),
            };
        }
        clean.trim().chars().take(300).collect()
    }
}

/// The library's own deadlines.
pub(super) fn config(connect: Duration, answer: Duration) -> AsyncConnectionConfig {
    AsyncConnectionConfig::new()
        .set_connection_timeout(Some(connect))
        .set_response_timeout(Some(answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Target, InvalidRedisUrl> {
        Target::parse(&SecretString::from(text))
    }

    #[test]
    fn only_host_port_and_number_are_shown() {
        for (text, server) in [
            ("redis://127.0.0.1:6379/0", "127.0.0.1:6379/0"),
            ("redis://rei:s3cret@db.example/3", "db.example:6379/3"),
            ("rediss://:s3cret@db.example:6390", "db.example:6390/0"),
            ("redis://h/1?db=4&password=s3cret", "h:6379/4"),
            (
                "unix:///run/redis.sock?db=2&pass=s3cret",
                "/run/redis.sock/2",
            ),
        ] {
            let target = parse(text).unwrap();
            assert_eq!(target.server, server, "{text}");
            assert!(!format!("{target:?}").contains("s3cret"), "{text}");
        }
    }

    #[test]
    fn who_we_are_is_read_from_either_place() {
        let target = parse("redis://rei:p%40ss@h/0").unwrap();
        assert_eq!(target.user.as_deref(), Some("rei"));
        assert_eq!(target.password.unwrap().expose_secret(), "p@ss");
        let target = parse("unix:///run/redis.sock?password=pw").unwrap();
        assert_eq!(target.password.unwrap().expose_secret(), "pw");
    }

    #[test]
    fn an_address_that_names_no_redis_is_refused_without_repeating_it() {
        for (text, error) in [
            ("s3cret", InvalidRedisUrl::Address),
            ("http://:s3cret@h", InvalidRedisUrl::Address),
            ("redis://:s3cret@h/main", InvalidRedisUrl::Database),
            ("redis://:s3cret@h?db=x", InvalidRedisUrl::Database),
            ("rediss://:s3cret@h#insecure", InvalidRedisUrl::Unchecked),
            (
                "rediss://:s3cret@h?ssl_cert_reqs=none",
                InvalidRedisUrl::Unchecked,
            ),
        ] {
            assert_eq!(parse(text).unwrap_err(), error, "{text}");
            assert!(!error.to_string().contains("s3cret"));
        }
    }

    #[test]
    fn what_redis_repeats_of_us_is_cut() {
        let target = parse("redis://:s3cret@h").unwrap();
        let text = "ERR unknown command 'AUTH', with args beginning with: 's3cret'";
        assert_eq!(target.redact(text), "ERR unknown command 'AUTH'");
        assert_eq!(target.redact("no s3cret here"), "no *** here");
    }
}
