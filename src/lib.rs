//! lmpipe: text in, one request to any OpenAI-compatible server, and text, streamed text or checked JSON out.
//!
//! The library exists for the binary and its tests and is no public API. Data flows one way: args → settings → input →
//! request → wire → transport → wire → response → output. Imports follow another order, which is the law
//! (`tests/house.rs` reads the `use` lines): a room imports only rooms that stand below it in this table, and no file
//! imports its importer.
//!
//! | room | is |
//! |---|---|
//! | `run` | the story of one invocation; the only loops around a request |
//! | `manual` | the texts of `--help`, `--man` and `--completions`, and what they are made of |
//! | `input` | EDGE in: stdin, files, keys, login |
//! | `settings` | what was meant; every value keeps its origin |
//! | `output` | EDGE out: the one owner of stdout and stderr |
//! | `transport` | EDGE net: one call out, one reply in; HAR beside HTTP |
//! | `wire` | one folder for each dialect: requests to bytes, bytes to pieces, refusals to failures |
//! | `schema` | the gate: compiles, rewrites for strict servers, judges |
//! | `args` | what was typed: one clap struct for each heading of the help |
//! | `request`, `response`, `failure`, `secret`, `url`, `json`, `closest`, `world` | the words that all rooms share |

mod args;
mod closest;
mod failure;
mod input;
mod json;
#[cfg(any(test, fuzzing))]
pub mod laws;
mod manual;
mod output;
mod request;
mod response;
mod run;
mod schema;
mod secret;
mod settings;
mod transport;
mod url;
mod wire;
mod world;

#[doc(hidden)]
pub use manual::sources;
pub use run::run;
pub use world::World;
