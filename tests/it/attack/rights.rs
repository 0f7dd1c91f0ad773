//! What the program starts gets neither its rights nor its secrets: read from `/proc` of real children.

use crate::check::play::{PROGRAM, build, check_by};
use crate::support::program;
use rei_recovery::demo::world::{World, WorldOptions};
use std::fs;
use std::path::Path;
use tokio::process::Command;

/// The capabilities of the package's unit.
const RIGHTS: &str = "+sys_ptrace,+dac_override,+chown,+fowner";

/// Settings whose values nobody else may see.
const SECRETS: &[&str] = &[
    "ADMIN_BOT_TOKEN",
    "REI_BOT_TOKEN",
    "YOOKASSA_SECRET_KEY",
    "NANO_BANANA_API_KEY",
    "KLING_ACCESS_KEY",
    "KLING_SECRET_KEY",
    "AWS_SECRET_ACCESS_KEY",
];

/// A command for units that writes down what `/proc` says of it, as it stands there.
fn witness(world: &World) -> String {
    let folder = world.root().join("seen");
    fs::create_dir(&folder).unwrap();
    let opened = std::process::Command::new("chmod")
        .arg("0777")
        .arg(&folder)
        .status();
    assert!(opened.unwrap().success());
    let path = world.root().join("witness");
    let to = folder.display();
    program::write(
        &path,
        &format!(
            "#!/bin/sh\ncat /proc/$$/status /proc/$$/cmdline /proc/$$/environ > {to}/$$\nexit 0\n"
        ),
    );
    format!("{} {{unit}}", path.display())
}

/// As the unit starts it: another user, with rights that pass to whatever is run.
fn as_the_service(world: &World) -> Command {
    let own = world.root().join("rei-recovery");
    program::copy(Path::new(PROGRAM), &own);
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"]);
    command.args([
        format!("--inh-caps={RIGHTS}"),
        format!("--ambient-caps={RIGHTS}"),
    ]);
    command.arg(own);
    command
}

#[tokio::test]
async fn a_child_has_no_right_and_no_secret_of_the_service() {
    let world = build(WorldOptions::new(PROGRAM)).await;
    let command = witness(&world);
    let changes = [("UNIT_STATUS_COMMAND", command.as_str())];
    let report = check_by(as_the_service(&world), &world, &changes).await;
    // It has its rights itself: files of others can be written.
    let database = crate::check::play::write_line(&world.patient.home(), "bot.db");
    assert_eq!(report.line(&database).verdict, "ok", "{report:#?}");
    let seen: Vec<String> = fs::read_dir(world.root().join("seen"))
        .unwrap()
        .map(|file| String::from_utf8_lossy(&fs::read(file.unwrap().path()).unwrap()).into_owned())
        .collect();
    assert!(!seen.is_empty());
    for child in &seen {
        for right in ["CapPrm", "CapEff", "CapAmb"] {
            let line = format!("{right}:\t0000000000000000\n");
            assert!(child.contains(&line), "{child}");
        }
        for name in SECRETS {
            let secret = &world.settings()[*name];
            assert!(!child.contains(secret.as_str()), "{name} is in {child}");
        }
    }
}

/// The program itself, in its own arguments, and each child that a whole recovery starts.
#[tokio::test(flavor = "multi_thread")]
async fn no_secret_stands_in_arguments_of_a_recovery() {
    let world = build(WorldOptions::new(PROGRAM)).await;
    let root = world.root().to_owned();
    let log = root.join("started");
    // Each verb goes through a witness that leaves what it was given.
    let mut settings = world.settings().clone();
    let path = root.join("through");
    program::write(
        &path,
        &format!(
            "#!/bin/sh\ncat /proc/$$/cmdline /proc/$$/environ >> {}\nexec \"$@\"\n",
            log.display()
        ),
    );
    for verb in ["START", "STOP", "STATUS"] {
        let name = format!("UNIT_{verb}_COMMAND");
        let through = format!("{} {}", path.display(), settings[&name]);
        settings.insert(name, through);
    }
    let mut command = Command::new(PROGRAM);
    command
        .args(["recover", "database-corruption", "--yes"])
        .env_clear()
        .envs(&settings)
        .current_dir(&root)
        .stdin(std::process::Stdio::null())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .kill_on_drop(true);
    let ended = command.output().await.unwrap();
    let printed = [ended.stdout, ended.stderr].concat();
    let printed = String::from_utf8_lossy(&printed).into_owned();
    assert_eq!(ended.status.code(), Some(0), "{printed}");
    let started = String::from_utf8_lossy(&fs::read(&log).unwrap()).into_owned();
    assert!(started.contains("demo-unit\0stop") && started.contains("demo-unit\0start"));
    for name in SECRETS {
        let secret = world.settings()[*name].as_str();
        assert!(!started.contains(secret), "{name} was passed on");
        assert!(!printed.contains(secret), "{name} was printed");
    }
}
