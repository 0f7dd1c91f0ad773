//! Records of a CSV file (RFC 4180) that a spreadsheet may open.

/// One record, without its line end.
#[must_use]
pub fn csv_record(fields: &[&str]) -> String {
    let fields: Vec<String> = fields.iter().map(|text| field(text)).collect();
    fields.join(",")
}

/// Quoted where it has to be. A spreadsheet takes what begins with these for a formula: they get an
/// apostrophe, unless all of it is a number.
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula && text.parse::<i64>().is_err() {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::csv_record;

    #[test]
    fn a_formula_is_text_and_a_negative_number_a_number() {
        let fields = ["plain", "-7", "=1+1", "a\"b", "x,y", "line\nbreak", ""];
        let want = "plain,-7,'=1+1,\"a\"\"b\",\"x,y\",\"line\nbreak\",";
        assert_eq!(csv_record(&fields), want);
    }
}
