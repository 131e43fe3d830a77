//! See `lmpipe::laws::har`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| lmpipe::laws::har(input));
