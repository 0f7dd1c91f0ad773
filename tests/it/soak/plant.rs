//! Bugs that are planted around the engine, to see that the soak finds such.

use super::house::House;
use super::play::Play;
use rusqlite::Connection;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plant {
    /// What is sent arrives twice.
    DoubleEffect,
    /// The last line about the run is none about it any more.
    LostLine,
    /// One approval too few is asked for.
    WrongQuorum,
    /// Nobody ever holds the database.
    BlindToHolders,
}

impl Plant {
    pub fn into_house(self, house: &mut House) {
        match self {
            Self::DoubleEffect => house.town.log().double = true,
            Self::WrongQuorum => {
                house.policy.required = house.policy.required.saturating_sub(1).max(1)
            }
            Self::BlindToHolders => house.town.log().blind = true,
            Self::LostLine => {}
        }
    }

    /// What can only be done at the end.
    pub fn at_the_end(self, play: &Play) {
        if self == Self::LostLine {
            let db = Connection::open(play.house.ground.state().join("state.db")).unwrap();
            db.execute_batch(
                "DROP TRIGGER audit_never_deleted; DROP TRIGGER audit_never_updated;
                 UPDATE audit SET run = NULL WHERE seq = (SELECT max(seq) FROM audit WHERE run = 1);",
            )
            .unwrap();
        }
    }
}
