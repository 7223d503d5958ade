//! The `hadr-scan` binary: parses the command line, calls the library and maps the result to an exit code.

mod cli;

use std::process::ExitCode;

use mimalloc::MiMalloc;

/// An evaluation makes and frees millions of small values; it spent a fifth of its time in the C library doing so.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
