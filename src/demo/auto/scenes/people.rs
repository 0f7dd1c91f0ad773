//! What REI's users see: one of them is watched.

use crate::demo::auto::proof::{Check, check_of};
use crate::demo::bot_api::Place;
use crate::demo::error::DemoResult;
use crate::demo::patient::balances_hold;
use crate::demo::world::{World, blocking};

/// Messages that Вера has got from REI.
pub(super) fn told(world: &World) -> Vec<String> {
    let place = Place::private(world.cast.rei_bot, world.cast.user);
    let messages = world.api.messages(place);
    let of_rei = messages
        .iter()
        .filter(|message| message.is_from_bot(world.cast.rei_bot));
    of_rei.map(|message| message.text().to_owned()).collect()
}

/// So many different notices, and none twice.
pub(super) fn told_once(world: &World, notices: usize) -> Check {
    let told = told(world);
    let mut different = told.clone();
    different.sort();
    different.dedup();
    let holds = told.len() == notices && different.len() == notices;
    check_of(
        "users were told once, in their language",
        holds && told.iter().all(|text| text.chars().any(is_cyrillic)),
        format!("Вера got {} messages of {notices}", told.len()),
    )
}

fn is_cyrillic(letter: char) -> bool {
    ('\u{400}'..='\u{4ff}').contains(&letter)
}

/// Whether each balance is the sum of its ledger.
pub(super) async fn balances(world: &World) -> DemoResult<Check> {
    let database = world.patient.database();
    let holds = blocking(move || balances_hold(&database)).await?;
    let seen = if holds { "yes" } else { "no" };
    Ok(check_of(
        "each balance is the sum of its ledger",
        holds,
        seen,
    ))
}
