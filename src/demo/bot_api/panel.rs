//! The *Break it* panel: actions that whoever composes the rehearsal registers, and facts it shows.

use std::{fmt, sync::Arc};

use futures::future::BoxFuture;
use serde::Serialize;

/// A text in both languages of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Words {
    /// English.
    pub en: String,
    /// Russian.
    pub ru: String,
}

impl Words {
    /// Both at once.
    pub fn new(en: impl Into<String>, ru: impl Into<String>) -> Self {
        Self {
            en: en.into(),
            ru: ru.into(),
        }
    }
}

/// A number, a path or a name, the same in every language.
impl From<String> for Words {
    fn from(text: String) -> Self {
        Self {
            en: text.clone(),
            ru: text,
        }
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// How a fact stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Neither good nor bad.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// Worth a look.
    Warn,
    /// Broken.
    Bad,
}

/// A line of the status box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is about.
    pub label: Words,
    /// How it stands.
    pub value: Words,
    /// The colour of its dot; the words carry the meaning.
    pub tone: Tone,
}

impl Fact {
    /// A fact without a colour.
    pub fn new(label: impl Into<Words>, value: impl Into<Words>) -> Self {
        Self {
            label: label.into(),
            value: value.into(),
            tone: Tone::Plain,
        }
    }

    /// The same with a colour.
    #[must_use]
    pub fn tone(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }
}

type Effect = dyn Fn() -> BoxFuture<'static, Result<Words, Words>> + Send + Sync;

/// A button of the panel.
#[derive(Clone, Serialize)]
pub struct Action {
    /// Names it in the address.
    pub id: String,
    /// On the button.
    pub label: Words,
    /// Below the button: what it does to the patient.
    pub hint: Words,
    /// The heading it stands under.
    pub group: Words,
    #[serde(skip)]
    effect: Arc<Effect>,
}

impl Action {
    /// A button that does `effect` and shows what it says: done, or why not.
    pub fn new<F>(
        id: impl Into<String>,
        label: Words,
        hint: Words,
        effect: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Words, Words>> + Send + 'static,
    {
        Self {
            id: id.into(),
            label,
            hint,
            group: Words::new("Break it", "Сломать"),
            effect: Arc::new(move || Box::pin(effect())),
        }
    }

    /// Puts it under another heading.
    #[must_use]
    pub fn group(mut self, group: Words) -> Self {
        self.group = group;
        self
    }

    pub(super) fn run(&self) -> BoxFuture<'static, Result<Words, Words>> {
        (self.effect)()
    }
}

impl fmt::Debug for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Action")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// What the page shows beside the phone.
#[derive(Debug, Default)]
pub(super) struct Panel {
    actions: Vec<Action>,
    facts: Vec<Fact>,
    /// Raised when the facts change.
    facts_version: u64,
}

impl Panel {
    /// Adds an action, or replaces the one of the same id.
    pub(super) fn add(&mut self, action: Action) {
        match self.actions.iter_mut().find(|a| a.id == action.id) {
            Some(old) => *old = action,
            None => self.actions.push(action),
        }
    }

    pub(super) fn actions(&self) -> Vec<Action> {
        self.actions.clone()
    }

    pub(super) fn action(&self, id: &str) -> Option<Action> {
        self.actions.iter().find(|a| a.id == id).cloned()
    }

    /// Lets go of what the actions hold, which may well be the server itself.
    pub(super) fn clear(&mut self) {
        self.actions.clear();
    }

    /// Says whether anything changed.
    pub(super) fn set_facts(&mut self, facts: Vec<Fact>) -> bool {
        let changed = self.facts != facts;
        if changed {
            self.facts = facts;
            self.facts_version += 1;
        }
        changed
    }

    pub(super) fn facts(&self) -> (u64, Vec<Fact>) {
        (self.facts_version, self.facts.clone())
    }
}
