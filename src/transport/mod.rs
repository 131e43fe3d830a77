//! (in work)
pub(crate) mod http;
pub(crate) mod proxy;
pub(crate) mod retry;
