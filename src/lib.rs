//! hadr-scan.

pub mod config;
pub mod index;
pub mod policy;
pub mod snapshot;
