//! Which proxy a URL goes through.
