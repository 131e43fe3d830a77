//! See `lmpipe::laws::model`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| lmpipe::laws::model(input));
