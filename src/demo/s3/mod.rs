//! An S3 server over a folder, with switches for what goes wrong with real ones.
//!
//! It checks signatures, lists in pages, honours `If-Match` and `Range`; the objects are plain
//! files, so whatever a backup script leaves in the folder is an object at once.

mod bucket;
mod faults;

pub use faults::Fault;

use bucket::FolderBuckets;
use faults::Faults;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// What the server serves, and to whom.
#[derive(Debug, Clone)]
pub struct S3Options {
    /// Where to listen; port 0 takes a free one.
    pub addr: SocketAddr,
    /// Folder that holds one folder per bucket; created when missing.
    pub dir: PathBuf,
    /// The bucket to create.
    pub bucket: String,
    /// The one access key that is let in.
    pub access_key: String,
    /// Its secret.
    pub secret_key: String,
    /// Objects per page of a listing, at most (real stores: 1000).
    pub page_size: u16,
}

impl S3Options {
    /// On a free loopback port.
    #[must_use]
    pub fn local(dir: &Path, bucket: &str, access_key: &str, secret_key: &str) -> Self {
        Self {
            addr: SocketAddr::from(([127, 0, 0, 1], 0)),
            dir: dir.to_owned(),
            bucket: bucket.to_owned(),
            access_key: access_key.to_owned(),
            secret_key: secret_key.to_owned(),
            page_size: 1000,
        }
    }
}

/// A running server; it ends with its handle.
#[derive(Debug)]
pub struct S3Server {
    addr: SocketAddr,
    folder: PathBuf,
    faults: Faults,
    accept: AbortHandle,
}

impl S3Server {
    /// Starts serving.
    ///
    /// # Errors
    /// When the folder cannot be made or the address is taken.
    pub async fn start(options: S3Options) -> io::Result<Self> {
        let folder = options.dir.join(&options.bucket);
        tokio::fs::create_dir_all(&folder).await?;
        let buckets = FolderBuckets::new(&options.dir, options.page_size)
            .map_err(|error| io::Error::other(format!("{error:?}")))?;
        let mut service = S3ServiceBuilder::new(buckets);
        service.set_auth(SimpleAuth::from_single(
            options.access_key,
            options.secret_key,
        ));
        let listener = TcpListener::bind(options.addr).await?;
        let addr = listener.local_addr()?;
        let faults = Faults::default();
        let accept = tokio::spawn(accept(listener, service.build(), faults.clone())).abort_handle();
        Ok(Self {
            addr,
            folder,
            faults,
            accept,
        })
    }

    /// What belongs into `S3_ENDPOINT_URL`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// The folder whose files are the bucket's objects.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// From now on something goes wrong; `None` ends it. Connections of [`Fault::Cut`] break at once.
    pub fn set_fault(&self, fault: Option<Fault>) {
        self.faults.set(fault);
    }

    /// What goes wrong now.
    #[must_use]
    pub fn fault(&self) -> Option<Fault> {
        self.faults.current()
    }

    /// Requests that reached the server, refused ones included, as `GET /bucket/key`.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.faults.requests()
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.accept.abort();
    }
}

async fn accept(listener: TcpListener, service: S3Service, faults: Faults) {
    // Ends with this task, and every connection with it.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((socket, _)) if faults.is_cut() => drop(socket),
                Ok((socket, _)) => {
                    connections.spawn(serve(socket, service.clone(), faults.clone()));
                }
                Err(error) => tracing::warn!(%error, "the S3 server cannot accept a connection"),
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn serve(socket: TcpStream, service: S3Service, faults: Faults) {
    let cut = faults.clone();
    let service = TowerToHyperService::new(faults.around(service));
    let builder = Builder::new(TokioExecutor::new());
    let connection = builder.serve_connection(TokioIo::new(socket), service);
    tokio::select! {
        ended = connection => if let Err(error) = ended {
            tracing::debug!(error, "a connection to the S3 server ended");
        },
        () = cut.until_cut() => {}
    }
}
