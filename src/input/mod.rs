//! (in work)
pub(crate) mod attach;
pub(crate) mod credentials;
pub(crate) mod history;
