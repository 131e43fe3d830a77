#!/bin/sh
# Answers one question with a tool that this script runs itself: lmpipe runs nothing, it only carries the calls.
# Needs jq, and a server whose model knows tools.
set -eu
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

cat >"$work/tools.json" <<'TOOLS'
[{"name": "clock", "description": "The time in a city", "parameters":
  {"type": "object", "properties": {"city": {"enum": ["Oslo", "Tokyo"]}},
   "required": ["city"], "additionalProperties": false}}]
TOOLS

ask() { lmpipe -t 0 --max-tokens "${TOKENS:-200}" --tools "$work/tools.json" "$@"; }

call=$(ask --tool-choice clock --save-messages "$work/history.json" "${1:-What time is it in Oslo?}")
city=$(printf '%s\n' "$call" | jq -r 'select(.name == "clock").arguments.city' | head -n 1)
time=$(TZ=$([ "$city" = Tokyo ] && echo JST-9 || echo CET-1) date +%H:%M)
jq --argjson call "$(printf '%s\n' "$call" | head -n 1)" --arg time "$time" \
    '. + [{role: "tool", tool_call_id: $call.id, content: $time}]' "$work/history.json" >"$work/answered.json"
ask --tool-choice none --messages "$work/answered.json"
