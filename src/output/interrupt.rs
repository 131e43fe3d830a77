//! Ctrl-C and termination while something is drawn: the line is cleared first, then the signal does what it always does.
//!
//! Nothing is registered before the first frame, so a run without a spinner keeps the system's own ways. A closed terminal
//! (SIGHUP) leaves no line to clear.

#[cfg(unix)]
use std::sync::Arc;
#[cfg(unix)]
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

#[cfg(unix)]
use signal_hook::consts::{SIGINT, SIGTERM};

/// Signals that end the process, held back as long as this lives.
#[cfg(unix)]
#[derive(Default)]
pub(super) struct Interrupt {
    /// The signal that came; 0 for none.
    came: Arc<AtomicUsize>,
    /// Nothing is drawn any more: signals act at once again.
    is_over: Arc<AtomicBool>,
}

#[cfg(unix)]
impl Interrupt {
    /// Holds the signals back. One that cannot be is left as it is.
    pub(super) fn hold() -> Self {
        let interrupt = Self::default();
        for signal in [SIGINT, SIGTERM] {
            // The order matters: what comes while this ends is either acted on there or seen by `release`.
            let came = Arc::clone(&interrupt.came);
            let _ = signal_hook::flag::register_usize(signal, came, signal.unsigned_abs() as usize);
            let _ = signal_hook::flag::register_conditional_default(signal, Arc::clone(&interrupt.is_over));
        }
        interrupt
    }

    /// Whether one of the signals came.
    pub(super) fn is_pending(&self) -> bool {
        self.came.load(Ordering::SeqCst) != 0
    }

    /// Lets signals act again; one that came acts now, and the shell sees how the process ended.
    pub(super) fn release(self) {
        self.is_over.store(true, Ordering::SeqCst);
        if let Ok(signal @ 1..) = i32::try_from(self.came.load(Ordering::SeqCst)) {
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    }
}

/// Windows: nothing to restore; Ctrl-C ends the process at once.
#[cfg(not(unix))]
pub(super) struct Interrupt;

#[cfg(not(unix))]
impl Interrupt {
    /// Holds nothing back.
    pub(super) fn hold() -> Self {
        Self
    }

    /// Never true.
    pub(super) fn is_pending(&self) -> bool {
        false
    }

    /// Does nothing.
    pub(super) fn release(self) {}
}
