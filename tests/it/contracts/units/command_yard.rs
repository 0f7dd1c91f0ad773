//! Units of a small process manager that knows its processes by their pid files.

use super::{Manner, SETTLE, Yard};
use rei_recovery::adapters::command_units::{CommandUnits, CommandUnitsOptions};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::unit::UnitName;
use rei_recovery::ports::units::Units;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tempfile::TempDir;

const MANAGER: &str = r#"
cd "$(dirname "$0")"
export unit=$2
alive() {
  pid=$(cat "$unit.pid" 2>/dev/null) && [ -d "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status"
}
[ -f "$unit.run" ] || { echo "$unit: no such unit"; exit 4; }
case $1 in
status) alive || exit 3 ;;
start)
  [ -f "$unit.never-ready" ] && sleep 1000
  setsid sh "$unit.run" & # keeps our output open, as careless daemons do
  echo $! > "$unit.pid" ;;
stop)
  [ -f "$unit.never-stops" ] && sleep 1000
  alive && kill "$pid"
  while alive; do sleep 0.02; done ;;
esac
"#;

/// The manager with its folder; what still runs at the end is killed.
pub struct CommandYard {
    folder: TempDir,
}

impl CommandYard {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("manager.sh"), MANAGER).unwrap();
        Self { folder }
    }

    /// A file of a unit in the manager's folder.
    pub fn file(&self, unit: &UnitName, suffix: &str) -> PathBuf {
        self.folder.path().join(format!("{unit}.{suffix}"))
    }

    fn command(&self, verb: &str) -> String {
        let manager = self.folder.path().join("manager.sh");
        format!("sh '{}' {verb} {{unit}}", manager.display())
    }
}

impl Yard for CommandYard {
    fn units(&self, job: Duration) -> Box<dyn Units> {
        let [start, stop, status] = ["start", "stop", "status"].map(|verb| self.command(verb));
        let mut options = CommandUnitsOptions::new(&start, &stop, &status);
        options.job = job;
        options.follow = Duration::from_secs(2);
        options.settle = SETTLE;
        Box::new(CommandUnits::new(options).unwrap())
    }

    fn unit(&self, manner: Manner) -> UnitName {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let name = format!("patient-{}", COUNTER.fetch_add(1, Ordering::Relaxed));
        let unit: UnitName = name.parse().unwrap();
        let file = |suffix: &str| self.file(&unit, suffix);
        let program = match manner {
            Manner::Talkative => {
                "while echo word; do echo said >> \"$unit.said\"; sleep 0.05; done"
            }
            Manner::DiesAtOnce => "exit 1",
            Manner::DiesSoon => "sleep 0.2; exit 1",
            Manner::Steady | Manner::NeverReady | Manner::NeverStops => "exec sleep 1000",
        };
        fs::write(file("run"), program).unwrap();
        match manner {
            Manner::NeverReady => fs::write(file("never-ready"), "").unwrap(),
            Manner::NeverStops => fs::write(file("never-stops"), "").unwrap(),
            Manner::Steady | Manner::Talkative | Manner::DiesAtOnce | Manner::DiesSoon => {}
        }
        unit
    }

    fn unknown_code(&self) -> FailureCode {
        FailureCode::UnitDidNotStart
    }
}

impl Drop for CommandYard {
    fn drop(&mut self) {
        let files = fs::read_dir(self.folder.path()).unwrap().flatten();
        for file in files.filter(|file| file.path().extension().is_some_and(|e| e == "pid")) {
            if let Ok(pid) = fs::read_to_string(file.path()) {
                let _ = Command::new("kill").args(["-KILL", pid.trim()]).output();
            }
        }
    }
}
