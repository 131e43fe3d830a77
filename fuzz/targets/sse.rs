//! See `lmpipe::laws::sse`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| lmpipe::laws::sse(input));
