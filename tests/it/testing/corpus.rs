//! Over two hundred damaged backups, each through the weekly test: none of them passes.

use super::damage::{self, Case, Material, Witness};
use super::good::LIVE;
use super::ground::*;
use super::material::*;
use futures::{StreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use rei_recovery::domain::chore::testing::{Tested, Verdict};
use std::collections::BTreeMap;
use std::time::Instant;

/// Most of a test is waiting for the disk.
const AT_ONCE: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn no_damaged_backup_passes() {
    let ground = Ground::new();
    let begun = Instant::now();
    let material = Material::new(now().checked_sub(SignedDuration::from_mins(30)).unwrap());
    let cases = damage::all(&material);
    let count = cases.len();
    let earlier = week_before(&ground).await;
    let (mut passed, mut told) = (Vec::new(), BTreeMap::<_, u32>::new());
    let (ground, material, earlier) = (&ground, &material, &earlier);
    let tests = cases
        .into_iter()
        .enumerate()
        .map(|(number, case)| async move {
            // Moments of their own: what was verified once must not tell of another one.
            let later = SignedDuration::from_secs(number as i64);
            let at = material.at.checked_add(later).unwrap();
            let tested = test(ground, (material, at), &case, earlier).await;
            (case.name, tested)
        });
    let mut ended = stream::iter(tests).buffer_unordered(AT_ONCE);
    while let Some((name, tested)) = ended.next().await {
        match tested.verdict() {
            Verdict::Pass => passed.push(name),
            verdict => *told.entry((verdict, words(&tested)[0])).or_default() += 1,
        }
    }
    println!(
        "{count} damaged backups in {:?}: {told:#?}",
        begun.elapsed()
    );
    assert!(count >= 200, "only {count}");
    assert!(
        passed.is_empty(),
        "{} pass:\n{}",
        passed.len(),
        passed.join("\n")
    );
}

/// The undamaged one passes in the same surroundings: otherwise the damage would prove nothing.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_damaged_passes_before_each_witness() {
    let ground = Ground::new();
    let material = Material::new(now().checked_sub(SignedDuration::from_mins(30)).unwrap());
    let earlier = week_before(&ground).await;
    for witness in [
        Witness::None,
        Witness::Sum,
        Witness::Record,
        Witness::Earlier,
        Witness::Live,
    ] {
        let case = Case {
            name: String::new(),
            packed: material.packed.clone(),
            witness,
        };
        let tested = test(&ground, (&material, material.at), &case, &earlier).await;
        assert_eq!(tested.verdict(), Verdict::Pass, "{witness:?}: {tested:?}");
    }
}

/// The test of a smaller REI, a week ago.
async fn week_before(ground: &Ground) -> Vec<Tested> {
    let yard = ground.yard();
    let at = now()
        .checked_sub(SignedDuration::from_hours(24 * 7))
        .unwrap();
    let form = Form {
        users: 297,
        ..Form::default()
    };
    yard.put(at, &gzip(&bytes(&form, at), 6));
    let wanted = rei_recovery::domain::backup::BackupTime::of(at);
    let tested = yard.test_of(Some(wanted), &[]).await;
    assert_eq!(tested.verdict(), Verdict::Pass, "{tested:?}");
    vec![tested]
}

async fn test(
    ground: &Ground,
    (material, at): (&Material, Timestamp),
    case: &Case,
    earlier: &[Tested],
) -> Tested {
    let yard = ground.yard();
    yard.put(at, &case.packed);
    let mut known: &[Tested] = &[];
    match case.witness {
        Witness::None => {}
        Witness::Sum => yard.put_sum(at, &material.packed),
        Witness::Record => yard.put_record(at, &material.plain, 300),
        Witness::Earlier => known = earlier,
        Witness::Live => {
            let db = make(&yard.tester.database, &Form::default(), material.at);
            db.execute_batch(LIVE).unwrap();
            db.close().unwrap();
        }
    }
    yard.test(known).await
}
