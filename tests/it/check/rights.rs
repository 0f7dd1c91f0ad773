//! What this program may do: as another user, and to units of a real systemd.

use super::play::*;
use crate::support::program;
use crate::support::systemd_lab::Lab;
use rei_recovery::demo::world::{World, WorldOptions};
use std::fs;
use std::path::Path;
use tokio::process::Command;

/// The program as a user who owns nothing here; by another command where one is given.
fn by_nobody(world: &World, by: &[&str]) -> Command {
    let own = world.root().join("rei-recovery");
    if !own.exists() {
        program::copy(Path::new(PROGRAM), &own);
    }
    let user = [
        "setpriv",
        "--reuid=nobody",
        "--regid=nogroup",
        "--clear-groups",
    ];
    let words = [by, &user].concat();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).arg(own);
    command
}

fn as_nobody(world: &World) -> Command {
    by_nobody(world, &[])
}

#[tokio::test]
async fn a_user_without_rights_is_told_which_he_lacks() {
    let world = build(WorldOptions::new(PROGRAM)).await;
    let report = check_by(as_nobody(&world), &world, &[]).await;
    let home = world.patient.home();
    for file in ["bot.db", "config.py", ".env"] {
        report.failed(&write_line(&home, file), "setfacl -m u:nobody");
    }
    report.failed("state", "install -d -m 700 -o nobody");
    report.failed("open files", "CAP_SYS_PTRACE");
    // Where nothing need be written nothing is complained of.
    assert_eq!(report.line("team group").verdict, "ok");
    assert_eq!(report.line("backups s3").verdict, "ok");
}

/// Its folder is ours to write, and the files in it are somebody else's.
#[tokio::test]
async fn a_user_who_cannot_keep_the_owner_is_told() {
    let world = build(WorldOptions::new(PROGRAM)).await;
    let home = world.patient.home();
    let opened = std::process::Command::new("chmod")
        .arg("a+rwx")
        .arg(&home)
        .status();
    assert!(opened.unwrap().success());
    let report = check_by(as_nobody(&world), &world, &[]).await;
    report.failed(&write_line(&home, "bot.db"), "CAP_CHOWN");
}

#[tokio::test]
async fn units_of_systemd_are_asked_for_each_right_and_left_alone() {
    let lab = Lab::shared();
    let [up, down] = ["checked-up", "checked-down"].map(|stem| lab.fresh_name(stem));
    for unit in [&up, &down] {
        lab.write_unit(unit, "[Service]\nExecStart=/bin/sleep 600\n");
    }
    lab.systemctl(&["start", &up]);
    let show = |unit: &str| {
        let wanted = "--property=ActiveState,InvocationID,NRestarts,Job";
        lab.systemctl(&["show", wanted, unit])
    };
    let before = [show(&up), show(&down)];
    let world = build(WorldOptions::new(PROGRAM)).await;
    let units = format!("{up},{down},no-such-unit");
    let changes = [
        ("UNIT_MANAGER", "systemd"),
        ("DBUS_SYSTEM_BUS_ADDRESS", &lab.bus_address()),
        ("REI_UNITS", &units),
        ("REDIS_UNIT", &up),
    ];
    let report = check(&world, &changes).await;
    report.failed("unit no-such-unit", "REI_UNITS");
    for unit in [&up, &down] {
        let rights = report.line(&format!("unit {unit} rights"));
        assert_eq!(rights.verdict, "ok", "{rights:?}");
    }
    assert_eq!(report.line(&format!("unit {up}")).verdict, "ok");
    assert_eq!(report.line(&format!("unit {down}")).verdict, "warning");

    // Without polkit nobody but root may.
    let report = check_by(as_nobody(&world), &world, &changes).await;
    for unit in [&up, &down] {
        let rights = format!("unit {unit} rights");
        report.failed(&rights, "/etc/polkit-1/rules.d/");
        report.failed(&rights, "deploy print-polkit --user nobody");
    }
    assert_eq!([show(&up), show(&down)], before, "nothing was done to them");
    lab.systemctl(&["stop", &up]);
}

/// Debian's polkit, in a lab of its own, goes by what the command prints that the mend gives.
#[tokio::test]
async fn the_rule_that_check_advises_is_the_mend() {
    let lab = Lab::up();
    let [ours, other] = ["ruled", "foreign"].map(|stem| lab.fresh_name(stem));
    for unit in [&ours, &other] {
        lab.write_unit(unit, "[Service]\nExecStart=/bin/sleep 600\n");
    }
    let rules = lab.folder().join("rules");
    fs::create_dir(&rules).unwrap();
    lab.write_unit(
        "polkit",
        &format!(
            "[Service]\nType=dbus\nBusName=org.freedesktop.PolicyKit1\n\
             ExecStart=/usr/lib/polkit-1/polkitd --no-debug\n\
             BindReadOnlyPaths={}:/etc/polkit-1/rules.d\n",
            rules.display()
        ),
    );
    let world = build(WorldOptions::new(PROGRAM)).await;
    let bus = lab.bus_address();
    let changes = |unit| {
        [
            ("UNIT_MANAGER", "systemd"),
            ("DBUS_SYSTEM_BUS_ADDRESS", bus.as_str()),
            ("REI_UNITS", unit),
            ("REDIS_UNIT", unit),
        ]
    };
    let inside = lab.inside();
    let ask = async |unit| check_by(by_nobody(&world, &inside), &world, &changes(unit)).await;
    let rights = format!("unit {ours} rights");
    let before = ask(&ours).await;
    before.failed(&rights, "deploy print-polkit");
    let mend = before.line(&rights).mend.clone().unwrap();
    let (_, advised) = mend.split_once("`rei-recovery ").unwrap();
    let (advised, _) = advised.split_once(" > ").unwrap();
    let mut printing = Command::new(PROGRAM);
    printing.args(advised.split(' '));
    // The name that people use is an alias, and polkit hears the real one.
    let alias = lab.fresh_name("alias");
    let link = lab.folder().join(format!("etc/{alias}.service"));
    std::os::unix::fs::symlink(format!("{ours}.service"), link).unwrap();
    lab.daemon_reload();
    let printed = run(printing, &world, &changes(&alias)).await;
    assert!(printed.status.success(), "{printed:?}");
    let rule = String::from_utf8(printed.stdout).unwrap();
    assert!(rule.contains(&format!("\"{alias}.service\"")), "{rule}");
    fs::write(rules.join("50-rei-recovery.rules"), rule).unwrap();
    lab.systemctl(&["start", "polkit"]);

    assert_eq!(ask(&ours).await.line(&rights).verdict, "ok");
    let foreign = format!("unit {other} rights");
    ask(&other).await.failed(&foreign, "deploy print-polkit");
}
