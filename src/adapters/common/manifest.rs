//! The small file beside a backup: a verification's record, a manifest, or both in one.

use crate::domain::backup::VerificationRecord;
use crate::domain::manifest::Manifest;
use serde_json::Value;

/// What a manifest holds that a record does not.
const OWN: &str = "taken";

/// The record in it. A manifest whose backup nobody has verified yet has none.
pub(crate) fn record_in(text: &str) -> Option<VerificationRecord> {
    match serde_json::from_str(text) {
        Ok(record) => Some(record),
        Err(_) if manifest_in(text).is_some() => None,
        Err(error) => {
            tracing::warn!(%error, "a record beside a backup cannot be read");
            None
        }
    }
}

/// The manifest in it, where this program took the backup.
pub(crate) fn manifest_in(text: &str) -> Option<Manifest> {
    serde_json::from_str(text).ok()
}

/// A record as it is written, with what the manifest that stands there says of the same bytes. Of
/// other bytes it says nothing any more.
pub(crate) fn with_record(
    record: &VerificationRecord,
    stands: Option<&str>,
) -> serde_json::Result<Vec<u8>> {
    let mut text = serde_json::to_value(record)?;
    let manifest = stands.and_then(manifest_in);
    if let Some(manifest) = manifest.filter(|it| it.content == record.content)
        && let Value::Object(fields) = &mut text
    {
        fields.insert(OWN.to_owned(), serde_json::to_value(manifest.taken)?);
    }
    serde_json::to_vec_pretty(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::backup::ContentHash;
    use crate::domain::manifest::Origin;

    fn manifest() -> Manifest {
        Manifest {
            time: "20261123_031500".parse().unwrap(),
            content: ContentHash("ab".repeat(32)),
            bytes: 4096,
            counts: [("users".to_owned(), 3)].into(),
            sqlite: "3.51.3".into(),
            verified_at: None,
            taken: Origin {
                size: 512,
                sha256: "cd".repeat(32),
                schema: "ef".repeat(32),
                program: "1".into(),
            },
        }
    }

    #[test]
    fn a_manifest_becomes_a_record_too_and_stays_a_manifest() {
        let manifest = manifest();
        let first = serde_json::to_string(&manifest).unwrap();
        assert_eq!(record_in(&first), None);
        assert_eq!(manifest_in(&first), Some(manifest.clone()));
        let record = manifest.verified("2026-11-23T04:00:00Z".parse().unwrap());
        let text = String::from_utf8(with_record(&record, Some(&first)).unwrap()).unwrap();
        assert_eq!(record_in(&text), Some(record.clone()));
        let read = manifest_in(&text).unwrap();
        assert_eq!(read.verified_at, Some(record.verified_at));
        assert_eq!(read.taken, manifest.taken);
    }

    #[test]
    fn other_bytes_under_the_name_are_not_ours() {
        let first = serde_json::to_string(&manifest()).unwrap();
        let mut record = manifest().verified("2026-11-23T04:00:00Z".parse().unwrap());
        record.content = ContentHash("00".repeat(32));
        let text = String::from_utf8(with_record(&record, Some(&first)).unwrap()).unwrap();
        assert_eq!(manifest_in(&text), None);
        assert_eq!(record_in(&text), Some(record));
    }
}
