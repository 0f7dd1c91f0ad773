//! A team, its group, and the chat half of the program. The worker does not run.

use jiff::tz::TimeZone;
use rei_recovery::demo::bot_api::{
    Answer, BotApi, BotId, Group, Message, MessageId, Person, PersonId, Place, Role,
};
use rei_recovery::demo::patient::{Patient, PatientOptions};
use rei_recovery::domain::audit::AuditEntry;
use rei_recovery::domain::locale::Locale;
use rei_recovery::domain::operator::Actor;
use rei_recovery::domain::second_factor::Secrets;
use rei_recovery::i18n::I18n;
use rei_recovery::ops::Ops;
use rei_recovery::ports::bot::Courier;
use rei_recovery::ports::clock::SystemClock;
use rei_recovery::ports::journal::{AuditTrail, Outbox};
use rei_recovery::store::Store;
use rei_recovery::telegram::{ChatSettings, TelegramParts, client, serve};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Bounds every wait; nothing here takes nearly as long.
pub const SOON: Duration = Duration::from_secs(20);

const TOKEN: &str = "700:a-secret-of-the-test";

/// Makes what sends under REI's token over a Bot API server.
pub type MakeCourier = fn(&BotApi) -> Arc<dyn Courier>;

/// What a test may change.
pub struct Options {
    pub allow_self: bool,
    pub locale: Locale,
    pub required: u32,
    pub ttl: Duration,
    pub notice_limit: u64,
    pub codes: Secrets,
    pub break_glass: Option<Duration>,
    /// What sends previews, made over this server.
    pub courier: Option<MakeCourier>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            allow_self: false,
            locale: Locale::En,
            required: 1,
            ttl: Duration::from_secs(600),
            notice_limit: 1000,
            codes: Secrets::default(),
            break_glass: None,
            courier: None,
        }
    }
}

/// The team: Ann may request, Bob may approve, Cid may both. Eve is nobody; Max hides in the group.
pub struct Scene {
    pub api: BotApi,
    pub bot: BotId,
    pub group: Place,
    pub ann: PersonId,
    pub bob: PersonId,
    pub cid: PersonId,
    pub eve: PersonId,
    pub max: PersonId,
    pub store: Store,
    pub ops: Ops,
    locale: Locale,
    database: PathBuf,
    running: Option<(CancellationToken, JoinHandle<()>)>,
    dir: TempDir,
}

impl Scene {
    pub async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with(options: Options) -> Self {
        let mut scene = Self::silent(options).await;
        scene.start().await;
        scene
    }

    /// The same with the program not started yet.
    pub async fn silent(options: Options) -> Self {
        let dir = TempDir::new().unwrap();
        let api = BotApi::start(([127, 0, 0, 1], 0)).unwrap();
        let bot = api.add_bot(TOKEN, "rei_admin_bot").unwrap();
        let names = ["Ann", "Bob", "Cid", "Eve", "Max"];
        let [ann, bob, cid, eve, max] = std::array::from_fn(|nth| {
            let id = 11 + u64::try_from(nth).unwrap();
            api.add_person(Person::new(id, names[nth])).unwrap()
        });
        let group = [ann, bob, cid, eve]
            .into_iter()
            .fold(Group::new(-500, "REI ops"), |group, who| {
                group.member(who, Role::Member)
            })
            .member(max, Role::Anonymous)
            .bot(bot, Role::Administrator);
        let group = api.add_group(group).unwrap();
        let store = Store::open(&dir.path().join("state"), Arc::new(SystemClock)).unwrap();
        let root = dir.path().join("patient");
        std::fs::create_dir(&root).unwrap();
        let patient = Patient::build(&root, &PatientOptions::tiny()).unwrap();
        let ops = {
            let state = dir.path().join("state");
            let courier = options.courier.map(|made| made(&api));
            super::parts::verbs(&store, (&state, &patient), courier, &options)
        };
        Self {
            api,
            bot,
            group,
            ann,
            bob,
            cid,
            eve,
            max,
            store,
            ops,
            locale: options.locale,
            database: patient.database(),
            running: None,
            dir,
        }
    }

    /// REI's database.
    pub fn database(&self) -> PathBuf {
        self.database.clone()
    }

    /// The program's own folder.
    pub fn state(&self) -> PathBuf {
        self.dir.path().join("state")
    }

    /// Starts the chat and waits until it asks for updates.
    pub async fn start(&mut self) {
        let polls = self.api.count("getUpdates");
        self.start_blind();
        crate::support::wait::until("the first poll", || async {
            (self.api.count("getUpdates") > polls).then_some(())
        })
        .await;
    }

    /// Starts the chat without waiting for Telegram.
    pub fn start_blind(&mut self) {
        let parts = TelegramParts {
            bot: client(&TOKEN.to_owned().into(), &self.api.url().parse().unwrap()).unwrap(),
            ops: self.ops.clone(),
            people: Arc::new(self.store.clone()),
            outbox: Arc::new(self.store.clone()),
            i18n: Arc::new(I18n::new(TimeZone::UTC).unwrap()),
            settings: ChatSettings {
                locale: self.locale,
                team: -500,
            },
            changes: self.store.changes(),
            line: Arc::default(),
        };
        let cancel = CancellationToken::new();
        let task = tokio::spawn(serve(parts, cancel.clone()));
        self.running = Some((cancel, task));
    }

    /// Stops the chat as SIGTERM would.
    pub async fn stop(&mut self) {
        let (cancel, task) = self.running.take().unwrap();
        cancel.cancel();
        tokio::time::timeout(SOON, task).await.unwrap().unwrap();
    }

    /// Ends the chat as SIGKILL would, at whatever it is doing.
    pub async fn kill(&mut self) {
        let (_, task) = self.running.take().unwrap();
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    }

    /// Somebody's private chat with the bot; opened where it is not yet.
    pub fn talk(&self, who: PersonId) -> Place {
        let place = Place::private(self.bot, who);
        if self.api.messages(place).is_empty() {
            self.api.start_chat(who, self.bot).unwrap();
        }
        place
    }

    /// Sends and waits for an answer that fits.
    pub async fn ask(&self, who: PersonId, place: Place, text: &str, answer: &str) -> Message {
        let asked = self.api.send_text(who, place, text).unwrap();
        self.after(place, asked, answer).await
    }

    /// A message of the bot that holds this text, after another one.
    pub async fn after(&self, place: Place, id: MessageId, text: &str) -> Message {
        let what = format!("“{text}” in {place} after message {id}");
        let fits = |m: &Message| m.id > id && m.is_from_bot(self.bot) && m.text().contains(text);
        self.api
            .wait_for_message(place, &what, SOON, fits)
            .await
            .unwrap()
    }

    /// A message of the bot that holds this text.
    pub async fn see(&self, place: Place, text: &str) -> Message {
        self.after(place, 0, text).await
    }

    /// Presses and reads what the bot says to it.
    pub async fn press(&self, who: PersonId, on: &Message, label: &str) -> Answer {
        let press = self.api.press(who, on.place, on.id, label).unwrap();
        press.answer(SOON).await.unwrap()
    }

    /// Waits until nothing waits to be delivered.
    pub async fn drained(&self) {
        crate::support::wait::until("an empty outbox", || async {
            (self.store.backlog().await.unwrap() == 0).then_some(())
        })
        .await;
    }

    /// The whole trail.
    pub async fn trail(&self) -> Vec<AuditEntry> {
        AuditTrail::read(&self.store, 1, 10_000).await.unwrap()
    }

    /// Why and how often somebody was refused, by verb.
    pub async fn refusals(&self, verb: &str) -> Vec<String> {
        let refused = |entry: &AuditEntry| entry.verb == verb && entry.outcome == "refused";
        let why = |entry: AuditEntry| match entry.detail.get("why") {
            Some(rei_recovery::domain::failure::Arg::Text(why)) => why.clone(),
            other => panic!("{other:?}"),
        };
        let trail = self.trail().await.into_iter();
        trail.filter(refused).map(why).collect()
    }

    /// Texts of the bot's messages in a chat, in order.
    pub fn texts(&self, place: Place) -> Vec<String> {
        let messages = self.api.messages(place).into_iter();
        let own = messages.filter(|message| message.is_from_bot(self.bot));
        own.map(|message| message.text().to_owned()).collect()
    }

    /// Numbers of the audit lines in the group, in the order they stand there.
    pub fn numbers(&self) -> Vec<u64> {
        let texts = self.texts(self.group);
        let lines = texts.iter().flat_map(|text| text.lines());
        let numbers = lines.filter_map(|line| line.strip_prefix('#')?.split(' ').next());
        numbers.filter_map(|number| number.parse().ok()).collect()
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // Whatever was pressed was answered, and every planned fault was met.
            assert_eq!(
                self.api.unanswered().len(),
                0,
                "{:?}",
                self.api.unanswered()
            );
            assert_eq!(self.api.planned_faults(), 0);
        }
    }
}

pub fn ann() -> Actor {
    Actor::telegram(11, "Ann")
}
