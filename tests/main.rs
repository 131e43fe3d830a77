//! End-to-end tests: the built program as a shell sees it, against scripted servers on loopback.
//!
//! The list of modules is the table of contents; test names are claims.
//! A test that needs a shell, signals, file modes or devices of Unix is marked `cfg(unix)`; the others hold everywhere.
// What only those tests use lies idle elsewhere.
#![cfg_attr(not(target_os = "linux"), allow(dead_code, unused_imports))]

/// Help, man page and completions: printed as committed.
mod artifacts;
/// Where a key comes from, where it may go, and that it is never seen.
mod auth;
/// `--capture` and `--replay`.
mod capture;
/// The sections that comments cite.
mod cites;
/// Requests under the login of `codex login`.
mod codex;
/// The config file and the model URI.
mod config;
/// The README's console and the man page's examples, run.
mod documents;
/// How a run ends badly: one exit code a kind, one line on stderr.
mod errors;
/// Servers and networks that fail.
mod faults;
/// Rules for every flag; flags typed wrong.
mod flags;
/// Text made to steer, hang or crash.
mod hostile;
/// The order of the rooms, circles, sizes and names of the program itself.
mod house;
/// What becomes the prompt: words, stdin, files.
mod input;
/// Envelope, events, metadata, usage and reasoning.
mod json;
/// The search for a local server.
mod local;
/// This machine as it can be: full, slow, crowded, without a home.
#[cfg(target_os = "linux")]
mod machine;
/// `--list-models`.
mod models;
/// Images, attachments and history.
mod parts;
/// Examples and documents: pipelines as they show them.
mod pipelines;
/// Readers that leave, full disks, closed descriptors, signals.
mod pipes;
/// `--print`: what would be sent.
mod print;
/// `--probe`: what a server really does.
mod probe;
/// Proxies and certificates.
mod proxy;
/// The Responses API.
mod responses;
/// When a request is sent again, and when never.
mod retry;
/// Models in reserve and several keys.
mod routes;
/// Saved replies, batch lines.
mod saved;
/// The schema gate.
mod schema;
/// A key in every place a key can be, and in no place it can be seen.
mod secrets;
/// Which setting wins, and what it sends.
mod settings;
/// Streamed text.
mod stream;
/// What only terminals see.
mod terminal;
/// Text in, one request, text out.
mod text;
/// Time limits.
mod time;
/// Tool calls out, results in.
mod tools;

/// Runs in this process.
mod inside;
/// The bytes servers answer with.
mod replies;
/// A program that runs.
mod running;
/// A scripted server.
mod server;
/// The `Run` builder.
mod util;
