//! Settings read from real files: `.env`, and files that hold secrets.

use rei_recovery::config::{ConfigError, EnvFile, Loaded, Settings, Sources};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const SECRET: &str = "123456:not-to-be-seen";

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

fn load(environment: &[(&str, &str)], env_file: &Path) -> Result<Loaded<Settings>, ConfigError> {
    let pairs = environment.iter();
    let pairs = pairs.map(|(name, value)| (name.into(), value.into()));
    Settings::load(&Sources::new(pairs, &EnvFile::At(env_file.to_owned())))
}

fn complete() -> String {
    format!("ADMIN_BOT_TOKEN={SECRET}\nADMIN_IDS=11,22\nAUDIT_CHAT_ID=-100500\n")
}

fn token_of(settings: &Settings) -> &str {
    use secrecy::ExposeSecret;
    settings.telegram.admin_token.expose_secret()
}

#[test]
fn the_environment_comes_before_the_file() {
    let folder = Folder::new();
    let text = format!("{}RTO=2h\nRPO=3h\n", complete());
    let file = folder.file("env", text);
    let settings = load(&[("RTO", "5h")], &file).unwrap().settings;
    assert_eq!(settings.base.objectives.rto.as_secs(), 5 * 3600);
    assert_eq!(settings.base.objectives.rpo.as_secs(), 3 * 3600);
}

#[test]
fn a_missing_file_that_was_named_is_an_error() {
    let folder = Folder::new();
    let error = load(&[], &folder.0.path().join("nowhere")).unwrap_err();
    assert!(error.problems[0].name.ends_with("nowhere"), "{error}");
}

#[test]
fn a_line_that_cannot_be_read_is_told_by_its_number_alone() {
    let folder = Folder::new();
    let text = format!("{}# a note\nREI_BOT_TOKEN='{SECRET}\n", complete());
    let file = folder.file("env", text);
    let error = load(&[], &file).unwrap_err();
    assert!(error.problems[0].name.ends_with("line 5"), "{error}");
    assert!(!format!("{error} {error:?}").contains("not-to-be-seen"));
}

#[test]
fn a_byte_order_mark_and_a_trailing_blank_do_no_harm() {
    let folder = Folder::new();
    let file = folder.file("env", format!("\u{feff}{}RTO=2h ", complete()));
    let settings = load(&[], &file).unwrap().settings;
    assert_eq!(settings.base.objectives.rto.as_secs(), 2 * 3600);
}

#[test]
fn a_secret_comes_from_a_file_without_its_last_line_end() {
    let folder = Folder::new();
    let secret = folder.file("token", format!("{SECRET}\r\n"));
    let env = folder.file("env", "ADMIN_IDS=11,22\nAUDIT_CHAT_ID=-100500\n");
    let pair = ("ADMIN_BOT_TOKEN_FILE", secret.to_str().unwrap());
    let loaded = load(&[pair], &env).unwrap();
    assert!(loaded.notices.is_empty(), "{:?}", loaded.notices);
    assert_eq!(token_of(&loaded.settings), SECRET);
}

#[test]
fn a_secret_given_twice_is_an_error() {
    let folder = Folder::new();
    let secret = folder.file("token", SECRET);
    let env = folder.file("env", complete());
    let pair = ("ADMIN_BOT_TOKEN_FILE", secret.to_str().unwrap());
    let error = load(&[pair], &env).unwrap_err();
    assert!(error.problems[0].problem.contains("given twice"), "{error}");
    assert!(!format!("{error} {error:?}").contains("not-to-be-seen"));
}

#[test]
fn a_secret_file_that_is_no_good_is_an_error() {
    let folder = Folder::new();
    let env = folder.file("env", "ADMIN_IDS=11,22\nAUDIT_CHAT_ID=-100500\n");
    let large = SECRET.repeat(10_000);
    let cases = [
        (folder.0.path().join("missing"), "cannot be read"),
        (folder.0.path().to_owned(), "cannot be read"),
        (folder.file("empty", "\n"), "is empty"),
        (folder.file("bytes", [0xff, 0xfe]), "cannot be read"),
        (folder.file("large", large), "too large"),
        (folder.file("wrong", "not-to-be-seen"), "not shown"),
    ];
    for (path, expected) in cases {
        let pair = ("ADMIN_BOT_TOKEN_FILE", path.to_str().unwrap());
        let error = load(&[pair], &env).unwrap_err();
        let shown = format!("{error} {error:?}");
        assert!(shown.contains(expected), "{}: {error}", path.display());
        assert!(!shown.contains("not-to-be-seen"), "{shown}");
    }
}

#[test]
fn an_env_file_that_is_no_text_is_an_error() {
    let folder = Folder::new();
    let file = folder.file("env", [b'A', 0xff]);
    let error = load(&[], &file).unwrap_err();
    assert!(
        error.problems[0].problem.contains("cannot be read"),
        "{error}"
    );
}
