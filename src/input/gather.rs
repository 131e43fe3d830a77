//! Makes a request from prompt, stdin, files, attachments, history and tools.

use crate::args::choices;
use crate::failure::Failure;
use crate::input::attach::{self, AttachFlag};
use crate::input::stdin::Stdin;
use crate::input::text::{Encoding, read_escaped};
use crate::input::{files, history, tools};
use crate::output::Output;
use crate::request::{Part, Request, Text};
use crate::settings::{Input, Source};

/// The request that the input settings describe, without model, generation and answer format.
///
/// # Errors
/// [`crate::failure::Kind::Usage`] for input that is missing, unreadable or makes no sense.
pub(crate) fn gather(input: &Input, stdin: &mut Stdin, output: &mut Output) -> Result<Request, Failure> {
    let encoding = if input.lossy { Encoding::Lossy } else { Encoding::Strict };
    claim_stdin(input, stdin);
    let system = match &input.system {
        Some(source) => Some(text("--system-file", source, encoding, stdin, output)?),
        None => None,
    };
    let history = match &input.messages {
        Some(path) => history::parse(&bytes("--messages", path, stdin, output)?, path)?,
        None => Vec::new(),
    };
    let mut user = Vec::new();
    let detail = input.image_detail.map(choices::word);
    let detail = detail.as_deref();
    for (flag, sources) in [(AttachFlag::Image, &input.images), (AttachFlag::Attach, &input.attachments)] {
        for src in sources {
            user.push(match src.as_str() {
                "-" => attach::part_from_bytes(flag, src, stdin.bytes(output)?, detail)?,
                src => attach::part(flag, src, detail)?,
            });
        }
    }
    let Request { tools, tool_choice, .. } = gather_offer(input, stdin, output)?;
    if let Some(prompt) = prompt(input, encoding, stdin, output)? {
        user.insert(0, Part::Text(prompt));
    }
    if user.is_empty() {
        match &input.messages {
            Some(path) => history::check_end(&history, path)?,
            None => return Err(nothing_to_send(input, stdin)),
        }
    }
    Ok(Request {
        system: system.filter(|text| !text.is_empty()),
        history,
        user,
        tools,
        tool_choice,
        parallel_tools: input.parallel_tools,
        ..Request::default()
    })
}

/// The tools of a request and the tool choice: what its answer is checked against.
///
/// # Errors
/// As [`gather`].
pub(crate) fn gather_offer(input: &Input, stdin: &mut Stdin, output: &mut Output) -> Result<Request, Failure> {
    let mut files = Vec::with_capacity(input.tools.len());
    for path in &input.tools {
        files.push((path.clone(), bytes("--tools", path, stdin, output)?));
    }
    let tools = tools::parse(&files)?;
    let tool_choice = input.tool_choice.as_ref().map(|word| tools::parse_choice(word, &tools)).transpose()?;
    Ok(Request { tools, tool_choice, ..Request::default() })
}

/// Reads the FILE of `flag`; `-` is stdin, which `flag` must have claimed.
///
/// # Errors
/// As [`files::read`] and [`Stdin::bytes`].
pub(crate) fn bytes(
    flag: &'static str,
    path: &str,
    stdin: &mut Stdin,
    output: &mut Output,
) -> Result<Vec<u8>, Failure> {
    if path == "-" { stdin.bytes(output) } else { files::read(path, flag) }
}

/// Claims stdin for the flag that reads it, before anything is read.
fn claim_stdin(input: &Input, stdin: &mut Stdin) {
    let is_stdin = |source: &Option<Source>| matches!(source, Some(Source::File(path)) if path == "-");
    let has_stdin = |sources: &[String]| sources.iter().any(|source| source == "-");
    let flags = [
        (is_stdin(&input.system), "--system-file"),
        (is_stdin(&input.prompt), "--prompt-file"),
        (input.messages.as_deref() == Some("-"), "--messages"),
        (has_stdin(&input.images), "--image"),
        (has_stdin(&input.attachments), "--attach"),
        (has_stdin(&input.tools), "--tools"),
    ];
    if let Some((_, flag)) = flags.into_iter().find(|(reads, _)| *reads) {
        stdin.claim(flag);
    }
}

/// The prompt together with stdin.
fn prompt(input: &Input, encoding: Encoding, stdin: &mut Stdin, output: &mut Output) -> Result<Option<Text>, Failure> {
    match &input.prompt {
        None => stdin.compose(None, input.no_stdin, encoding, output),
        Some(Source::Text(words)) => stdin.compose(Some(words), input.no_stdin, encoding, output),
        // A placeholder in stdin itself is plain text.
        Some(source @ Source::File(path)) if path == "-" => {
            let text = text("--prompt-file", source, encoding, stdin, output)?;
            Ok((!text.is_empty()).then_some(text))
        }
        Some(Source::File(path)) => {
            let template = template(&files::read(path, "--prompt-file")?, path, encoding)?;
            stdin.compose(
                Some(&template).filter(|text| !text.is_empty()).map(String::as_str),
                input.no_stdin,
                encoding,
                output,
            )
        }
    }
}

/// The text of a prompt file, not escaped, since it may hold a placeholder.
fn template(bytes: &[u8], path: &str, encoding: Encoding) -> Result<String, Failure> {
    if encoding == Encoding::Lossy {
        return Ok(String::from_utf8_lossy(bytes).into_owned());
    }
    std::str::from_utf8(bytes)
        .map(str::to_owned)
        .map_err(|error| super::text::not_utf8(&format!("'{path}' (--prompt-file)"), error.valid_up_to() as u64))
}

/// The text of a flag or of its file.
fn text(
    flag: &'static str,
    source: &Source,
    encoding: Encoding,
    stdin: &mut Stdin,
    output: &mut Output,
) -> Result<Text, Failure> {
    let path = match source {
        Source::Text(text) => return Ok(Text::from(text.as_str())),
        Source::File(path) => path,
    };
    let mut out = String::new();
    let name = if path == "-" { "stdin".to_owned() } else { format!("'{path}' ({flag})") };
    let bytes = bytes(flag, path, stdin, output)?;
    read_escaped(&mut bytes.as_slice(), &name, encoding, &mut out, &mut || {})?;
    Ok(Text::from_escaped(out))
}

/// The failure of a run without prompt and input.
fn nothing_to_send(input: &Input, stdin: &Stdin) -> Failure {
    let why = match (&input.prompt, stdin.claimed()) {
        (Some(Source::File(_)), _) => "the prompt file is empty".to_owned(),
        (_, Some(flag)) => format!("stdin is read by {flag}"),
        _ if stdin.is_terminal => "stdin is a terminal".to_owned(),
        _ if input.no_stdin => "--no-stdin leaves stdin alone".to_owned(),
        _ => "stdin is empty".to_owned(),
    };
    let more = if input.no_stdin { "" } else { ", or pipe text in" };
    Failure::usage("no prompt", why).hint(format!("give one: lmpipe \"your question\"{more}; --help shows more"))
}
