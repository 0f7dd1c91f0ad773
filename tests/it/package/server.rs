//! A server of REI's: a copy of this machine's Debian (or of the root in PACKAGE_ROOT, such as a fresh
//! debootstrap) with a real systemd, and a world around it.

use crate::resist::play::{PROGRAM, options};
use crate::support::systemd_lab::Lab;
use rei_recovery::demo::world::World;
use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::time::Duration;

/// Whom REI's files belong to.
pub const REI: u32 = 4711;

const README: &str = include_str!("../../../README.md");
const CHAPTER: &str = "## Install in five minutes";
const UNITS: [&str; 2] = ["rei_bot", "rei_bot_workers"];

/// The commands of the README's chapter, one a line.
pub fn readme() -> Vec<String> {
    let (_, chapter) = README.split_once(CHAPTER).expect("the chapter");
    let (_, block) = chapter.split_once("```sh\n").expect("its commands");
    let (block, _) = block.split_once("```").expect("their end");
    block.lines().map(str::to_owned).collect()
}

/// The package, made once for all tests.
fn package() -> &'static Path {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("deb");
        fs::create_dir_all(&folder).expect("a folder");
        let packed = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.ci/deb"))
            .args([
                "--profile",
                "dev",
                "--fast",
                "--strip",
                "--compress-system",
                "--output",
            ])
            .arg(folder.join("rei-recovery.deb"))
            .output()
            .expect("bash runs");
        assert!(packed.status.success(), "{}", words(&packed));
        folder
    })
}

fn words(output: &Output) -> String {
    let [out, err] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    format!("{out}\n{err}")
}

pub struct Server {
    lab: Lab,
    pub world: World,
}

impl Server {
    /// REI runs; nothing of this program is there yet.
    pub async fn build() -> Self {
        let package = package();
        let calm = options().pace(Duration::from_secs(86_400));
        let world = World::build(calm.units_down().bot_down())
            .await
            .expect("a world");
        let home = world.patient.home();
        give(&home);
        // `state` is where the world looks for it.
        let state = world.root().join("state");
        fs::create_dir_all(&state).expect("a folder");
        let root = std::env::var_os("PACKAGE_ROOT").map_or(PathBuf::from("/"), PathBuf::from);
        let lab = Lab::in_copy_of(
            &root,
            &[
                (world.root(), "/srv/demo"),
                (&home, "/opt/rei_bot"),
                (&world.patient.backup_dir(), "/var/backups/rei_bot"),
                (&state, "/var/lib/rei-recovery"),
                (package, "/srv/deb"),
            ],
        );
        let server = Self { lab, world };
        server.install_rei();
        server
    }

    fn install_rei(&self) {
        let home = self.world.patient.home();
        let name = home.strip_prefix(self.world.root()).expect("it is there");
        let name = name.display();
        // The package is not there yet, and REI must outlive it.
        let program = self.world.root().join("rei");
        crate::support::program::copy(Path::new(PROGRAM), &program);
        let bot = format!("/srv/demo/rei demo-service rei_bot --home /srv/demo/{name}");
        let added = self.shell(&format!(
            "groupadd --gid {REI} rei; useradd --uid {REI} --gid rei --no-create-home rei"
        ));
        assert!(added.status.success(), "{added:?}");
        // No worker has a part in this scenario.
        for (unit, runs) in [(UNITS[0], bot.as_str()), (UNITS[1], "/bin/sleep infinity")] {
            let text = format!("[Service]\nUser=rei\nGroup=rei\nExecStart={runs}\n");
            self.lab.write_unit(unit, &text);
        }
        for unit in ["foreign", "redis-server"] {
            self.lab
                .write_unit(unit, "[Service]\nExecStart=/bin/sleep infinity\n");
        }
        // As Debian has it: the name that people use is an alias.
        self.shell("ln -s redis-server.service /etc/systemd/system/redis.service");
        self.lab.write_unit(
            "polkit",
            "[Service]\nType=dbus\nBusName=org.freedesktop.PolicyKit1\n\
             ExecStart=/usr/lib/polkit-1/polkitd --no-debug\n",
        );
        self.lab
            .systemctl(&["start", UNITS[0], UNITS[1], "foreign", "redis", "polkit"]);
        // An image of a container forbids packages to start services; a server does not.
        self.shell("rm -f /usr/sbin/policy-rc.d");
        // Nobody is there to answer what apt-get asks.
        self.shell("printf 'APT::Get::Assume-Yes \"true\";\\nAPT::Install-Recommends \"false\";\\n' > /etc/apt/apt.conf.d/99lab");
    }

    /// Runs a line of the README; where a person would write the settings, they are written.
    pub fn shell(&self, line: &str) -> Output {
        if line.contains("editor /etc/rei-recovery/rei-recovery.env") {
            self.write_settings();
        }
        let line = line
            .replace("sudo editor", "true editor")
            .replace("sudo ", "");
        let words = self.lab.inside();
        Command::new(words[0])
            .args(&words[1..])
            .args([
                "env",
                "-i",
                "DEBIAN_FRONTEND=noninteractive",
                "COLUMNS=10000",
            ])
            .args(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "sh", "-ec"])
            .arg(format!("cd /srv/deb; {line}"))
            .output()
            .expect("nsenter runs")
    }

    /// What the world needs besides the defaults, as a person would write it below the example.
    fn write_settings(&self) {
        let own = [
            "REI_HOME",
            "BACKUP_DIR",
            "STATE_DIR",
            "REDIS_URL",
            "RUNBOOK_DIR",
            "ADMIN_BOT_TOKEN",
        ];
        let given = self.world.settings().iter();
        let mut text: String = given
            .filter(|(name, _)| !own.contains(&name.as_str()) && !name.starts_with("UNIT_"))
            .map(|(name, value)| format!("{name}='{value}'\n"))
            .collect();
        let redis = &self.world.settings()["REDIS_URL"];
        let root = self.world.root().display().to_string();
        text.push_str(&format!(
            "REDIS_URL='{}'\n",
            redis.replace(&root, "/srv/demo")
        ));
        text.push_str("RUNBOOK_DIR=/srv/demo/runbooks\n");
        text.push_str("ADMIN_BOT_TOKEN_FILE=\"${CREDENTIALS_DIRECTORY}/secret_ADMIN_BOT_TOKEN\"\n");
        fs::write(self.world.root().join("added"), text).expect("written");
        fs::write(
            self.world.root().join("token"),
            &self.world.settings()["ADMIN_BOT_TOKEN"],
        )
        .expect("written");
        let env = "/etc/rei-recovery/rei-recovery.env";
        let wrote = self.shell(&format!(
            "sed -i '/^[A-Z_]*=$/d' {env}; cat /srv/demo/added >> {env}; \
             install -m 600 /srv/demo/token /etc/rei-recovery/credentials/ADMIN_BOT_TOKEN"
        ));
        assert!(wrote.status.success(), "{wrote:?}");
    }

    pub fn property(&self, name: &str) -> String {
        let show = ["show", "--value", "--property", name, "rei-recovery"];
        self.lab.systemctl(&show).trim().to_owned()
    }

    pub fn state_of(&self, unit: &str) -> String {
        let show = ["show", "--value", "--property=ActiveState", unit];
        self.lab.systemctl(&show).trim().to_owned()
    }

    pub fn rei_units(&self) -> [String; 2] {
        UNITS.map(|unit| self.state_of(unit))
    }

    pub fn stop_rei(&self) {
        self.lab.systemctl(&["stop", UNITS[0], UNITS[1]]);
    }

    pub fn start_rei(&self) {
        self.lab.systemctl(&["start", UNITS[0], UNITS[1]]);
    }

    /// Its process is not root's, and has the four rights and no others.
    pub fn runs_without_root(&self) {
        let pid = self.property("MainPID");
        let status = self.shell(&format!("cat /proc/{pid}/status; id -u rei-recovery"));
        let text = words(&status);
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            line.expect("the field").trim().to_owned()
        };
        let uid = text.trim().lines().next_back().expect("an id").to_owned();
        assert_ne!(uid, "0");
        assert_eq!(field("Uid:").split_whitespace().next(), Some(uid.as_str()));
        // CHOWN, DAC_OVERRIDE, FOWNER, SYS_PTRACE.
        let rights = (1_u64 << 0) | (1 << 1) | (1 << 3) | (1 << 19);
        for set in ["CapEff:", "CapBnd:", "CapAmb:"] {
            assert_eq!(u64::from_str_radix(&field(set), 16), Ok(rights), "{set}");
        }
        assert_eq!(field("NoNewPrivs:"), "1");
    }

    /// What `systemd-analyze security` says of the service as it is installed.
    pub fn exposure(&self) -> f64 {
        let told = self.shell("systemd-analyze security --no-pager rei-recovery.service");
        let text = words(&told);
        let figure = text
            .split_once("Overall exposure level for rei-recovery.service: ")
            .and_then(|(_, rest)| rest.split_whitespace().next()?.parse().ok());
        figure.unwrap_or_else(|| panic!("{text}"))
    }

    pub fn drop_in(&self, name: &str, text: &str) {
        let folder = self.lab.folder().join("etc/rei-recovery.service.d");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join(name), text).expect("written");
        self.lab.daemon_reload();
    }

    /// The service's log, and REI's.
    pub fn log(&self) -> String {
        let journal = Command::new(self.lab.programs().join("journalctl"))
            .args([
                "--no-pager",
                "-n",
                "60",
                "-u",
                "rei-recovery",
                "-u",
                "rei_bot",
            ])
            .output();
        words(&journal.expect("journalctl runs"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A world ends its patient by the process numbers that it finds; those in here are others'.
        let systemctl = self.lab.programs().join("systemctl");
        let mut command = Command::new(systemctl);
        let _ = command.args(["kill", "--signal=KILL"]).args(UNITS).output();
    }
}

/// The folder is REI's, and everything in it, and where its units leave their marks.
fn give(home: &Path) {
    let mut marks = home.file_name().expect("a name").to_owned();
    marks.push(".units");
    let mut left = vec![home.to_owned(), home.with_file_name(marks)];
    while let Some(path) = left.pop() {
        chown(&path, Some(REI), Some(REI)).expect("it can be given");
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("it can be listed");
            left.extend(entries.map(|entry| entry.expect("an entry").path()));
        }
    }
}
