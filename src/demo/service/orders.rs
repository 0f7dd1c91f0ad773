//! Putting jobs into the queue through RQ itself: a Python process that takes ids, one a line.

use crate::demo::error::{DemoError, DemoResult};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// Starts Python with the first order; it ends when its input does.
#[derive(Debug)]
pub(in crate::demo) struct Orders {
    home: PathBuf,
    clerk: Option<Clerk>,
}

#[derive(Debug)]
struct Clerk {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Orders {
    pub(in crate::demo) fn new(home: &Path) -> Self {
        Self {
            home: home.to_owned(),
            clerk: None,
        }
    }

    /// Enqueues the job of a row; the error is RQ's own word, or why there is none. Blocking.
    pub(in crate::demo) fn place(&mut self, job: &str) -> Result<(), String> {
        let answer = self.ask(job).map_err(|error| {
            // The next order finds a new one.
            self.clerk = None;
            error.to_string()
        })?;
        match answer.trim() {
            "ok" => Ok(()),
            "" => {
                self.clerk = None;
                Err("orders.py ended".to_owned())
            }
            refused => Err(refused.to_owned()),
        }
    }

    fn ask(&mut self, job: &str) -> DemoResult<String> {
        let clerk = match &mut self.clerk {
            Some(clerk) => clerk,
            none => none.insert(Clerk::start(&self.home)?),
        };
        let mut talk = || {
            writeln!(clerk.questions, "{job}")?;
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
        command.arg(home.join("orders.py"));
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
        program: "orders.py".to_owned(),
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
