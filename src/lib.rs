//! hadr-scan.

#[cfg(feature = "aws")]
pub mod collect;
pub mod snapshot;
