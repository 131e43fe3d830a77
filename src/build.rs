//! Links the Linux binary to a fixed address, so that nothing in it is corrected at each start.
//!
//! A position-independent executable begins by writing some 16,000 pointers of its tables, a third of the
//! instructions of `--version`, and the pages they stand on become memory of their own. What that form buys, an
//! address of the program's image that nobody can guess, is worth little here: lmpipe itself holds no unsafe code,
//! and heap, stack and libraries keep their random addresses.

use std::env;

/// Tells cargo the flag for the linker.
fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    let is = |name: &str, wanted: &str| env::var(name).is_ok_and(|value| value == wanted);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
