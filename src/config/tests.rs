use super::table::TABLE;
use super::*;
use proptest::prelude::*;
use std::path::Path;

const TOKEN: &str = "123456:secret-of-the-team";

/// A complete environment, changed and extended by `more`; an empty value takes a name away.
fn environment(more: &[(&str, &str)]) -> Sources {
    let base = [
        ("ADMIN_BOT_TOKEN", TOKEN),
        ("ADMIN_IDS", "11,22"),
        ("AUDIT_CHAT_ID", "-100500"),
    ];
    let pairs = base.iter().chain(more);
    Sources::new(
        pairs.map(|(name, value)| (name.into(), value.into())),
        &EnvFile::None,
    )
}

fn load(more: &[(&str, &str)]) -> Loaded<Settings> {
    Settings::load(&environment(more)).unwrap_or_else(|error| panic!("{error}"))
}

fn problems(more: &[(&str, &str)]) -> Vec<Problem> {
    match Settings::load(&environment(more)) {
        Ok(_) => Vec::new(),
        Err(error) => error.problems,
    }
}

fn notices(more: &[(&str, &str)]) -> Vec<String> {
    let notices = load(more).notices;
    notices.iter().map(ToString::to_string).collect()
}

#[test]
fn three_settings_are_enough() {
    let Loaded { settings, notices } = load(&[]);
    assert_eq!(notices, []);
    let base = &settings.base;
    assert_eq!(base.patient.database, Path::new("/opt/rei_bot/bot.db"));
    assert_eq!(base.patient.log, Path::new("/opt/rei_bot/logs/bot.log"));
    assert_eq!(base.patient.manager, UnitManager::Systemd);
    let units: Vec<_> = base.patient.units.iter().map(|u| u.as_str()).collect();
    assert_eq!(units, ["rei_bot", "rei_bot_workers"]);
    assert_eq!(base.backups.dir, Path::new("/var/backups/rei_bot"));
    assert!(base.backups.s3.is_none() && !base.backups.dir_given);
    assert_eq!(base.state_dir, Path::new("/var/lib/rei-recovery"));
    assert_eq!(base.runbook_dir, None);
    assert_eq!(base.objectives.rto, Duration::from_secs(3600));
    assert_eq!(base.zone, TimeZone::UTC);
    assert_eq!(settings.approvals.ttl, Duration::from_secs(600));
    assert_eq!(settings.approvals.required, 1);
    assert!(!settings.approvals.allow_self);
    assert_eq!(
        settings.approvals.access.approvers,
        settings.approvals.access.admins
    );
    assert!(settings.base.rei_token.is_none());
    assert_eq!(
        settings.base.telegram_api.as_str(),
        "https://api.telegram.org/"
    );
}

#[test]
fn every_default_can_be_read() {
    for row in TABLE {
        if let Fallback::Text(text) = row.fallback {
            assert_eq!((row.check)(text), Ok(()), "{}", row.name);
        }
        if let Fallback::Same(other) = row.fallback {
            assert!(TABLE.iter().any(|row| row.name == other), "{}", row.name);
        }
    }
}

#[test]
fn everything_wrong_is_told_at_once_with_what_was_given_and_what_is_expected() {
    let all = problems(&[
        ("ADMIN_BOT_TOKEN", ""),
        ("ADMIN_IDS", "11,bob"),
        ("APPROVAL_TTL", "ten minutes"),
        ("TIMEZONE", "Mars/Olympus"),
        ("REI_UNITS", "rei_bot,-H"),
        ("RPO", "-1h"),
        ("BACKUP_SCHEDULE", "daily"),
    ]);
    let names: Vec<_> = all.iter().map(|problem| problem.name.as_str()).collect();
    let expected = [
        "ADMIN_BOT_TOKEN",
        "ADMIN_IDS",
        "APPROVAL_TTL",
        "REI_UNITS",
        "RPO",
        "TIMEZONE",
        "BACKUP_SCHEDULE",
    ];
    let sorted = |mut names: Vec<&str>| {
        names.sort_unstable();
        names.join(" ")
    };
    assert_eq!(sorted(names), sorted(expected.to_vec()));
    for problem in &all[1..] {
        assert!(problem.given.is_some(), "{problem}");
        assert!(problem.expected.is_some(), "{problem}");
        assert!(!problem.advice.is_empty(), "{problem}");
    }
}

#[test]
fn bad_values_are_refused() {
    for (name, bad) in [
        ("ADMIN_BOT_TOKEN", "no-colon"),
        ("ADMIN_BOT_TOKEN", "12:a/../b"),
        ("ADMIN_IDS", ","),
        ("ADMIN_IDS", "-100500"),
        ("ADMIN_IDS", "@bob"),
        ("ADMIN_IDS", "1087968824"),
        ("APPROVER_IDS", "11;22"),
        ("AUDIT_CHAT_ID", "team"),
        ("AUDIT_CHAT_ID", "0"),
        ("APPROVALS_REQUIRED", "0"),
        ("APPROVALS_REQUIRED", "-1"),
        ("ALLOW_SELF_APPROVAL", "maybe"),
        ("APPROVAL_TTL", "10"),
        ("APPROVAL_TTL", "0s"),
        ("APPROVAL_TTL", "1mo"),
        ("APPROVAL_TTL", "9999999d"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_API_URL", "ftp://a"),
        ("TELEGRAM_API_URL", "https://a?b"),
        ("DEFAULT_LOCALE", "de"),
        ("TIMEZONE", "UTC+3"),
        ("TIMEZONE", "../../etc/passwd"),
        ("REI_HOME", "~/rei"),
        ("REI_DB", "data/"),
        ("REI_DB", ".."),
        ("REI_UNITS", "a,a"),
        ("REDIS_UNIT", "re dis"),
        ("UNIT_MANAGER", "upstart"),
        ("UNIT_START_COMMAND", "docker compose start"),
        ("UNIT_STOP_COMMAND", "stop \"{unit}"),
        ("REI_HOST", "example.org"),
        ("REI_HOST", "ssh://example.org"),
        ("S3_BUCKET", "s3://bucket"),
        ("S3_PREFIX", "s3://bucket/prefix"),
        ("LOG_FORMAT", "xml"),
        ("RUST_LOG", "info,rei=loud"),
        ("HTTP_LISTEN", "9464"),
        ("MONITOR_INTERVAL", "often"),
        ("NOTICE_RATE", "1001"),
        ("NOTICE_RATE", "31"),
        ("REDIS_URL", "127.0.0.1"),
        ("TOTP_SECRETS", "11:notbase32!"),
        ("TOTP_SECRETS", "11"),
        ("TOTP_SECRETS", "bob:JBSWY3DPEHPK3PXP"),
        ("TOTP_SECRETS", "11:JBSWY3DPEHPK3PXP,11:JBSWY3DPEHPK3PXQ"),
        ("BREAK_GLASS_AFTER", "4m"),
        ("BREAK_GLASS_AFTER", "soon"),
        ("VERIFY_SCHEDULE", "0 2 * *"),
    ] {
        let found = problems(&[(name, bad)]);
        assert!(
            found.iter().any(|problem| problem.name == name),
            "{name}={bad}: {found:?}"
        );
    }
}

#[test]
fn good_values_are_taken() {
    let Loaded { settings, notices } = load(&[
        ("REI_BOT_TOKEN", "99:rei-recovery-0"),
        ("APPROVER_IDS", " 22 , 33,"),
        ("APPROVALS_REQUIRED", "2"),
        ("APPROVAL_TTL", "1h30m"),
        ("ALLOW_SELF_APPROVAL", "Yes"),
        ("RPO", "7d"),
        ("REI_HOME", "/srv/rei"),
        ("REI_DB", "/data/bot.db"),
        ("REI_UNITS", "bot.service,workers"),
        ("TIMEZONE", "Asia/Almaty"),
        ("DEFAULT_LOCALE", "ru"),
        ("LOG_FORMAT", "json"),
        ("S3_BUCKET", "rei-backups"),
        ("S3_PREFIX", "/db/"),
        ("S3_ENDPOINT_URL", "http://127.0.0.1:9000"),
        ("AWS_ACCESS_KEY_ID", "key-id-0001"),
        ("AWS_SECRET_ACCESS_KEY", "key-0001-of-s3"),
        ("UNIT_MANAGER", "command"),
        (
            "UNIT_START_COMMAND",
            "docker compose -p 'my rei' start {unit}",
        ),
        ("UNIT_STOP_COMMAND", "docker compose stop {unit}"),
        ("UNIT_STATUS_COMMAND", "/usr/bin/is-up --unit={unit}"),
    ]);
    assert_eq!(notices, []);
    let base = &settings.base;
    assert_eq!(settings.approvals.ttl, Duration::from_secs(5400));
    assert_eq!(settings.approvals.access.approvers, [22, 33].into());
    assert_eq!(base.objectives.rpo, Duration::from_secs(7 * 86_400));
    assert_eq!(base.patient.database, Path::new("/data/bot.db"));
    assert_eq!(base.patient.units[0].as_str(), "bot");
    assert_eq!(base.locale.as_str(), "ru");
    let s3 = base.backups.s3.as_ref().unwrap();
    assert_eq!(
        (s3.bucket.as_str(), s3.prefix.as_str()),
        ("rei-backups", "db")
    );
    assert!(s3.key.is_some());
    let UnitManager::Command(commands) = &base.patient.manager else {
        panic!("{:?}", base.patient.manager);
    };
    assert_eq!(commands.start.program, "docker");
    assert_eq!(
        commands.start.arguments,
        ["compose", "-p", "my rei", "start", "{unit}"]
    );
}

#[test]
fn a_command_manager_needs_all_three_commands() {
    let found = problems(&[
        ("UNIT_MANAGER", "command"),
        ("UNIT_STOP_COMMAND", "stop {unit}"),
    ]);
    let names: Vec<_> = found.iter().map(|problem| problem.name.as_str()).collect();
    assert_eq!(names, ["UNIT_START_COMMAND", "UNIT_STATUS_COMMAND"]);
}

#[test]
fn a_quorum_that_cannot_be_reached_is_an_error() {
    let found = problems(&[("APPROVALS_REQUIRED", "3"), ("ALLOW_SELF_APPROVAL", "true")]);
    assert_eq!(found.len(), 1);
    assert!(found[0].problem.contains("3 must approve, and only 2 may"));
}

#[test]
fn a_requester_whom_nobody_could_approve_is_a_warning() {
    let alone = [("APPROVER_IDS", "22")];
    let text = notices(&alone).join("\n");
    assert!(text.contains("what 22 requests"), "{text}");
    assert!(notices(&[alone[0], ("ALLOW_SELF_APPROVAL", "true")]).is_empty());
    assert!(notices(&[("APPROVER_IDS", "33")]).is_empty());
}

#[test]
fn a_secret_that_cannot_be_masked_is_a_warning() {
    for (address, warned) in [
        ("redis://:short1@localhost/0", true),
        ("redis://:password@localhost/0", true),
        ("redis://:p%61ssword@localhost/0", true),
        ("redis://localhost/0?password=password", true),
        ("redis://localhost/0?pass=passw0rd-of-redis", false),
        ("redis://:passw0rd-of-redis@localhost/0", false),
        ("redis://localhost/0", false),
    ] {
        let text = notices(&[("REDIS_URL", address)]).join("\n");
        assert_eq!(text.contains("REDIS_URL: it "), warned, "{address}: {text}");
        assert!(!text.contains("password"), "{text}");
    }
}

#[test]
fn the_same_bot_twice_is_an_error() {
    let found = problems(&[("REI_BOT_TOKEN", "123456:another-secret")]);
    assert_eq!(found.len(), 1);
    assert!(found[0].problem.contains("same bot"), "{}", found[0]);
}

#[test]
fn both_halves_of_the_shop_or_neither() {
    let half = problems(&[("YOOKASSA_SHOP_ID", "100500")]);
    assert_eq!(half.len(), 1);
    assert_eq!(half[0].name, "YOOKASSA_SECRET_KEY");
    let half = problems(&[("YOOKASSA_SECRET_KEY", "live_x")]);
    assert_eq!(half[0].name, "YOOKASSA_SHOP_ID");
    let payments = load(&[]).settings.base.payments;
    assert!(payments.keys.is_none());
    assert_eq!(payments.api.as_str(), "https://api.yookassa.ru/v3");
    let both = [
        ("YOOKASSA_SHOP_ID", "100500"),
        ("YOOKASSA_SECRET_KEY", "live_shop_key_1"),
    ];
    let Loaded { settings, notices } = load(&both);
    assert_eq!(notices, []);
    assert_eq!(settings.base.payments.keys.unwrap().shop, "100500");
}

#[test]
fn half_a_key_and_a_bucket_forgotten_are_told() {
    let half = problems(&[("S3_BUCKET", "rei"), ("AWS_ACCESS_KEY_ID", "id")]);
    assert_eq!(half.len(), 1);
    assert_eq!(half[0].name, "AWS_SECRET_ACCESS_KEY");
    let text = notices(&[("S3_PREFIX", "db")]).join("\n");
    assert!(text.contains("S3 is off"), "{text}");
}

#[test]
fn what_would_be_unsafe_to_leave_out_is_refused() {
    let remote = problems(&[("REI_HOST", "ssh://rei@example.org:2222")]);
    assert!(
        remote[0].problem.contains("no other machine"),
        "{}",
        remote[0]
    );
}

#[test]
fn the_console_needs_no_telegram() {
    let sources = Sources::new([("ADMIN_IDS".into(), "bob".into())], &EnvFile::None);
    assert!(BaseSettings::load(&sources).is_ok());
    assert!(Settings::load(&sources).is_err());
}

#[test]
fn a_misspelt_required_name_stands_beside_the_error_it_causes() {
    let sources = Sources::new([("ADMIN_ID".into(), "11".into())], &EnvFile::None);
    let text = Settings::load(&sources).unwrap_err().to_string();
    assert!(
        text.contains("ADMIN_IDS: it is required and not given"),
        "{text}"
    );
    assert!(text.contains("did you mean ADMIN_IDS?"), "{text}");
}

#[test]
fn a_password_in_an_address_is_masked() {
    let found = problems(&[("TELEGRAM_API_URL", "https://bob:hunter2@example.org")]);
    assert_eq!(found[0].given.as_deref(), Some("https://***@example.org"));
}

#[cfg(unix)]
#[test]
fn a_value_that_is_no_text_is_told() {
    use std::os::unix::ffi::OsStringExt;
    let value = std::ffi::OsString::from_vec(vec![0xff, 0xfe]);
    let sources = Sources::new([("ADMIN_IDS".into(), value)], &EnvFile::None);
    let text = Settings::load(&sources).unwrap_err().to_string();
    assert!(text.contains("ADMIN_IDS is not UTF-8"), "{text}");
}

/// Everything a person or a log could see of a load.
fn everything_shown(sources: &Sources) -> String {
    match Settings::load(sources) {
        Ok(loaded) => format!("{sources:?} {loaded:?}"),
        Err(error) => format!("{sources:?} {error} {error:?}"),
    }
}

proptest! {
    #[test]
    fn no_secret_is_ever_shown(noise in "[!-~]{0,20}", at in 0usize..100) {
        let secrets: Vec<_> = TABLE.iter().filter(|row| row.secret).collect();
        let row = secrets[at % secrets.len()];
        for marked in ["xSECRETx", "1:xSECRETx", "redis://:xSECRETx@h", "11:xSECRETx"] {
            let value = format!("{marked}{noise}");
            let shown = everything_shown(&environment(&[(row.name, &value)]));
            prop_assert!(!shown.contains("xSECRETx"), "{}={value}: {shown}", row.name);
        }
    }

    #[test]
    fn no_text_makes_reading_panic(text in "\\PC{0,40}") {
        for row in TABLE {
            let sources = environment(&[(row.name, &text)]);
            let _ = everything_shown(&sources);
        }
    }

    #[test]
    fn every_length_of_time_reads_as_what_it_says(count in 1u64..1000) {
        for (unit, seconds) in [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)] {
            let settings = load(&[("RTO", &format!("{count}{unit}"))]).settings;
            let expected = Duration::from_secs(count * seconds);
            prop_assert_eq!(settings.base.objectives.rto, expected);
        }
    }
}

#[test]
fn a_code_s_secret_is_read_as_apps_show_it_and_never_shown() {
    let secret = "gezd gnbv gy3t qojq gezd gnbv gy3t qojq";
    let bad = problems(&[("TOTP_SECRETS", "11:GEZDGNBV!")]);
    assert!(bad[0].problem.contains("the secret of 11"), "{}", bad[0]);
    assert!(!bad[0].to_string().contains("GEZD"), "{}", bad[0]);
    let loaded = load(&[("TOTP_SECRETS", &format!("11:{secret}"))]);
    let codes = &loaded.settings.approvals.codes;
    let now = crate::domain::Timestamp::from_second(59).unwrap();
    assert_eq!(codes.step(11, "287082", now), Some(1));
    assert!(
        !format!("{:?}", loaded.settings)
            .to_lowercase()
            .contains("gezd")
    );
}

#[test]
fn a_weak_or_useless_second_factor_is_a_warning() {
    let warned = notices(&[
        ("ADMIN_IDS", "11,12"),
        ("APPROVER_IDS", "12,13"),
        (
            "TOTP_SECRETS",
            "12:JBSWY3DPEHPK3PXP,14:GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
        ),
    ])
    .join("\n");
    for said in [
        "the secret of 12 has fewer than 16 bytes",
        "14 is no approver",
        "13 may approve or go on alone without a code",
    ] {
        assert!(warned.contains(said), "{said}: {warned}");
    }
    let late = notices(&[("APPROVAL_TTL", "10m"), ("BREAK_GLASS_AFTER", "10m")]).join("\n");
    assert!(late.contains("expires before anybody"), "{late}");
}
