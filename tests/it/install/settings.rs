//! One line of a settings file is switched, and nothing else in the world changes.

use super::tree::{contents, tree};
use crate::restore::fixture::{as_nobody, code};
use proptest::prelude::*;
use rei_recovery::adapters::settings_files::LocalSettings;
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::ports::PortResult;
use rei_recovery::ports::install::{SettingsFiles, Switch, Switched};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const PYTHON: Switch = Switch::ManualPayments;
const DOTENV: Switch = Switch::FallbackProviders;

/// An install folder and the folder for copies.
struct Place {
    dir: TempDir,
}

impl Place {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        std::fs::create_dir(dir.path().join("home")).unwrap();
        Self { dir }
    }

    fn with(switch: Switch, bytes: impl AsRef<[u8]>) -> Self {
        let place = Self::new();
        std::fs::write(place.file(switch), bytes).unwrap();
        place
    }

    fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    fn keep(&self) -> PathBuf {
        self.dir.path().join("keep/R-7")
    }

    fn file(&self, switch: Switch) -> PathBuf {
        self.home().join(switch.file())
    }

    fn bytes(&self, switch: Switch) -> Vec<u8> {
        std::fs::read(self.file(switch)).unwrap()
    }

    async fn set(&self, switch: Switch, on: bool) -> PortResult<Switched> {
        LocalSettings
            .set(&self.home(), switch, on, &self.keep())
            .await
    }

    async fn read(&self, switch: Switch) -> PortResult<Option<bool>> {
        LocalSettings.read(&self.home(), switch).await
    }
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn only_the_one_word_changes_and_undo_brings_every_byte_back() {
    for (switch, before, after, line) in [
        (
            PYTHON,
            "# settings\r\nA = 1\r\nYOOKASSA_MANUAL_MODE = False  # outage\r\n\r\nB = 2\r\n",
            "# settings\r\nA = 1\r\nYOOKASSA_MANUAL_MODE = True  # outage\r\n\r\nB = 2\r\n",
            3,
        ),
        (
            PYTHON,
            "'''\nYOOKASSA_MANUAL_MODE=True\n'''\nif A:\n    YOOKASSA_MANUAL_MODE=True\nYOOKASSA_MANUAL_MODE=False",
            "'''\nYOOKASSA_MANUAL_MODE=True\n'''\nif A:\n    YOOKASSA_MANUAL_MODE=True\nYOOKASSA_MANUAL_MODE=True",
            6,
        ),
        (
            DOTENV,
            "X=1\n\texport ENABLE_FALLBACK_PROVIDERS = \"false\" # why\nY='a\nENABLE_FALLBACK_PROVIDERS=true\n'\n",
            "X=1\n\texport ENABLE_FALLBACK_PROVIDERS = \"true\" # why\nY='a\nENABLE_FALLBACK_PROVIDERS=true\n'\n",
            2,
        ),
    ] {
        let place = Place::with(switch, before);
        let done = place.set(switch, true).await.unwrap();
        assert_eq!(place.bytes(switch), after.as_bytes(), "{before}");
        assert_eq!((done.was, done.line), (Some(false), line), "{before}");
        let copy = std::fs::read(done.copy.unwrap()).unwrap();
        assert_eq!(copy, before.as_bytes());
        assert_eq!(place.read(switch).await, Ok(Some(true)));
        place.set(switch, false).await.unwrap();
        assert_eq!(place.bytes(switch), before.as_bytes());
    }
}

#[tokio::test]
async fn a_missing_line_is_added_in_the_files_own_manner() {
    for (switch, before, after, line) in [
        (PYTHON, "", "YOOKASSA_MANUAL_MODE=True\n", 1),
        (PYTHON, "A=1\r\n", "A=1\r\nYOOKASSA_MANUAL_MODE=True\r\n", 2),
        (PYTHON, "A=1", "A=1\nYOOKASSA_MANUAL_MODE=True", 2),
        (
            PYTHON,
            "# YOOKASSA_MANUAL_MODE=True\n",
            "# YOOKASSA_MANUAL_MODE=True\nYOOKASSA_MANUAL_MODE=True\n",
            2,
        ),
        (
            DOTENV,
            "A=1\r\nB=2",
            "A=1\r\nB=2\r\nENABLE_FALLBACK_PROVIDERS=true",
            3,
        ),
    ] {
        let place = Place::with(switch, before);
        let done = place.set(switch, true).await.unwrap();
        let found = String::from_utf8(place.bytes(switch)).unwrap();
        assert_eq!((found.as_str(), done.line), (after, line));
        assert_eq!((done.was, done.switch), (None, switch));
    }
}

#[tokio::test]
async fn what_stands_right_changes_no_byte_and_no_time() {
    let place = Place::with(PYTHON, "YOOKASSA_MANUAL_MODE = True\n");
    let before = std::fs::metadata(place.file(PYTHON)).unwrap();
    let done = place.set(PYTHON, true).await.unwrap();
    assert_eq!((done.was, done.line, done.copy), (Some(true), 1, None));
    let after = std::fs::metadata(place.file(PYTHON)).unwrap();
    let mark = |m: &std::fs::Metadata| (m.ino(), m.mtime_nsec(), m.ctime_nsec());
    assert_eq!(mark(&before), mark(&after));
    assert!(!place.keep().exists());
}

#[tokio::test]
async fn what_cannot_be_told_for_sure_is_refused_and_untouched() {
    let key = "YOOKASSA_MANUAL_MODE";
    for (switch, text, want) in [
        (
            PYTHON,
            format!("{key}=False\n{key}=False\n"),
            FailureCode::SettingsLineDouble,
        ),
        (
            PYTHON,
            format!("{key}=os.getenv('X')\n"),
            FailureCode::SettingsValueUnknown,
        ),
        (
            PYTHON,
            format!("{key}=\n"),
            FailureCode::SettingsValueUnknown,
        ),
        (PYTHON, "X = '''\n".into(), FailureCode::FileError),
        (
            DOTENV,
            "ENABLE_FALLBACK_PROVIDERS=${X}\n".into(),
            FailureCode::SettingsValueUnknown,
        ),
    ] {
        let place = Place::with(switch, &text);
        let before = tree(place.dir.path());
        assert_eq!(code(place.set(switch, true).await), want, "{text}");
        assert_eq!(tree(place.dir.path()), before, "{text}");
    }
    let place = Place::new();
    let missing = FailureCode::SettingsFileMissing;
    assert_eq!(code(place.set(PYTHON, true).await), missing);
    assert_eq!(code(place.read(DOTENV).await), missing);
}

#[tokio::test]
async fn a_link_is_refused_and_its_target_untouched() {
    let place = Place::new();
    let real = place.dir.path().join("real.py");
    std::fs::write(&real, "YOOKASSA_MANUAL_MODE=False\n").unwrap();
    symlink(&real, place.file(PYTHON)).unwrap();
    let before = tree(place.dir.path());
    let link = FailureCode::SettingsFileLink;
    assert_eq!(code(place.set(PYTHON, true).await), link);
    assert_eq!(code(place.read(PYTHON).await), link);
    assert_eq!(tree(place.dir.path()), before);
}

#[tokio::test]
async fn owner_group_and_mode_are_kept_and_the_copy_is_private() {
    for mode in [0o640, 0o444, 0o2664] {
        let place = Place::with(DOTENV, "ENABLE_FALLBACK_PROVIDERS=false\nSECRET=x\n");
        chown(place.file(DOTENV), Some(1234), Some(2345)).unwrap();
        set_mode(&place.file(DOTENV), mode);
        let done = place.set(DOTENV, true).await.unwrap();
        let file = std::fs::metadata(place.file(DOTENV)).unwrap();
        let found = (file.uid(), file.gid(), file.mode() & 0o7777);
        assert_eq!(found, (1234, 2345, mode));
        let copy = std::fs::metadata(done.copy.unwrap()).unwrap();
        assert_eq!(copy.mode() & 0o777, 0o600);
    }
}

#[tokio::test]
async fn without_the_right_to_write_nothing_happens() {
    let test = "install::settings::without_the_right_to_write_nothing_happens";
    if !as_nobody(test) {
        return;
    }
    let denied = FailureCode::FileAccessDenied;
    let place = Place::with(PYTHON, "YOOKASSA_MANUAL_MODE=False\n");
    set_mode(&place.file(PYTHON), 0o444);
    let failed = place.set(PYTHON, true).await;
    assert_eq!(code(failed), denied, "a read-only file");
    set_mode(&place.file(PYTHON), 0o644);
    set_mode(&place.home(), 0o555);
    let failed = place.set(PYTHON, true).await;
    assert_eq!(code(failed), denied, "a read-only folder");
    let bytes = place.bytes(PYTHON);
    assert_eq!(bytes, b"YOOKASSA_MANUAL_MODE=False\n");
    set_mode(&place.home(), 0o755);
    place.set(PYTHON, true).await.unwrap();
}

#[tokio::test]
async fn every_copy_is_kept_and_a_dead_attempts_file_goes() {
    let place = Place::with(PYTHON, "YOOKASSA_MANUAL_MODE=False\n");
    let stale = place.home().join(".config.py.rei-recovery");
    std::fs::write(&stale, "half").unwrap();
    for (round, on) in [true, false, true].into_iter().enumerate() {
        std::fs::OpenOptions::new()
            .append(true)
            .open(place.file(PYTHON))
            .and_then(|mut file| std::io::Write::write_all(&mut file, b"#\n"))
            .unwrap();
        place.set(PYTHON, on).await.unwrap();
        assert!(!stale.exists());
        assert_eq!(std::fs::read_dir(place.keep()).unwrap().count(), round + 1);
    }
    let kept = contents(&place.keep());
    let names: Vec<_> = kept.keys().map(String::as_str).collect();
    assert_eq!(names, ["config.py", "config.py.2", "config.py.3"]);
}

#[tokio::test]
async fn missing_keys_are_named_in_the_examples_order() {
    let place = Place::new();
    let keys = async || LocalSettings.missing_keys(&place.home()).await.unwrap();
    assert_eq!(keys().await, [""; 0]);
    let example = "# keys\nTOKEN=\nexport B=2\nC=\"\"\n#D=1\nA=1\nTOKEN=\n";
    std::fs::write(place.home().join(".env.example"), example).unwrap();
    assert_eq!(keys().await, ["TOKEN", "B", "C", "A"]);
    std::fs::write(place.file(DOTENV), "A = x\nTOKEN=''\nC='1'\n").unwrap();
    assert_eq!(keys().await, ["TOKEN", "B"]);
}

#[tokio::test]
async fn an_env_is_made_once_for_the_owner_alone() {
    let place = Place::new();
    let make = async || LocalSettings.make_env(&place.home()).await.unwrap();
    assert!(!make().await, "there is no example");
    std::fs::write(place.home().join(".env.example"), b"A=\r\nB=\xffx").unwrap();
    chown(place.home(), Some(1234), Some(2345)).unwrap();
    assert!(make().await);
    let made = std::fs::metadata(place.file(DOTENV)).unwrap();
    let found = (made.uid(), made.gid(), made.mode() & 0o7777, made.nlink());
    assert_eq!(found, (1234, 2345, 0o600, 1));
    assert_eq!(place.bytes(DOTENV), b"A=\r\nB=\xffx");
    std::fs::write(place.file(DOTENV), "A=secret").unwrap();
    assert!(!make().await);
    assert_eq!(place.bytes(DOTENV), b"A=secret");
    // Also a link that leads nowhere is somebody's `.env`.
    std::fs::remove_file(place.file(DOTENV)).unwrap();
    symlink("/nowhere", place.file(DOTENV)).unwrap();
    assert!(!make().await);
    assert_eq!(std::fs::read_dir(place.home()).unwrap().count(), 2);
}

/// Bytes around the line, with all that could mislead.
fn piece(switch: Switch) -> impl Strategy<Value = Vec<u8>> {
    let key = switch.key();
    let word = move |value: &str| format!("{key}={value}").into_bytes();
    prop_oneof![
        4 => proptest::collection::vec(any::<u8>(), 0..24),
        2 => one_of(&[b"\n", b"\r\n", b"\r"]),
        1 => one_of(&[
            b"'''", b"\"\"\"", b"'", b"\"", b"(", b")", b"\\\n", b"# ", b"  ", b"export ",
            b"\xef\xbb\xbf",
        ]),
        2 => proptest::sample::select(vec![
            word("False"), word("true"), word(" True # x"), word("\"off\""),
        ]),
    ]
}

fn one_of(all: &[&[u8]]) -> impl Strategy<Value = Vec<u8>> + use<> {
    proptest::sample::select(all.iter().map(|one| one.to_vec()).collect::<Vec<_>>())
}

/// What may differ: one word, or one line that was added at the end.
fn differs_in_one_place(before: &[u8], after: &[u8], switch: Switch) -> bool {
    let line = format!("{}={}", switch.key(), switch.word(true)).into_bytes();
    if let Some(added) = after.strip_prefix(before) {
        let bare: Vec<u8> = added
            .iter()
            .copied()
            .filter(|byte| !matches!(byte, b'\r' | b'\n'))
            .collect();
        if bare == line {
            return true;
        }
    }
    let same = |pair: &(&u8, &u8)| pair.0 == pair.1;
    let head = before.iter().zip(after).take_while(same).count();
    let (before, after) = (&before[head..], &after[head..]);
    let tail = before
        .iter()
        .rev()
        .zip(after.iter().rev())
        .take_while(same)
        .count();
    let words = before.len() - tail <= 5 && after.len() - tail <= 5;
    words
        && before[..before.len() - tail]
            .iter()
            .all(u8::is_ascii_alphanumeric)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn around_the_line_every_byte_stays(
        (switch, pieces) in prop_oneof![Just(PYTHON), Just(DOTENV)]
            .prop_flat_map(|s| (Just(s), proptest::collection::vec(piece(s), 0..12))),
    ) {
        let before = pieces.concat();
        let place = Place::with(switch, &before);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let done = place.set(switch, true).await;
            let after = place.bytes(switch);
            let Ok(done) = done else {
                prop_assert_eq!(after, before);
                return Ok(());
            };
            prop_assert_eq!(place.read(switch).await, Ok(Some(true)));
            if done.was == Some(true) {
                prop_assert_eq!(after, before);
                return Ok(());
            }
            prop_assert!(differs_in_one_place(&before, &after, switch));
            prop_assert_eq!(std::fs::read(done.copy.unwrap()).unwrap(), before.clone());
            place.set(switch, false).await.unwrap();
            if done.was == Some(false) {
                prop_assert_eq!(place.bytes(switch), before);
            }
            Ok(())
        })?;
    }
}
