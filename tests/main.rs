//! End-to-end tests: the built program as a shell sees it, against scripted servers on loopback.
//!
//! The list of modules is the table of contents; test names are claims.
#![cfg(unix)]

/// The bytes servers answer with.
mod replies;
/// A scripted server.
mod server;
/// The `Run` builder.
mod util;
