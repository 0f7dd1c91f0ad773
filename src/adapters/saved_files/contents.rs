//! What an archive holds, as far as it was read, and whether its parts go together.

use super::names;
use super::refusal::Reason;
use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// One thing to be put in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Item {
    /// A folder.
    Folder {
        /// Its permission bits.
        mode: u32,
    },
    /// A file whose bytes lie in the staging folder.
    File {
        /// Its name there.
        staged: String,
        /// Its size in bytes.
        size: u64,
        /// Its permission bits.
        mode: u32,
    },
    /// A symbolic link.
    Link {
        /// What it says.
        target: PathBuf,
    },
}

/// Everything by its path in the install folder; folders come before what is in them.
#[derive(Debug, Default)]
pub(super) struct Contents(pub(super) BTreeMap<PathBuf, Item>);

impl Contents {
    /// Adds something. The same path twice is the later one, as `tar` does it; returns the file whose
    /// place it took. A path that is now this and now that is a trick.
    pub(super) fn add(&mut self, path: PathBuf, item: Item) -> Result<Option<String>, Reason> {
        let kind = std::mem::discriminant(&item);
        let is_link = matches!(item, Item::Link { .. });
        match self.0.insert(path, item) {
            Some(before) if std::mem::discriminant(&before) != kind => {
                match is_link || matches!(before, Item::Link { .. }) {
                    true => Err(Reason::Link),
                    false => Err(Reason::Name),
                }
            }
            Some(Item::File { staged, .. }) => Ok(Some(staged)),
            _ => Ok(None),
        }
    }

    /// Looks at all of it together. `is_link` tells of links that the install folder has already.
    pub(super) fn judge(&self, is_link: impl Fn(&Path) -> bool) -> Result<(), (&Path, Reason)> {
        for (path, item) in &self.0 {
            let refuse = |reason| (path.as_path(), reason);
            self.judge_parents(path).map_err(refuse)?;
            if let Item::Link { target } = item {
                self.judge_link(path, target, &is_link).map_err(refuse)?;
            }
        }
        Ok(())
    }

    /// Nothing lies below a link or a file.
    fn judge_parents(&self, path: &Path) -> Result<(), Reason> {
        for parent in path.ancestors().skip(1) {
            match self.0.get(parent) {
                Some(Item::Link { .. }) => return Err(Reason::Link),
                Some(Item::File { .. }) => return Err(Reason::Name),
                Some(Item::Folder { .. }) | None => {}
            }
        }
        Ok(())
    }

    /// A link leads to a place inside, and no other link bends the way there.
    fn judge_link(
        &self,
        path: &Path,
        target: &Path,
        is_link: impl Fn(&Path) -> bool,
    ) -> Result<(), Reason> {
        let place = names::destination(path, target.as_os_str().as_bytes())?;
        for (above, step) in place.ancestors().enumerate() {
            let bends = match self.0.get(step) {
                // At its end it may stand on another link of the archive, which is judged itself.
                Some(item) => above > 0 && matches!(item, Item::Link { .. }),
                None => is_link(step),
            };
            if bends {
                return Err(Reason::Link);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(target: &str) -> Item {
        let target = target.into();
        Item::Link { target }
    }

    fn file() -> Item {
        Item::File {
            staged: "1".into(),
            size: 0,
            mode: 0o644,
        }
    }

    fn judged(items: &[(&str, Item)]) -> Result<(), Reason> {
        let mut contents = Contents::default();
        for (path, item) in items {
            contents.add(path.into(), item.clone())?;
        }
        let home_link = |path: &Path| path == Path::new("media");
        contents.judge(home_link).map_err(|(_, reason)| reason)
    }

    #[test]
    fn links_inside_are_let_through() {
        let folder = Item::Folder { mode: 0o755 };
        let items = [
            ("a", folder),
            ("a/f", file()),
            ("a/l", link("f")),
            ("b", link("a/l")),
            ("c", link("nothing/there")),
        ];
        assert_eq!(judged(&items), Ok(()));
    }

    #[test]
    fn links_that_lead_out_together_are_refused() {
        for items in [
            vec![("a", link("..")), ("b", file())],
            vec![("a", link(".")), ("a/b", file())],
            vec![("a/b", file()), ("a", link("c"))],
            // Through the link `p/b` the way `../b/../..` would lead further up than it says.
            vec![
                ("z", link(".")),
                ("p/b", link("../z")),
                ("p/q/a", link("../b/../..")),
            ],
            vec![("p/b", link("../z")), ("p/a", link("b/c"))],
            vec![("a", link("media/x"))],
            vec![("a", link("media"))],
        ] {
            assert_eq!(judged(&items), Err(Reason::Link), "{items:?}");
        }
    }

    #[test]
    fn one_path_is_one_thing() {
        assert_eq!(judged(&[("a", file()), ("a", file())]), Ok(()));
        assert_eq!(
            judged(&[("a", file()), ("a", link("b"))]),
            Err(Reason::Link)
        );
        assert_eq!(judged(&[("a", file()), ("a/b", file())]), Err(Reason::Name));
    }
}
