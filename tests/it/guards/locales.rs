//! Both languages say everything the program can say, and nothing else.

use super::source::{Source, files, root};
use fluent_syntax::ast::{self, Entry, Expression, InlineExpression, PatternElement};
use rei_recovery::domain::action::Action;
use rei_recovery::domain::approval::Refusal;
use rei_recovery::domain::audit;
use rei_recovery::domain::campaign::Phase;
use rei_recovery::domain::campaign::audience::{ListSource, Who};
use rei_recovery::domain::campaign::delivery::{Gone, Standing};
use rei_recovery::domain::campaign::message::Problem;
use rei_recovery::domain::campaign::ready::READY;
use rei_recovery::domain::checklist::Probe;
use rei_recovery::domain::contacts::Field;
use rei_recovery::domain::diagnosis::{Cause, Certainty};
use rei_recovery::domain::failure::FailureCode;
use rei_recovery::domain::health::{Measure, Part, SignCode};
use rei_recovery::ops::OpsError;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const LANGUAGES: [&str; 2] = ["en", "ru"];

/// What a text mentions: its variables, and other texts.
#[derive(Debug, Default, PartialEq, Eq)]
struct Mentions {
    variables: BTreeSet<String>,
    messages: BTreeSet<String>,
}

type Texts = BTreeMap<String, Mentions>;

#[test]
fn both_languages_have_the_same_texts_with_the_same_variables() {
    let [english, russian] = LANGUAGES.map(texts);
    let mut wrong = Vec::new();
    for key in english.keys().chain(russian.keys()) {
        match (english.get(key), russian.get(key)) {
            (Some(_), None) => wrong.push(format!("{key} is missing in ru")),
            (None, Some(_)) => wrong.push(format!("{key} is missing in en")),
            (Some(en), Some(ru)) if en.variables != ru.variables => wrong.push(format!(
                "{key}: en uses {:?}, ru uses {:?}",
                en.variables, ru.variables
            )),
            _ => {}
        }
    }
    report("the languages differ", wrong);
}

#[test]
fn everything_the_domain_can_say_has_a_text() {
    for language in LANGUAGES {
        let texts = texts(language);
        let missing = listed().into_iter().filter(|key| !texts.contains_key(key));
        report(&format!("missing in {language}"), missing.collect());
    }
}

#[test]
fn every_text_named_in_the_code_exists() {
    let texts = texts("en");
    let families: BTreeSet<&str> = texts.keys().filter_map(|key| family(key)).collect();
    let strings = rooms_that_speak().flat_map(|source| source.strings());
    let missing: BTreeSet<String> = strings
        .filter(|text| is_key(text) && family(text).is_some_and(|f| families.contains(f)))
        .filter(|text| !texts.contains_key(text) && !is_a_word(text))
        .collect();
    report(
        "named in src, not in the locales",
        missing.into_iter().collect(),
    );
}

#[test]
fn every_text_is_used() {
    let texts = texts("en");
    let used = Used::collect(&texts);
    let idle = texts.keys().filter(|key| !used.has(key)).cloned();
    report("in the locales, used by nobody", idle.collect());
}

/// Keys that are put together from the closed lists of the domain.
fn listed() -> BTreeSet<String> {
    let failures = FailureCode::ALL.iter().flat_map(|code| {
        let key = format!("failure-{}", code.as_str());
        [format!("{key}.hint"), key]
    });
    let kinds = Action::KINDS.iter().map(|kind| format!("step-{kind}"));
    let refusals = Refusal::CODES.iter().map(|code| format!("refusal-{code}"));
    let errors = OpsError::CODES.iter().map(|code| format!("error-{code}"));
    let verbs = audit::VERBS.iter().map(|verb| format!("audit-{verb}"));
    let outcomes = audit::OUTCOMES.iter();
    let outcomes = outcomes.map(|outcome| format!("audit-outcome-{outcome}"));
    let causes = Cause::ALL
        .iter()
        .map(|cause| format!("cause-{}", cause.as_str()));
    let certainties = Certainty::ALL.iter();
    let certainties = certainties.map(|certainty| format!("certainty-{}", certainty.as_str()));
    let signs = SignCode::ALL
        .iter()
        .map(|code| format!("sign-{}", code.as_str()));
    let parts = Part::ALL
        .iter()
        .map(|part| format!("part-{}", part.as_str()));
    failures
        .chain(health())
        .chain(notices())
        .chain(kinds)
        .chain(causes)
        .chain(certainties)
        .chain(signs)
        .chain(parts)
        .chain(refusals)
        .chain(errors)
        .chain(verbs)
        .chain(outcomes)
        .collect()
}

/// What probes, diagnosis and alerts say.
fn health() -> Vec<String> {
    let keys = |stem: &str, names: Vec<&str>| -> Vec<String> {
        names.iter().map(|name| format!("{stem}-{name}")).collect()
    };
    [
        keys("sign", SignCode::ALL.iter().map(|it| it.as_str()).collect()),
        keys("part", Part::ALL.iter().map(|it| it.as_str()).collect()),
        keys(
            "picture-part",
            Part::ALL.iter().map(|it| it.as_str()).collect(),
        ),
        keys(
            "measure",
            Measure::ALL.iter().map(|it| it.as_str()).collect(),
        ),
        keys("cause", Cause::ALL.iter().map(|it| it.as_str()).collect()),
        keys(
            "certainty",
            Certainty::ALL.iter().map(|it| it.as_str()).collect(),
        ),
    ]
    .concat()
}

/// What notices say.
fn notices() -> Vec<String> {
    let keys = |stem: &str, names: Vec<&str>| -> Vec<String> {
        names.iter().map(|name| format!("{stem}-{name}")).collect()
    };
    let ready: Vec<&str> = READY.iter().map(|ready| ready.word).collect();
    let sources = [
        ListSource::Database,
        ListSource::OwnCopy,
        ListSource::Campaign,
    ];
    [
        keys("audience", Who::WORDS.to_vec()),
        keys(
            "campaign-phase",
            Phase::ALL.iter().map(|it| it.as_str()).collect(),
        ),
        keys(
            "standing",
            Standing::ALL.iter().map(|it| it.as_str()).collect(),
        ),
        keys("gone", Gone::ALL.iter().map(|it| it.as_str()).collect()),
        keys("notice-problem", Problem::CODES.to_vec()),
        keys(
            "list-source",
            sources.iter().map(|it| it.as_str()).collect(),
        ),
        keys("ready", ready.clone()),
        keys("notice", ready),
        papers(),
    ]
    .concat()
}

/// What checklists and contacts say.
fn papers() -> Vec<String> {
    let probes = Probe::ALL.iter();
    let proved = probes.clone().map(|it| format!("proved-{}", it.as_str()));
    let refuting = probes.filter(|probe| probe.refutes());
    let refuted = refuting.map(|it| format!("refuted-{}", it.as_str()));
    let fields = Field::ALL.iter().flat_map(|field| {
        let stems = ["field", "ask", "invalid"];
        stems.map(|stem| format!("contact-{stem}-{}", field.as_str()))
    });
    proved.chain(refuted).chain(fields).collect()
}

/// Words of the domain that look like keys (`audit-verify` would be a text, `no-backup` is a code).
fn is_a_word(text: &str) -> bool {
    let codes = FailureCode::ALL.iter().map(|code| code.as_str());
    codes
        .chain(Action::KINDS.iter().copied())
        .chain(Refusal::CODES.iter().copied())
        .chain(OpsError::CODES.iter().copied())
        .chain(audit::VERBS.iter().copied())
        .any(|word| word == text)
}

/// The rooms that turn keys into text.
fn rooms_that_speak() -> impl Iterator<Item = Source> {
    let speak = ["i18n", "picture", "document", "telegram", "cli"];
    let all = Source::all().into_iter();
    all.filter(move |source| speak.contains(&source.room().as_str()))
}

struct Used {
    whole: BTreeSet<String>,
    beginnings: BTreeSet<String>,
}

impl Used {
    fn collect(texts: &Texts) -> Self {
        let strings: Vec<String> = Source::all().iter().flat_map(Source::strings).collect();
        let computed = strings.iter().filter_map(|text| text.split_once('{'));
        let closed = [
            "failure-",
            "step-",
            "refusal-",
            "audit-",
            "audit-outcome-",
            "error-",
            "cause-",
            "certainty-",
            "sign-",
            "part-",
            "audience-",
            "campaign-phase-",
            "standing-",
            "gone-",
            "notice-problem-",
            "list-source-",
            "ready-",
            "notice-",
            "proved-",
            "refuted-",
            "checklist-",
            "contact-",
            "contact-field-",
            "contact-ask-",
            "contact-invalid-",
        ];
        let beginnings = computed
            .map(|(beginning, _)| beginning.to_owned())
            .filter(|beginning| is_key(beginning.trim_end_matches('-')) || is_stem(beginning))
            .filter(|beginning| !closed.contains(&beginning.as_str()))
            .collect();
        let mentioned = texts
            .values()
            .flat_map(|text| text.messages.iter().cloned());
        let whole = strings.iter().cloned().chain(listed()).chain(mentioned);
        let whole = whole.chain(runbook_strings()).collect();
        Self { whole, beginnings }
    }

    /// An attribute is used with its text.
    fn has(&self, key: &str) -> bool {
        let message = key.split('.').next().unwrap_or(key);
        self.whole.contains(message)
            || self.whole.contains(key)
            || self
                .beginnings
                .iter()
                .any(|b| message.starts_with(b.as_str()))
    }
}

/// What the built-in runbooks quote.
fn runbook_strings() -> impl Iterator<Item = String> {
    files(&root().join("deploy/runbooks"), "toml")
        .into_iter()
        .flat_map(|path| {
            let text = fs::read_to_string(path).unwrap();
            let quoted = text.split('"').skip(1).step_by(2);
            quoted.map(str::to_owned).collect::<Vec<_>>()
        })
}

/// Whether a text has the form of a key: lower-case words joined by hyphens, maybe an attribute.
fn is_key(text: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    let plain = text.strip_suffix(".hint").unwrap_or(text);
    plain.contains('-') && plain.split('-').all(word)
}

/// Whether a text can be the beginning of computed keys: `choice-`.
fn is_stem(text: &str) -> bool {
    text.strip_suffix('-')
        .is_some_and(|stem| !stem.is_empty() && stem.bytes().all(|b| b.is_ascii_lowercase()))
}

fn family(key: &str) -> Option<&str> {
    key.split_once('-').map(|(family, _)| family)
}

fn texts(language: &str) -> Texts {
    let folder = root().join("locales").join(language);
    let paths = files(&folder, "ftl");
    assert!(!paths.is_empty(), "no texts in {}", folder.display());
    let mut texts = Texts::new();
    for path in paths {
        let source = fs::read_to_string(&path).unwrap();
        let resource = fluent_syntax::parser::parse(source.as_str())
            .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", path.display()));
        for (key, mentions) in resource.body.iter().flat_map(entry) {
            let twice = texts.insert(key.clone(), mentions);
            assert!(twice.is_none(), "{key} stands twice in {language}");
        }
    }
    texts
}

/// The texts of an entry: its own, and one for each attribute.
fn entry(entry: &Entry<&str>) -> Vec<(String, Mentions)> {
    let Entry::Message(message) = entry else {
        return Vec::new();
    };
    let name = message.id.name;
    let own = message.value.iter().map(|text| (name.to_owned(), text));
    let attributes = message.attributes.iter();
    let attributes = attributes.map(|a| (format!("{name}.{}", a.id.name), &a.value));
    own.chain(attributes)
        .map(|(key, text)| {
            let mut mentions = Mentions::default();
            walk(text, &mut mentions);
            (key, mentions)
        })
        .collect()
}

fn walk(text: &ast::Pattern<&str>, mentions: &mut Mentions) {
    for element in &text.elements {
        match element {
            PatternElement::TextElement { .. } => {}
            PatternElement::Placeable { expression } => expand(expression, mentions),
        }
    }
}

fn expand(expression: &Expression<&str>, mentions: &mut Mentions) {
    match expression {
        Expression::Inline(inline) => mention(inline, mentions),
        Expression::Select { selector, variants } => {
            mention(selector, mentions);
            for variant in variants {
                walk(&variant.value, mentions);
            }
        }
    }
}

fn mention(inline: &InlineExpression<&str>, mentions: &mut Mentions) {
    match inline {
        InlineExpression::VariableReference { id } => {
            mentions.variables.insert(id.name.to_owned());
        }
        InlineExpression::MessageReference { id, .. } => {
            mentions.messages.insert(id.name.to_owned());
        }
        InlineExpression::FunctionReference { arguments, .. } => {
            for argument in &arguments.positional {
                mention(argument, mentions);
            }
        }
        InlineExpression::Placeable { expression } => expand(expression, mentions),
        InlineExpression::TermReference { .. }
        | InlineExpression::StringLiteral { .. }
        | InlineExpression::NumberLiteral { .. } => {}
    }
}

fn report(what: &str, wrong: Vec<String>) {
    let count = wrong.len();
    assert!(wrong.is_empty(), "{what} ({count}):\n{}", wrong.join("\n"));
}
