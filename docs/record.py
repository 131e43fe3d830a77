"""Records docs/recording.svg: real commands in a real terminal (tmux), answered by the small model of try.sh.

    sh examples/try.sh python3 docs/record.py

Needs tmux. Every change of the screen becomes a frame with its time; pauses are shortened, nothing else is touched.
"""

import html
import os
import pathlib
import re
import subprocess
import time

COMMANDS = [
    'lmpipe -t 0 --max-tokens 60 "Why is the sky blue? One sentence."',
    "lmpipe -t 0 -S 'city, country' \"Where is the Eiffel Tower?\"",
    "lmpipe -t 0 -S 'loaves int, cakes int' \"How many were sold on Monday?\" < examples/bakery.txt",
    "lmpipe -t 0 --max-tokens 12 \"Tell me about Lisbon.\" > lisbon.txt; echo $?",
]
COLUMNS, ROWS = 96, 24
LONGEST_PAUSE = 1.2  # seconds
PATIENCE = 120  # seconds that one command may take
ROOT = pathlib.Path(__file__).resolve().parent.parent
SOCKET = f"lmpipe-record-{os.getpid()}"
KEPT = ("PATH", "HOME", "OPENAI_BASE_URL", "OPENAI_API_KEY", "XDG_CONFIG_HOME")
ENVIRONMENT = {name: os.environ[name] for name in KEPT if name in os.environ} | {"LC_ALL": "C.UTF-8"}


def tmux(*words: str) -> str:
    """What a tmux command prints; the server is our own."""
    command = ["tmux", "-L", SOCKET, "-f", "/dev/null", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=ENVIRONMENT).stdout


def screen() -> str:
    """The screen with its colours, without the empty rows at its end."""
    return tmux("capture-pane", "-e", "-p").rstrip()


def frames() -> list[tuple[float, str]]:
    """Runs the commands; each screen that differs from the one before, with its seconds since the start."""
    shots: list[tuple[float, str]] = []
    clock, last = 0.0, time.monotonic()

    def shoot() -> str:
        nonlocal clock, last
        now = time.monotonic()
        shot = screen()
        if not shots or shot != shots[-1][1]:
            clock += min(now - last, LONGEST_PAUSE)
            shots.append((clock, shot))
            last = now
        return shot

    def settle(prompts: int) -> None:
        end = time.monotonic() + PATIENCE
        # The empty row behind the last prompt is cut with its blank.
        while len(re.findall(r"^\$(?: |$)", shoot(), re.MULTILINE)) < prompts:
            if time.monotonic() > end:
                raise SystemExit(f"record.py: no end of a command after {PATIENCE} s:\n{screen()}")
            time.sleep(0.1)

    settle(1)
    for number, command in enumerate(COMMANDS, start=1):
        for word in re.findall(r"\S+\s*", command):
            tmux("send-keys", "-l", "--", word)
            time.sleep(0.08)
            shoot()
        tmux("send-keys", "Enter")
        settle(number + 1)
        last = min(last, time.monotonic() - LONGEST_PAUSE)
    return shots


def spans(line: str) -> str:
    """A row of the screen as text of an SVG; bold and dim are kept."""
    out, classes = [], set()
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            for code in part[2:-1].split(";"):
                if code in ("", "0", "22"):
                    classes.clear()
                elif code in ("1", "2"):
                    classes.add({"1": "bold", "2": "dim"}[code])
        elif part:
            text = html.escape(part, quote=False)
            out.append(f'<tspan class="{" ".join(sorted(classes))}">{text}</tspan>' if classes else text)
    return "".join(out)


def svg(shots: list[tuple[float, str]]) -> str:
    """The film: one group a frame; who does not play films sees the last."""
    width, height, line = COLUMNS * 8.43 + 32, ROWS * 18 + 32, 18
    end = shots[-1][0]
    groups = []
    for place, (begin, shot) in enumerate(shots):
        rows = "".join(
            f'<text x="16" y="{30 + row * line}">{spans(text)}</text>'
            for row, text in enumerate(shot.split("\n"))
            if text.strip()
        )
        if place + 1 < len(shots):
            length = shots[place + 1][0] - begin
            turn = f'<set attributeName="visibility" to="visible" begin="{begin:.2f}s" dur="{length:.2f}s"/>'
            groups.append(f'<g visibility="hidden">{turn}{rows}</g>')
        else:
            turn = f'<set attributeName="visibility" to="hidden" begin="0s" dur="{end:.2f}s"/>' if end else ""
            groups.append(f"<g>{turn}{rows}</g>")
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" xml:space="preserve" viewBox="0 0 {width:.0f} {height}" width="{width:.0f}" '
            f'height="{height}" role="img" aria-label="lmpipe in a terminal">',
            "<style>text{font:14px ui-monospace,Menlo,Consolas,monospace;fill:#d8dee9;white-space:pre}"
            ".bold{font-weight:bold}.dim{opacity:.6}</style>",
            '<rect width="100%" height="100%" rx="8" fill="#1e222a"/>',
            *groups,
            "</svg>\n",
        ]
    )


def main() -> None:
    """Records and writes the file."""
    tmux("new-session", "-d", "-x", str(COLUMNS), "-y", str(ROWS), "-c", str(ROOT), "exec env TERM=xterm-256color sh")
    try:
        # Shells mend the prompt they inherit, each in its way.
        tmux("send-keys", "PS1='$ '; clear", "Enter")
        while not re.fullmatch(r"\$ ?", screen()):
            time.sleep(0.1)
        film = svg(frames())
    finally:
        tmux("kill-server")
        (ROOT / "lisbon.txt").unlink(missing_ok=True)
    (ROOT / "docs/recording.svg").write_text(film, encoding="utf-8")


main()
