//! See `lmpipe::laws::short`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| lmpipe::laws::short(input));
