//! What the bot asks of others, through REI's own Python: RQ takes its jobs, YooKassa its payments.

use crate::demo::error::{DemoError, DemoResult};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// What is said of a Python that ended without an answer.
const ENDED: &str = "errands.py ended";

/// Starts Python with the first errand; it ends when its input does.
#[derive(Debug)]
pub(in crate::demo) struct Errands {
    home: PathBuf,
    clerk: Option<Clerk>,
}

#[derive(Debug)]
struct Clerk {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Errands {
    pub(in crate::demo) fn new(home: &Path) -> Self {
        Self {
            home: home.to_owned(),
            clerk: None,
        }
    }

    /// Enqueues the job of a row; the error is RQ's own word, or why there is none. Blocking.
    pub(in crate::demo) fn order(&mut self, job: &str) -> Result<(), String> {
        self.run(&format!("job {job}")).map(drop)
    }

    /// Begins a payment at YooKassa, whose id comes back; whoever buys in a rehearsal pays at once.
    /// Blocking.
    pub(super) fn pay(&mut self, row: &str, price: &str) -> Result<String, String> {
        self.run(&format!("pay {row} {price}"))
    }

    fn run(&mut self, errand: &str) -> Result<String, String> {
        let answer = self.ask(errand).map_err(|error| error.to_string());
        let told = answer.as_deref().unwrap_or_default().trim();
        if told.is_empty() {
            // It has ended; the next errand begins with a new one.
            self.clerk = None;
        }
        match told.strip_prefix("ok") {
            Some(said) => Ok(said.trim().to_owned()),
            None if told.is_empty() => Err(answer.err().unwrap_or_else(|| ENDED.to_owned())),
            None => Err(told.to_owned()),
        }
    }

    fn ask(&mut self, errand: &str) -> DemoResult<String> {
        let clerk = match &mut self.clerk {
            Some(clerk) => clerk,
            none => none.insert(Clerk::start(&self.home)?),
        };
        let mut talk = || {
            writeln!(clerk.questions, "{errand}")?;
            clerk.questions.flush()?;
            let mut answer = String::new();
            clerk.answers.read_line(&mut answer)?;
            Ok(answer)
        };
        talk().map_err(lost)
    }
}

impl Clerk {
    fn start(home: &Path) -> DemoResult<Self> {
        let mut command = super::python(home)?;
        command.arg(home.join("errands.py"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(lost)?;
        let gone = || lost(std::io::ErrorKind::BrokenPipe.into());
        let questions = child.stdin.take().ok_or_else(gone)?;
        let answers = child.stdout.take().ok_or_else(gone)?;
        Ok(Self {
            child,
            questions,
            answers: BufReader::new(answers),
        })
    }
}

fn lost(source: std::io::Error) -> DemoError {
    DemoError::Spawn {
        program: "errands.py".to_owned(),
        source,
    }
}

impl Drop for Clerk {
    fn drop(&mut self) {
        // It has nothing to lose, and may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
