//! Backups that are not good, S3 in trouble, a full disk: said clearly in both languages, before
//! anything of REI is touched.

use super::play::*;
use rei_recovery::demo::bot_api::Message;
use rei_recovery::demo::patient::{BackupOptions, Flaw, PatientOptions};
use rei_recovery::demo::s3::Fault;
use rei_recovery::demo::units::{self, Unit};
use rei_recovery::demo::world::{World, WorldOptions};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::time::Duration;

/// What goes wrong, and the words that must say so.
struct Case {
    options: fn(WorldOptions) -> WorldOptions,
    /// Which of the two places has the backup when the plan is made.
    holds: Holds,
    /// Done when the plan is made and not started.
    spoil: fn(&World),
    en: &'static str,
    ru: &'static str,
}

/// Who has the backup.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Both,
    Bucket,
}

fn flawed(flaw: Flaw) -> PatientOptions {
    let mut patient = PatientOptions::tiny();
    patient.backups = vec![BackupOptions::aged(Duration::from_secs(20 * 60)).flaw(flaw)];
    patient
}

fn nothing(_: &World) {}

fn as_it_is(options: WorldOptions) -> WorldOptions {
    options
}

/// Plays the case in both languages; a run ends by Roll back in one and by Abort in the other.
async fn both(case: Case) {
    let case = &case;
    let (en, ru) = (
        play(case, "en", (case.en, "REI is untouched by this run")),
        play(case, "ru", (case.ru, "Запуск не тронул REI")),
    );
    tokio::join!(en, ru);
}

async fn play(case: &Case, locale: &str, words: (&str, &str)) {
    let world = (case.options)(options().set("DEFAULT_LOCALE", locale));
    let world = build(world).await;
    if case.holds == Holds::Bucket {
        for taken in world.patient.backups() {
            fs::remove_file(&taken.file).unwrap();
        }
    }
    let before = Untouched::look(&world);
    plan(&world).await;
    (case.spoil)(&world);
    start(&world).await;
    let hold = shown(&world, world.cast.team, ABORT).await;
    says(&hold, words);
    before.holds(&world);
    end(&world, locale).await;
    before.holds(&world);
}

fn says(hold: &Message, (what, state): (&str, &str)) {
    let text = hold.text();
    assert!(text.contains(what), "no {what:?} in:\n{text}");
    assert!(text.contains(state), "no {state:?} in:\n{text}");
}

async fn end(world: &World, locale: &str) {
    let (button, how) = match locale {
        "en" => (ROLL_BACK, "rolled-back"),
        _ => (ABORT, "aborted"),
    };
    press(world, world.cast.anna, world.cast.team, button).await;
    assert_eq!(outcome(world).await, how);
}

/// What a failed fetch must leave alone.
#[derive(Debug, PartialEq, Eq)]
struct Untouched {
    inode: u64,
    pids: Vec<Option<u32>>,
}

impl Untouched {
    fn look(world: &World) -> Self {
        let pid = |unit| units::pid(unit, &world.patient.home()).unwrap();
        Self {
            inode: fs::metadata(world.patient.database()).unwrap().ino(),
            pids: Unit::REI.map(pid).to_vec(),
        }
    }

    fn holds(&self, world: &World) {
        assert!(self.pids.iter().all(Option::is_some), "{self:?}");
        assert_eq!(&Self::look(world), self);
        let left: Vec<_> = fs::read_dir(world.patient.home())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains("rei-recovery"))
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

macro_rules! cases {
    ($($name:ident: $options:expr, $holds:ident, $spoil:expr, $en:literal, $ru:literal;)*) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $name() {
            both(Case { options: $options, holds: Holds::$holds, spoil: $spoil, en: $en, ru: $ru }).await;
        }
    )*};
}

cases! {
    a_truncated_gzip: |o| o.patient(flawed(Flaw::Truncated)), Both, nothing,
        "ends too early", "обрывается";
    a_flipped_bit: |o| o.patient(flawed(Flaw::FlippedBit)), Both, nothing,
        "is damaged", "повреждена";
    a_wrong_checksum: |o| o.patient(flawed(Flaw::WrongChecksum)), Both, nothing,
        "The checksum of the backup", "Контрольная сумма копии";
    a_database_of_0_bytes: |o| o.patient(flawed(Flaw::EmptyDatabase)), Both, nothing,
        "is empty: 0 bytes", "пуста: 0 байт";
    a_database_of_another_schema: |o| o.patient(flawed(Flaw::OtherSchema)), Both, nothing,
        "lacks tables or columns that REI needs", "нет таблиц или столбцов, которые нужны REI";
    a_database_with_damaged_pages: |o| o.patient(flawed(Flaw::DamagedPages)), Both, nothing,
        "integrity check", "Проверка целостности SQLite";
    a_backup_that_became_empty: as_it_is, Both, |w| {
        for taken in w.patient.backups() {
            fs::write(&taken.file, "").unwrap();
        }
    }, "changed while it was read", "изменилась";
    a_bucket_that_is_gone: as_it_is, Bucket, |w| {
        let gone = w.s3.folder().with_extension("gone");
        fs::rename(w.s3.folder(), gone).unwrap();
    }, "does not exist", "Не существует";
    a_key_that_was_withdrawn: as_it_is, Bucket, |w| w.s3.set_fault(Some(Fault::Status(403))),
        "refuses access", "Нет доступа";
    s3_answers_500: as_it_is, Bucket, |w| w.s3.set_fault(Some(Fault::Status(500))),
        "answers with errors of its own", "Отвечает собственными ошибками";
    s3_stalls: as_it_is, Bucket, |w| w.s3.set_fault(Some(Fault::Stall { after: 4_096 })),
        "No byte came from s3://rei-backups/", "Данные не поступают уже 30";
    s3_is_silent: as_it_is, Bucket, |w| w.s3.set_fault(Some(Fault::Silence)),
        "does not answer", "Нет ответа";
    s3_is_cut_off: as_it_is, Bucket, |w| w.s3.set_fault(Some(Fault::Cut)),
        "does not answer", "Нет ответа";
    a_full_disk: |o| {
        // The units go on writing: some room stays for their WAL, too little for the backup.
        let mut patient = PatientOptions::tiny();
        patient.users = 3_000;
        o.patient(patient).own_disk(64 << 20)
    }, Both, |w| w.disk().unwrap().fill(8 << 20).unwrap(),
        "Not enough room for", "Не хватает места для";
}

/// The chat offers no empty backup; the console may name one.
#[tokio::test(flavor = "multi_thread")]
async fn an_empty_object_named_at_the_console() {
    for (locale, list, words) in [
        (
            "en",
            "empty",
            ("is empty: 0 bytes", "REI is untouched by this run"),
        ),
        ("ru", "пуста", ("пуста: 0 байт", "Запуск не тронул REI")),
    ] {
        let world = options()
            .patient(flawed(Flaw::Empty))
            .set("DEFAULT_LOCALE", locale);
        let world = build(world).await;
        let before = Untouched::look(&world);
        let talk = choose_scenario(&world).await;
        let listed = |message: &Message| message.text().contains(list);
        let listed = world.api.wait_for_message(talk, "the list", SOON, listed);
        assert_eq!(listed.await.unwrap().buttons().count(), 0);

        let time = world.patient.backups()[0].time.to_string();
        let args = ["recover", "database-corruption", "--backup", &time, "--yes"];
        let console = world.console(&args).await.unwrap();
        assert!(console.code.is_some_and(|code| code != 0), "{console:?}");
        assert!(console.stdout.contains(words.0), "{console:?}");
        says(&shown(&world, world.cast.team, ABORT).await, words);
        before.holds(&world);
        end(&world, locale).await;
        before.holds(&world);
    }
}
