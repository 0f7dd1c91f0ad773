//! Figures that must be right, and long words that must hide nothing.

use super::*;

fn ended(mut story: Story) -> Story {
    story.then(Event::Finished {
        outcome: Outcome::Recovered,
    });
    story
}

#[test]
fn times_and_losses_add_up() {
    let dossier = recovered();
    let took = dossier.recovery().unwrap();
    let run = &dossier.courses[0].run;
    let elapsed = between(run.started_at.unwrap(), run.finished_at.unwrap());
    assert_eq!(took.work + took.waits, elapsed);
    assert_eq!(took.whole, took.before + elapsed);
    assert!(took.waits >= Duration::from_secs(120));
    let losses: Vec<_> = dossier
        .losses()
        .map(|(run, lost)| (run.id, lost.length()))
        .collect();
    assert_eq!(losses, [(RunId(7), Some(Duration::from_secs(2640)))]);
    assert_eq!(Lost::by(&Story::asked().run), None);
    // The plan's figure is not what was lost: REI wrote until it was stopped.
    let run = ended(Story::measured(None)).run;
    let stop = run.timing_of(&"stop".parse().unwrap()).ended.unwrap();
    let backup = run.plan.backup.as_ref().unwrap().backup.time.at();
    let Some(Lost::AfterBackup { span, most, rows }) = Lost::by(&run) else {
        panic!("it restored a backup");
    };
    assert_eq!((span, most), (None, between(backup, stop)));
    assert!(most > run.plan.longest_loss().unwrap());
    assert_eq!(rows, run.plan.loss.as_ref().unwrap().rows);
    // What was measured once it wrote no more is exact.
    let later = Loss {
        span: Some(Duration::from_secs(2700)),
        rows: Some([("jobs".into(), 1240)].into()),
    };
    let run = ended(Story::measured(Some(later))).run;
    let lost = Lost::by(&run).unwrap();
    assert!(matches!(&lost, Lost::AfterBackup { rows: Some(rows), .. } if rows["jobs"] == 1240));
    assert_eq!(lost.length(), Some(Duration::from_secs(2700)));
    assert_eq!(
        dossier.downtime(),
        [("rei_bot".into(), Duration::from_secs(20))]
    );
}

#[test]
fn long_words_hide_nothing_that_follows() {
    let mut dossier = recovered();
    let long = "слово ".repeat(680);
    for question in Question::ALL {
        let answer = Answer {
            text: long.clone(),
            by: bob(),
            at: at("01:30:00"),
        };
        dossier.case.answers.insert(question, answer);
    }
    for number in 1..=50 {
        dossier.case.items.push(Item {
            number,
            what: "ж".repeat(300),
            owner: Some(Owner::Named("ш".repeat(60))),
            due: None,
            done: None,
            reminded: None,
        });
    }
    let i18n = texts();
    for locale in Locale::ALL {
        let view = view(&i18n, *locale, "02:00:00");
        let all = answers(&view, &dossier);
        let last = view.word("incident-heading-improve");
        assert!(all.html.contains(&last) && !all.html.contains(&view.say("cut-note")));
        let asked = question(&view, &dossier, Question::RootCause, false);
        assert!(asked.html.contains(&view.say("incident-ask-reply")));
        assert!(asked.html.contains('…') && asked.html.contains(&view.say("incident-ask-list")));
        let mut seen = 0;
        for page in 0..7 {
            let card = items(&view, &dossier, page);
            assert!(!card.html.contains(&view.say("cut-note")));
            seen += card.html.matches(&"ж".repeat(300)).count();
        }
        assert_eq!(seen, dossier.case.items.len());
    }
    assert_eq!(page_of(&dossier.case, 50), 6);
}
