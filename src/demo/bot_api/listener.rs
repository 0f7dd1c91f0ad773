//! The Bot API's own listener, which can go away and come back on the same port.
//!
//! A socket that is bound and never listens keeps the port while nobody listens, so a client is
//! refused, and no other program can take the port meanwhile.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::{Extension, Router};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    sync::watch,
};

use super::{
    connection::{Cutter, Wire},
    faults::Network,
    shared::Shared,
};

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 1024;
/// After a failed accept.
const PAUSE: Duration = Duration::from_millis(20);

/// The port, held for as long as this lives.
#[derive(Debug)]
pub(super) struct Port {
    address: SocketAddr,
    _held: TcpSocket,
}

impl Port {
    pub(super) fn hold(address: SocketAddr) -> io::Result<Self> {
        let held = bind(address)?;
        Ok(Self {
            address: held.local_addr()?,
            _held: held,
        })
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn listen(&self) -> io::Result<TcpListener> {
        bind(self.address)?.listen(BACKLOG)
    }
}

fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = if address.is_ipv4() {
        TcpSocket::new_v4()?
    } else {
        TcpSocket::new_v6()?
    };
    socket.set_reuseaddr(true)?;
    // Two sockets of one user may share a port; only the one that listens gets connections.
    socket.set_reuseport(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// Accepts connections until the server stops.
pub(super) async fn run(shared: Arc<Shared>, port: Port, first: TcpListener, router: Router) {
    let mut network = shared.network.subscribe();
    let mut listener = Some(first);
    loop {
        let state = *network.borrow_and_update();
        if state == Network::Refused {
            listener = None;
        } else if listener.is_none() {
            listener = port
                .listen()
                .inspect_err(|error| tracing::error!(%error, "cannot listen"))
                .ok();
        }
        shared.applied.send_replace(state);
        tokio::select! {
            biased;
            () = shared.stop.cancelled() => return,
            changed = network.changed() => if changed.is_err() { return },
            accepted = accept(listener.as_ref()) => match accepted {
                Ok(stream) => admit(&shared, stream, &router),
                Err(error) => {
                    // Out of descriptors, most likely, which does not pass at once.
                    tracing::debug!(%error, "accept");
                    tokio::time::sleep(PAUSE).await;
                }
            },
        }
    }
}

async fn accept(listener: Option<&TcpListener>) -> io::Result<TcpStream> {
    match listener {
        Some(listener) => listener.accept().await.map(|(stream, _)| stream),
        None => std::future::pending().await,
    }
}

fn admit(shared: &Arc<Shared>, stream: TcpStream, router: &Router) {
    // Small answers must not wait for more to come.
    let _ = stream.set_nodelay(true);
    let (wire, cutter) = Wire::new(stream);
    if *shared.network.borrow() == Network::Reset {
        cutter.cut();
        return;
    }
    let router = router.clone().layer(Extension(cutter.clone()));
    shared
        .tasks
        .spawn(serve(shared.clone(), wire, cutter, router));
}

async fn serve(shared: Arc<Shared>, wire: Wire, cutter: Cutter, router: Router) {
    let mut network = shared.network.subscribe();
    let http = auto::Builder::new(TokioExecutor::new());
    let served = http.serve_connection(TokioIo::new(wire), TowerToHyperService::new(router));
    tokio::select! {
        // A request that arrives after the network went must not be handled any more.
        biased;
        () = cutter.was_cut() => {}
        () = went_down(&mut network) => cutter.cut(),
        () = shared.stop.cancelled() => {}
        // How a connection ended is its client's affair.
        _ = served => {}
    }
}

async fn went_down(network: &mut watch::Receiver<Network>) {
    let down = |state: &Network| matches!(state, Network::Refused | Network::Reset);
    if network.wait_for(down).await.is_err() {
        std::future::pending().await
    }
}
