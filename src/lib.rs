//! hadr-scan.
