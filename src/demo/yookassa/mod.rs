//! A YooKassa of our own: its API over real HTTP on this machine, its status page, and what goes
//! wrong with the real one.
//!
//! It is as strict as the real one where a client could go wrong: Basic authorization, pages of at
//! most a hundred, unknown parameters refused. A page's cursor is a place in the list, so a list
//! without an upper bound moves under whoever reads it while payments come in.

mod answers;
mod api;
mod book;
mod faults;
mod query;
mod webhooks;

pub use book::Book;
pub use faults::{Outage, Traffic, Weather};

use crate::domain::money::Money;
use crate::domain::payment::{PaymentStatus, RemotePayment};
use faults::Faults;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};
use webhooks::Webhooks;

/// Whom the server lets in.
#[derive(Debug, Clone)]
pub struct YooKassaOptions {
    /// Where to listen; port 0 takes a free one.
    pub addr: SocketAddr,
    /// The shop's id.
    pub shop: String,
    /// Its secret key.
    pub secret: String,
}

impl YooKassaOptions {
    /// On a free loopback port.
    #[must_use]
    pub fn local(shop: &str, secret: &str) -> Self {
        Self {
            addr: SocketAddr::from(([127, 0, 0, 1], 0)),
            shop: shop.to_owned(),
            secret: secret.to_owned(),
        }
    }
}

/// What the handlers share.
#[derive(Debug)]
struct Shared {
    shop: String,
    secret: String,
    book: Mutex<Book>,
    faults: Faults,
    incident: Mutex<Option<String>>,
    arrivals: Mutex<Vec<RemotePayment>>,
    webhooks: Webhooks,
    stop: CancellationToken,
}

impl Shared {
    fn book(&self) -> MutexGuard<'_, Book> {
        lock(&self.book)
    }

    /// A payment that is paid at once; the same key again gives the same payment.
    fn begin_once(
        &self,
        key: &[u8],
        amount: Money,
        metadata: BTreeMap<String, String>,
    ) -> RemotePayment {
        let mut book = self.book();
        if let Some(begun) = book.begun(key) {
            return begun;
        }
        let now = Timestamp::now();
        let payment = RemotePayment {
            id: book.new_id(now),
            status: PaymentStatus::Succeeded,
            refunded: Money {
                minor: 0,
                currency: amount.currency.clone(),
            },
            amount,
            created_at: now,
            captured_at: Some(now),
            test: false,
            metadata,
        };
        book.put_under(key, payment.clone());
        payment
    }
}

/// Every change here is whole or not begun.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The running server. Clones are the same; it ends with the last.
#[derive(Debug, Clone)]
pub struct YooKassa {
    addr: SocketAddr,
    shared: Arc<Shared>,
    _alive: Arc<DropGuard>,
}

impl YooKassa {
    /// Starts serving.
    ///
    /// # Errors
    /// The address is taken.
    pub async fn start(options: YooKassaOptions) -> io::Result<Self> {
        let listener = TcpListener::bind(options.addr).await?;
        let addr = listener.local_addr()?;
        let stop = CancellationToken::new();
        let shared = Arc::new(Shared {
            shop: options.shop,
            secret: options.secret,
            book: Mutex::default(),
            faults: Faults::default(),
            incident: Mutex::default(),
            arrivals: Mutex::default(),
            webhooks: Webhooks::new(stop.clone()),
            stop: stop.clone(),
        });
        tokio::spawn(api::serve(listener, Arc::clone(&shared)));
        Ok(Self {
            addr,
            shared,
            _alive: Arc::new(stop.drop_guard()),
        })
    }

    /// What belongs into `YOOKASSA_API_URL`.
    #[must_use]
    pub fn api_url(&self) -> String {
        format!("http://{}/v3", self.addr)
    }

    /// What belongs into `YOOKASSA_STATUS_URL`.
    #[must_use]
    pub fn status_url(&self) -> String {
        format!("http://{}/status", self.addr)
    }

    /// Puts a payment in as it is, without telling anybody.
    pub fn add(&self, payment: RemotePayment) {
        self.shared.book().put(payment);
    }

    /// From now on one of these comes, or comes to be as it is here, before each page of payments but a
    /// list's first: pages move while they are read. The last one comes first.
    pub fn between_pages(&self, arrivals: Vec<RemotePayment>) {
        *lock(&self.shared.arrivals) = arrivals;
    }

    /// Somebody begins to pay; the new payment's id.
    pub fn begin(&self, amount: Money, metadata: BTreeMap<String, String>) -> String {
        let now = Timestamp::now();
        let id = self.shared.book().new_id(now);
        let refunded = Money {
            minor: 0,
            currency: amount.currency.clone(),
        };
        self.add(RemotePayment {
            id: id.clone(),
            status: PaymentStatus::Pending,
            amount,
            refunded,
            created_at: now,
            captured_at: None,
            test: false,
            metadata,
        });
        id
    }

    /// The money comes, or is held, or will never come: the payment's new state is told to whoever
    /// listens. False where there is no such payment.
    pub fn turn(&self, id: &str, status: PaymentStatus) -> bool {
        let turned = self.shared.book().turn(id, status, Timestamp::now());
        self.tell(turned.map(|payment| answers::event(&payment)))
    }

    /// Gives money back, in hundredths. False where there is no such payment.
    pub fn refund(&self, id: &str, minor: i64) -> bool {
        let refund = self.shared.book().refund(id, minor, Timestamp::now());
        self.tell(refund.map(|refund| answers::refund_event(&refund)))
    }

    fn tell(&self, event: Option<serde_json::Value>) -> bool {
        let known = event.is_some();
        if let Some(event) = event {
            self.shared.webhooks.tell(event);
        }
        known
    }

    /// All payments, newest first.
    #[must_use]
    pub fn payments(&self) -> Vec<RemotePayment> {
        self.shared.book().payments().cloned().collect()
    }

    /// From now on events are told to this address; nothing ends it.
    pub fn tell_to(&self, callback: Option<String>) {
        self.shared.webhooks.call(callback);
    }

    /// Keeps events back, or lets all that were kept go at once: late webhooks.
    pub fn hold_events(&self, hold: bool) {
        self.shared.webhooks.hold(hold);
    }

    /// Events that were taken by the callback.
    #[must_use]
    pub fn told(&self) -> u64 {
        self.shared.webhooks.taken()
    }

    /// How it goes from now on.
    pub fn set_weather(&self, weather: Weather) {
        self.shared.faults.set_weather(weather);
    }

    /// The API fails as a whole from now on; `None` ends it. The status page stays.
    pub fn set_outage(&self, outage: Option<Outage>) {
        self.shared.faults.set_outage(outage);
    }

    /// How the API fails now.
    #[must_use]
    pub fn outage(&self) -> Option<Outage> {
        self.shared.faults.outage()
    }

    /// What the status page says is wrong; `None`: all is well.
    pub fn announce(&self, incident: Option<&str>) {
        *lock(&self.shared.incident) = incident.map(str::to_owned);
    }

    /// What reached the API so far.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.shared.faults.traffic()
    }
}
