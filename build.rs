//! Tells cargo that the policies are part of the program, so that a file that is added is embedded as well.

fn main() {
    println!("cargo::rerun-if-changed=policies");
}
