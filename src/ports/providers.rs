//! The AI providers.

use super::PortResult;
use crate::domain::provider::{Reading, TaskState};
use async_trait::async_trait;
use std::collections::BTreeMap;

/// The providers that `providers.toml` describes. Reading only.
#[async_trait]
pub trait AiProviders: Send + Sync {
    /// Ids of all described providers, as `jobs.provider` names them.
    fn names(&self) -> Vec<String>;

    /// All probes side by side, each with its own deadline. Never an error: a reading says `Unknown`
    /// or `Down` and why.
    async fn readings(&self) -> Vec<Reading>;

    /// To which provider an error text of `jobs.error` belongs by the patterns of `providers.toml`;
    /// nothing where none fits. Only such errors speak of the provider's health.
    fn blames(&self, provider: &str, error: &str) -> bool;

    /// Whether tasks of this provider can be looked up.
    fn can_look_up(&self, provider: &str) -> bool;

    /// What became of these tasks; those that could not be asked for are left out.
    async fn tasks(
        &self,
        provider: &str,
        tasks: &[String],
    ) -> PortResult<BTreeMap<String, TaskState>>;
}
