//! Who does something: a person in Telegram, a person at the console, or the program itself.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The one who caused an event, as the audit trail names him.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// Where he came from.
    pub kind: ActorKind,
    /// Telegram user id, or the uid at the console; 0 for the program.
    pub id: i64,
    /// As shown to people; never used to decide anything.
    pub name: String,
}

/// The ways into the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// A Telegram user, told by his numeric id.
    Telegram,
    /// Root or the service's own user at a terminal.
    Console,
    /// The worker, the scheduler, the monitor.
    System,
}

impl Actor {
    /// The program itself.
    #[must_use]
    pub fn system() -> Self {
        Self {
            kind: ActorKind::System,
            id: 0,
            name: "rei-recovery".to_owned(),
        }
    }

    /// A Telegram user.
    #[must_use]
    pub fn telegram(id: i64, name: impl Into<String>) -> Self {
        Self {
            kind: ActorKind::Telegram,
            id,
            name: name.into(),
        }
    }

    /// A person at the console.
    #[must_use]
    pub fn console(uid: i64, name: impl Into<String>) -> Self {
        Self {
            kind: ActorKind::Console,
            id: uid,
            name: name.into(),
        }
    }

    /// Whether both are the same person. Names do not count: they can be changed at will.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        self.kind == other.kind && self.id == other.id
    }
}

/// Who may do what. An empty list denies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// `ADMIN_IDS`: may request.
    pub admins: BTreeSet<i64>,
    /// `APPROVER_IDS`: may approve.
    pub approvers: BTreeSet<i64>,
}

impl Access {
    /// May ask for a recovery. The console's right was proved by the operating system.
    #[must_use]
    pub fn may_request(&self, actor: &Actor) -> bool {
        match actor.kind {
            ActorKind::Telegram => self.admins.contains(&actor.id),
            ActorKind::Console | ActorKind::System => true,
        }
    }

    /// May approve a gate.
    #[must_use]
    pub fn may_approve(&self, actor: &Actor) -> bool {
        match actor.kind {
            ActorKind::Telegram => self.approvers.contains(&actor.id),
            ActorKind::Console => true,
            ActorKind::System => false,
        }
    }

    /// Knows this person at all.
    #[must_use]
    pub fn knows(&self, actor: &Actor) -> bool {
        self.may_request(actor) || self.may_approve(actor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_denies() {
        let nobody = Access::default();
        assert!(!nobody.may_request(&Actor::telegram(1, "a")));
        assert!(!nobody.may_approve(&Actor::telegram(1, "a")));
    }

    #[test]
    fn the_program_never_approves_itself() {
        assert!(!Access::default().may_approve(&Actor::system()));
    }
}
