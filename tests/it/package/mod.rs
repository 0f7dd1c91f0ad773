//! The Debian package, installed by the README's own commands where a real systemd runs.

mod containers;
mod server;

use crate::resist::play::{APPROVE, RETRY, ask, journal, outcome, plan, press, shown, start};
use rei_recovery::demo::patient::{Damage, balances_hold, damage, integrity};
use server::{REI, Server};
use std::time::Duration;

/// What `systemd-analyze security` may say at most.
const EXPOSED: f64 = 2.0;

/// How long the recovery may take once the rule is there.
const ENDS: Duration = Duration::from_secs(90);

/// One story, since installing takes longest: an admin forgets the polkit rule, is told so by `check` and
/// by the recovery, puts it there and goes on; then the package is upgraded, removed and purged.
#[tokio::test(flavor = "multi_thread")]
async fn an_admin_installs_it_by_the_readme_and_recovers() {
    let server = Server::build().await;
    let (with_rule, without): (Vec<_>, Vec<_>) = server::readme()
        .into_iter()
        .partition(|line| line.contains("print-polkit"));
    assert_eq!(with_rule.len(), 1, "the README has one line for polkit");

    // Everything but the rule.
    for line in &without {
        let done = server.shell(line);
        match line.contains("check") {
            true => forgotten_rule_is_told(&done),
            false => assert!(done.status.success(), "{line}: {done:?}"),
        }
    }
    assert_eq!(server.property("ActiveState"), "active");
    assert_eq!(
        server.property("StatusText"),
        "Works; updates come in from Telegram."
    );
    server.runs_without_root();
    let exposed = server.exposure();
    println!("systemd-analyze security: {exposed}");
    assert!(exposed <= EXPOSED, "{exposed}");

    let world = &server.world;
    damage(&world.patient.database(), Damage::FlippedBytes).unwrap();
    plan(world).await;
    start(world).await;
    ask(world).await;
    press(world, world.cast.boris, world.cast.team, APPROVE).await;
    let halt = shown(world, world.cast.team, RETRY).await;
    let said = format!("{halt:?}");
    assert!(said.contains("print-polkit"), "{said}");
    // The bot itself ends over its broken database, sooner or later.
    assert_eq!(server.rei_units()[1], "active", "nothing was stopped");

    let done = server.shell(&with_rule[0]);
    assert!(done.status.success(), "{done:?}");
    press(world, world.cast.anna, world.cast.team, RETRY).await;
    recovered(&server).await;
    assert_eq!(server.rei_units(), ["active"; 2]);
    let stopped = journal(world)
        .into_iter()
        .any(|entry| entry.kind() == "step-succeeded" && entry.step() == Some("stop"));
    assert!(stopped);
    // No unit but those.
    let foreign = server.shell("setpriv --reuid=rei-recovery --regid=rei-recovery --init-groups systemctl --no-ask-password stop foreign");
    assert!(!foreign.status.success(), "{foreign:?}");
    assert_eq!(server.state_of("foreign"), "active");

    server.stop_rei();
    let database = world.patient.database();
    assert!(integrity(&database).unwrap().is_empty());
    assert!(balances_hold(&database).unwrap());
    let (uid, gid, _) = world.patient.ownership().unwrap();
    assert_eq!((uid, gid), (REI, REI), "it still belongs to REI");

    hung_and_started_anew(&server).await;
    upgraded_removed_purged(&server);
}

/// Says what it came to where it was not that.
async fn recovered(server: &Server) {
    let ended = server.world.until_finished(ENDS).await;
    let events = journal(&server.world);
    let last: Vec<_> = events.iter().rev().take(3).collect();
    assert!(ended.is_ok(), "{last:#?}\n{}", server.log());
    assert_eq!(outcome(&server.world).await, "recovered", "{last:#?}");
}

fn forgotten_rule_is_told(checked: &std::process::Output) {
    let told = String::from_utf8_lossy(&checked.stdout);
    assert_eq!(checked.status.code(), Some(2), "{checked:?}");
    let failed: Vec<&str> = told.lines().filter(|l| l.contains("FAILED")).collect();
    assert!(!failed.is_empty(), "{checked:?}");
    // Whatever else it needs is there: the sandbox and the rights are those of the service.
    assert!(failed.iter().all(|line| line.contains("rights")), "{told}");
    assert!(told.contains("print-polkit"), "{told}");
}

/// A process that does not get its turns is ended by the watchdog and started again.
async fn hung_and_started_anew(server: &Server) {
    server.drop_in(
        "quick.conf",
        "[Service]\nWatchdogSec=3s\nRestartSec=100ms\n",
    );
    let restarted = server.shell("systemctl restart rei-recovery");
    assert!(restarted.status.success(), "{restarted:?}");
    let before = server.property("MainPID");
    server.shell("systemctl kill --kill-whom=main --signal=STOP rei-recovery");
    let again = || {
        let pid = server.property("MainPID");
        Ok((pid != before && server.property("ActiveState") == "active").then_some(()))
    };
    let back = server
        .world
        .until("a new process", Duration::from_secs(60), again);
    back.await
        .unwrap_or_else(|error| panic!("{error}\n{}", server.log()));
    assert_eq!(server.property("NRestarts"), "1");
}

fn upgraded_removed_purged(server: &Server) {
    let entries = || {
        let listed = server.shell("rei-recoveryctl audit export");
        String::from_utf8_lossy(&listed.stdout).lines().count()
    };
    let before = entries();
    assert!(before > 10, "{before}");
    let good = |line: &str| {
        let done = server.shell(line);
        assert!(done.status.success(), "{line}: {done:?}");
    };
    good("dpkg -i /srv/deb/rei-recovery.deb");
    assert_eq!(server.property("ActiveState"), "active");
    assert!(
        entries() > before,
        "it was started again and kept its trail"
    );

    server.start_rei();
    good("dpkg --remove rei-recovery");
    good("test -e /var/lib/rei-recovery/state.db");
    good("test -e /etc/rei-recovery/rei-recovery.env");
    // The tests look into the folder from outside.
    good("umount /var/lib/rei-recovery");
    good("dpkg --purge rei-recovery");
    for gone in [
        "/var/lib/rei-recovery",
        "/etc/rei-recovery",
        "/etc/polkit-1/rules.d/50-rei-recovery.rules",
    ] {
        good(&format!("test ! -e {gone}"));
    }
    assert_eq!(server.rei_units(), ["active"; 2], "REI is left alone");
    server.stop_rei();
    assert!(
        integrity(&server.world.patient.database())
            .unwrap()
            .is_empty()
    );
}
