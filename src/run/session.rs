//! What stays the same for every request of a run.

use std::time::Instant;

use crate::request::Limits;
use crate::settings::env::Env;
use crate::settings::{Network, Settings};
use crate::transport::har::HarFiles;
use crate::transport::http::Client;

/// Settings, environment and network of a run.
pub(crate) struct Session<'a> {
    /// What was asked for.
    pub(crate) settings: &'a Settings,
    /// The environment, for keys.
    pub(crate) env: &'a Env,
    /// When the program began.
    pub(crate) started: Instant,
    /// What is recorded, and what answers in place of the network.
    pub(crate) tapes: HarFiles,
    /// The connection to the network.
    pub(crate) client: Client,
}

impl<'a> Session<'a> {
    /// A session that has sent nothing yet.
    pub(crate) fn new(settings: &'a Settings, env: &'a Env, started: Instant, tapes: HarFiles) -> Self {
        let Network { limits, net, .. } = &settings.network;
        let client = Client::new(net.clone(), *limits, started).with_har(tapes.clone());
        Self { settings, env, started, tapes, client }
    }

    /// A further connection to the network, with limits of its own.
    pub(crate) fn client(&self, limits: Limits) -> Client {
        Client::new(self.settings.network.net.clone(), limits, self.started).with_har(self.tapes.clone())
    }
}
