//! Copying REI's users, so that notices reach them when its database is gone.

use crate::ports::PortError;
use crate::ports::journal::StateError;
use crate::ports::recipients::{CopyState, Recipients};
use crate::ports::records::Records;
use jiff::Timestamp;

/// Read at once: REI's database is looked into for some milliseconds at a time.
const PAGE: u32 = 2_000;

/// Why there is no new copy. The old one stands.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// REI's database cannot be read.
    #[error(transparent)]
    Records(#[from] PortError),
    /// The own state cannot be written.
    #[error(transparent)]
    State(#[from] StateError),
}

/// Copies everybody, as of `now`.
///
/// # Errors
/// Either side; what was copied so far is kept, and the copy keeps its former time.
pub async fn copy(
    records: &dyn Records,
    recipients: &dyn Recipients,
    now: Timestamp,
) -> Result<CopyState, CopyError> {
    let mut after = None;
    loop {
        let page = records.users(after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(recipients.end_copy(now).await?);
        };
        after = Some(last.id);
        recipients.copy(&page, now).await?;
    }
}
