//! See `lmpipe::laws::chat`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| lmpipe::laws::chat(input));
