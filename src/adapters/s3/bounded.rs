//! No answer of a store is read into memory without a bound, whatever it sends.

use crate::adapters::common::names::SMALL_FILE;
use aws_sdk_s3::config::interceptors::BeforeDeserializationInterceptorContextMut;
use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_s3::error::BoxError;
use aws_sdk_s3::primitives::{ByteStream, ByteStreamError, SdkBody};
use http_body_util::Limited;

/// A page of a thousand long keys has about a megabyte.
const LARGEST_PAGE: usize = 16 * 1024 * 1024;

/// On answers that are read whole before they are understood: one that is larger is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bounded {
    /// Those of a request whose answer is no object.
    Always,
    /// Refusals: any request can meet one.
    Refusals,
}

impl Intercept for Bounded {
    fn name(&self) -> &'static str {
        "bounded answers"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let answer = context.response_mut();
        if *self == Self::Refusals && answer.status().is_success() {
            return Ok(());
        }
        let body = answer.take_body();
        *answer.body_mut() = SdkBody::from_body_1_x(Limited::new(body, LARGEST_PAGE));
        Ok(())
    }
}

/// A small object; nothing where it is larger than any of ours. Stores may ignore that only its
/// beginning was asked for.
pub(super) async fn small(mut body: ByteStream) -> Result<Option<Vec<u8>>, ByteStreamError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = body.next().await {
        bytes.extend_from_slice(&chunk?);
        if bytes.len() as u64 > SMALL_FILE {
            return Ok(None);
        }
    }
    Ok(Some(bytes))
}
