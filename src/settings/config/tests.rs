//! Claims about the config file.
