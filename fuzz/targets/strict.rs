//! See `lmpipe::laws::strict`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| lmpipe::laws::strict(input));
