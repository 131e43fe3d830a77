//! `--print curl`: a call as a command to paste.
use crate::request::{Call, Endpoint};

/// The shell command that makes `call`, without a single secret in it.
pub(crate) fn command(call: &Call, endpoint: &Endpoint) -> Vec<u8> {
    unimplemented!("{call:?} {endpoint:?}")
}
