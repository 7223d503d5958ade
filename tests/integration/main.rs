//! The one integration test binary. `support` is what every test stands on: AWS servers, accounts, the
//! gateway between scanner and server, and seeds. Each other module tests one part of the program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a helper that cannot do its work has to fail the test at once, with the place in the backtrace"
)]
#![allow(
    clippy::result_large_err,
    reason = "the SDK's errors are large, and a test that returns one has nothing to save"
)]

mod support;
mod harness;
mod collector;
mod route53;
mod fixtures;
mod policies;
mod peer_mistakes;
mod commands;
mod verdicts;
mod load;
mod scan;
mod permissions;
mod reports;
mod cli;
