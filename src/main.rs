//! The `hadr-scan` binary: parses the command line, calls the library and maps the result to an exit code.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
