//! The end of an X.509 certificate: the one field that matters here, by its place.

use der::asn1::{AnyRef, GeneralizedTime, UtcTime};
use der::{Decode, Reader, SliceReader, Tag};
use jiff::Timestamp;
use std::time::Duration;

/// `notAfter` of a certificate in DER; nothing where it is none.
pub(super) fn end(certificate: &[u8]) -> Option<Timestamp> {
    // Certificate { tbsCertificate { version?, serialNumber, signature, issuer, validity, … }, … }
    let whole = AnyRef::from_der(certificate).ok()?;
    let signed = *parts(whole)?.first()?;
    let mut fields = parts(signed)?;
    if matches!(fields.first()?.header().tag(), Tag::ContextSpecific { .. }) {
        fields.remove(0);
    }
    let validity = parts(*fields.get(3)?)?;
    let end = moment(*validity.get(1)?)?;
    Timestamp::from_second(i64::try_from(end.as_secs()).ok()?).ok()
}

fn parts(sequence: AnyRef<'_>) -> Option<Vec<AnyRef<'_>>> {
    if sequence.header().tag() != Tag::Sequence {
        return None;
    }
    let mut reader = SliceReader::new(sequence.value()).ok()?;
    let mut found = Vec::new();
    while !reader.is_finished() {
        found.push(AnyRef::decode(&mut reader).ok()?);
    }
    Some(found)
}

fn moment(time: AnyRef<'_>) -> Option<Duration> {
    match time.header().tag() {
        Tag::UtcTime => Some(time.decode_as::<UtcTime>().ok()?.to_unix_duration()),
        Tag::GeneralizedTime => Some(time.decode_as::<GeneralizedTime>().ok()?.to_unix_duration()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_certificate_has_no_end() {
        assert_eq!(end(b""), None);
        assert_eq!(end(b"\x30\x02\x30\x00"), None);
        assert_eq!(end(b"\x30\x05\x30\x03\x02\x01\x05"), None);
    }
}
