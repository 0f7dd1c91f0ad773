use super::*;

struct Ground {
    root: tempfile::TempDir,
    enclosure: Enclosure,
}

fn ground() -> Ground {
    let root = tempfile::tempdir().unwrap();
    let [drill, production] = ["drill", "opt/rei_bot"].map(|name| root.path().join(name));
    for folder in [&drill, &production] {
        std::fs::create_dir_all(folder).unwrap();
    }
    let production = Production {
        paths: vec![production],
        addresses: vec!["127.0.0.1:6379".to_owned()],
    };
    let program = Path::new("/usr/bin/rei-recovery");
    let enclosure = Enclosure::around(&drill, program, &production).unwrap();
    Ground { root, enclosure }
}

impl Ground {
    fn inside(&self) -> BTreeMap<String, String> {
        let folder = self.enclosure.folder().display().to_string();
        let value = |name: &str| match name {
            "ADMIN_BOT_TOKEN" => "1:x".to_owned(),
            "UNIT_MANAGER" => "command".to_owned(),
            "TELEGRAM_API_URL" => "http://127.0.0.1:4000".to_owned(),
            "YOOKASSA_API_URL" => "http://[::1]:4001/v3".to_owned(),
            "REDIS_URL" => format!("unix://{folder}/redis.sock?db=0"),
            "UNIT_START_COMMAND" => {
                format!("/usr/bin/rei-recovery demo-unit start {{unit}} --home {folder}/rei_bot")
            }
            _ => format!("{folder}/{}", name.to_lowercase()),
        };
        let status = (
            "YOOKASSA_STATUS_URL".to_owned(),
            "http://127.0.0.1:5/".into(),
        );
        let all = NEEDED.iter().map(|name| ((*name).to_owned(), value(name)));
        all.chain([status]).collect()
    }

    fn with(&self, name: &str, value: &str) -> Result<(), Breach> {
        let mut environment = self.inside();
        environment.insert(name.to_owned(), value.to_owned());
        self.enclosure.admit(&environment)
    }
}

#[test]
fn what_lies_inside_is_admitted() {
    let ground = ground();
    assert_eq!(ground.enclosure.admit(&ground.inside()), Ok(()));
    assert_eq!(ground.with("RTO", "1h"), Ok(()));
}

#[test]
fn whatever_leads_out_is_refused() {
    let ground = ground();
    let production = ground.root.path().join("opt/rei_bot");
    let link = ground.enclosure.folder().join("link");
    std::os::unix::fs::symlink(&production, &link).unwrap();
    let climbing = ground.enclosure.folder().join("../opt/rei_bot/bot.db");
    let unborn = ground.enclosure.folder().join("new/../../opt/rei_bot");
    let start = format!(
        "/usr/bin/rei-recovery demo-unit start {{unit}} --home={}",
        production.display()
    );
    for (name, value) in [
        ("REI_HOME", production.display().to_string()),
        ("REI_DB", link.join("bot.db").display().to_string()),
        ("REI_LOG", climbing.display().to_string()),
        ("BACKUP_DIR", unborn.display().to_string()),
        ("STATE_DIR", "/var/lib/rei-recovery".to_owned()),
        ("REI_DB", "../../bot.db".to_owned()),
        ("UNIT_START_COMMAND", start),
        ("UNIT_STOP_COMMAND", "/bin/systemctl stop {unit}".to_owned()),
        ("REDIS_URL", "redis://127.0.0.1:6379/0".to_owned()),
        ("REDIS_URL", "redis://127.0.0.1/3".to_owned()),
        ("REDIS_URL", "unix:///run/redis/redis.sock?db=1".to_owned()),
        ("TELEGRAM_API_URL", "https://api.telegram.org".to_owned()),
        ("YOOKASSA_API_URL", "http://localhost:80/v3".to_owned()),
        (
            "YOOKASSA_API_URL",
            "http://127.0.0.1@10.0.0.1/v3".to_owned(),
        ),
        ("PATH", "/usr/bin".to_owned()),
        ("ANYTHING_NEW", "https://example.org/".to_owned()),
        ("REI_BOT_TOKEN", "1:x".to_owned()),
        ("S3_BUCKET", "rei".to_owned()),
        ("ADMIN_BOT_TOKEN_FILE", "token".to_owned()),
        ("REI_HOME", String::new()),
    ] {
        assert!(ground.with(name, &value).is_err(), "{name}={value}");
    }
}

#[test]
fn each_setting_with_a_default_of_productions_is_asked_for() {
    let ground = ground();
    for name in NEEDED {
        let mut environment = ground.inside();
        environment.remove(*name);
        let missing = Err(Breach::Missing((*name).to_owned()));
        assert_eq!(ground.enclosure.admit(&environment), missing);
    }
}

#[test]
fn a_folder_in_production_or_around_it_holds_no_drill() {
    let ground = ground();
    let root = ground.root.path();
    let production = Production {
        paths: vec![root.join("opt/rei_bot")],
        addresses: Vec::new(),
    };
    let program = Path::new("/usr/bin/rei-recovery");
    let inside = root.join("opt/rei_bot/drill");
    std::fs::create_dir(&inside).unwrap();
    let link = root.join("link");
    std::os::unix::fs::symlink(&inside, &link).unwrap();
    for folder in [&inside, &link, &root.join("opt"), &root.join("missing")] {
        let refused = Enclosure::around(folder, program, &production);
        assert!(matches!(refused, Err(Breach::Folder { .. })), "{folder:?}");
    }
}
