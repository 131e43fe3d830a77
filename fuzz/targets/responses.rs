//! See `lmpipe::laws::responses`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| lmpipe::laws::responses(input));
