//! TLS on one side, on both, with and without trust.

use super::ground::{impatient, queue};
use crate::support::redis::{Certificates, RedisServer, free_port};
use rei_recovery::ports::queue::JobQueue;

/// A server with TLS on a port of its own beside the plain one.
fn server(certificates: &Certificates, clients: &str) -> (RedisServer, u16) {
    let port = free_port();
    let path = |name: &str| certificates.path(name).to_str().unwrap().to_owned();
    let server = RedisServer::with(&[
        "--tls-port",
        &port.to_string(),
        "--tls-cert-file",
        &path("server.crt"),
        "--tls-key-file",
        &path("server.key"),
        "--tls-ca-cert-file",
        &path("ca.crt"),
        "--tls-auth-clients",
        clients,
        "--requirepass",
        "s3cret",
    ]);
    (server, port)
}

async fn refusal(url: &str) -> &'static str {
    let error = impatient(url).prove_writable().await.unwrap_err();
    assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
    error.code().as_str()
}

#[tokio::test]
async fn a_server_whose_issuer_the_address_names_is_trusted() {
    let certificates = Certificates::make();
    let (_server, port) = server(&certificates, "no");
    let issuer = certificates.path("ca.crt");
    for host in ["localhost", "127.0.0.1"] {
        let url = format!(
            "rediss://:s3cret@{host}:{port}/0?ssl_ca_certs={}",
            issuer.display()
        );
        let adapter = queue(&url);
        adapter.prove_writable().await.unwrap();
        assert_eq!(adapter.health().await.unwrap().keys, 0);
    }
    let wrong = format!(
        "rediss://:wrong@localhost:{port}/0?ssl_ca_certs={}",
        issuer.display()
    );
    assert_eq!(refusal(&wrong).await, "redis-password");
    let lost = format!("rediss://:s3cret@localhost:{port}/0?ssl_ca_certs=/nowhere/ca.crt");
    assert_eq!(refusal(&lost).await, "redis-tls");
}

#[tokio::test]
async fn a_server_that_asks_for_our_certificate() {
    let certificates = Certificates::make();
    let (_server, port) = server(&certificates, "yes");
    let path = |name: &str| certificates.path(name).display().to_string();
    let url = format!(
        "rediss://:s3cret@localhost:{port}/0?ssl_ca_certs={}",
        path("ca.crt")
    );
    assert_eq!(refusal(&url).await, "redis-tls");
    let (own, key) = (path("server.crt"), path("server.key"));
    let adapter = queue(&format!("{url}&ssl_certfile={own}&ssl_keyfile={key}"));
    adapter.prove_writable().await.unwrap();
}

#[tokio::test]
async fn a_mismatch_is_named() {
    let certificates = Certificates::make();
    let (server, port) = server(&certificates, "no");
    // Its issuer is not known.
    assert_eq!(
        refusal(&format!("rediss://:s3cret@localhost:{port}/0")).await,
        "redis-tls"
    );
    // It takes TLS, and we speak plainly.
    assert_eq!(
        refusal(&format!("redis://:s3cret@localhost:{port}/0")).await,
        "redis-tls"
    );
    // It speaks plainly, and we ask for TLS.
    let plain = server.port();
    assert_eq!(
        refusal(&format!("rediss://:s3cret@localhost:{plain}/0")).await,
        "redis-tls"
    );
}
