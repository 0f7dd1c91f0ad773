//! One campaign in the air: from the book to Telegram and back.
//!
//! A person is claimed shortly before his turn and settled shortly after his end, many in one
//! transaction: a fast campaign costs few of them, and a crash leaves few in doubt. Nothing here waits
//! for one thing alone: turns, answers, the book and looks around are taken as they come.

mod landing;

use super::lookout::Lookout;
use super::parcel;
use super::patience::Patience;
use super::speed::Speed;
use super::weather::Weather;
use super::{Ended, SenderParts};
use crate::domain::campaign::Campaign;
use crate::domain::campaign::delivery::Outcome;
use crate::domain::failure::{Failure, FailureCode};
use crate::ports::bot::{Courier, Delivered, Turn};
use crate::ports::campaigns::Claimed;
use crate::ports::journal::StateResult;
use futures::FutureExt;
use futures::future::BoxFuture;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval};
use tokio_util::sync::CancellationToken;

/// Between two looks at what is due.
const TICK: Duration = Duration::from_millis(25);
/// Ends are written no later than this, and people claimed no earlier before their turns. A slow disk
/// stretches the latter.
const BATCH: Duration = Duration::from_millis(50);
/// The book is asked for no more than this before the turns.
const FAR: Duration = Duration::from_millis(250);
/// Whose turn does not come within this stands on *sending* for nothing.
const STALE: Duration = Duration::from_millis(250);
/// Between two tries to write to a state that cannot be written.
const AGAIN: Duration = Duration::from_millis(500);
/// On their way at once, at least and at most; in between as many as a second has turns.
const ALOFT: (usize, usize) = (16, 1000);

/// The reason of a row whose chat alone was refused again and again; beside Telegram's own words, and
/// in their language.
const ALONE: &str = "Too Many Requests: to this chat alone, again and again";

/// An answer.
struct Landed {
    person: i64,
    delivered: Delivered,
    scout: bool,
}

/// What the book wrote.
struct Written {
    ended: Vec<(i64, Outcome)>,
    asked: u32,
    claimed: StateResult<Vec<Claimed>>,
    took: Duration,
}

/// A campaign on its way.
pub(super) struct Flight<'a> {
    parts: &'a SenderParts,
    courier: &'a Arc<dyn Courier>,
    campaign: Arc<Campaign>,
    media: bool,
    /// Claimed, waiting for their turns.
    stock: VecDeque<Claimed>,
    /// A turn that came before its person.
    turn: Option<Turn>,
    asking: Option<BoxFuture<'a, Turn>>,
    aloft: BTreeSet<i64>,
    flying: JoinSet<Landed>,
    /// Known and not yet written.
    ended: Vec<(i64, Outcome)>,
    writing: Option<BoxFuture<'static, Written>>,
    looking: Option<BoxFuture<'static, StateResult<Option<Ended>>>>,
    lookout: Lookout,
    weather: Weather,
    patience: Patience,
    speed: Speed,
    /// Whether turns come; the next one claims only after one did.
    flowing: bool,
    /// The book gave fewer than were asked for.
    dry: bool,
    /// When a turn or a claim last came.
    moved: Instant,
    /// When the book may be written next, and how long it took last.
    book: (Instant, Duration),
    why: Option<Ended>,
}

impl<'a> Flight<'a> {
    pub(super) fn new(
        parts: &'a SenderParts,
        courier: &'a Arc<dyn Courier>,
        campaign: Campaign,
    ) -> Self {
        let now = Instant::now();
        let notice = campaign.task.notice();
        Self {
            parts,
            courier,
            media: notice.is_some_and(|notice| notice.has_media()),
            lookout: Lookout::new(campaign.id, campaign.urgent, now),
            campaign: Arc::new(campaign),
            stock: VecDeque::new(),
            turn: None,
            asking: None,
            aloft: BTreeSet::new(),
            flying: JoinSet::new(),
            ended: Vec::new(),
            writing: None,
            looking: None,
            weather: Weather::default(),
            patience: Patience::default(),
            speed: Speed::new(now),
            flowing: false,
            dry: false,
            moved: now,
            book: (now, Duration::ZERO),
            why: None,
        }
    }

    /// Sends until there is nobody left, or something ends it; everybody claimed has then his end in
    /// the book.
    pub(super) async fn fly(mut self, stop: &CancellationToken) -> Ended {
        let mut tick = interval(TICK);
        let why = loop {
            self.prepare(Instant::now());
            if let Some(why) = self.why.take() {
                break why;
            }
            tokio::select! {
                () = stop.cancelled() => break Ended::Stopped,
                turn = ready(&mut self.asking) => self.granted(turn),
                written = ready(&mut self.writing) => self.written(written),
                Some(landed) = self.flying.join_next() => self.landed(landed.ok()),
                look = ready(&mut self.looking) => self.looked(look),
                _ = tick.tick() => {}
            }
        };
        self.land(why).await
    }

    /// Begins whatever is due.
    fn prepare(&mut self, now: Instant) {
        if self.is_through() {
            self.why.get_or_insert(Ended::Through);
            return;
        }
        if self.moved + STALE < now || !self.weather.lets_go(now) {
            self.give_back();
        }
        if self.writing.is_none() && self.book.0 <= now {
            let wanted = self.wanted(now);
            if wanted > 0 || (!self.ended.is_empty() && self.book.0 + BATCH <= now) {
                self.write(wanted);
            }
        }
        if !self.may_set_out(now) {
            self.asking = None;
        } else if self.asking.is_none() && self.turn.is_none() {
            let courier: &'a dyn Courier = self.courier.as_ref();
            self.asking = Some(courier.turn(self.media, self.campaign.paid));
        }
        let trouble = self.weather.is_worth_telling();
        if self.looking.is_none()
            && let Some(look) = self.lookout.due(trouble, now)
        {
            self.looking = Some(look.take(self.parts.clone()).boxed());
            let rate = self.speed.per_second(now);
            self.parts.rates.set(self.campaign.id, Some(rate));
        }
    }

    fn is_through(&self) -> bool {
        let settled = self.ended.is_empty() && self.writing.is_none();
        self.dry && settled && self.stock.is_empty() && self.flying.is_empty()
    }

    /// Those whose turns do not come are nobody's claim.
    fn give_back(&mut self) {
        self.flowing = false;
        self.turn = None;
        self.dry &= self.stock.is_empty();
        let back = self
            .stock
            .drain(..)
            .map(|one| (one.person, Outcome::Unsent));
        self.ended.extend(back);
    }

    /// How many may be on their way at once.
    fn room(&self) -> usize {
        let limit = if self.weather.is_foul() {
            1
        } else {
            let rate = self.courier.pace().per_second.max(0.0) as usize;
            rate.clamp(ALOFT.0, ALOFT.1)
        };
        limit.saturating_sub(self.flying.len())
    }

    fn may_set_out(&self, now: Instant) -> bool {
        let somebody = !self.stock.is_empty() || !self.dry;
        somebody && self.room() > 0 && self.weather.lets_go(now)
    }

    /// How many to claim now: what goes out until the book has given the next ones.
    fn wanted(&self, now: Instant) -> u32 {
        if self.dry || !self.weather.lets_go(now) {
            return 0;
        }
        let rate = self.courier.pace().per_second.max(0.0);
        let before_turn = self.flowing && rate * STALE.as_secs_f64() >= 2.0;
        if !before_turn && self.turn.is_none() {
            return 0;
        }
        let ahead = (self.book.1 * 2).clamp(BATCH, FAR).as_secs_f64();
        let target = ((rate * ahead) as usize).clamp(1, ALOFT.1);
        if self.stock.len() * 2 > target || self.stock.len() >= target {
            return 0;
        }
        let wanted = (target - self.stock.len()).min(self.room().saturating_sub(self.stock.len()));
        u32::try_from(wanted).unwrap_or(u32::MAX)
    }

    /// Settles and claims in one.
    fn write(&mut self, asked: u32) {
        let campaigns = Arc::clone(&self.parts.campaigns);
        let (id, ended) = (self.campaign.id, std::mem::take(&mut self.ended));
        let begun = Instant::now();
        self.writing = Some(
            async move {
                let claimed = campaigns.settle_and_claim(id, &ended, asked).await;
                Written {
                    ended,
                    asked,
                    claimed,
                    took: begun.elapsed(),
                }
            }
            .boxed(),
        );
    }

    fn written(&mut self, written: Written) {
        let now = Instant::now();
        self.book = (now, written.took);
        match written.claimed {
            Ok(claimed) => {
                let short = claimed.len() < written.asked as usize;
                // Who came back meanwhile is pending only with the next writing.
                self.dry = (self.dry || short) && !self.ended.iter().any(is_unsent);
                if self.stock.is_empty() {
                    self.moved = now;
                }
                self.stock.extend(claimed);
                self.set_out();
            }
            Err(error) => {
                tracing::error!(%error, "ends of notices cannot be written");
                self.ended.extend(written.ended);
                self.book.0 = now + AGAIN;
                self.give_back();
            }
        }
    }

    fn granted(&mut self, turn: Turn) {
        self.flowing = true;
        self.moved = Instant::now();
        self.turn = Some(turn);
        self.set_out();
    }

    /// One person with one turn.
    fn set_out(&mut self) {
        let Some(one) = self.stock.pop_front() else {
            return;
        };
        let Some(turn) = self.turn.take() else {
            self.stock.push_front(one);
            return;
        };
        let (campaign, courier) = (Arc::clone(&self.campaign), Arc::clone(self.courier));
        let scout = self.weather.is_foul();
        self.aloft.insert(one.person);
        self.flying.spawn(async move {
            let person = one.person;
            let delivered = parcel::deliver(&campaign, courier.as_ref(), &one, turn).await;
            Landed {
                person,
                delivered,
                scout,
            }
        });
    }

    fn landed(&mut self, landed: Option<Landed>) {
        // Only what was broken off on purpose gives nothing, and is settled there.
        let Some(mut landed) = landed else { return };
        let now = Instant::now();
        if self.patience.ends(landed.person, &landed.delivered) {
            landed.delivered = Delivered::Refused(ALONE.to_owned());
        }
        self.aloft.remove(&landed.person);
        self.weather.note(&landed.delivered, landed.scout, now);
        if landed.delivered == Delivered::TokenRefused {
            self.why = Some(Ended::Failed(Failure::new(FailureCode::BotTokenRefused)));
        }
        let ended = (landed.person, parcel::outcome(landed.delivered));
        if is_unsent(&ended) {
            self.dry = false;
        } else {
            self.speed.count(now);
        }
        self.ended.push(ended);
    }

    fn looked(&mut self, look: StateResult<Option<Ended>>) {
        match look {
            Ok(None) => {}
            Ok(Some(why)) => self.why = Some(why),
            Err(error) => tracing::error!(%error, "the book of notices cannot be read"),
        }
    }
}

fn is_unsent(ended: &(i64, Outcome)) -> bool {
    matches!(ended.1, Outcome::Unsent | Outcome::PutOff)
}

/// What a work under way gives; waits for ever where there is none.
async fn ready<T>(work: &mut Option<BoxFuture<'_, T>>) -> T {
    let Some(under_way) = work else {
        return std::future::pending().await;
    };
    let done = under_way.await;
    *work = None;
    done
}
