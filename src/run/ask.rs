//! The loops around a request: keys, adaptation, retries and models in reserve. Nothing is sent again once a first
//! byte of the answer came (docs/contract.md §3, §5).

use std::hash::{BuildHasher, Hasher, RandomState};
use std::thread;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Kind};
use crate::input::stdin::Stdin;
use crate::output::envelope::{Attempt, milliseconds};
use crate::request::{Endpoint, Request};
use crate::run::advise::advise;
use crate::run::exchange::exchange;
use crate::run::gate::{self, JsonFallback};
use crate::run::live::Live;
use crate::run::locate::{self, Server};
use crate::run::session::Session;
use crate::run::verdict;
use crate::settings::Answer;
use crate::settings::route::Route;
use crate::transport::retry;
use crate::url::display_url;
use crate::wire::{self, recognise};

/// Asks for answers: the routes, keys and tries of a run.
pub(crate) struct Asker<'a> {
    /// What is the same for every try.
    pub(crate) session: Session<'a>,
    /// Fallbacks for asking JSON.
    fallback: &'a JsonFallback,
    /// Every try so far, and what was changed on the way.
    pub(crate) attempts: Attempts,
}

/// The attempts made for an answer, and what was adapted on the way.
#[derive(Default)]
pub(crate) struct Attempts {
    /// Every try.
    pub(crate) tries: Vec<Attempt>,
    /// What was changed in the request after a refusal.
    pub(crate) adapted: Vec<String>,
}

impl Attempts {
    /// Whether a reply came, be it a refusal.
    pub(crate) fn has_reply(&self) -> bool {
        self.tries.iter().any(|attempt| attempt.status.is_some())
    }
}

impl<'a> Asker<'a> {
    /// An asker that has not tried yet.
    pub(crate) fn new(session: Session<'a>, fallback: &'a JsonFallback) -> Self {
        Self { session, fallback, attempts: Attempts::default() }
    }

    /// Asks the first route, then those in reserve, until one answers.
    ///
    /// # Errors
    /// The failure of the last route tried.
    pub(crate) fn ask(&mut self, request: &Request, stdin: &mut Stdin, live: &mut Live<'_>) -> Result<(), Failure> {
        let mut routes = self.session.settings.routes.iter().peekable();
        while let Some(route) = routes.next() {
            let failure = match self.ask_route(route, request, stdin, live) {
                Ok(()) => return Ok(()),
                Err(failure) => failure,
            };
            let passes_on = (Kind::Auth.exit()..=Kind::Network.exit()).contains(&failure.kind.exit());
            match routes.peek() {
                Some(next) if passes_on && !live.has_begun() => {
                    let name = next.model.as_ref().map_or("the only model", |model| model.value.as_str());
                    live.output.notice(&format!("{}: falling back to {}:{name}", failure.line(), next.provider.value));
                }
                _ => return Err(failure),
            }
        }
        Err(Failure::usage("no model to ask", ""))
    }

    /// Asks one route with each of its keys.
    fn ask_route(
        &mut self,
        route: &Route,
        request: &Request,
        stdin: &mut Stdin,
        live: &mut Live<'_>,
    ) -> Result<(), Failure> {
        let server = locate::server(&self.session, route, stdin, live.output)?;
        let mut request = request.clone();
        request.model = locate::model(&mut self.session, &server, live.output)?;
        let Server { route, endpoints, .. } = server;
        request.stream_usage = request.stream_usage && route.stream_options;
        request.sampling = route.generation.sampling();
        let last = endpoints.len() - 1;
        for (place, mut endpoint) in endpoints.into_iter().enumerate() {
            let more_keys = place < last;
            match self.ask_endpoint(&mut endpoint, &mut request, more_keys, live) {
                Err(failure) if more_keys && !live.has_begun() && wants_next_key(&failure) => {
                    live.output.notice(&format!("{}: trying the next key", failure.line()));
                }
                Err(failure) => return Err(advise(&mut self.session, failure, &endpoint, Some(&request))),
                Ok(()) => {
                    verdict::notice_spent_limit(&request, endpoint.dialect, live);
                    return Ok(());
                }
            }
        }
        Ok(())
    }

    /// Asks one server with one key: adapts and retries, but for what the next key may do at once.
    fn ask_endpoint(
        &mut self,
        endpoint: &mut Endpoint,
        request: &mut Request,
        more_keys: bool,
        live: &mut Live<'_>,
    ) -> Result<(), Failure> {
        let mut retries = 0;
        let mut swapped = false;
        loop {
            let failure = match self.attempt(endpoint, request, live) {
                Ok(()) => return Ok(()),
                Err(failure) => failure,
            };
            if live.has_begun() || (more_keys && wants_next_key(&failure)) {
                return Err(failure);
            }
            live.restart();
            if self.session.settings.adapt.value
                && let Some(change) = self.adapt(&failure, endpoint, request, &mut swapped)
            {
                live.output.notice(&change);
                self.attempts.adapted.push(change);
                continue;
            }
            let Some(wait) = retry::wait(&failure, retries, self.session.settings.network.retries, chance()) else {
                return Err(failure);
            };
            self.wait(wait, &failure, live)?;
            retries += 1;
        }
    }

    /// One try; it is listed in the envelope.
    fn attempt(&mut self, endpoint: &Endpoint, request: &Request, live: &mut Live<'_>) -> Result<(), Failure> {
        let began = Instant::now();
        let call = wire::encode(request, endpoint)?;
        live.expect(gate::form(&request.shape));
        let mut status = None;
        let limit = self.session.settings.network.limits.reply_bytes;
        let verbose = self.session.settings.output.verbose;
        let result = exchange(&mut self.session.client, &call, endpoint, limit, live, verbose, &mut status);
        self.attempts.tries.push(Attempt {
            provider: endpoint.provider.clone(),
            model: request.model.clone(),
            url: display_url(&call.url),
            status,
            exit: result.as_ref().err().map_or(0, |failure| failure.kind.exit()),
            milliseconds: milliseconds(began.elapsed()),
        });
        result
    }

    /// Changes the one thing the server refused to the form it may take, and returns what changed; `None` where the
    /// refusal is not of that kind. What the user typed is never dropped.
    fn adapt(
        &self,
        failure: &Failure,
        endpoint: &mut Endpoint,
        request: &mut Request,
        swapped: &mut bool,
    ) -> Option<String> {
        match recognise::unsupported_field(failure) {
            Some("stream_options") if request.stream_usage => {
                request.stream_usage = false;
                return Some("the server refuses stream_options: asking without".into());
            }
            Some(refused) if !*swapped => {
                let fields = request.sampling.fields.iter().map(|(field, _)| *field);
                let mut fields = fields.filter(|field| field.name == refused || field.aliases.contains(&refused));
                if let Some(field) = fields.next()
                    && let Some(from) = endpoint.path(field)
                {
                    *swapped = true;
                    endpoint.swap_name(field);
                    let to = endpoint.path(field).unwrap_or(from);
                    return Some(format!("the server refuses {from}: asking with {to}"));
                }
            }
            _ => {}
        }
        if !recognise::refuses_format(failure) {
            return None;
        }
        let (from, to) = self.fallback.step_down(request, self.session.settings.answer == Answer::Json)?;
        Some(format!("the server refuses {from}: asking with {to}"))
    }

    /// Waits before the next try, with a notice; gives up where the wait does not fit into `--max-time`.
    fn wait(&self, wait: Duration, failure: &Failure, live: &mut Live<'_>) -> Result<(), Failure> {
        if let Some(total) = self.session.settings.network.limits.total
            && self.session.started.elapsed() + wait >= total
        {
            return Err(failure.clone());
        }
        live.output.notice(&format!("{}: trying again in {:.1} s", failure.line(), wait.as_secs_f64()));
        if !self.session.tapes.is_instant() {
            live.output.wait();
            thread::sleep(wait);
        }
        Ok(())
    }
}

/// Whether the next key may do what this one could not: 401 and 429 (docs/contract.md §3).
fn wants_next_key(failure: &Failure) -> bool {
    matches!(failure.reply.status, Some(401 | 429))
}

/// A number from 0 to 1 for the jitter of waits.
fn chance() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 11;
    // 53 bits are exact in a double.
    bits as f64 / (1u64 << 53) as f64
}
