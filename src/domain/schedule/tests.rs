use super::*;

fn schedule(text: &str, zone: &str) -> Schedule {
    Schedule::parse(text, TimeZone::get(zone).unwrap()).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const LOOKS: SignedDuration = SignedDuration::from_hours(4);

/// All that is due of somebody who looks now and then, but not while the machine is off.
fn seen(
    schedule: &Schedule,
    (from, to): (Timestamp, Timestamp),
    off: &[(Timestamp, Timestamp)],
) -> Vec<(Timestamp, Due)> {
    let (mut now, mut kept, mut all) = (from, None, Vec::new());
    while now < to {
        let is_off = off.iter().any(|(from, to)| (*from..*to).contains(&now));
        if !is_off {
            let (next, due) = answer(schedule, kept.as_ref(), now);
            kept = Some(next);
            all.extend(due.map(|due| (now, due)));
        }
        now += LOOKS;
    }
    all
}

/// Moments of a schedule, by asking for one after the other.
fn all(schedule: &Schedule, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
    let next = |at: &Timestamp| schedule.after(*at);
    std::iter::successors(schedule.after(from), next)
        .take_while(|at| *at < to)
        .collect()
}

#[test]
fn weekdays_count_as_cron_counts_them() {
    let sunday = at("2026-11-29T02:00:00Z");
    for text in ["0 2 * * SUN", "0 2 * * 0", "0 2 * * 7", " 0  2 * * sun "] {
        let next = schedule(text, "UTC").after(at("2026-11-23T00:00:00Z"));
        assert_eq!(next, Some(sunday), "{text}");
    }
    // Either the day or the weekday.
    let either = schedule("0 0 13 * FRI", "UTC");
    assert_eq!(
        all(
            &either,
            at("2026-11-01T00:00:00Z"),
            at("2026-11-15T00:00:00Z")
        )
        .len(),
        2
    );
}

#[test]
fn what_is_none_is_said() {
    for bad in [
        "",
        "0 2 * *",
        "0 2 * * SUN 2027",
        "61 2 * * *",
        "0 0 2 * * *",
        "often",
    ] {
        let read = Schedule::parse(bad, TimeZone::UTC);
        assert!(
            matches!(read, Err(InvalidSchedule::Form(_))),
            "{bad}: {read:?}"
        );
    }
    let never = Schedule::parse("0 0 30 2 *", TimeZone::UTC);
    assert_eq!(never.unwrap_err(), InvalidSchedule::Never);
    assert!(Schedule::parse("0 0 29 2 *", TimeZone::UTC).is_ok());
}

#[test]
fn the_hour_that_is_left_out_and_the_hour_that_comes_twice() {
    let berlin = |text| schedule(text, "Europe/Berlin");
    let spring = (at("2026-03-28T12:00:00Z"), at("2026-03-29T12:00:00Z"));
    let autumn = (at("2026-10-24T12:00:00Z"), at("2026-10-25T12:00:00Z"));
    // 02:30 does not exist on the 29th of March: it is due at 03:00, which is 01:00 UTC.
    let half_past = all(&berlin("30 2 * * *"), spring.0, spring.1);
    assert_eq!(half_past, [at("2026-03-29T01:00:00Z")]);
    // 02:30 comes twice on the 25th of October.
    assert_eq!(all(&berlin("30 2 * * *"), autumn.0, autumn.1).len(), 1);
    // Each hour of a day of 23 and of one of 25 hours.
    let hourly = berlin("0 * * * *");
    for (from, to) in [spring, autumn] {
        let found = all(&hourly, from, to);
        let gaps = found.windows(2).map(|pair| pair[1].duration_since(pair[0]));
        assert!(
            gaps.into_iter()
                .all(|gap| gap == SignedDuration::from_hours(1))
        );
        assert_eq!(found.len(), 23);
    }
}

#[test]
fn a_new_or_changed_schedule_has_missed_nothing() {
    let weekly = schedule("0 2 * * SUN", "UTC");
    let now = at("2026-11-23T10:00:00Z");
    let (kept, due) = answer(&weekly, None, now);
    assert_eq!((kept.until, due), (now, None));
    let later = at("2027-01-05T00:00:00Z");
    let (kept, due) = answer(&schedule("0 3 * * SUN", "UTC"), Some(&kept), later);
    assert_eq!((kept.until, due), (later, None));
    // The same in another zone is another one.
    let (_, due) = answer(
        &schedule("0 3 * * SUN", "Asia/Almaty"),
        Some(&kept),
        at("2027-03-01T00:00:00Z"),
    );
    assert_eq!(due, None);
}

#[test]
fn a_clock_that_was_wrong_stops_nothing() {
    let weekly = schedule("0 2 * * SUN", "UTC");
    let ahead = Kept::new(weekly.to_string(), at("2036-01-06T02:00:00Z"));
    let now = at("2026-11-28T00:00:00Z");
    let (kept, due) = answer(&weekly, Some(&ahead), now);
    assert_eq!((kept.until, due), (ahead.until, None));
    // It stays so: then the clock is right, and that moment was not.
    let now = at("2026-11-28T01:00:00Z");
    let (kept, due) = answer(&weekly, Some(&kept), now);
    assert_eq!((kept.until, due), (now, None));
    let (_, due) = answer(&weekly, Some(&kept), at("2026-11-29T02:00:30Z"));
    assert_eq!(due.unwrap().at, at("2026-11-29T02:00:00Z"));
}

#[test]
fn a_clock_that_starts_long_ago_does_nothing_twice() {
    let weekly = schedule("0 2 * * SUN", "UTC");
    let answered = Kept::new(weekly.to_string(), at("2026-11-29T02:00:00Z"));
    let mut kept = answered.clone();
    for minute in [
        "2020-01-01T00:00:00Z",
        "2020-01-01T00:59:00Z",
        "2026-11-29T02:10:00Z",
    ] {
        let (next, due) = answer(&weekly, Some(&kept), at(minute));
        assert_eq!((next.until, due), (answered.until, None), "{minute}");
        kept = next;
    }
    assert_eq!(kept, answered);
}

#[test]
fn what_was_missed_often_is_one_and_costs_little() {
    let often = schedule("* * * * *", "UTC");
    let kept = Kept::new(often.to_string(), at("2016-01-01T00:00:00Z"));
    let (_, due) = answer(&often, Some(&kept), at("2026-01-01T00:00:00Z"));
    assert_eq!(due.unwrap().missed, COUNTED);
}

/// 2028: a leap year, with both changes of the clock. The machine is off on two Sundays, once over a
/// quarter's first day; otherwise somebody looks every four hours.
#[test]
fn a_year_with_two_sundays_off() {
    let year = (at("2027-12-31T12:00:00Z"), at("2028-12-31T12:00:01Z"));
    let off = [
        (at("2028-02-26T00:00:00Z"), at("2028-02-28T07:30:00Z")),
        (at("2028-06-30T00:00:00Z"), at("2028-07-03T09:00:00Z")),
    ];
    for zone in [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
    ] {
        let weekly = schedule("0 2 * * SUN", zone);
        let found = seen(&weekly, year, &off);
        let moments = all(&weekly, year.0, year.1);
        assert_eq!(moments.len(), 53, "{zone}");
        let answered: Vec<_> = found.iter().map(|(_, due)| due.at).collect();
        assert_eq!(answered, moments, "{zone}: each once, in order");
        assert!(found.iter().all(|(_, due)| due.missed == 0));
        let late = |(now, due): &&(Timestamp, Due)| now.duration_since(due.at) > LOOKS;
        let late: Vec<_> = found.iter().filter(late).map(|(now, _)| *now).collect();
        assert_eq!(
            late,
            [at("2028-02-28T08:00:00Z"), at("2028-07-03T12:00:00Z")]
        );
        let drills = seen(&schedule("0 10 1 1,4,7,10 *", zone), year, &off);
        assert_eq!(drills.len(), 4, "{zone}");
    }
    let leap = seen(&schedule("0 2 29 2 *", "Europe/Berlin"), year, &off);
    assert_eq!(leap.len(), 1);
    let hourly = schedule("0 * * * *", "Europe/Berlin");
    let found = seen(&hourly, year, &off);
    let missed: u32 = found.iter().map(|(_, due)| due.missed).sum();
    assert_eq!(
        found.len() + missed as usize,
        all(&hourly, year.0, year.1).len()
    );
}
