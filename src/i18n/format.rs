//! Numbers, sizes and times as people read them.

use super::Locale;
use fluent_bundle::FluentValue;
use jiff::Zoned;

/// No-break space: a number never falls apart at the end of a line.
const NBSP: char = '\u{a0}';

/// Groups the digits of whole numbers; the rest is left to Fluent.
pub(super) fn fluent(locale: Locale, value: &FluentValue<'_>) -> Option<String> {
    match value {
        FluentValue::Number(number) if number.value.fract() == 0.0 => {
            // Whole and far below 2^63: it came from a count.
            #[allow(clippy::cast_possible_truncation)]
            Some(self::number(locale, number.value as i64))
        }
        _ => None,
    }
}

/// `1,234` or `1 234`.
pub(super) fn number(locale: Locale, number: i64) -> String {
    let separator = match locale {
        Locale::En => ',',
        Locale::Ru => NBSP,
    };
    let digits = number.unsigned_abs().to_string();
    let mut grouped = String::from(if number < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

/// `1.2 GiB` or `1,2 ГиБ`.
pub(super) fn bytes(locale: Locale, bytes: u64) -> String {
    let units = match locale {
        Locale::En => ["B", "KiB", "MiB", "GiB", "TiB"],
        Locale::Ru => ["Б", "КиБ", "МиБ", "ГиБ", "ТиБ"],
    };
    let mut power = 0;
    while power + 1 < units.len() && bytes >> (10 * (power + 1)) > 0 {
        power += 1;
    }
    if power == 0 {
        return format!("{bytes}{NBSP}{}", units[0]);
    }
    // In tenths, rounded down: "1.0 GiB free" must not be a little less than it says.
    let tenths = (u128::from(bytes) * 10) >> (10 * power);
    let (whole, tenth) = (tenths / 10, tenths % 10);
    let point = match locale {
        Locale::En => '.',
        Locale::Ru => ',',
    };
    if whole >= 100 {
        format!("{whole}{NBSP}{}", units[power])
    } else {
        format!("{whole}{point}{tenth}{NBSP}{}", units[power])
    }
}

/// `3 min 20 s`: the two largest units. What took no whole second still took some time.
pub(super) fn duration(locale: Locale, seconds: u64) -> String {
    if seconds == 0 {
        return match locale {
            Locale::En => format!("under 1{NBSP}s"),
            Locale::Ru => format!("менее 1{NBSP}с"),
        };
    }
    let names = match locale {
        Locale::En => ["d", "h", "min", "s"],
        Locale::Ru => ["д", "ч", "мин", "с"],
    };
    let parts = [
        seconds / 86_400,
        seconds / 3_600 % 24,
        seconds / 60 % 60,
        seconds % 60,
    ];
    let first = parts.iter().position(|part| *part > 0).unwrap_or(3);
    parts
        .iter()
        .zip(names)
        .skip(first)
        .take(2)
        .enumerate()
        .filter(|(index, (part, _))| *index == 0 || **part > 0)
        .map(|(_, (part, name))| format!("{part}{NBSP}{name}"))
        .collect::<Vec<_>>()
        .join(" ")
}

/// `23 Nov 2026 03:54:12 UTC`.
pub(super) fn moment(locale: Locale, at: &Zoned) -> String {
    let zone = at.strftime("%Z");
    format!("{} {} {zone}", date(locale, at), clock(at))
}

/// `23 Nov 2026`.
pub(super) fn date(locale: Locale, at: &Zoned) -> String {
    format!("{} {}", day(locale, at), at.year())
}

/// `03:54:12`.
pub(super) fn clock(at: &Zoned) -> String {
    at.strftime("%H:%M:%S").to_string()
}

/// `23 Nov 03:54`.
pub(super) fn minute(locale: Locale, at: &Zoned) -> String {
    format!("{} {}", day(locale, at), at.strftime("%H:%M"))
}

fn day(locale: Locale, at: &Zoned) -> String {
    const EN: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    const RU: [&str; 12] = [
        "янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
    ];
    let months = match locale {
        Locale::En => EN,
        Locale::Ru => RU,
    };
    let month = usize::from(at.month().unsigned_abs()).saturating_sub(1);
    format!("{}{NBSP}{}", at.day(), months.get(month).unwrap_or(&""))
}
