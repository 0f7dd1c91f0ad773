//! Settings of features that this version does not have: they must be readable all the same, and
//! whoever gave one learns what does not happen.

use super::problem::Problem;
use super::reader::{Read, Reader};
use super::setting::{Row, Stage};
use super::table::{self, TABLE};
use super::values::{Flag, Rate};

pub(super) fn check(reader: &mut Reader<'_>) -> Read<()> {
    let later = TABLE.iter().filter(|row| row.stage != Stage::Works);
    let each: Vec<Read<()>> = later.map(|row| check_one(reader, row)).collect();
    let rate = check_rate(reader);
    each.into_iter().collect::<Read<()>>().and(rate)
}

fn check_one(reader: &mut Reader<'_>, row: &Row) -> Read<()> {
    if !reader.differs(row)? {
        return Ok(());
    }
    match row.stage {
        Stage::Works => {}
        Stage::Refused(why) => {
            let advice = format!("Remove {} for now.", row.name);
            return reader.fail(Problem::of(row, why).advise(advice));
        }
    }
    Ok(())
}

fn check_rate(reader: &mut Reader<'_>) -> Read<()> {
    let Rate(rate) = reader.get(&table::NOTICE_RATE)?;
    let Flag(paid) = reader.get(&table::NOTICE_PAID)?;
    if rate <= Rate::FREE || paid {
        return Ok(());
    }
    let row = table::NOTICE_RATE.row;
    reader.fail(Problem::of(row, "Telegram charges for so many").given(row, &rate.to_string()))
}
