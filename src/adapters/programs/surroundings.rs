//! What a program finds around it: whose it is, and which variables it sees.

use crate::adapters::common::fs::file_error;
use crate::ports::PortResult;
use rustix::process::geteuid;
use std::ffi::{OsStr, OsString};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Where programs are looked for when nobody says otherwise.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Variables that programs may see of this program's own. Nothing else: all its secrets are there.
const PASSED_ON: &[&str] = &[
    "PATH",
    "HOME",
    "USER",
    "LOGNAME",
    "LANG",
    "LANGUAGE",
    "TZ",
    "TMPDIR",
    // A server that reaches package indexes through a proxy or under a certificate of its own needs
    // these, or `pip3 install` fails.
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "REQUESTS_CA_BUNDLE",
];
const PASSED_ON_PREFIXES: &[&str] = &["LC_", "PIP_"];

/// Variables of an environment that programs may see.
pub(super) fn passed_on(
    environment: impl IntoIterator<Item = (OsString, OsString)>,
) -> Vec<(OsString, OsString)> {
    let mut passed: Vec<_> = environment
        .into_iter()
        .filter(|(name, _)| may_see(name))
        .collect();
    if !passed.iter().any(|(name, _)| name == "PATH") {
        passed.push(("PATH".into(), PATH.into()));
    }
    passed
}

fn may_see(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else {
        return false;
    };
    PASSED_ON.contains(&name)
        || PASSED_ON_PREFIXES
            .iter()
            .any(|start| name.starts_with(start))
}

/// Another user that a program runs as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct User {
    pub(super) uid: u32,
    pub(super) gid: u32,
    pub(super) name: Option<String>,
    pub(super) home: PathBuf,
}

/// Whose programs in this folder are: its owner, where this program may choose. Nothing where they
/// run as this program's own user.
pub(super) fn user_of(folder: &Path) -> PortResult<Option<User>> {
    let metadata = std::fs::metadata(folder).map_err(|e| file_error(folder, &e, 0))?;
    let (uid, gid) = (metadata.uid(), metadata.gid());
    if !geteuid().is_root() || uid == 0 {
        return Ok(None);
    }
    let known = std::fs::read("/etc/passwd").unwrap_or_default();
    let known = String::from_utf8_lossy(&known);
    let user = known.lines().find_map(|line| account(line, uid));
    Ok(Some(user.unwrap_or_else(|| User {
        uid,
        gid,
        name: None,
        // Users of a directory service stand in no file: what they install stays with REI then.
        home: folder.to_owned(),
    })))
}

/// A line of `/etc/passwd`, if it is about this user. systemd takes group and home from there too, so
/// that REI's unit finds what `pip3 install --user` put into the home.
fn account(line: &str, wanted: u32) -> Option<User> {
    let parts: Vec<&str> = line.split(':').collect();
    let [name, _, uid, gid, _, home, ..] = parts[..] else {
        return None;
    };
    let (uid, gid) = (uid.parse().ok()?, gid.parse().ok()?);
    (uid == wanted && !home.is_empty()).then(|| User {
        uid,
        gid,
        name: Some(name.to_owned()),
        home: home.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_the_named_variables_is_passed_on() {
        let names = ["ADMIN_BOT_TOKEN", "LC_ALL", "PIP_INDEX_URL", "TZ", "X"];
        let environment = names.map(|name| (OsString::from(name), OsString::from("v")));
        let passed = passed_on(environment);
        let names: Vec<_> = passed
            .iter()
            .filter_map(|(name, _)| name.to_str())
            .collect();
        assert_eq!(names, ["LC_ALL", "PIP_INDEX_URL", "TZ", "PATH"]);
    }

    #[test]
    fn an_account_is_found_by_its_number() {
        let line = "rei:x:1001:1002:REI Bot,,,:/srv/rei:/usr/sbin/nologin";
        let user = account(line, 1001).unwrap();
        assert_eq!((user.gid, user.home), (1002, "/srv/rei".into()));
        assert_eq!(account(line, 1002), None);
        assert_eq!(account("nonsense", 1001), None);
    }
}
