//! Times the parts that a long input or a long answer runs through: `cargo bench`, or `cargo bench -- WORD` for the
//! rows whose name holds WORD.
//!
//! Each row is a run of the program in this process: no socket, no file, stdin from memory, the answer counted and
//! dropped. Input is made of the recordings in `tests/wire`, their middle repeated. What a row shares with another
//! row is taken off where the table says so. The least of some runs is shown: other load only ever adds.

use std::cell::Cell;
use std::ffi::OsString;
use std::io::{self, Cursor, Write};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lmpipe::World;

/// About how long each input is.
const INPUT_BYTES: usize = 8 << 20;
/// How often each row is run.
const RUNS: u32 = 15;
/// What an item of the recorded JSON answers is.
const SCHEMA: &str = r#"{"type":"object","properties":{"city":{"type":"string"},"population":{"type":"integer"}},"required":["city","population"],"additionalProperties":false}"#;

/// One row.
struct Part {
    /// What is timed.
    name: &'static str,
    /// The command line behind the program's name.
    words: Vec<String>,
    /// Stdin.
    input: Arc<[u8]>,
    /// What there is many of in the input.
    unit: &'static str,
    /// How many of them there are.
    count: usize,
    /// The row that is taken off.
    less: Option<&'static str>,
}

/// Takes bytes and keeps their number.
struct Counter(Rc<Cell<usize>>);

impl Write for Counter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn main() -> io::Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let parts = parts()?;
    let mut out = io::stdout();
    writeln!(out, "{:<34} {:>9} {:>9} {:>18}  less", "part", "ms", "MB/s", "ns each")?;
    for part in &parts {
        if !wanted.is_empty() && !wanted.iter().any(|word| part.name.contains(word)) {
            continue;
        }
        let less = parts.iter().find(|other| Some(other.name) == part.less);
        let time = least(part).saturating_sub(less.map_or(Duration::ZERO, least)).as_secs_f64();
        let speed = part.input.len() as f64 / 1e6 / time;
        let each = format!("{:.1} {}", time * 1e9 / part.count as f64, part.unit);
        let less = part.less.unwrap_or_default();
        writeln!(out, "{:<34} {:>9.2} {speed:>9.0} {each:>18}  {less}", part.name, time * 1e3)?;
    }
    Ok(())
}

/// The least time of some runs.
fn least(part: &Part) -> Duration {
    (0..RUNS).map(|_| time(part)).min().unwrap_or_default()
}

/// The time of one run, which must end well and say something.
fn time(part: &Part) -> Duration {
    let written = Rc::new(Cell::new(0));
    let world = World {
        args: std::iter::once("lmpipe").chain(part.words.iter().map(String::as_str)).map(OsString::from).collect(),
        env: Vec::new(),
        stdin: Box::new(Cursor::new(Arc::clone(&part.input))),
        stdin_ready: |_| true,
        stdout: Box::new(Counter(Rc::clone(&written))),
        stderr: Box::new(io::sink()),
        spinner: || Box::new(io::sink()),
        stdin_is_terminal: false,
        stdout_is_terminal: false,
        stderr_is_terminal: false,
        terminal_understands_escapes: false,
    };
    let began = Instant::now();
    let exit = lmpipe::run(world);
    let time = began.elapsed();
    assert!(exit == 0 && written.get() > 0, "{}: exit {exit} after {} bytes", part.name, written.get());
    time
}

/// All rows, those before the ones they are taken off.
fn parts() -> io::Result<Vec<Part>> {
    let vllm = recording("chat/vllm/stream-usage.sse")?;
    let llama = recording("chat/llama-server/stream.sse")?;
    let responses = recording("responses/llama-server/stream.sse")?;
    let stream = |name, (input, count): (Vec<u8>, usize), less| Part {
        name,
        words: words(&["--response", "-", "--stream"]),
        input: input.into(),
        unit: "an event",
        count,
        less,
    };
    let (list, count) = list(&recording("chat/llama-server/json-schema.json")?);
    let list: Arc<[u8]> = list.into_bytes().into();
    let reply = |name, more: &[&str], less| Part {
        name,
        words: words(&[&["--response", "-"], more].concat()),
        input: Arc::clone(&list),
        unit: "an item",
        count,
        less,
    };
    let prose = (vllm.clone() + &llama).repeat(INPUT_BYTES / (vllm.len() + llama.len()));
    let list_schema = format!(r#"{{"type":"array","items":{SCHEMA}}}"#);
    Ok(vec![
        stream("SSE lines (comments)", lengthened(&[&comments(&vllm)]), None),
        stream("chat chunks", lengthened(&[&vllm]), Some("SSE lines (comments)")),
        stream("chat chunks of two servers", lengthened(&[&vllm, &llama]), Some("SSE lines (comments)")),
        stream("Responses events", lengthened(&[&responses]), Some("SSE lines (comments)")),
        Part {
            name: "JSON string escape",
            words: words(&["--print", "request", "-b", "http://localhost/v1", "-m", "m"]),
            count: prose.len(),
            input: prose.into_bytes().into(),
            unit: "a byte",
            less: None,
        },
        reply("a whole reply", &["--no-stream"], None),
        reply("items, split and read", &["--each", "-S", "{}"], Some("a whole reply")),
        reply("items, validated", &["--each", "-S", SCHEMA], Some("items, split and read")),
        reply("a document, read and printed", &["--json"], Some("a whole reply")),
        reply("a document, validated", &["-S", &list_schema], Some("a document, read and printed")),
    ])
}

/// Words of a command line.
fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A recorded reply.
fn recording(name: &str) -> io::Result<String> {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire").join(name))
}

/// Streams become one long one: the stretches of text of all in turn, over and over, then the end of the first. Beside
/// it the number of events.
fn lengthened(streams: &[&str]) -> (Vec<u8>, usize) {
    let is_text = |event: &&str| {
        event.contains(r#""delta":{"content":""#)
            || event.contains("response.output_text.delta")
            || event.starts_with(':')
    };
    let texts: Vec<Vec<&str>> =
        streams.iter().map(|stream| stream.split_inclusive("\n\n").filter(is_text).collect()).collect();
    let first: Vec<&str> = streams[0].split_inclusive("\n\n").collect();
    let begin = first.iter().position(is_text).unwrap_or_default();
    let end = first.iter().rposition(is_text).unwrap_or_default() + 1;
    let mut long = first[..begin].concat();
    let mut count = 0;
    while long.len() < INPUT_BYTES {
        for text in &texts {
            long.push_str(text[count / texts.len() % text.len()]);
            count += 1;
        }
    }
    long.push_str(&first[end..].concat());
    (long.into_bytes(), count)
}

/// The stream with its text in comments, which tell nothing, but for its last.
fn comments(stream: &str) -> String {
    let last = stream.rfind(r#""delta":{"content":""#).unwrap_or_default();
    let events = stream.split_inclusive("\n\n").scan(0, |at, event| {
        *at += event.len();
        Some(if event.contains(r#""delta":{"content":""#) && *at <= last {
            event.replacen("data", ":", 1)
        } else {
            event.to_owned()
        })
    });
    events.collect()
}

/// A reply whose answer is a list of the answers in `reply`, and their number.
fn list(reply: &str) -> (String, usize) {
    let content = r#""content":""#;
    let from = reply.find(content).map_or(0, |at| at + content.len());
    let to = reply.find(r#""}}]"#).unwrap_or(from);
    let count = INPUT_BYTES / (to - from);
    let items = vec![&reply[from..to]; count].join(",");
    (format!("{}[{items}]{}", &reply[..from], &reply[to..]), count)
}
