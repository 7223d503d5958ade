//! What the integration tests stand on.
//!
//! - [`tools`] installs the pinned Python tools once per target folder.
//! - [`node`] installs the validator of SARIF files where Node is there.
//! - [`server`] starts the AWS servers, which end with the test process.
//! - [`account`] is an AWS account of its own for each test.
//! - [`gateway`] stands between scanner and server: it logs requests and, by rules, answers them itself.
//!   [`wire`] is what it knows about AWS requests, and [`cbor`] the one encoding that is not text.
//! - [`cloud`] puts these together: one endpoint and one account, with each service on the server that gets it right.
//! - [`corrections`] mends what that server is known to answer differently from AWS.
//! - [`seed`] fills an account through the AWS API.
//! - [`stub`] is an account of any size that answers as AWS does.
//! - [`program`] runs the program on an account.
//!
//! Tests are plain `#[test]` functions that call [`block_on`]: servers and gateways live on one runtime of
//! the process, so that a test may block its own thread on a child process meanwhile.

#![allow(dead_code, unused_imports, reason = "a helper may be in use by the tests of one feature set only")]

pub(crate) mod account;
pub(crate) mod cbor;
pub(crate) mod cloud;
pub(crate) mod corrections;
pub(crate) mod gateway;
pub(crate) mod node;
pub(crate) mod program;
pub(crate) mod seed;
pub(crate) mod server;
pub(crate) mod stub;
pub(crate) mod tools;
pub(crate) mod wire;

use std::future::Future;
use std::path::Path;
use std::sync::LazyLock;

use tokio::runtime::Runtime;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("the runtime of the test process starts")
});

/// The runtime that gateways and SDK clients of all tests share.
pub(crate) fn runtime() -> &'static Runtime {
    &RUNTIME
}

/// Runs a future to its end on the shared runtime, from a plain test function.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    RUNTIME.block_on(future)
}

/// The folder under the target folder that cargo gives to integration tests for what they keep.
pub(crate) fn kept_files() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}
