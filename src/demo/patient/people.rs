//! Names and words of REI's users: Russian and English, as such a bot has them.

use crate::demo::dice::Dice;

const FIRST: &[&str] = &[
    "anna", "boris", "olga", "ivan", "maria", "dmitry", "elena", "sergey", "natalia", "alexey",
    "ksenia", "pavel", "irina", "nikita", "svetlana", "artem", "polina", "egor", "daria", "maxim",
    "emma", "oliver", "grace", "jack", "sophie", "harry", "lucy", "thomas", "alice", "george",
];

const LAST: &[&str] = &[
    "ivanov",
    "smirnova",
    "kuznetsov",
    "popova",
    "sokolov",
    "lebedeva",
    "kozlov",
    "novikova",
    "morozov",
    "volkova",
    "petrov",
    "solovyova",
    "vasiliev",
    "zaitseva",
    "pavlov",
    "golubeva",
    "smith",
    "jones",
    "taylor",
    "brown",
    "wilson",
    "evans",
    "walker",
    "green",
    "clarke",
    "wood",
];

const SUBJECTS: &[&str] = &[
    "рыжий кот в скафандре",
    "старый маяк на рассвете",
    "улица Петербурга после дождя",
    "портрет бабушки маслом",
    "дракон из сирени",
    "зимний лес с избушкой",
    "логотип кофейни",
    "невеста в поле лаванды",
    "a lighthouse in a storm",
    "a fox reading a newspaper",
    "a city of glass at night",
    "my dog as a knight",
];

const STYLES: &[&str] = &[
    "акварель",
    "гиперреализм",
    "в стиле студийной фотографии",
    "плоская иллюстрация, пастельные цвета",
    "киберпанк, неон",
    "35mm film, soft light",
    "oil painting, thick strokes",
    "isometric, low poly",
    "pencil sketch on old paper",
];

const DETAILS: &[&str] = &[
    "мягкий свет",
    "высокая детализация",
    "тёплые тона",
    "туман",
    "крупный план",
    "вид сверху",
    "без текста",
    "золотой час",
    "shallow depth of field",
    "cinematic",
    "no people",
    "warm colours",
    "reflections in puddles",
    "snow",
    "long exposure",
];

/// A Telegram username; about one in six people has none.
pub(super) fn username(dice: &mut Dice) -> Option<String> {
    if dice.percent(16) {
        return None;
    }
    let (first, last) = (dice.pick(FIRST), dice.pick(LAST));
    Some(match dice.below(4) {
        0 => format!("{first}_{last}"),
        1 => format!("{first}{}", 1970 + dice.below(40)),
        2 => format!("{last}.{first}").replace('.', "_"),
        _ => format!("{first}{last}{}", dice.below(1000)),
    })
}

/// The language of a person's app.
pub(super) fn language(dice: &mut Dice) -> &'static str {
    match dice.below(100) {
        0..80 => "ru",
        80..94 => "en",
        94..97 => "uk",
        97..99 => "kk",
        _ => "en-GB",
    }
}

/// What somebody wants drawn, as JSON of a job's parameters.
pub(super) fn params(dice: &mut Dice, video: bool) -> String {
    let details = [dice.pick(DETAILS), dice.pick(DETAILS), dice.pick(DETAILS)].join(", ");
    let prompt = format!("{}, {}, {details}", dice.pick(SUBJECTS), dice.pick(STYLES));
    let file = format!(
        "AgACAgIAAxk{:016x}{:016x}{:08x}",
        dice.next(),
        dice.next(),
        dice.below(1 << 32)
    );
    let seed = dice.below(1 << 32);
    if video {
        let seconds = 5 + 5 * dice.below(2);
        format!(
            r#"{{"prompt":"{prompt}","duration":{seconds},"mode":"std","seed":{seed},"image":"{file}"}}"#
        )
    } else {
        let ratio = dice.pick(&["1:1", "3:4", "16:9"]);
        format!(
            r#"{{"prompt":"{prompt}","aspect_ratio":"{ratio}","n":1,"seed":{seed},"image":"{file}"}}"#
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_json() {
        let mut dice = Dice::new(5);
        for turn in 0..100 {
            let text = params(&mut dice, turn % 2 == 0);
            let value: serde_json::Value = serde_json::from_str(&text).unwrap();
            assert!(value["prompt"].as_str().unwrap().len() > 20);
        }
    }
}
