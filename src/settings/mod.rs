//! (in work)
pub(crate) mod config;
pub(crate) mod model;
pub(crate) mod providers;
