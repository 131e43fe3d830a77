//! lmpipe
#![allow(dead_code)]
mod args;
mod failure;
mod input;
mod manual;
mod output;
mod probe;
mod request;
mod response;
mod run;
mod schema;
mod settings;
mod transport;
mod wire;
