//! The model URI, `[provider:]model[?key=value&…]`.
