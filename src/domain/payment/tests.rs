use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

const BEGUN: Timestamp = Timestamp::UNIX_EPOCH;

fn rub(minor: i64) -> Money {
    Money {
        minor,
        currency: "RUB".to_owned(),
    }
}

fn row(id: &str, provider_id: Option<&str>, status: PaymentStatus) -> LocalPayment {
    LocalPayment {
        id: id.to_owned(),
        user: 7,
        provider_id: provider_id.map(str::to_owned),
        amount: rub(19_900),
        credits: 220,
        status,
        credited: status == PaymentStatus::Succeeded,
        created_at: BEGUN,
    }
}

fn paid(id: &str) -> RemotePayment {
    remote(id, PaymentStatus::Succeeded)
}

fn remote(id: &str, status: PaymentStatus) -> RemotePayment {
    RemotePayment {
        id: id.to_owned(),
        status,
        amount: rub(19_900),
        refunded: rub(0),
        created_at: BEGUN,
        captured_at: (status == PaymentStatus::Succeeded).then_some(BEGUN),
        test: false,
        metadata: BTreeMap::new(),
    }
}

fn naming(mut payment: RemotePayment, row: &str) -> RemotePayment {
    let name = ("payment_id".to_owned(), row.to_owned());
    payment.metadata.extend([name]);
    payment
}

fn known(payments: impl IntoIterator<Item = RemotePayment>) -> BTreeMap<String, RemotePayment> {
    let keyed = payments.into_iter();
    keyed.map(|payment| (payment.id.clone(), payment)).collect()
}

fn deeds(local: &[LocalPayment], payments: Vec<RemotePayment>) -> Vec<Deed> {
    let lines = reconcile(local, &known(payments));
    lines.iter().map(|line| line.deed).collect()
}

/// What is due for one row and the payment it names.
fn due(row: LocalPayment, payment: RemotePayment) -> Deed {
    let [deed] = deeds(&[row], vec![payment])[..] else {
        panic!("more than one line");
    };
    deed
}

#[test]
fn every_pair_of_words_has_its_deed() {
    use Deed::{AwaitCapture, Cancel, Credit, LookAtStatus, Nothing};
    use PaymentStatus::{Canceled, Other, Pending, Succeeded, WaitingForCapture};
    let columns = [Pending, WaitingForCapture, Succeeded, Canceled];
    for (here, expected) in [
        (Pending, [Nothing, AwaitCapture, Credit, Cancel]),
        (WaitingForCapture, [Nothing, Nothing, Credit, Cancel]),
        (
            Succeeded,
            [LookAtStatus, LookAtStatus, Nothing, LookAtStatus],
        ),
        (Canceled, [Nothing, LookAtStatus, Credit, Nothing]),
        (Other, [Nothing, Nothing, LookAtStatus, Nothing]),
    ] {
        for (there, expected) in columns.into_iter().zip(expected) {
            let found = due(row("a", Some("p"), here), remote("p", there));
            assert_eq!(found, expected, "{here:?} here, {there:?} there");
        }
    }
}

#[test]
fn ledger_and_row_that_disagree_are_brought_together() {
    let mut forgotten = row("a", Some("p"), PaymentStatus::Succeeded);
    forgotten.credited = false;
    assert_eq!(due(forgotten, paid("p")), Deed::Credit);
    let mut unsaid = row("a", Some("p"), PaymentStatus::Pending);
    unsaid.credited = true;
    assert_eq!(due(unsaid.clone(), paid("p")), Deed::Credit);
    let canceled = remote("p", PaymentStatus::Canceled);
    assert_eq!(due(unsaid, canceled), Deed::LookAtStatus);
}

#[test]
fn money_that_went_back_or_is_another_sum_is_for_a_person() {
    let pending = || row("a", Some("p"), PaymentStatus::Pending);
    let mut payment = paid("p");
    payment.refunded = rub(100);
    assert_eq!(due(pending(), payment), Deed::LookAtRefund);
    let mut payment = paid("p");
    payment.amount = rub(19_901);
    assert_eq!(due(pending(), payment), Deed::LookAtAmount);
    let mut payment = paid("p");
    payment.amount.currency = "USD".to_owned();
    assert_eq!(due(pending(), payment), Deed::LookAtAmount);
    let mut payment = remote("p", PaymentStatus::Canceled);
    payment.amount = rub(1);
    assert_eq!(due(pending(), payment), Deed::Cancel);
}

#[test]
fn test_payments_count_for_nothing() {
    let test = |id| RemotePayment {
        test: true,
        ..paid(id)
    };
    let pending = row("a", Some("p"), PaymentStatus::Pending);
    assert_eq!(due(pending, test("p")), Deed::Nothing);
    assert_eq!(deeds(&[], vec![test("p")]), []);
    let nameless = row("a", None, PaymentStatus::Pending);
    assert_eq!(
        deeds(&[nameless], vec![naming(test("p"), "a")]),
        [Deed::Unknown]
    );
}

#[test]
fn a_row_without_an_id_is_found_by_its_name_alone() {
    let nameless = || row("a", None, PaymentStatus::Pending);
    assert_eq!(
        deeds(&[nameless()], vec![naming(paid("p"), "a")]),
        [Deed::Credit]
    );
    // The same sum at the same moment is no name.
    assert_eq!(
        deeds(&[nameless()], vec![paid("p")]),
        [Deed::Unknown, Deed::Orphan]
    );
    let two = vec![naming(paid("p"), "a"), naming(paid("q"), "a")];
    assert_eq!(
        deeds(&[nameless()], two),
        [Deed::Unknown, Deed::Orphan, Deed::Orphan]
    );
}

#[test]
fn a_payment_that_two_rows_claim_is_credited_to_none() {
    let claims = [
        row("a", Some("p"), PaymentStatus::Pending),
        row("b", Some("p"), PaymentStatus::Pending),
    ];
    assert_eq!(deeds(&claims, vec![paid("p")]), [Deed::LookAtClaim; 2]);
    let named = [
        row("a", Some("p"), PaymentStatus::Pending),
        row("b", None, PaymentStatus::Pending),
    ];
    assert_eq!(
        deeds(&named, vec![naming(paid("p"), "b")]),
        [Deed::LookAtClaim; 2]
    );
    let settled = [
        row("a", Some("p"), PaymentStatus::Succeeded),
        row("b", Some("p"), PaymentStatus::Pending),
    ];
    assert_eq!(
        deeds(&settled, vec![paid("p")]),
        [Deed::Nothing, Deed::LookAtClaim]
    );
    let canceled = remote("p", PaymentStatus::Canceled);
    assert_eq!(deeds(&claims, vec![canceled]), [Deed::Cancel; 2]);
}

#[test]
fn what_the_provider_does_not_know_is_named_where_money_may_be_missing() {
    let alone = |row: LocalPayment| deeds(&[row], Vec::new());
    let pending = row("a", Some("p"), PaymentStatus::Pending);
    assert_eq!(alone(pending), [Deed::Unknown]);
    assert_eq!(
        alone(row("a", None, PaymentStatus::Pending)),
        [Deed::Unknown]
    );
    assert_eq!(
        alone(row("a", Some("p"), PaymentStatus::Succeeded)),
        [Deed::Unknown]
    );
    let mut unpaid = row("a", None, PaymentStatus::Succeeded);
    assert_eq!(alone(unpaid.clone()), [Deed::Nothing]);
    unpaid.credited = false;
    assert_eq!(alone(unpaid), [Deed::Unknown]);
    let canceled = row("a", Some("p"), PaymentStatus::Canceled);
    assert_eq!(alone(canceled), [Deed::Nothing]);
}

#[test]
fn what_nobody_asked_for_is_an_orphan_only_when_it_was_paid() {
    for (status, expected) in [
        (PaymentStatus::Succeeded, Deed::Orphan),
        (PaymentStatus::WaitingForCapture, Deed::Orphan),
        (PaymentStatus::Pending, Deed::Nothing),
        (PaymentStatus::Canceled, Deed::Nothing),
    ] {
        assert_eq!(deeds(&[], vec![remote("p", status)]), [expected]);
    }
}

const WORDS: [PaymentStatus; 4] = [
    PaymentStatus::Pending,
    PaymentStatus::WaitingForCapture,
    PaymentStatus::Succeeded,
    PaymentStatus::Canceled,
];

/// Few ids, so that rows and payments meet, and meet twice.
fn any_row() -> impl Strategy<Value = LocalPayment> {
    let ids = (0..6u8, proptest::option::of(0..6u8));
    (ids, 0..5usize, any::<bool>(), 1..4i64).prop_map(|((id, theirs), word, credited, price)| {
        let status = *WORDS.get(word).unwrap_or(&PaymentStatus::Other);
        let theirs = theirs.map(|id| format!("p{id}"));
        LocalPayment {
            amount: rub(price),
            credits: price * 10,
            credited,
            user: i64::from(id % 3),
            ..row(&format!("r{id}"), theirs.as_deref(), status)
        }
    })
}

fn any_payment() -> impl Strategy<Value = RemotePayment> {
    let flags = (proptest::bool::weighted(0.1), proptest::bool::weighted(0.1));
    let name = proptest::option::of(0..6u8);
    (0..6u8, 0..4usize, flags, 1..4i64, name).prop_map(|(id, word, (test, back), price, name)| {
        let payment = RemotePayment {
            amount: rub(price),
            refunded: rub(i64::from(back)),
            test,
            ..remote(&format!("p{id}"), WORDS[word])
        };
        match name {
            Some(name) => naming(payment, &format!("r{name}")),
            None => payment,
        }
    })
}

fn any_world() -> impl Strategy<Value = (Vec<LocalPayment>, BTreeMap<String, RemotePayment>)> {
    let rows = proptest::collection::vec(any_row(), 0..6).prop_map(|mut rows| {
        let mut seen = BTreeSet::new();
        rows.retain(|row| seen.insert(row.id.clone()));
        rows
    });
    let payments = proptest::collection::vec(any_payment(), 0..6).prop_map(known);
    (rows, payments)
}

/// A ledger by payment, and balances by user, as REI would keep them.
#[derive(Default)]
struct Books {
    ledger: BTreeMap<String, (i64, i64)>,
    balances: BTreeMap<i64, i64>,
}

impl Books {
    fn of(rows: &[LocalPayment]) -> Self {
        let mut books = Self::default();
        for row in rows.iter().filter(|row| row.credited) {
            books.credit(row);
        }
        books
    }

    fn credit(&mut self, row: &LocalPayment) {
        let entry = (row.user, row.credits);
        assert!(self.ledger.insert(row.id.clone(), entry).is_none(), "twice");
        *self.balances.entry(row.user).or_default() += row.credits;
    }

    fn hold(&self) -> bool {
        let mut sums = BTreeMap::<i64, i64>::new();
        for (user, credits) in self.ledger.values() {
            *sums.entry(*user).or_default() += credits;
        }
        sums == self.balances
    }
}

/// Does what the lines call for.
fn carry_out(lines: &[Line], books: &mut Books) -> Vec<LocalPayment> {
    let mut rows = Vec::new();
    for line in lines {
        let Some(mut row) = line.local.clone() else {
            continue;
        };
        if line.deed.is_automatic() {
            let payment = line.remote.as_ref().expect("a deed has its payment");
            if line.deed == Deed::Credit && !row.credited {
                books.credit(&row);
                row.credited = true;
            }
            row.status = payment.status;
            row.provider_id = Some(payment.id.clone());
        }
        rows.push(row);
    }
    rows
}

proptest! {
    #[test]
    fn balances_stay_sums_and_nothing_is_credited_twice((rows, payments) in any_world()) {
        let mut books = Books::of(&rows);
        let lines = reconcile(&rows, &payments);
        let after = carry_out(&lines, &mut books);
        prop_assert!(books.hold());
        let again = reconcile(&after, &payments);
        prop_assert!(again.iter().all(|line| !line.deed.is_automatic()), "{again:?}");
    }

    #[test]
    fn a_credit_has_one_payment_of_its_own_and_its_very_sum((rows, payments) in any_world()) {
        let lines = reconcile(&rows, &payments);
        let mut used = BTreeSet::new();
        for line in lines.iter().filter(|line| line.deed == Deed::Credit) {
            let row = line.local.as_ref().expect("a credit has a row");
            let payment = line.remote.as_ref().expect("a credit has a payment");
            prop_assert!(used.insert(payment.id.clone()), "one payment for two rows");
            prop_assert_eq!(payment.status, PaymentStatus::Succeeded);
            prop_assert_eq!(&payment.amount, &row.amount);
            prop_assert!(!payment.test && payment.refunded.minor == 0);
            let by_id = row.provider_id.as_deref() == Some(payment.id.as_str());
            let by_name = row.provider_id.is_none()
                && payment.metadata.get("payment_id") == Some(&row.id);
            prop_assert!(by_id || by_name, "guessed");
        }
    }

    #[test]
    fn every_row_and_every_real_payment_stands_in_a_line((rows, payments) in any_world()) {
        let lines = reconcile(&rows, &payments);
        let told: Vec<_> = lines.iter().filter_map(|line| line.local.clone()).collect();
        prop_assert_eq!(&told, &rows);
        let seen: BTreeSet<_> =
            lines.iter().filter_map(|line| Some(line.remote.as_ref()?.id.clone())).collect();
        for payment in payments.values().filter(|payment| !payment.test) {
            prop_assert!(seen.contains(&payment.id));
        }
    }
}
