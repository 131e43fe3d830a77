//! (in work)
pub(crate) mod find;
pub(crate) mod items;
pub(crate) mod short;
pub(crate) mod strict;
