# For `source`: runs the stages of a check under headings.

# Keys and settings of the person who runs this must not reach a test.
while read -r name; do unset "$name"; done < <(compgen -e | grep -E '^(OPENAI|LMPIPE|OLLAMA|CODEX)_|_API_KEY$' || true)
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-never}

# stage NAME COMMAND...: runs a command under a heading, and names the one that failed.
stage() {
    local name=$1 from=$SECONDS
    shift
    printf '\n==== %s: %s\n' "$name" "$*"
    if ! "$@"; then
        printf '\n==== FAILED: %s, after %d s (%s)\n' "$name" $((SECONDS - from)) "$*"
        exit 1
    fi
    printf '==== %s: %d s\n' "$name" $((SECONDS - from))
}
