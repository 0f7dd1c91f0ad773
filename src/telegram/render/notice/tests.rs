//! Messages of notices, as they read.

use super::*;
use crate::domain::approval::{Approval, Request, Verdict};
use crate::domain::campaign::audience::{AudienceRule, ListSource, Listed, Who};
use crate::domain::campaign::delivery::{Gone, Tally};
use crate::domain::campaign::message::{
    Entity, EntityKind, LinkButton, Media, MediaKind, Message, Notice, Rich,
};
use crate::domain::campaign::{Origin, Task};
use crate::domain::failure::{Failure, FailureCode};
use crate::ops::Previewed;
use crate::telegram::notice::Wants;
use crate::telegram::render::page::{LIMIT, units};
use crate::telegram::render::sample::{ann, at, bob, policy, texts, view};
use crate::telegram::render::tests::snapshot;
use std::collections::BTreeMap;

/// A card as text; no-break spaces are kept visible.
fn shown(card: &Card) -> String {
    assert!(units(&card.html) <= LIMIT);
    let rows = card.keyboard.iter().map(|row| {
        let labels = row.iter().map(|button| format!("[{}]", button.label));
        labels.collect::<Vec<_>>().join(" ")
    });
    let rows: Vec<_> = rows.collect();
    format!("{}\n{}\n", card.html, rows.join("\n")).replace('\u{a0}', "~")
}

const RULES: NoticeRules = NoticeRules {
    rate: 25,
    paid: false,
    limit: 1000,
    enabled: true,
};

fn notice() -> Notice {
    let russian = Message {
        text: Rich {
            text: "Сегодня ночью <b>работы</b> 😀\nСпасибо за терпение!".into(),
            entities: vec![Entity {
                kind: EntityKind::Bold,
                offset: 0,
                length: 7,
            }],
        },
        media: Some(Media {
            kind: MediaKind::Photo,
            content: "0".repeat(64),
            name: None,
            mime: None,
            bytes: 345_678,
        }),
        button: None,
    };
    let english = Message {
        button: Some(LinkButton {
            label: "News".into(),
            url: "https://example.org/news".into(),
        }),
        ..Message::plain("Maintenance tonight. ".repeat(20))
    };
    Notice {
        fallback: "ru".into(),
        messages: BTreeMap::from([("ru".into(), russian), ("en".into(), english)]),
    }
}

fn campaign(task: Task, phase: Phase) -> Campaign {
    Campaign {
        id: CampaignId(7),
        revision: 3,
        task,
        audience: AudienceRule {
            who: Who::Active { days: 30 },
            language: None,
            spare_hours: Some(24),
        },
        listed: Some(Listed {
            count: 48_120,
            source: ListSource::Database,
            as_of: at("00:59:00"),
            blocked: 1_203,
            spared: 12,
            unknown: 0,
        }),
        urgent: true,
        paid: false,
        requester: ann(),
        origin: Origin::Chat { chat: 1 },
        phase,
        failure: None,
        approval: None,
        created_at: at("00:58:00"),
        approved_at: None,
        begun_at: None,
        ended_at: None,
    }
}

fn written() -> Campaign {
    campaign(Task::Send { notice: notice() }, Phase::Draft)
}

fn approval() -> Approval {
    Approval::asked(Request {
        id: "request-1".parse().unwrap(),
        gate: "notice".parse().unwrap(),
        plan: "p".into(),
        facts: "p".into(),
        requester: ann(),
        asked_at: at("01:00:00"),
        expires_at: at("01:10:00"),
        required: 1,
        word: "amber".into(),
        loss: None,
    })
}

fn asked() -> Campaign {
    Campaign {
        phase: Phase::Asked,
        approval: Some(approval()),
        ..written()
    }
}

fn decided(verdict: Verdict, phase: Phase) -> Campaign {
    let mut campaign = Campaign { phase, ..asked() };
    let approval = campaign.approval.as_mut().unwrap();
    if matches!(verdict, Verdict::Granted { .. }) {
        approval.approved_by.push((bob(), at("01:02:00")));
    }
    approval.verdict = Some(verdict);
    campaign
}

fn out(phase: Phase) -> Progress {
    let granted = Verdict::Granted { at: at("01:02:00") };
    Progress {
        campaign: Campaign {
            approved_at: Some(at("01:02:00")),
            begun_at: Some(at("01:02:01")),
            ended_at: phase.is_over().then(|| at("01:34:20")),
            ..decided(granted, phase)
        },
        tally: Tally {
            pending: if phase == Phase::Done { 0 } else { 28_100 },
            sending: if phase == Phase::Done { 0 } else { 20 },
            sent: if phase == Phase::Done { 47_100 } else { 19_300 },
            ambiguous: 8,
            blocked: if phase == Phase::Done { 1_000 } else { 690 },
            failed: if phase == Phase::Done { 12 } else { 2 },
        },
        rate: (phase == Phase::Sending).then_some(24.93),
    }
}

fn still(campaign: Campaign) -> Progress {
    Progress {
        campaign,
        tally: Tally::default(),
        rate: None,
    }
}

macro_rules! both {
    ($name:literal, |$view:ident| $card:expr) => {
        let i18n = texts();
        let all = crate::i18n::Locale::ALL.iter().map(|locale| {
            let $view = &view(&i18n, *locale, "01:03:00");
            shown(&$card)
        });
        snapshot!($name, all.collect::<Vec<_>>().join("----\n"));
    };
}

#[test]
fn a_draft() {
    both!("notice_draft", |view| card(view, &still(written()), RULES));
}

#[test]
fn a_draft_that_nothing_is_written_in() {
    let mut empty = written();
    empty.task = Task::Send {
        notice: Notice {
            fallback: "ru".into(),
            messages: BTreeMap::new(),
        },
    };
    empty.listed = None;
    empty.urgent = false;
    empty.audience = AudienceRule::default();
    both!("notice_empty", |view| card(
        view,
        &still(empty.clone()),
        RULES
    ));
}

#[test]
fn a_draft_that_is_too_long_for_the_own_copy_of_the_list() {
    let mut long = written();
    if let Task::Send { notice } = &mut long.task {
        notice.messages.get_mut("ru").unwrap().text.text = "я".repeat(1100);
    }
    let listed = long.listed.as_mut().unwrap();
    listed.source = ListSource::OwnCopy;
    listed.as_of = at("00:05:00");
    both!("notice_too_long", |view| card(
        view,
        &still(long.clone()),
        RULES
    ));
}

#[test]
fn what_waits_for_approval() {
    both!("notice_asked", |view| card(view, &still(asked()), RULES));
}

#[test]
fn what_came_to_nothing() {
    let denied = Verdict::Denied {
        by: bob(),
        at: at("01:02:00"),
    };
    let denied = decided(denied, Phase::Dropped);
    both!("notice_denied", |view| card(
        view,
        &still(denied.clone()),
        RULES
    ));
}

#[test]
fn the_choice_of_people() {
    both!("notice_audience", |view| audience(view, &written()));
}

#[test]
fn the_ready_ones() {
    both!("notice_ready", |view| ready_list(view, CampaignId(7)));
}

#[test]
fn questions_and_what_comes_back() {
    let text = Wants::Text {
        language: "en".into(),
    };
    let blanks = Wants::Blanks {
        word: "maintenance".into(),
    };
    let wants = [
        text,
        Wants::Language,
        Wants::Button,
        blanks,
        Wants::Audience,
        Wants::Ids,
    ];
    let previews = [
        Previewed::Arrived(2),
        Previewed::NotStarted,
        Previewed::Refused("Bad Request: <x>".into()),
        Previewed::NotNow("no connection".into()),
    ];
    let i18n = texts();
    let mut all = Vec::new();
    for locale in crate::i18n::Locale::ALL {
        let view = &view(&i18n, *locale, "01:03:00");
        all.extend(
            wants
                .iter()
                .map(|wants| shown(&question(view, &written(), wants))),
        );
        let each = previews.iter();
        all.extend(each.map(|it| shown(&previewed(view, CampaignId(7), it))));
        let said = notice();
        all.push(taken(view, "en", said.messages.get("en")));
        let listed = AudienceRule {
            who: Who::Listed {
                content: "0".repeat(64),
                count: 3,
            },
            ..AudienceRule::default()
        };
        all.push(addressed(view, &listed, 2));
    }
    snapshot!("notice_questions", all.join("----\n"));
}

#[test]
fn the_request() {
    let mut paid = asked();
    paid.paid = true;
    both!("notice_request", |view| request(
        view,
        &paid,
        &"request-1".parse().unwrap(),
        (&policy(), RULES)
    ));
}

#[test]
fn the_request_of_a_deletion_to_few() {
    let mut few = asked();
    few.task = Task::Delete { of: CampaignId(3) };
    few.audience.who = Who::Reached;
    few.audience.spare_hours = None;
    few.listed = Some(Listed {
        count: 1,
        source: ListSource::Campaign,
        as_of: at("00:59:00"),
        blocked: 0,
        spared: 0,
        unknown: 0,
    });
    both!("notice_request_delete", |view| request(
        view,
        &few,
        &"request-1".parse().unwrap(),
        (&policy(), RULES)
    ));
}

#[test]
fn requests_that_are_settled() {
    let request_id = "request-1".parse().unwrap();
    let granted = decided(Verdict::Granted { at: at("01:02:00") }, Phase::Ready);
    let voided = decided(Verdict::Voided { at: at("01:02:00") }, Phase::Draft);
    let expired = decided(Verdict::Expired { at: at("01:10:00") }, Phase::Dropped);
    let i18n = texts();
    let mut all = Vec::new();
    for locale in crate::i18n::Locale::ALL {
        let view = &view(&i18n, *locale, "01:03:00");
        for campaign in [&granted, &voided, &expired] {
            all.push(shown(&request(
                view,
                campaign,
                &request_id,
                (&policy(), RULES),
            )));
        }
        let other = "request-0".parse().unwrap();
        all.push(shown(&request(view, &granted, &other, (&policy(), RULES))));
    }
    snapshot!("notice_settled", all.join("----\n"));
}

#[test]
fn one_that_goes_out() {
    both!("notice_sending", |view| card(
        view,
        &out(Phase::Sending),
        RULES
    ));
}

#[test]
fn one_that_a_failure_stopped() {
    let mut stopped = out(Phase::Paused);
    stopped.campaign.failure = Some(Failure::new(FailureCode::BotTokenRefused));
    both!("notice_paused", |view| card(view, &stopped, RULES));
}

#[test]
fn one_that_waits_for_its_turn() {
    let waiting = Progress {
        tally: Tally {
            pending: 48_120,
            ..Tally::default()
        },
        ..out(Phase::Ready)
    };
    both!("notice_ready_to_go", |view| card(view, &waiting, RULES));
}

#[test]
fn the_report_and_its_questions() {
    let done = out(Phase::Done);
    let gone = [(Gone::Blocked, 900), (Gone::Deactivated, 100)];
    let i18n = texts();
    let mut all = Vec::new();
    for locale in crate::i18n::Locale::ALL {
        let view = &view(&i18n, *locale, "01:40:00");
        all.push(shown(&report(view, &done, &gone)));
        all.push(shown(&report(view, &out(Phase::Aborted), &[])));
        let acts = [
            Act::Repeat { sure: false },
            Act::Mark { sure: false },
            Act::Abort { sure: false },
        ];
        all.extend(
            acts.iter()
                .map(|act| shown(&sure(view, &out(Phase::Sending), act))),
        );
        all.push(shown(&list(view, &[out(Phase::Sending), still(written())])));
        all.push(shown(&list(view, &[])));
    }
    snapshot!("notice_report", all.join("----\n"));
}
