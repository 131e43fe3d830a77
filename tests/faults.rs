//! Servers and networks that fail: whatever comes, the exit code is one of the table and stdout holds a prefix of the
//! truth, or nothing where a whole answer is promised.

/// Replies that end after every one of their bytes, and replies in single bytes.
mod cut;
/// Replies without an end: bounded memory, bounded time.
#[cfg(target_os = "linux")]
mod endless;
/// Heads, lengths and chunks that are wrong, odd or someone else's.
mod framing;
/// Silence against each limit, to the tenth.
#[cfg(target_os = "linux")]
mod silence;
