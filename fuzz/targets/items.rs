//! See `lmpipe::laws::items`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| lmpipe::laws::items(input));
