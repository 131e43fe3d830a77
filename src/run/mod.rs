//! x
use crate::World;
/// x
pub fn run(world: World) -> u8 {
    drop(world);
    0
}
