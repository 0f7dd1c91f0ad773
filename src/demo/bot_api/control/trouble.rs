//! Making things go wrong, and the clock go forward.

use std::{sync::Weak, time::Duration};

use super::super::{
    BotApi,
    faults::{Fault, Network, Weather},
    ids::BotId,
    limits::Figures,
    panel::{Action, Fact, Words},
    shared::Shared,
};

/// Calls take this long when Telegram is made slow.
const SLOW: std::ops::Range<Duration> = Duration::from_millis(800)..Duration::from_millis(2500);

impl BotApi {
    /// Changes the way to the server; returns when it is so.
    pub async fn set_network(&self, network: Network) {
        switch(&self.shared, network).await;
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

    /// Puts the switches for Telegram itself on the panel.
    pub fn add_network_actions(&self) {
        // Weak, because the panel belongs to what it would hold.
        let shared = std::sync::Arc::downgrade(&self.shared);
        for action in [
            network_action(&shared, Network::Refused),
            network_action(&shared, Network::Hanging),
            slow_action(&shared),
            network_action(&shared, Network::Up),
        ] {
            self.add_action(action.group(Words::new("Telegram", "Telegram")));
        }
    }
}

async fn switch(shared: &Shared, network: Network) {
    let mut applied = shared.applied.subscribe();
    shared.network.send_replace(network);
    tokio::select! {
        // Without a listener there is nothing to wait for.
        _ = applied.wait_for(|state| *state == network) => {}
        () = shared.stop.cancelled() => {}
    }
    shared.change(|_| ());
}

fn network_action(shared: &Weak<Shared>, network: Network) -> Action {
    let (id, label, hint, done) = match network {
        Network::Refused | Network::Reset => (
            "telegram-off",
            Words::new("Cut Telegram off", "Отключить Telegram"),
            Words::new(
                "The bots' connections are refused. Their messages must wait, and none may be lost.",
                "Ботам отказывают в соединении. Их сообщения ждут, но не теряются.",
            ),
            Words::new("Telegram is out of reach", "Telegram недоступен"),
        ),
        Network::Hanging => (
            "telegram-hang",
            Words::new("Let Telegram hang", "Подвесить Telegram"),
            Words::new(
                "Requests get no answer at all.",
                "Запросы остаются без ответа.",
            ),
            Words::new("Telegram says nothing", "Telegram молчит"),
        ),
        Network::Up => (
            "telegram-on",
            Words::new("Bring Telegram back", "Вернуть Telegram"),
            Words::new(
                "Everything as usual, at full speed.",
                "Всё как обычно и без задержек.",
            ),
            Words::new("Telegram is back", "Telegram снова доступен"),
        ),
    };
    let shared = shared.clone();
    Action::new(id, label, hint, move || {
        let (shared, done) = (shared.clone(), done.clone());
        async move {
            let shared = shared.upgrade().ok_or_else(gone)?;
            if network == Network::Up {
                shared.faults(|f| f.set_weather(Weather::default()));
            }
            switch(&shared, network).await;
            Ok(done)
        }
    })
}

fn slow_action(shared: &Weak<Shared>) -> Action {
    let shared = shared.clone();
    Action::new(
        "telegram-slow",
        Words::new("Make Telegram slow", "Замедлить Telegram"),
        Words::new(
            "Every call takes 0.8 to 2.5 seconds.",
            "Каждый вызов длится 0,8–2,5 секунды.",
        ),
        move || {
            let shared = shared.clone();
            async move {
                let shared = shared.upgrade().ok_or_else(gone)?;
                shared.faults(|f| {
                    f.set_weather(Weather {
                        latency: SLOW,
                        ..Weather::default()
                    })
                });
                Ok(Words::new(
                    "Telegram is slow now",
                    "Telegram теперь медленный",
                ))
            }
        },
    )
}

fn gone() -> Words {
    Words::new("The rehearsal is over", "Репетиция закончилась")
}
