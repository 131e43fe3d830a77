//! See `lmpipe::laws::config`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| lmpipe::laws::config(input));
