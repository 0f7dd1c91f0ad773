//! A wire to Redis that breaks where the test wants it.

use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Where it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// In the middle of the script call with this number, counted from 0.
    InCall(usize),
    /// All goes through, and the answers to script calls are lost.
    Answers,
}

/// A listener that passes one client on to Redis.
pub struct Wire {
    addr: SocketAddr,
    broken: Option<oneshot::Receiver<()>>,
    task: JoinHandle<()>,
}

impl Wire {
    /// Listens.
    pub async fn to(port: u16, cut: Cut) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let addr = listener.local_addr().expect("its address");
        let (tell, broken) = oneshot::channel();
        let task = tokio::spawn(async move {
            let (client, _) = listener.accept().await.expect("a client");
            let server = TcpStream::connect(("127.0.0.1", port))
                .await
                .expect("Redis");
            pass(client, server, cut).await;
            let _ = tell.send(());
        });
        Self {
            addr,
            broken: Some(broken),
            task,
        }
    }

    /// The address to give to the client.
    pub fn url(&self) -> String {
        format!("redis://{}/0", self.addr)
    }

    /// Waits until it broke.
    pub async fn broken(&mut self) {
        let broken = self.broken.take().expect("waited for once");
        broken.await.expect("the wire broke");
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

const CALL: &[u8] = b"\r\nEVAL\r\n";

async fn pass(mut client: TcpStream, mut server: TcpStream, cut: Cut) {
    let (mut up, mut down) = ([0; 65536], [0; 65536]);
    let (mut sent, mut calls) = (Vec::new(), 0);
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let length = read.unwrap_or(0);
                if length == 0 {
                    return;
                }
                let before = sent.len();
                sent.extend_from_slice(&up[..length]);
                let places = places(&sent);
                calls = places.len();
                let end = match cut {
                    Cut::InCall(number) => places.get(number).copied(),
                    Cut::Answers => None,
                };
                let _ = server.write_all(&sent[before..end.unwrap_or(sent.len()).max(before)]).await;
                if end.is_some() {
                    return;
                }
            }
            read = server.read(&mut down) => {
                let length = read.unwrap_or(0);
                if length == 0 || (cut == Cut::Answers && calls > 0) {
                    return;
                }
                let _ = client.write_all(&down[..length]).await;
            }
        }
    }
}

/// The ends of the word EVAL, which is in the middle of its call.
fn places(sent: &[u8]) -> Vec<usize> {
    let starts = sent.windows(CALL.len()).enumerate();
    starts
        .filter(|(_, window)| *window == CALL)
        .map(|(start, _)| start + CALL.len())
        .collect()
}
