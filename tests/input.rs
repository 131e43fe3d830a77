//! What becomes the prompt: words, stdin, files, and where `{{stdin}}` puts the input. Bytes in are bytes sent.

use crate::replies::chat;
use crate::util::Run;

/// The prompt the server got from this run.
#[track_caller]
fn prompt(run: Run) -> String {
    run.gives("x\n").request().prompt()
}

/// A run that is answered.
fn answered() -> Run {
    Run::asking(chat("x"))
}

/// A run whose request must never leave.
fn unsent() -> Run {
    Run::asking_all(Vec::<Vec<u8>>::new())
}

#[test]
fn prompt_words_are_joined_by_one_space() {
    assert_eq!(prompt(answered().args(["tell", "me", "a  story"])), "tell me a  story");
}

#[test]
fn double_dash_ends_options() {
    assert_eq!(prompt(answered().args(["--", "--stream", "-x"])), "--stream -x");
}

#[test]
fn prompt_and_stdin_are_parted_by_a_blank_line() {
    assert_eq!(prompt(answered().args(["Summarise:"]).stdin("some text\n")), "Summarise:\n\nsome text\n");
}

#[test]
fn stdin_alone_is_the_prompt() {
    assert_eq!(prompt(answered().stdin("just this")), "just this");
}

#[test]
fn empty_stdin_adds_nothing_to_the_prompt() {
    assert_eq!(prompt(answered().args(["hi"]).stdin("")), "hi");
}

#[test]
fn stdin_is_sent_as_it_is() {
    let odd = "\u{feff} \t a\r\nb\rc\n\n\n\u{0}\u{1}\u{7f}\u{2028}\"\\ ü 🦀 \n";
    assert_eq!(prompt(answered().stdin(odd)), odd);
}

#[test]
fn large_stdin_is_sent_whole() {
    let large = "0123456789 \"ü\"\n".repeat(200_000);
    assert_eq!(prompt(answered().args(["hi"]).stdin(&large)), format!("hi\n\n{large}"));
}

#[test]
fn placeholder_takes_the_input() {
    let run = answered().args(["<{{stdin}}> in one word"]).stdin("text");
    assert_eq!(prompt(run), "<text> in one word");
}

#[test]
fn placeholder_in_the_input_is_left_alone() {
    let run = answered().args(["a {{stdin}} b"]).stdin("{{stdin}}");
    assert_eq!(prompt(run), "a {{stdin}} b");
}

#[test]
fn placeholder_in_a_prompt_file_takes_the_input() {
    let run = answered().file("p.txt", "Say {{stdin}}!\n").args(["--prompt-file", "p.txt"]).stdin("text");
    assert_eq!(prompt(run), "Say text!\n");
}

#[test]
fn prompt_file_comes_before_stdin() {
    let run = answered().file("p.txt", "Sum up:").args(["--prompt-file", "p.txt"]).stdin("text");
    assert_eq!(prompt(run), "Sum up:\n\ntext");
}

#[test]
fn prompt_file_dash_is_stdin() {
    assert_eq!(prompt(answered().args(["--prompt-file", "-"]).stdin("from stdin")), "from stdin");
}

#[test]
fn system_file_is_the_system_text() {
    let run = answered().file("s.txt", "be brief\n").args(["--system-file", "s.txt", "hi"]);
    assert_eq!(run.gives("x\n").request().json()["messages"][0]["content"], "be brief\n");
}

#[test]
fn system_file_dash_is_stdin() {
    let request = answered().args(["--system-file", "-", "hi"]).stdin("be brief").gives("x\n").request();
    assert_eq!(request.json()["messages"][0]["content"], "be brief");
    assert_eq!(request.prompt(), "hi");
}

#[test]
fn no_stdin_leaves_stdin_alone() {
    assert_eq!(prompt(answered().args(["-n", "hi"]).stdin("not this")), "hi");
}

#[test]
fn no_stdin_does_not_wait_for_a_pipe_that_stays_open() {
    assert_eq!(prompt(answered().args(["--no-stdin", "hi"]).stdin_held()), "hi");
}

#[test]
fn silent_stdin_is_said_after_two_seconds_and_loses_nothing() {
    let mut running = answered().args(["hi"]).stdin_held().start();
    running.says(WAITING);
    running.write("late");
    running.close_stdin();
    assert_eq!(running.finish().is(0, "x\n", WAITING).request().prompt(), "hi\n\nlate");
}

/// What is said when stdin stays silent.
const WAITING: &str = "lmpipe: waiting for stdin to end: give --no-stdin to leave it alone\n";

#[test]
fn silent_stdin_that_a_flag_reads_names_the_flag() {
    let notice = "lmpipe: waiting for stdin to end: --system-file - reads it\n";
    let mut running = answered().args(["--system-file", "-", "hi"]).stdin_held().start();
    running.says(notice);
    running.write("late");
    running.close_stdin();
    assert_eq!(running.finish().is(0, "x\n", notice).request().json()["messages"][0]["content"], "late");
}

#[test]
#[cfg(unix)]
fn quiet_waits_for_stdin_without_a_word() {
    let mut running = answered().args(["-q", "hi"]).stdin_held().start();
    // Longer than the two seconds of the notice, without watching the clock: a pipe of `sleep`'s own.
    std::process::Command::new("sleep").arg("2.5").status().expect("sleep is installed");
    running.write("late");
    assert_eq!(prompt_of(running), "hi\n\nlate");
}

/// The prompt of a run that has been given its input.
fn prompt_of(running: crate::running::Running) -> String {
    running.finish().is(0, "x\n", "").request().prompt()
}

#[test]
fn stdin_in_two_stretches_is_one_input() {
    let mut running = answered().stdin_held().start();
    running.write("a");
    running.write("b");
    assert_eq!(prompt_of(running), "ab");
}

#[test]
fn lossy_replaces_bytes_that_are_not_utf8() {
    assert_eq!(prompt(answered().args(["--lossy"]).stdin(b"a\xffb\xc3")), "a\u{fffd}b\u{fffd}");
}

#[test]
fn bytes_that_are_not_utf8_exit_2_with_their_offset() {
    unsent()
        .stdin(b"caf\xc3\xa9 \xff")
        .fails(2, "stdin: not UTF-8 at byte 6: convert it (iconv), or give --lossy to replace such bytes");
}

#[test]
fn file_that_is_not_utf8_exits_2_with_its_offset() {
    unsent().file("s.txt", b"ab\xe9").args(["--system-file", "s.txt", "hi"]).fails(
        2,
        "'s.txt' (--system-file): not UTF-8 at byte 2: convert it (iconv), or give --lossy to replace such bytes",
    );
}

#[test]
fn character_cut_at_the_end_exits_2_with_its_offset() {
    unsent()
        .stdin(b"ab\xf0\x9f\xa6")
        .fails(2, "stdin: not UTF-8 at byte 2: convert it (iconv), or give --lossy to replace such bytes");
}

#[test]
fn empty_stdin_and_no_prompt_exits_2() {
    unsent()
        .stdin("")
        .fails(2, "no prompt: stdin is empty: give one: lmpipe \"your question\", or pipe text in; --help shows more");
}

#[test]
fn no_stdin_and_no_prompt_exits_2() {
    unsent()
        .args(["-n"])
        .stdin("text")
        .fails(2, "no prompt: --no-stdin leaves stdin alone: give one: lmpipe \"your question\"; --help shows more");
}

#[test]
fn missing_file_exits_2() {
    unsent()
        .args(["--prompt-file", "gone.txt"])
        .fails(2, "cannot read 'gone.txt' (from --prompt-file): no such file or directory");
}

#[test]
fn directory_in_place_of_a_file_exits_2() {
    unsent().args(["--system-file", "home", "hi"]).fails(2, "cannot read 'home' (from --system-file): is a directory");
}

#[test]
#[cfg(target_os = "linux")] // Only Linux has /proc.
fn unreadable_file_exits_2() {
    // Not even root can read its own memory from address 0.
    unsent()
        .args(["--system-file", "/proc/self/mem", "hi"])
        .fails(2, "cannot read '/proc/self/mem' (from --system-file): input/output error");
}

#[test]
#[cfg(unix)] // Elsewhere a folder cannot be opened as a file.
fn directory_as_stdin_exits_2() {
    unsent().args(["hi"]).stdin_from("/").fails(2, "cannot read stdin: is a directory");
}

#[test]
fn stdin_used_twice_exits_2_naming_both() {
    unsent()
        .args(["--system-file", "-", "--prompt-file", "-"])
        .stdin("x")
        .fails(2, "--prompt-file - and --system-file -: stdin can be read once");
}

#[test]
fn dash_with_no_stdin_exits_2() {
    unsent()
        .args(["-n", "--system-file", "-", "hi"])
        .stdin("x")
        .fails(2, "--system-file - and --no-stdin: one reads stdin, the other leaves it alone");
}

#[test]
fn placeholder_without_input_exits_2() {
    unsent().args(["-n", "about {{stdin}}"]).fails(2, "the prompt has {{stdin}}: --no-stdin leaves it alone");
}

#[test]
fn stdin_that_a_flag_reads_is_no_prompt() {
    unsent().args(["--system-file", "-"]).stdin("text").fails(2, "no prompt: stdin is read by --system-file: give one: lmpipe \"your question\", or pipe text in; --help shows more");
}
