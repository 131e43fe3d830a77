//! See `lmpipe::laws::refusal`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| lmpipe::laws::refusal(input));
