use super::*;

#[test]
fn a_number_is_kept_as_phones_dial_it() {
    let phone: Phone = "+7 (912) 345-67-89".parse().unwrap();
    assert_eq!(phone.as_str(), "+79123456789");
    for bad in [
        "89123456789",
        "+0123456789",
        "+7912",
        "+7912345678901234",
        "+79 call",
    ] {
        assert_eq!(bad.parse::<Phone>(), Err(Invalid::Phone), "{bad}");
    }
}

#[test]
fn an_account_is_a_name_or_a_number() {
    let account = |text: &str| text.parse::<Account>().map(String::from);
    assert_eq!(account("anna_ops"), Ok("@anna_ops".into()));
    assert_eq!(account(" @anna_ops "), Ok("@anna_ops".into()));
    assert_eq!(account("https://t.me/anna_ops"), Ok("@anna_ops".into()));
    assert_eq!(
        "123456789".parse::<Account>().unwrap().id(),
        Some(123_456_789)
    );
    for bad in ["@ann", "@1anna", "-5", "@anna<b>", ""] {
        assert_eq!(account(bad), Err(Invalid::Telegram), "{bad}");
    }
}

#[test]
fn an_address_has_no_surprises_in_it() {
    assert!("support@yookassa.ru".parse::<Email>().is_ok());
    for bad in [
        "a@b", "@b.ru", "a b@c.ru", "a@-b.ru", "a@b..ru", "<a>@b.ru", "a@b@c.ru",
    ] {
        assert_eq!(bad.parse::<Email>(), Err(Invalid::Email), "{bad}");
    }
    let mut reach = Reach::default();
    reach.set(Field::Name, Some("  Anna\n Ops ")).unwrap();
    assert_eq!(reach.name.as_deref(), Some("Anna Ops"));
    assert_eq!(
        reach.set(Field::Name, Some(&"x".repeat(61))),
        Err(Invalid::Name)
    );
    reach.set(Field::Name, None).unwrap();
    assert!(reach.is_empty());
}

fn roster() -> Roster {
    toml::from_str(
        r#"
        [[contacts]]
        role = "anna"
        title = "Anna"
        phone = "+79123456789"
        [[contacts]]
        role = "boris"
        title = "Boris"
        [on-call]
        usual = "boris"
        weeks = { "2026-W53" = "anna", "2027-W01" = "gone" }
        "#,
    )
    .unwrap()
}

fn weeks(date: &str) -> (Week, Week) {
    let date: jiff::civil::Date = date.parse().unwrap();
    let next = date + SignedDuration::from_hours(7 * 24);
    (
        Week::of(date.iso_week_date()),
        Week::of(next.iso_week_date()),
    )
}

#[test]
fn the_week_says_who_is_on_call_also_across_new_year() {
    let on_call = |date: &str| {
        let directory = Directory::new(&roster(), &Book::default(), weeks(date));
        let now = directory.on_call().map(|it| it.role.to_string());
        (now, directory.next.map(|it| it.to_string()))
    };
    assert_eq!(
        on_call("2026-12-27"),
        (Some("boris".into()), Some("anna".into()))
    );
    assert_eq!(
        on_call("2027-01-03"),
        (Some("anna".into()), Some("gone".into()))
    );
    assert_eq!(on_call("2027-01-04").0, None, "nobody has this role");
    assert!(Week::try_from("2027-W53".to_owned()).is_err());
    assert!(Week::try_from("2026-W1".to_owned()).is_err());
}

#[test]
fn what_was_changed_in_the_chat_goes_before_the_file() {
    let mut book = Book::default();
    let anna: RoleId = "anna".parse().unwrap();
    let file = roster()
        .contacts
        .iter()
        .find(|it| it.role == anna)
        .unwrap()
        .reach
        .clone();
    let changes = Changes::from([(Field::Telegram, Some("@anna_ops".to_owned()))]);
    book.changed.insert(anna.clone(), changes);
    let directory = Directory::new(&roster(), &book, weeks("2026-11-23"));
    assert_eq!(directory.changed.iter().collect::<Vec<_>>(), [&anna]);
    let anna = directory.of(&anna).unwrap();
    // What nobody touched goes on being the file's.
    assert_eq!(
        (&anna.reach.name, &anna.reach.phone),
        (&file.name, &file.phone)
    );
    assert_eq!(anna.reach.telegram.as_ref().unwrap().as_str(), "@anna_ops");
}

#[test]
fn a_phone_number_is_no_telegram_account() {
    for typed in [
        "+79123456789",
        "-5",
        "0",
        "007",
        "4503599627370496",
        "9223372036854775807",
        "\u{661}\u{662}\u{663}\u{664}\u{665}",
    ] {
        assert_eq!(typed.parse::<Account>(), Err(Invalid::Telegram), "{typed}");
    }
    let largest: Account = "4503599627370495".parse().unwrap();
    assert_eq!(largest.id(), Some((1 << 52) - 1));
}
