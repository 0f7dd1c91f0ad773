//! A post office for what is about scheduling alone: even turns, and answers as a test wishes.

use async_trait::async_trait;
use rei_recovery::ports::bot::{Courier, Delivered, Errand, PaceNow, Parcel, Turn};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until};

/// What was brought to whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brought {
    pub chat: i64,
    pub what: String,
    pub at: Instant,
}

/// Says how the nth try of all for this chat ends. `Done` and `Unknown` have arrived, or may have.
pub type Answers = Box<dyn Fn(i64, usize) -> Delivered + Send + Sync>;

/// The post office.
pub struct PostOffice {
    per_second: f64,
    next: tokio::sync::Mutex<Instant>,
    answers: Mutex<Answers>,
    /// Every try, in the order of setting out.
    tried: Mutex<Vec<Brought>>,
    /// What arrived.
    arrived: Mutex<Vec<i64>>,
    aloft: AtomicUsize,
    /// Whether answers are given, and turns.
    pub answering: watch::Sender<bool>,
    pub turning: watch::Sender<bool>,
    latency: Duration,
}

/// Everything goes well.
pub fn well() -> Answers {
    Box::new(|chat, _| done(chat))
}

pub fn done(chat: i64) -> Delivered {
    Delivered::Done {
        message: i32::try_from(chat).unwrap() + 1000,
        moved: None,
    }
}

impl PostOffice {
    pub fn new(per_second: f64, latency: Duration, answers: Answers) -> Arc<Self> {
        Arc::new(Self {
            per_second,
            next: tokio::sync::Mutex::new(Instant::now()),
            answers: Mutex::new(answers),
            tried: Mutex::default(),
            arrived: Mutex::default(),
            aloft: AtomicUsize::new(0),
            answering: watch::channel(true).0,
            turning: watch::channel(true).0,
            latency,
        })
    }

    pub fn answer(&self, answers: Answers) {
        *self.answers.lock().unwrap() = answers;
    }

    pub fn tried(&self) -> Vec<Brought> {
        self.tried.lock().unwrap().clone()
    }

    /// Chats, in the order of setting out.
    pub fn chats(&self) -> Vec<i64> {
        self.tried().iter().map(|it| it.chat).collect()
    }

    pub fn arrived(&self) -> Vec<i64> {
        self.arrived.lock().unwrap().clone()
    }

    pub fn aloft(&self) -> usize {
        self.aloft.load(Ordering::SeqCst)
    }

    fn set_out(&self, parcel: &Parcel<'_>) -> usize {
        let what = match parcel.errand {
            Errand::Send(message) => message.text.text.clone(),
            Errand::Correct(id, message) => format!("{id}: {}", message.text.text),
            Errand::Delete(id) => format!("{id} away"),
        };
        let (chat, at) = (parcel.chat, Instant::now());
        let mut tried = self.tried.lock().unwrap();
        tried.push(Brought { chat, what, at });
        tried.iter().filter(|it| it.chat == chat).count()
    }
}

/// Counts down however a delivery ends.
struct Aloft<'a>(&'a AtomicUsize);

impl Drop for Aloft<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl Courier for PostOffice {
    async fn turn(&self, _media: bool, _paid: bool) -> Turn {
        let mut turning = self.turning.subscribe();
        let mut next = self.next.lock().await;
        turning.wait_for(|on| *on).await.unwrap();
        sleep_until(*next).await;
        // A few late turns are made good, as the real pace does.
        let gap = Duration::from_secs_f64(1.0 / self.per_second);
        *next = (*next).max(Instant::now() - Duration::from_millis(10)) + gap;
        Turn::given()
    }

    async fn deliver(&self, _turn: Turn, parcel: Parcel<'_>) -> Delivered {
        let nth = self.set_out(&parcel);
        self.aloft.fetch_add(1, Ordering::SeqCst);
        let _aloft = Aloft(&self.aloft);
        let answer = (self.answers.lock().unwrap())(parcel.chat, nth);
        // A message is there before its answer is.
        if matches!(answer, Delivered::Done { .. } | Delivered::Unknown(_)) {
            self.arrived.lock().unwrap().push(parcel.chat);
        }
        sleep(self.latency).await;
        let mut answering = self.answering.subscribe();
        answering.wait_for(|on| *on).await.unwrap();
        answer
    }

    fn pace(&self) -> PaceNow {
        PaceNow {
            per_second: self.per_second,
            stalled: None,
        }
    }
}
