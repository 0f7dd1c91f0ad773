//! The listener: its connections end with it.

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Accepts connections until it is aborted.
pub(super) async fn accept(listener: TcpListener, router: Router) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) => {
                    connections.spawn(serve(socket, router.clone()));
                }
                Err(error) => tracing::warn!(%error, "the providers cannot accept a connection"),
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(socket: TcpStream, router: Router) {
    let builder = Builder::new(TokioExecutor::new());
    let service = TowerToHyperService::new(router);
    let served = builder.serve_connection(TokioIo::new(socket), service);
    if let Err(error) = served.await {
        tracing::debug!(error, "a connection to the providers ended");
    }
}
