//! The `hadr-scan` binary.

fn main() {}
