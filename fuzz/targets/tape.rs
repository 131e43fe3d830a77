//! See `lmpipe::laws::tape`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| lmpipe::laws::tape(input));
