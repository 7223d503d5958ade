//! Tells cargo that the policies are part of the program, so that a file that is added is embedded as well.

#![allow(clippy::print_stdout, reason = "cargo reads what a build script prints")]

fn main() {
    println!("cargo::rerun-if-changed=policies");
}
