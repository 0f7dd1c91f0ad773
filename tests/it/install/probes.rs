//! How the providers are, as far as a question can tell.

use super::surroundings::{hasty, keys, providers, readings, server};
use rei_recovery::demo::providers::{Mood, ProvidersOptions, Service};
use rei_recovery::domain::provider::{Condition, Reading};
use rei_recovery::ports::providers::AiProviders;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::process::Command;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn said(reading: &Reading) -> &str {
    let said = reading.said.as_deref().unwrap_or_default();
    let options = ProvidersOptions::local();
    for key in [
        options.nano_banana_key,
        options.kling_access,
        options.kling_secret,
    ] {
        assert!(!said.contains(&key), "{said}");
    }
    assert!(
        said.chars().count() <= 200 && !said.contains("eyJ"),
        "{said}"
    );
    said
}

#[tokio::test]
async fn every_mood_is_told_from_the_others() {
    let server = server().await;
    let providers = providers(&hasty(&server.toml()), keys());
    let slow = Mood::Slow(Duration::from_millis(200));
    for (mood, condition, words) in [
        (Mood::Healthy, Condition::Up, ["", ""]),
        (
            slow,
            Condition::Degraded,
            ["answered only after 0.", "answered only after 0."],
        ),
        (
            Mood::Busy,
            Condition::Degraded,
            ["429: You exceeded", "429: the API request"],
        ),
        (
            Mood::Unavailable,
            Condition::Down,
            ["503: The model is", "503: service temp"],
        ),
        (
            Mood::Hangs,
            Condition::Down,
            ["no answer within 0.5 s", "no answer within 0.5 s"],
        ),
        (
            Mood::RefusesKeys,
            Condition::Unknown,
            ["refuses our key: 403", "refuses our key: 401"],
        ),
    ] {
        for service in [Service::NanoBanana, Service::Kling] {
            server.set_mood(service, mood);
        }
        let (nano_banana, kling) = readings(&providers).await;
        for (reading, word) in [(nano_banana, words[0]), (kling, words[1])] {
            assert_eq!(reading.condition, condition, "{mood:?}: {reading:?}");
            assert!(said(&reading).starts_with(word), "{mood:?}: {reading:?}");
        }
    }
}

#[tokio::test]
async fn one_that_hangs_holds_no_other_up() {
    let server = server().await;
    let toml = server.toml().replace("slow = \"4s\"", "slow = \"900ms\"");
    let toml = toml.replacen("timeout = \"10s\"", "timeout = \"1s\"", 2);
    let providers = providers(&toml, keys());
    server.set_mood(Service::Kling, Mood::Hangs);
    let started = Instant::now();
    let (nano_banana, kling) = readings(&providers).await;
    assert!(
        started.elapsed() < Duration::from_secs(4),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(nano_banana.condition, Condition::Up);
    assert_eq!(kling.condition, Condition::Down);
    assert!(
        nano_banana.millis < 1000 && kling.millis >= 1000,
        "{kling:?}"
    );
}

#[tokio::test]
async fn nobody_there_is_down_and_no_key_is_unknown() {
    let gone = server().await;
    let toml = gone.toml();
    drop(gone);
    let unreachable = providers(&hasty(&toml), keys());
    let (nano_banana, kling) = readings(&unreachable).await;
    for reading in [&nano_banana, &kling] {
        assert_eq!(reading.condition, Condition::Down, "{reading:?}");
        assert!(!said(reading).contains("http"), "{reading:?}");
    }
    let server = server().await;
    let without = providers(&server.toml(), BTreeMap::new());
    let (nano_banana, kling) = readings(&without).await;
    assert_eq!(nano_banana.condition, Condition::Unknown);
    assert!(said(&nano_banana).contains("NANO_BANANA_API_KEY"));
    assert_eq!(kling.condition, Condition::Unknown);
    assert!(said(&kling).contains("KLING_ACCESS_KEY, KLING_SECRET_KEY"));
    assert_eq!(server.requests(), []);
}

#[tokio::test]
async fn a_wrong_key_is_not_repeated_and_a_wrong_clock_is_named() {
    let server = server().await;
    let mut wrong = keys();
    let secret = "a-key-that-is-wrong-and-secret";
    for name in ["NANO_BANANA_API_KEY", "KLING_SECRET_KEY"] {
        wrong.insert(name.into(), SecretString::from(secret));
    }
    // Both stand-ins repeat in their answer what they were sent.
    let (nano_banana, kling) = readings(&providers(&server.toml(), wrong)).await;
    assert_eq!(nano_banana.condition, Condition::Unknown);
    assert_eq!(said(&nano_banana), "400: API key not valid: ***");
    assert_eq!(kling.condition, Condition::Unknown);
    let told =
        "refuses our key: 401: authorization is invalid: *** (the key, or this server's clock)";
    assert_eq!(said(&kling), told);
    for (ahead, word) in [(7200, "behind theirs"), (-7200, "ahead of theirs")] {
        server.set_clock(ahead);
        let (_, kling) = readings(&providers(&server.toml(), keys())).await;
        assert_eq!(kling.condition, Condition::Unknown);
        assert!(said(&kling).contains(word), "{kling:?}");
        assert!(
            said(&kling).contains("720") || said(&kling).contains("719"),
            "{kling:?}"
        );
    }
}

#[tokio::test]
async fn a_key_goes_to_no_other_server() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let real = server().await;
    let location = format!("{}/v1beta/models/gemini-2.5-flash-image", real.url());
    let answering = tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.read(&mut [0; 4096]).await;
            let answer = format!(
                "HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            );
            let _ = socket.write_all(answer.as_bytes()).await;
        }
    });
    let toml = real
        .toml()
        .replace(&real.url(), &format!("http://{address}"));
    let (nano_banana, kling) = readings(&providers(&toml, keys())).await;
    answering.abort();
    assert_eq!(nano_banana.condition, Condition::Unknown);
    assert_eq!(kling.condition, Condition::Unknown);
    assert_eq!(real.requests(), []);
}

#[tokio::test]
async fn klings_token_is_one_for_python_too() {
    let server = server().await;
    readings(&providers(&server.toml(), keys())).await;
    let tokens: Vec<String> = server
        .requests()
        .into_iter()
        .filter_map(|(_, t)| t)
        .collect();
    assert_eq!(tokens.len(), 1);
    let options = ProvidersOptions::local();
    let script = r"
import base64, hashlib, hmac, json, sys, time
token, access, secret = sys.argv[1:]
head, claims, signature = token.split('.')
raw = lambda part: base64.urlsafe_b64decode(part + '=' * (-len(part) % 4))
mac = hmac.new(secret.encode(), (head + '.' + claims).encode(), hashlib.sha256).digest()
assert hmac.compare_digest(mac, raw(signature)), 'signature'
assert json.loads(raw(head)) == {'alg': 'HS256', 'typ': 'JWT'}, head
told = json.loads(raw(claims))
now = time.time()
assert told['iss'] == access and set(told) == {'iss', 'exp', 'nbf'}, told
assert told['nbf'] < now < told['exp'] <= now + 1800, told
";
    let output = Command::new("python3")
        .args(["-c", script, &tokens[0]])
        .args([options.kling_access, options.kling_secret])
        .output()
        .expect("python3 runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[tokio::test]
async fn errors_of_jobs_blame_the_provider_or_do_not() {
    let server = server().await;
    let providers = providers(&server.toml(), keys());
    assert_eq!(providers.names(), ["kling", "nano_banana"]);
    for (provider, error, blamed) in [
        ("kling", "HTTPError: HTTP 503 from Kling", true),
        ("kling", "{\"code\": 5001, \"message\": \"...\"}", true),
        (
            "kling",
            "ReadTimeout: Read timed out. (read timeout=60)",
            true,
        ),
        (
            "kling",
            "risk control: the prompt was refused (1301)",
            false,
        ),
        (
            "nano_banana",
            "503 UNAVAILABLE. The model is overloaded.",
            true,
        ),
        ("nano_banana", "finish_reason: IMAGE_SAFETY", false),
        ("nano_banana", "KeyError: 'seed'", false),
        ("nobody", "503 UNAVAILABLE", false),
    ] {
        assert_eq!(
            providers.blames(provider, error),
            blamed,
            "{provider}: {error}"
        );
    }
}
