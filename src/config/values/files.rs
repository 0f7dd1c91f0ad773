//! Folders and files.

use super::reads;
use std::path::{Path, PathBuf};

/// A folder. A relative one is taken from the folder the program was started in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder(pub PathBuf);

impl Folder {
    fn parse(text: &str) -> Result<Self, String> {
        let path = literal(text)?;
        std::path::absolute(path)
            .map(Self)
            .map_err(|error| format!("it cannot be made absolute: {error}"))
    }
}

reads!(Folder, "the path of a folder");

/// A file of the patient: absolute, or relative to `REI_HOME`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatientPath(PathBuf);

impl PatientPath {
    fn parse(text: &str) -> Result<Self, String> {
        let path = literal(text)?;
        if text.ends_with('/') || path.file_name().is_none() {
            return Err("it names a folder, not a file".to_owned());
        }
        Ok(Self(path.to_owned()))
    }

    /// Where the file is, in an install folder.
    #[must_use]
    pub fn within(&self, home: &Path) -> PathBuf {
        home.join(&self.0)
    }
}

reads!(
    PatientPath,
    "the path of a file, absolute or relative to REI_HOME"
);

/// A path without anything that only a shell would expand.
fn literal(text: &str) -> Result<&Path, String> {
    if text.starts_with('~') {
        return Err("`~` is not expanded here: write the whole path".to_owned());
    }
    if text.contains('\0') {
        return Err("it contains a zero byte".to_owned());
    }
    Ok(Path::new(text))
}
