//! A TCP connection that can be cut off as if the network had failed.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_util::sync::CancellationToken;

/// Cuts its connection: the peer sees *connection reset*, never an orderly end.
#[derive(Debug, Clone, Default)]
pub(super) struct Cutter {
    cut: Arc<AtomicBool>,
    thrown: CancellationToken,
}

impl Cutter {
    pub(super) fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        self.thrown.cancel();
    }

    pub(super) async fn was_cut(&self) {
        self.thrown.cancelled().await;
    }
}

/// The connection.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    cutter: Cutter,
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> (Self, Cutter) {
        let cutter = Cutter::default();
        (
            Self {
                stream,
                cutter: cutter.clone(),
            },
            cutter,
        )
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.cutter.cut.load(Ordering::SeqCst) {
            // Without lingering the kernel sends RST. Should it refuse, the peer sees an orderly end,
            // which is a failed request to it as well.
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, data)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, data)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
