//! The gate as a whole.

mod conform;
mod fixtures;
mod roundtrip;
mod suite;

use serde_json::json;

use super::print::Layout;
use super::*;
