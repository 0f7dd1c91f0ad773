//! The payment provider.

use super::problem::Problem;
use super::reader::{Read, Reader};
use super::setting::Row;
use super::table;
use secrecy::SecretString;
use url::Url;

/// YooKassa.
#[derive(Clone, Debug)]
pub struct PaymentSettings {
    /// What opens the API; absent where neither half is given.
    pub keys: Option<PaymentKeys>,
    /// `YOOKASSA_API_URL`.
    pub api: Url,
    /// `YOOKASSA_STATUS_URL`.
    pub status: Url,
}

/// Both halves.
#[derive(Clone, Debug)]
pub struct PaymentKeys {
    /// `YOOKASSA_SHOP_ID`.
    pub shop: String,
    /// `YOOKASSA_SECRET_KEY`.
    pub secret: SecretString,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Read<PaymentSettings> {
    let keys = keys(reader);
    let api = reader.get(&table::YOOKASSA_API_URL);
    let status = reader.get(&table::YOOKASSA_STATUS_URL);
    Ok(PaymentSettings {
        keys: keys?,
        api: api?.0,
        status: status?.0,
    })
}

fn keys(reader: &mut Reader<'_>) -> Read<Option<PaymentKeys>> {
    let shop = reader.find(&table::YOOKASSA_SHOP_ID);
    let secret = reader.find(&table::YOOKASSA_SECRET_KEY);
    match (shop?, secret?) {
        (Some(shop), Some(secret)) => Ok(Some(PaymentKeys {
            shop: shop.0,
            secret: secret.0,
        })),
        (None, None) => Ok(None),
        (Some(_), None) => half(reader, table::YOOKASSA_SECRET_KEY.row),
        (None, Some(_)) => half(reader, table::YOOKASSA_SHOP_ID.row),
    }
}

fn half<T>(reader: &mut Reader<'_>, missing: &Row) -> Read<T> {
    let problem = "the shop's other half is given, this one is not";
    reader.fail(
        Problem::of(missing, problem)
            .advise("Give both, or neither: payments are then not compared with YooKassa's."),
    )
}
