//! Answers of something that is not quite YooKassa, over loopback. The input is a byte for the status, then
//! what the lists of payments and of refunds, a payment and the status page answer, each behind a byte 255.
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
    answers: Arc<Mutex<Answers>>,
    provider: YooKassa,
}

/// By what the request's path begins with, the longest first.
const PATHS: [&str; 4] = ["/v3/payments?", "/v3/refunds", "/v3/payments/", "/"];

#[derive(Clone, Default)]
struct Answers {
    status: u16,
    bodies: [Vec<u8>; 4],
}

impl Answers {
    fn of(bytes: &[u8]) -> Self {
        let (status, rest) = bytes.split_first().unwrap_or((&0, &[]));
        let mut parts = rest.split(|byte| *byte == 255).map(<[u8]>::to_vec);
        Self {
            status: [200, 200, 200, 400, 401, 404, 429, 500][usize::from(*status % 8)],
            bodies: std::array::from_fn(|_| parts.next().unwrap_or_default()),
        }
    }

    fn to(&self, request: &[u8]) -> Vec<u8> {
        let line = String::from_utf8_lossy(request);
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let at = PATHS
            .iter()
            .position(|it| path.starts_with(it))
            .unwrap_or(3);
        let body = &self.bodies[at];
        let head = format!(
            "HTTP/1.1 {} X\r\ncontent-length: {}\r\n\r\n",
            self.status,
            body.len()
        );
        [head.as_bytes(), body].concat()
    }
}

static GROUND: LazyLock<Ground> = LazyLock::new(|| {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let answers = Arc::<Mutex<Answers>>::default();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}/v3", listener.local_addr().unwrap());
    let given = Arc::clone(&answers);
    runtime.spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let given = Arc::clone(&given);
            tokio::spawn(async move {
                let mut request = [0; 8192];
                while let Ok(length @ 1..) = socket.read(&mut request).await {
                    let answer = given.lock().unwrap().to(&request[..length]);
                    if socket.write_all(&answer).await.is_err() {
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
        answers,
        provider: provider.unwrap(),
    }
});

fuzz_target!(|bytes: &[u8]| {
    let ground = &*GROUND;
    *ground.answers.lock().unwrap() = Answers::of(bytes);
    ground.runtime.block_on(async {
        let work = Work::default();
        let (from, to) = ("2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z");
        let (from, to): (Timestamp, Timestamp) = (from.parse().unwrap(), to.parse().unwrap());
        let asked = "22d6d597-000f-5000".to_owned();
        let found = ground.provider.by_id(&[asked.clone()], &work).await;
        assert!(
            found
                .iter()
                .flatten()
                .all(|(id, payment)| *id == asked && payment.id == asked)
        );
        let _ = ground.provider.sweep(from, to, &work).await;
        let _ = ground.provider.page().await;
    });
});
