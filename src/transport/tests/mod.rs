//! Test-only code of this room: the laws of recordings, and the room against scripted peers.

#[cfg(test)]
mod faults;
#[cfg(test)]
mod framing;
#[cfg(test)]
mod har;
pub(crate) mod laws;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod peer;
#[cfg(test)]
mod proxies;
#[cfg(test)]
mod tls;

#[cfg(test)]
use self::peer::{LIMITS, Peer, answering, cut, post, read_all, read_call, refusal, send, send_with, told, whole};
