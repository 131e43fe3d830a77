//! What only terminals see: control characters made visible, and the spinner.
//!
//! Text from a server or a model is untrusted: on a terminal it must not move the cursor, set the title, write the
//! clipboard or reverse a line (docs/contract.md §4). A pipe gets the bytes as they are.

use std::borrow::Cow;
use std::io::Write;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::interrupt::Interrupt;

/// `text` with every control that could steer a terminal written out (`\x1b`, `\u{202e}`); newlines and tabs stay.
///
/// A carriage return stays only in front of a newline; at the end of `text` it is written out.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.bytes().any(is_suspect) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\n' | '\t' => out.push(character),
            '\r' if characters.peek() == Some(&'\n') => out.push(character),
            '\r' => out.push_str("\\r"),
            '\0'..='\x1f' | '\x7f'..='\u{9f}' => out.push_str(&format!("\\x{:02x}", u32::from(character))),
            _ if is_bidi(character) => out.push_str(&format!("\\u{{{:x}}}", u32::from(character))),
            _ => out.push(character),
        }
    }
    Cow::Owned(out)
}

/// Whether a byte may begin a character that [`escape`] changes: C0, DEL, or the lead byte of C1 and bidi controls.
fn is_suspect(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\n' && byte != b'\t') || matches!(byte, 0x7f | 0xc2 | 0xd8 | 0xe2)
}

/// Whether a character reorders the text around it, or ends a line where a terminal would not.
fn is_bidi(character: char) -> bool {
    matches!(character, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Silence before the spinner shows, so that quick answers never flicker.
const PATIENCE: Duration = Duration::from_millis(400);
/// Time between two frames.
const FRAME: Duration = Duration::from_millis(120);
/// The frames.
const FRAMES: [char; 10] = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/// A spinner with the elapsed seconds on stderr; gone, line cleared, when it is dropped or the process is
/// interrupted.
pub(crate) struct Spinner {
    /// Dropping it ends the thread.
    stop: Option<Sender<()>>,
    /// The drawing thread.
    thread: Option<JoinHandle<()>>,
}

impl Spinner {
    /// Starts to draw on `terminal` once `PATIENCE` has passed.
    pub(crate) fn start(mut terminal: Box<dyn Write + Send>) -> Self {
        let (stop, stopped) = mpsc::channel();
        let thread = thread::spawn(move || {
            let began = Instant::now();
            if stopped.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let interrupt = Interrupt::hold();
            for frame in FRAMES.iter().cycle() {
                let _ = write!(terminal, "\r{frame} {} s\x1b[K", began.elapsed().as_secs());
                let _ = terminal.flush();
                if stopped.recv_timeout(FRAME) != Err(RecvTimeoutError::Timeout) || interrupt.is_pending() {
                    break;
                }
            }
            let _ = write!(terminal, "\r\x1b[K");
            let _ = terminal.flush();
            interrupt.release();
        });
        Self { stop: Some(stop), thread: Some(thread) }
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A spinner that panicked has nothing left to clear.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_not_copied() {
        assert!(matches!(escape("a\tb\nç 漢 🦀"), Cow::Borrowed(_) | Cow::Owned(_)));
        assert_eq!(escape("a\tb\nç 漢 🦀 – “”"), "a\tb\nç 漢 🦀 – “”");
    }

    #[test]
    fn controls_are_written_out() {
        assert_eq!(escape("\x1b]0;x\x07\x1b[2J\u{9b}1m\x7f"), "\\x1b]0;x\\x07\\x1b[2J\\x9b1m\\x7f");
        assert_eq!(escape("a\rb\r\nc\r"), "a\\rb\r\nc\\r");
        assert_eq!(escape("\u{202e}abc\u{2066}\u{200f}"), "\\u{202e}abc\\u{2066}\\u{200f}");
    }
}
