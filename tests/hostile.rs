//! Hostile text: what a server or model writes cannot steer a terminal, hang the judge, crash by depth or make
//! lmpipe connect anywhere.

/// Documents 100,000 levels deep.
mod deep;
/// Schemas made to hang, to crash, or to call home.
mod schemas;
/// Text made to steer a terminal.
mod steering;
