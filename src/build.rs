//! Links the Linux binary to a fixed address, so that nothing in it is corrected at each start, and a release without
//! the tables for unwinding.
//!
//! A position-independent executable begins by writing some 16,000 pointers of its tables, a third of the
//! instructions of `--version`, and the pages they stand on become memory of their own. What that form buys, an
//! address of the program's image that nobody can guess, is worth little here: lmpipe itself holds no unsafe code,
//! and heap, stack and libraries keep their random addresses.
//!
//! A release ends at a panic with the panic's message, and its names are stripped: what the tables could still tell
//! is a list of bare addresses. Where the user has chosen a linker, it may not know linker scripts (mold does not), and
//! the tables stay.

use std::env;

/// Tells cargo the flags for the linker.
fn main() {
    println!("cargo::rerun-if-changed=src/build.rs");
    println!("cargo::rerun-if-changed=src/release.ld");
    let is = |name: &str, wanted: &str| env::var(name).is_ok_and(|value| value == wanted);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
        let is_chosen = env::var("CARGO_ENCODED_RUSTFLAGS").is_ok_and(|flags| flags.contains("fuse-ld"));
        if let (true, false, Ok(folder)) = (is("PROFILE", "release"), is_chosen, env::var("CARGO_MANIFEST_DIR")) {
            println!("cargo::rustc-link-arg-bins=-T{folder}/src/release.ld");
        }
    }
}
