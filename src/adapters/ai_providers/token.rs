//! Kling's token: a JSON Web Token (RFC 7519) signed with HMAC and SHA-256, made of two keys.

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

/// How long a token holds, in seconds: what Kling's documentation uses.
const HOLDS: i64 = 1_800;
/// How long ago it began to hold, in seconds. Kling refuses a token of the future, and no two clocks
/// agree to the second.
const BEGAN: i64 = 30;

#[derive(Serialize)]
struct Header {
    alg: &'static str,
    typ: &'static str,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    exp: i64,
    nbf: i64,
}

/// A token for this moment, in seconds since 1970. Nothing comes of keys that no JSON can hold.
pub(super) fn kling(access: &str, secret: &str, now: i64) -> Option<String> {
    let header = Header {
        alg: "HS256",
        typ: "JWT",
    };
    let claims = Claims {
        iss: access,
        exp: now + HOLDS,
        nbf: now - BEGAN,
    };
    let encode = |json: Vec<u8>| BASE64URL_NOPAD.encode(&json);
    let header = encode(serde_json::to_vec(&header).ok()?);
    let claims = encode(serde_json::to_vec(&claims).ok()?);
    let signed = format!("{header}.{claims}");
    let signature = sign(signed.as_bytes(), secret.as_bytes())?;
    Some(format!("{signed}.{signature}"))
}

fn sign(text: &[u8], key: &[u8]) -> Option<String> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(text);
    Some(BASE64URL_NOPAD.encode(&mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515, appendix A.1.
    #[test]
    fn the_signature_is_the_standards() {
        let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let key = BASE64URL_NOPAD.decode(key.as_bytes()).unwrap();
        let text = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
        let signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(sign(text.as_bytes(), &key).as_deref(), Some(signature));
    }

    #[test]
    fn a_token_says_who_and_until_when() {
        let token = kling("ak", "sk", 1_000_000).unwrap();
        let parts: Vec<_> = token.split('.').collect();
        let json = |part: &str| {
            let bytes = BASE64URL_NOPAD.decode(part.as_bytes()).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        assert_eq!(json(parts[0]), r#"{"alg":"HS256","typ":"JWT"}"#);
        let claims = r#"{"iss":"ak","exp":1001800,"nbf":999970}"#;
        assert_eq!(json(parts[1]), claims);
        assert_eq!(parts.len(), 3);
    }
}
