//! Whole folders, to be compared.

use std::collections::BTreeMap;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::Path;

/// What stands at a path: kind and mode, owner and group, content.
pub type Entry = (String, u32, u32, Vec<u8>);

/// Everything below a folder by its relative path.
pub fn tree(root: &Path) -> BTreeMap<String, Entry> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let metadata = std::fs::symlink_metadata(&path).unwrap();
            let kind = metadata.file_type();
            assert!(!kind.is_fifo() && !kind.is_socket(), "{}", path.display());
            let content = if kind.is_symlink() {
                let target = std::fs::read_link(&path).unwrap();
                target.to_string_lossy().into_owned().into_bytes()
            } else if kind.is_dir() {
                folders.push(path.clone());
                Vec::new()
            } else {
                std::fs::read(&path).unwrap()
            };
            let name = path.strip_prefix(root).unwrap();
            let told = format!("{:o}", metadata.mode());
            let entry = (told, metadata.uid(), metadata.gid(), content);
            found.insert(name.to_string_lossy().into_owned(), entry);
        }
    }
    found
}

/// Names and contents alone.
pub fn contents(root: &Path) -> BTreeMap<String, String> {
    tree(root)
        .into_iter()
        .map(|(name, (.., content))| (name, String::from_utf8_lossy(&content).into_owned()))
        .collect()
}
