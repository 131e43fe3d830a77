//! (in work)
pub(crate) mod attach;
pub(crate) mod credentials;
pub(crate) mod files;
pub(crate) mod history;
pub(crate) mod sniff;
pub(crate) mod tools;
