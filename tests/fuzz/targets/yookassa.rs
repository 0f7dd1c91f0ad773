//! Answers of something that is not quite YooKassa, over loopback: every byte after the status line is
//! its own.
#![no_main]

use jiff::Timestamp;
use libfuzzer_sys::fuzz_target;
use rei_recovery::adapters::yookassa::{YooKassa, YooKassaKeys, YooKassaLimits, YooKassaOptions};
use rei_recovery::ports::backups::Work;
use rei_recovery::ports::payments::PaymentProvider;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

struct Ground {
    runtime: Runtime,
    answer: Arc<Mutex<Vec<u8>>>,
    provider: YooKassa,
}

static GROUND: LazyLock<Ground> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let answer = Arc::<Mutex<Vec<u8>>>::default();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}/v3", listener.local_addr().unwrap());
    let given = Arc::clone(&answer);
    runtime.spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let given = Arc::clone(&given);
            tokio::spawn(async move {
                let mut request = [0; 8192];
                while let Ok(1..) = socket.read(&mut request).await {
                    let body = given.lock().unwrap().clone();
                    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
                    if socket
                        .write_all(&[head.as_bytes(), &body].concat())
                        .await
                        .is_err()
                    {
                        return;
                    }
                }
            });
        }
    });
    let provider = YooKassa::new(YooKassaOptions {
        keys: Some(YooKassaKeys {
            shop: "1".into(),
            secret: "x".to_owned().into(),
        }),
        api: url.parse().unwrap(),
        status: url.parse().unwrap(),
        limits: YooKassaLimits {
            attempts: 1,
            refusals: 1,
            request: Duration::from_secs(2),
            ..YooKassaLimits::default()
        },
    });
    Ground {
        runtime,
        answer,
        provider: provider.unwrap(),
    }
});

fuzz_target!(|bytes: &[u8]| {
    let ground = &*GROUND;
    *ground.answer.lock().unwrap() = bytes.to_vec();
    ground.runtime.block_on(async {
        let work = Work::default();
        let (from, to) = ("2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z");
        let (from, to): (Timestamp, Timestamp) = (from.parse().unwrap(), to.parse().unwrap());
        let _ = ground
            .provider
            .by_id(&["22d6d597-000f-5000".to_owned()], &work)
            .await;
        let _ = ground.provider.sweep(from, to, &work).await;
        let _ = ground.provider.page().await;
    });
});
