//! hadr-scan.

pub mod snapshot;
