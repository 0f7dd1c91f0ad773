//! A configured command line with a blank for the unit.

use crate::domain::unit::UnitName;
use std::str::FromStr;

const BLANK: &str = "{unit}";

/// Why a text cannot be a unit command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidCommand {
    /// Nothing to run.
    #[error("the command is empty")]
    Empty,
    /// A quote is not closed, or the text ends in a backslash.
    #[error("the command `{0}` has a quote that is not closed")]
    Quotes(String),
    /// Every unit would get the same command.
    #[error("the command `{0}` has no {BLANK} among its arguments")]
    NoUnit(String),
}

/// Program and arguments. They are split once, as a shell would split them, and never see a shell:
/// a unit's name stays one argument whatever it holds.
#[derive(Debug, Clone)]
pub(super) struct Template {
    program: String,
    arguments: Vec<String>,
}

impl FromStr for Template {
    type Err = InvalidCommand;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let words = shlex::split(text).ok_or_else(|| InvalidCommand::Quotes(text.to_owned()))?;
        let (program, arguments) = words.split_first().ok_or(InvalidCommand::Empty)?;
        if !arguments.iter().any(|argument| argument.contains(BLANK)) {
            return Err(InvalidCommand::NoUnit(text.to_owned()));
        }
        Ok(Self {
            program: program.clone(),
            arguments: arguments.to_vec(),
        })
    }
}

impl Template {
    pub(super) fn program(&self) -> &str {
        &self.program
    }

    /// The command for one unit, program first.
    pub(super) fn fill(&self, unit: &UnitName) -> Vec<String> {
        let arguments = self
            .arguments
            .iter()
            .map(|argument| argument.replace(BLANK, unit.as_str()));
        std::iter::once(self.program.clone())
            .chain(arguments)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_an_argument_together() {
        let template: Template = "docker compose -f '/srv/my bot/compose.yml' start {unit}"
            .parse()
            .unwrap();
        let unit = "rei_bot".parse().unwrap();
        assert_eq!(
            template.fill(&unit),
            [
                "docker",
                "compose",
                "-f",
                "/srv/my bot/compose.yml",
                "start",
                "rei_bot"
            ]
        );
    }

    #[test]
    fn nothing_in_a_command_reaches_a_shell() {
        let template: Template = "run {unit} ; $(reboot) > /dev/null".parse().unwrap();
        let unit = "rei_bot".parse().unwrap();
        assert_eq!(
            template.fill(&unit)[1..],
            ["rei_bot", ";", "$(reboot)", ">", "/dev/null"]
        );
    }

    #[test]
    fn a_command_that_cannot_work_is_refused() {
        let read = |text: &str| text.parse::<Template>().map(|_| ()).unwrap_err();
        assert_eq!(read("  "), InvalidCommand::Empty);
        assert_eq!(
            read("a 'b {unit}"),
            InvalidCommand::Quotes("a 'b {unit}".into())
        );
        assert_eq!(read("reboot"), InvalidCommand::NoUnit("reboot".into()));
        assert_eq!(read("{unit} x"), InvalidCommand::NoUnit("{unit} x".into()));
    }
}
