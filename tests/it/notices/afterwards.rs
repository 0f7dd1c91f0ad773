//! What can be done with a notice once it is out, pressed in the chat of the real program.

use rei_recovery::demo::bot_api::{Message, PersonId, Place};
use rei_recovery::demo::world::{World, WorldOptions};
use rusqlite::Connection;
use std::fmt::Display;
use std::time::Duration;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rei-recovery");
const PATIENCE: Duration = Duration::from_secs(90);

fn good<T>(result: Result<T, impl Display>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

struct Team {
    world: World,
    anna: Place,
}

impl Team {
    async fn begin() -> Self {
        let world = good(World::build(WorldOptions::new(PROGRAM)).await);
        let anna = world.cast.private(world.cast.anna);
        Self { world, anna }
    }

    /// The newest message there that begins so.
    async fn see(&self, place: Place, begins: &str) -> Message {
        let found = self
            .world
            .api
            .wait_for_message(place, begins, PATIENCE, |message| {
                message.text().starts_with(begins)
            });
        match found.await {
            Ok(found) => found,
            Err(error) => panic!("{error}\n{}", self.world.bot_log_tail()),
        }
    }

    /// The first message after this one that begins so.
    async fn after(&self, message: &Message, begins: &str) {
        let place = message.place;
        let found = self
            .world
            .api
            .wait_for_message(place, begins, PATIENCE, |later| {
                later.id > message.id && later.text().starts_with(begins)
            });
        good(found.await);
    }

    fn press(&self, who: PersonId, on: &Message, label: &str) {
        good(self.world.api.press(who, on.place, on.id, label));
    }

    fn say(&self, text: &str) {
        let anna = self.world.cast.anna;
        good(self.world.api.send_text(anna, self.anna, text));
    }

    /// Boris lets it go, and it is through.
    async fn approved(&self, number: &str) -> Message {
        let team = self.world.cast.team;
        let words = ["notice", "correction", "deletion"];
        let asks = self
            .world
            .api
            .wait_for_message(team, "the request", PATIENCE, |message| {
                let first = message.text().lines().next().unwrap_or_default();
                first.starts_with("Approval needed")
                    && first.contains(number)
                    && words.iter().any(|word| first.contains(word))
            });
        let asks = good(asks.await);
        self.press(self.world.cast.boris, &asks, "Approve");
        self.see(team, &format!("Report {number}")).await
    }

    /// What REI's bot says to this person now.
    fn reads(&self, person: PersonId) -> Vec<String> {
        let place = Place::private(self.world.cast.rei_bot, person);
        let messages = self.world.api.messages(place).into_iter();
        let of_rei = messages.filter(|it| it.is_from_bot(self.world.cast.rei_bot) && !it.deleted);
        of_rei.map(|message| message.text().to_owned()).collect()
    }

    fn is_blocked(&self, person: PersonId) -> bool {
        let db = Connection::open(self.world.patient.database()).unwrap();
        db.query_row(
            "SELECT is_blocked FROM users WHERE id = ?1",
            [person.0.cast_signed()],
            |row| row.get(0),
        )
        .unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notice_is_corrected_its_unreachable_are_told_to_rei_and_it_is_taken_away() {
    let team = Team::begin().await;
    let cast = &team.world.cast;
    let (anna, boris, vera, group) = (cast.anna, cast.boris, cast.user, cast.team);
    good(team.world.api.set_blocked(boris, cast.rei_bot, true));

    team.say("/broadcast");
    let draft = team.see(team.anna, "Notice N-1").await;
    team.press(anna, &draft, "Text: Russian");
    team.see(team.anna, "Send the text in Russian").await;
    team.say("Hello, <b>all</b> & 🎉");
    team.see(team.anna, "Taken as the text").await;
    team.press(anna, &draft, "Audience");
    let asks = team
        .world
        .api
        .wait_for_message(team.anna, "whom", PATIENCE, |message| {
            message.text().starts_with("For whom?")
        });
    let asks = good(asks.await);
    team.press(anna, &asks, "List of ids");
    team.see(team.anna, "Send a .txt or .csv").await;
    team.say(&format!("{}\n{}", vera.0, boris.0));
    team.see(team.anna, "For: the 2 ids").await;
    let draft = team.see(team.anna, "Notice N-1").await;
    team.press(anna, &draft, "Send");
    // The request is Anna's; Boris may approve although he blocked REI's own bot.
    let report = team.approved("N-1").await;
    assert!(report.text().contains("1 sent"), "{}", report.text());
    assert_eq!(team.reads(vera), ["Hello, <b>all</b> & 🎉"]);

    team.press(anna, &report, "Tell REI: 1 unreachable");
    let sure = team
        .world
        .api
        .wait_for_message(group, "the question", PATIENCE, |message| {
            message
                .buttons()
                .any(|button| button.text == "Yes, write it")
        });
    let sure = good(sure.await);
    assert!(!team.is_blocked(boris));
    team.press(anna, &sure, "Yes, write it");
    let marked = || Ok(team.is_blocked(boris).then_some(()));
    good(team.world.until("the mark", PATIENCE, marked).await);
    assert!(!team.is_blocked(vera));

    team.press(anna, &report, "Correct");
    let draft = team.see(team.anna, "N-2").await;
    team.press(anna, &draft, "Text: Russian");
    team.after(&draft, "Send the text in Russian").await;
    team.say("Hello again");
    let rewritten = team
        .world
        .api
        .wait_for_message(team.anna, "the card", PATIENCE, |message| {
            message.text().starts_with("N-2") && message.text().contains("Hello again")
        });
    team.press(anna, &good(rewritten.await), "Send");
    let corrected = team.approved("N-2").await;
    assert!(corrected.text().contains("1 sent"), "{}", corrected.text());
    assert_eq!(
        team.reads(vera),
        ["Hello again"],
        "the same message, changed"
    );

    team.press(anna, &report, "Delete");
    let draft = team.see(team.anna, "N-3").await;
    team.press(anna, &draft, "Send");
    team.approved("N-3").await;
    assert!(team.reads(vera).is_empty());
    team.world.close().await;
}
