//! What goes wrong with an S3 server, as a layer around it.

use axum::body::{Body, BodyDataStream};
use axum::http::{Request, Response, StatusCode, header};
use bytes::Bytes;
use futures::StreamExt;
use futures::future::BoxFuture;
use futures::stream;
use hyper::body::Incoming;
use s3s::service::S3Service;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::sync::watch;
use tower::{Service, ServiceExt};

/// Something that goes wrong, until it is switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The line is cut: connections break and none is answered.
    Cut,
    /// Every request is answered with this status, for example 500 or 503.
    Status(u16),
    /// Objects stop coming after so many bytes of each answer; the connection stays open.
    Stall {
        /// Bytes that still come.
        after: u64,
    },
    /// The connection breaks after so many bytes of an object.
    Break {
        /// Bytes that still come.
        after: u64,
        /// How many answers break before all is well again.
        times: u32,
    },
    /// No answer at all; the connection stays open.
    Silence,
    /// All is well for so many requests. Then every one is answered with this status, or not at all.
    After {
        /// Requests that are still answered well.
        requests: u32,
        /// What the others are answered with; nothing: they are not.
        status: Option<u16>,
    },
}

/// The switch, shared by all connections.
#[derive(Debug, Clone)]
pub(super) struct Faults {
    fault: watch::Sender<Option<Fault>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Default for Faults {
    fn default() -> Self {
        Self {
            fault: watch::Sender::new(None),
            requests: Arc::default(),
        }
    }
}

impl Faults {
    pub(super) fn set(&self, fault: Option<Fault>) {
        self.fault.send_replace(fault);
    }

    pub(super) fn current(&self) -> Option<Fault> {
        *self.fault.borrow()
    }

    pub(super) fn is_cut(&self) -> bool {
        self.current() == Some(Fault::Cut)
    }

    pub(super) fn requests(&self) -> Vec<String> {
        let requests = self.requests.lock();
        requests.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends when the line is cut.
    pub(super) async fn until_cut(&self) {
        let mut changes = self.fault.subscribe();
        if changes.wait_for(|f| *f == Some(Fault::Cut)).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    pub(super) fn around(self, inner: S3Service) -> Faulty {
        Faulty {
            inner,
            faults: self,
        }
    }

    fn note<B>(&self, request: &Request<B>) {
        let line = format!("{} {}", request.method(), request.uri().path());
        let requests = self.requests.lock();
        requests.unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// What is wrong with the next request.
    fn now(&self) -> Option<Fault> {
        let mut current = None;
        self.fault.send_if_modified(|fault| {
            current = *fault;
            let Some(Fault::After { requests, status }) = *fault else {
                return false;
            };
            match requests.checked_sub(1) {
                Some(requests) => *fault = Some(Fault::After { requests, status }),
                None => current = Some(status.map_or(Fault::Silence, Fault::Status)),
            }
            true
        });
        current
    }

    /// Takes one of the answers that are to break.
    fn take_break(&self) -> Option<u64> {
        let mut taken = None;
        self.fault.send_if_modified(|fault| {
            let Some(Fault::Break { after, times }) = *fault else {
                return false;
            };
            taken = Some(after);
            *fault = (times > 1).then_some(Fault::Break {
                after,
                times: times.saturating_sub(1),
            });
            true
        });
        taken
    }
}

/// The server with its faults.
#[derive(Clone)]
pub(super) struct Faulty {
    inner: S3Service,
    faults: Faults,
}

impl Service<Request<Incoming>> for Faulty {
    type Response = Response<Body>;
    type Error = s3s::HttpError;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Incoming>) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            this.faults.note(&request);
            match this.faults.now() {
                Some(Fault::Status(status)) => Ok(refusal(status)),
                Some(Fault::Silence) => std::future::pending().await,
                _ => {
                    let answer = this.inner.oneshot(request).await?.map(Body::new);
                    Ok(spoil(answer, &this.faults))
                }
            }
        })
    }
}

fn refusal(status: u16) -> Response<Body> {
    let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
        <Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>";
    let mut answer = Response::new(Body::from(text));
    *answer.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let xml = header::HeaderValue::from_static("application/xml");
    answer.headers_mut().insert(header::CONTENT_TYPE, xml);
    answer
}

/// Only objects are spoilt: their answers carry an entity tag, listings and errors do not.
fn spoil(answer: Response<Body>, faults: &Faults) -> Response<Body> {
    if !answer.headers().contains_key(header::ETAG) {
        return answer;
    }
    match faults.current() {
        Some(Fault::Stall { after }) => {
            let faults = faults.clone();
            answer.map(|body| stalled(body.into_data_stream(), after, faults))
        }
        Some(Fault::Break { .. }) => match faults.take_break() {
            Some(after) => answer.map(|body| broken(body.into_data_stream(), after)),
            None => answer,
        },
        _ => answer,
    }
}

fn limited(
    body: BodyDataStream,
    mut left: u64,
) -> impl stream::Stream<Item = Result<Bytes, axum::Error>> {
    body.map(move |chunk| {
        chunk.map(|bytes| {
            let take = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            left -= take as u64;
            bytes.slice(..take)
        })
    })
    .take_while(|chunk| {
        let more = !matches!(chunk, Ok(bytes) if bytes.is_empty());
        std::future::ready(more)
    })
}

fn stalled(body: BodyDataStream, after: u64, faults: Faults) -> Body {
    let held = stream::once(async move {
        let mut changes = faults.fault.subscribe();
        let stalls = |f: &Option<Fault>| matches!(f, Some(Fault::Stall { .. }));
        let _ = changes.wait_for(|f| !stalls(f)).await;
        Err(axum::Error::new(io::Error::other("it stalled")))
    });
    Body::from_stream(limited(body, after).chain(held))
}

fn broken(body: BodyDataStream, after: u64) -> Body {
    let end = stream::once(async {
        // What was sent before must arrive before the line breaks.
        tokio::time::sleep(Duration::from_millis(50)).await;
        Err(axum::Error::new(io::Error::other("the line broke")))
    });
    Body::from_stream(limited(body, after).chain(end))
}
