//! Certificates that the address names, in redis-py's words: REI reads the same address.

use redis::{ClientTlsConfig, RedisError, TlsCertificates};
use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;

/// The files.
#[derive(Debug, Clone, Default)]
pub(super) struct TlsFiles {
    /// Trusted instead of the system's issuers.
    authority: Option<PathBuf>,
    certificate: Option<PathBuf>,
    key: Option<PathBuf>,
}

impl TlsFiles {
    /// `ssl_ca_certs`, `ssl_certfile`, `ssl_keyfile`.
    pub(super) fn named(query: &BTreeMap<String, String>) -> Self {
        let file = |name: &str| query.get(name).map(PathBuf::from);
        Self {
            authority: file("ssl_ca_certs"),
            certificate: file("ssl_certfile"),
            key: file("ssl_keyfile"),
        }
    }

    /// Their content; nothing where none is named.
    pub(super) async fn read(&self) -> Result<Option<TlsCertificates>, DialError> {
        let client_tls = match (&self.certificate, &self.key) {
            (Some(certificate), Some(key)) => Some(ClientTlsConfig {
                client_cert: content(certificate).await?,
                client_key: content(key).await?,
            }),
            _ => None,
        };
        let root_cert = match &self.authority {
            Some(path) => Some(content(path).await?),
            None => None,
        };
        let any = client_tls.is_some() || root_cert.is_some();
        Ok(any.then_some(TlsCertificates {
            client_tls,
            root_cert,
        }))
    }
}

async fn content(path: &PathBuf) -> Result<Vec<u8>, DialError> {
    let bytes = tokio::fs::read(path).await;
    bytes.map_err(|error| DialError::Certificate(path.clone(), error))
}

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum DialError {
    /// A file that the address names.
    #[error("{path}: {1}", path = .0.display())]
    Certificate(PathBuf, #[source] io::Error),
    /// Everything else.
    #[error(transparent)]
    Redis(#[from] RedisError),
}
