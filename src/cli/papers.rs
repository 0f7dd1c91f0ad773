//! `contacts` and `checklist`: the papers of an emergency from a terminal.

use super::args::{Checklist as Asked, Line as AskedLine, Sure};
use super::recover::Manner;
use super::terminal::{json as print_json, line, table};
use super::{CliError, CliResult, Console, Exit};
use crate::domain::checklist::{Act, Checklist, Line, Press, State, Ticker};
use crate::domain::contacts::{Contact, Directory};
use crate::domain::failure::{Arg, Args};
use crate::domain::wording::{Shown, Wording};
use serde_json::{Value, json};

pub(super) async fn contacts(console: &Console, as_json: bool) -> CliResult {
    let directory = console.ops.contacts().await?;
    if as_json {
        let all = directory.contacts.iter();
        let contacts: Vec<Value> = all.map(|it| reached(&directory, it)).collect();
        let on_call = directory.on_call.as_ref();
        return print_json(&json!({ "contacts": contacts, "on_call": on_call }));
    }
    let columns = ["role", "name", "phone", "telegram", "email"];
    let mut rows = table(
        columns
            .iter()
            .map(|name| console.text(&format!("cli-contacts-{name}"), &Args::new()))
            .collect(),
    );
    for contact in &directory.contacts {
        let reach = &contact.reach;
        let known = |text: Option<&str>| text.unwrap_or_default().to_owned();
        rows.add_row(vec![
            words(console, &contact.title),
            known(reach.name.as_deref()),
            known(reach.phone.as_ref().map(|it| it.as_str())),
            known(reach.telegram.as_ref().map(|it| it.as_str())),
            known(reach.email.as_ref().map(|it| it.as_str())),
        ]);
    }
    line(&rows.to_string())?;
    match directory.on_call() {
        Some(contact) => {
            let title = Arg::from(words(console, &contact.title));
            console.say("cli-contacts-on-call", &named([("title", title)]))?;
        }
        None => console.say("contacts-nobody-on-call", &Args::new())?,
    }
    Ok(Exit::Done)
}

fn reached(directory: &Directory, contact: &Contact) -> Value {
    json!({
        "role": contact.role,
        "reach": contact.reach,
        "changed": directory.changed.contains(&contact.role),
    })
}

pub(super) async fn checklist(console: &Console, asked: &Asked) -> CliResult {
    let Some(list) = console.ops.newest_checklist().await? else {
        if matches!(asked, Asked::Show(json) if json.json) {
            print_json(&Value::Null)?;
        } else {
            console.say("cli-checklist-none", &Args::new())?;
        }
        return Ok(Exit::NothingToDo);
    };
    match asked {
        Asked::Show(json) if json.json => print_json(&list),
        Asked::Show(_) => show(console, &list),
        Asked::Tick(asked) => press(console, &list, (*asked, Act::Tick)).await,
        Asked::Waive { line, reason } => {
            let reason = reason.trim();
            if reason.is_empty() {
                return Err(CliError::Refused(
                    console.text("error-reason-needed", &Args::new()),
                ));
            }
            let act = Act::NotApplicable(reason.to_owned());
            press(console, &list, (*line, act)).await
        }
        Asked::Close(sure) => close(console, &list, *sure).await,
    }
}

fn show(console: &Console, list: &Checklist) -> CliResult {
    line(&list.id.to_string())?;
    for (number, it) in (1..).zip(&list.lines) {
        line(&told(console, number, it))?;
    }
    Ok(Exit::Done)
}

/// A line with its number and who settled it.
fn told(console: &Console, number: usize, it: &Line) -> String {
    let (state, by) = match &it.state {
        State::Open { .. } => ("open", String::new()),
        State::Ticked { by, .. } => match by {
            Ticker::Person { actor } => ("ticked", actor.name.clone()),
            Ticker::Probe => ("proved", String::new()),
        },
        State::NotApplicable { by, .. } => ("waived", by.name.clone()),
    };
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    console.text(
        "cli-checklist-line",
        &named([
            ("number", number.into()),
            ("state", state.into()),
            ("text", words(console, &it.item.text).into()),
            ("by", by.into()),
        ]),
    )
}

async fn press(console: &Console, list: &Checklist, (asked, act): (AskedLine, Act)) -> CliResult {
    let nth = asked.number.checked_sub(1);
    let Some(it) = nth.and_then(|nth| list.lines.get(nth)) else {
        let number = i64::try_from(asked.number).unwrap_or(i64::MAX);
        let given = named([("number", number.into())]);
        return Err(CliError::Refused(
            console.text("cli-checklist-no-line", &given),
        ));
    };
    if !admitted(console, asked.sure)? {
        line(&told(console, asked.number, it))?;
        return Ok(Exit::Done);
    }
    let press = Press {
        line: it.item.id.clone(),
        turn: it.turn,
        act,
    };
    let list = console
        .ops
        .press_line(&console.actor, list.id, &press)
        .await?;
    show(console, &list)
}

async fn close(console: &Console, list: &Checklist, sure: Sure) -> CliResult {
    if !admitted(console, sure)? {
        return show(console, list);
    }
    let closed = console.ops.close_checklist(&console.actor, list.id).await?;
    let id = Arg::from(closed.id.to_string());
    console.say("cli-checklist-closed", &named([("checklist", id)]))?;
    Ok(Exit::Done)
}

/// Whether it is to be done, and not only to be shown.
pub(super) fn admitted(console: &Console, sure: Sure) -> Result<bool, CliError> {
    if sure.dry_run {
        return Ok(false);
    }
    let manner = Manner {
        yes: sure.yes,
        json: false,
    };
    manner.admit(console).map(|()| true)
}

fn words(console: &Console, wording: &Wording) -> String {
    match wording.shown(console.locale) {
        Shown::Key(key) => console.text(key, &Args::new()),
        Shown::Words(words) => words.to_owned(),
    }
}

fn named<const N: usize>(pairs: [(&str, Arg); N]) -> Args {
    pairs.map(|(name, value)| (name.to_owned(), value)).into()
}
