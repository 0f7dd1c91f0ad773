//! Who REI works with: YooKassa, which knows all its past payments, and the AI providers.

use super::blocking;
use crate::demo::error::{DemoResult, at};
use crate::demo::patient::{Patient, past_payments};
use crate::demo::providers::{ProvidersOptions, ProvidersServer};
use crate::demo::service::{PACE, set_environment};
use crate::demo::yookassa::{YooKassa, YooKassaOptions};
use std::path::Path;
use std::time::Duration;

/// The shop, as REI's own `.env` has it; it opens nothing outside this rehearsal.
pub(in crate::demo) const SHOP: &str = "100500";
pub(in crate::demo) const SHOP_KEY: &str = "rehearsal-only";

/// Starts them, and tells the units where they are.
pub(super) async fn open(
    root: &Path,
    patient: &Patient,
    pace: Option<Duration>,
) -> DemoResult<(YooKassa, ProvidersServer)> {
    let options = YooKassaOptions::local(SHOP, SHOP_KEY);
    let yookassa = YooKassa::start(options).await.map_err(at(root))?;
    let providers = ProvidersServer::start(ProvidersOptions::local()).await;
    let providers = providers.map_err(at(root))?;
    let database = patient.database();
    for payment in blocking(move || past_payments(&database)).await? {
        yookassa.add(payment);
    }
    let mut variables = vec![
        ("YOOKASSA_API_URL", yookassa.api_url()),
        ("NANO_BANANA_URL", providers.url()),
        ("KLING_URL", providers.url()),
    ];
    variables.extend(pace.map(|pace| (PACE, pace.as_millis().to_string())));
    set_environment(&patient.home(), &variables)?;
    Ok((yookassa, providers))
}
