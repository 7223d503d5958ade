//! hadr-scan.

#[cfg(feature = "aws")]
pub mod collect;
pub mod config;
pub mod finding;
pub mod index;
pub mod policy;
pub mod report;
pub mod snapshot;
pub mod text;
