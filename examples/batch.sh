#!/bin/sh
# Sends a table through a batch engine: rows become request lines, result lines become valid JSON, one line a row.
#
#     sh examples/batch.sh [ROWS] [FOLDER]                   1000 rows, kept in the folder batch
#     sh examples/try.sh sh examples/batch.sh 20             with the model of try.sh
#     LMPIPE_MODEL=Qwen/Qwen3-0.6B sh examples/batch.sh      with vllm run-batch, where vllm is installed
#
# The engine is vllm run-batch where vllm is installed and OPENAI_BASE_URL names no server, else curl to that server,
# JOBS (4) at a time; ENGINE=vllm and ENGINE=curl choose. Put a table of your own, an id and a text on each line with a
# tab between them, into FOLDER/table.tsv. Stopped and started again it goes on where it was: a row that has a result
# is not asked again, unless the trouble was the server's. The ids that failed are listed on stderr by the exit code of
# lmpipe, with the reason in FOLDER/failed.tsv; to ask one of them again, remove FOLDER/results/ID.json.
set -eu

schema='{
  "title": "order",
  "type": "object",
  "properties": {
    "item": {"enum": ["lamp", "chair", "table", "clock"]},
    "count": {"type": "integer"},
    "city": {"enum": ["Oslo", "Lima", "Cairo", "Tokyo", "Quito"]}
  },
  "required": ["item", "count", "city"],
  "additionalProperties": false
}'

# The same flags write a request and judge its answer.
ask() { lmpipe -t 0 --max-tokens 100 -S "$schema" "$@"; }

fail() {
    printf 'batch.sh: %s\n' "$1" >&2
    exit 1
}

# send ID: one request to the server; its reply is kept as a line like those of the Batch API. Run by xargs.
send() {
    line=$(grep -F "{\"custom_id\":\"$1\"," requests.jsonl)
    body=${line#*,\"body\":}
    printf '%s' "${body%\}}" >"results/$1.body"
    # The key goes through a pipe: an argument could be read by every process of this machine.
    status=$(printf 'header = "Authorization: Bearer %s"\n' "${OPENAI_API_KEY:-none}" |
        curl -s -K - --retry 2 --max-time 600 -H 'Content-Type: application/json' --data-binary "@results/$1.body" \
            -o "results/$1.reply" -w '%{http_code}' "${OPENAI_BASE_URL%/}/chat/completions") || return 0
    # Newlines in JSON are blanks; what is no JSON is an error page.
    reply=$(tr '\r\n' '  ' <"results/$1.reply")
    case $reply in
    '{'*) error=null ;;
    *) reply=null error="{\"message\":\"no JSON\",\"code\":$status}" ;;
    esac
    printf '{"custom_id":"%s","response":{"status_code":%s,"body":%s},"error":%s}\n' \
        "$1" "$status" "$reply" "$error" >"results/$1.part"
    mv "results/$1.part" "results/$1.json"
    rm "results/$1.body" "results/$1.reply"
}

# pending: the ids of the requests that have no result yet.
pending() {
    cut -f 1 table.tsv | while read -r id; do
        [ -s "results/$id.json" ] || printf '%s\n' "$id"
    done
}

# engine_curl: sends what is pending, several at a time.
engine_curl() {
    pending | xargs -n 1 -P "${JOBS:-4}" sh "$script" --send
}

# engine_vllm: runs what is pending as one batch, and keeps each result under its id; half a line is left out.
engine_vllm() {
    pending | sed 's/.*/{"custom_id":"&",/' | grep -F -f - requests.jsonl >pending.jsonl || return 0
    vllm run-batch -i pending.jsonl -o results.jsonl --model "$LMPIPE_MODEL" >&2 || :
    while IFS= read -r line; do
        id=${line#*\"custom_id\":} id=${id#*\"} id=${id%%\"*}
        printf '%s\n' "$line" >"results/$id.json"
    done <results.jsonl
}

if [ "${1:-}" = --send ]; then
    # Where nothing is pending, some xargs run this once without an id.
    [ $# -lt 2 ] || send "$2"
    exit
fi

script=$(cd "$(dirname "$0")" && pwd)/$(basename "$0")
if [ -z "${ENGINE:-}" ]; then
    ENGINE=curl
    if [ -z "${OPENAI_BASE_URL:-}" ] && command -v vllm >/dev/null; then ENGINE=vllm; fi
fi
case $ENGINE in
vllm) [ -n "${LMPIPE_MODEL:-}" ] || fail 'no model: set LMPIPE_MODEL to the one vllm is to run' ;;
curl) [ -n "${OPENAI_BASE_URL:-}" ] || fail 'no engine: set OPENAI_BASE_URL to a server, or install vllm' ;;
*) fail "no such engine: '$ENGINE', use vllm or curl" ;;
esac
mkdir -p "${2:-batch}/results"
cd "${2:-batch}"

# ---- the table, and a request line for each row

[ -s table.tsv ] || awk -v rows="${1:-1000}" 'BEGIN {
    split("lamp chair table clock", items, " "); split("Oslo Lima Cairo Tokyo Quito", cities, " ")
    for (row = 1; row <= rows; row++) {
        item = items[row % 4 + 1]; city = cities[row % 5 + 1]
        printf "row-%04d\tPlease send %d %ss to our shop in %s.\n", row, row % 9 + 2, item, city
    }
}' >table.tsv
tab=$(printf '\t')
if [ ! -s requests.jsonl ]; then
    while IFS=$tab read -r id text; do
        ask -q -n --print batch --id "$id" "Write this order as JSON: $text"
    done <table.tsv >requests.part
    mv requests.part requests.jsonl
fi

# ---- the engine

"engine_$ENGINE"

# ---- a verdict for each row

: >failed.tsv
while IFS=$tab read -r id text; do
    code=7 why='no reply'
    if [ -s "results/$id.json" ]; then
        code=0
        answer=$(ask --response "results/$id.json" 2>stderr) || code=$? why=$(head -n 1 stderr)
    fi
    case $code in
    0) printf '{"id":"%s","answer":%s}\n' "$id" "$answer" ;;
    5 | 6 | 7) rm -f "results/$id.json" ;; # the server's trouble: the next run asks again
    esac
    [ $code = 0 ] || printf '%s\t%s\t%s\n' "$code" "$id" "$why" >>failed.tsv
done <table.tsv >answers.jsonl

cat answers.jsonl
if [ -s failed.tsv ]; then
    sort -k 1,1n -k 2,2 failed.tsv | awk '
        $1 != code { printf "%sexit %s:", code ? "\n" : "", $1; code = $1 }
        { printf " %s", $2 }
        END { print "" }' >&2
    exit 1
fi
