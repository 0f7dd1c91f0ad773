//! Secrets that cannot be kept out of texts by looking for them.

use super::problem::Notice;
use super::sources::Sources;
use crate::domain::secret::{Weakness, weakness};
use std::collections::BTreeSet;

/// A warning for each setting whose secret is weak.
pub(super) fn notices(sources: &Sources) -> Vec<Notice> {
    let mut weak = BTreeSet::new();
    sources.each_secret(|name, secret| weak.extend(weakness(secret).map(|why| (name, why))));
    let notice = |(name, why)| Notice::warning(name, said(why));
    weak.into_iter().map(notice).collect()
}

fn said(why: Weakness) -> &'static str {
    match why {
        Weakness::Short => {
            "it is so short that it is not masked where a service's answer repeats it; use 12 characters or more, with digits"
        }
        Weakness::Word => {
            "it has letters alone: where a text has them as a word they are masked, and whoever sees the mask learns it; use 12 characters or more, with digits"
        }
    }
}
