//! Making things go wrong, and the clock go forward.

use std::time::Duration;

use super::super::{
    BotApi,
    faults::{Fault, Network, Weather},
    ids::BotId,
    limits::Figures,
    panel::{Action, Fact},
};

impl BotApi {
    /// Changes the way to the server; returns when it is so.
    pub async fn set_network(&self, network: Network) {
        let mut applied = self.shared.applied.subscribe();
        self.shared.network.send_replace(network);
        tokio::select! {
            // Without a listener there is nothing to wait for.
            _ = applied.wait_for(|state| *state == network) => {}
            () = self.shared.stop.cancelled() => {}
        }
    }

    /// How the network is now.
    pub fn network(&self) -> Network {
        *self.shared.network.borrow()
    }

    /// How often things go wrong by themselves from now on.
    pub fn set_weather(&self, weather: Weather) {
        self.shared.faults(|f| f.set_weather(weather));
    }

    /// The next call of `method` (`*` for any) meets `fault`; several wait in line.
    pub fn fail_next(&self, method: &str, fault: Fault) {
        self.shared.faults(|f| f.plan(method, fault));
    }

    /// Faults planned that no call has met; a test ends with none.
    pub fn planned_faults(&self) -> usize {
        self.shared.faults(|f| f.planned())
    }

    /// Limits every token from now on, or none.
    pub fn limit(&self, figures: Option<Figures>) {
        self.shared.limiter(|l| l.set(figures));
    }

    /// Stalls a token, as if another copy of the bot had been too fast.
    pub fn stall(&self, bot: BotId, span: Duration) {
        let until = self.shared.clock.elapsed() + span;
        self.shared.limiter(|l| l.stall(bot, until));
    }

    /// Sets the server's clock forward: dates, limits and the life of presses go by it.
    pub fn advance(&self, by: Duration) {
        self.shared.clock.advance(by);
        self.shared.change(|_| ());
    }

    /// How long a press can be answered.
    pub fn set_query_life(&self, life: Duration) {
        self.shared.change(|world| world.query_life = life);
    }

    /// Adds a button to the panel beside the phone, or replaces the one of the same id.
    pub fn add_action(&self, action: Action) {
        self.shared.panel(|p| p.add(action));
        self.shared.change(|_| ());
    }

    /// Shows these facts beside the phone.
    pub fn set_facts(&self, facts: Vec<Fact>) {
        if self.shared.panel(|p| p.set_facts(facts)) {
            self.shared.change(|_| ());
        }
    }
}
