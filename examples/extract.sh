#!/bin/sh
# Turns a bug report into JSON that a CI job can act on. What breaks the schema never reaches the job: lmpipe prints
# a valid document or nothing, and its exit code says why.
#
#     sh examples/extract.sh < report.txt
#     sh examples/try.sh sh examples/extract.sh < report.txt       with the model of try.sh
set -eu

schema='{
  "title": "report",
  "type": "object",
  "properties": {
    "component": {"enum": ["parser", "network", "output", "other"]},
    "severity": {"enum": ["low", "high"]},
    "crash": {"type": "boolean"}
  },
  "required": ["component", "severity", "crash"],
  "additionalProperties": false
}'

code=0
report=$(lmpipe -t 0 --max-tokens 200 -S "$schema" 'Classify this bug report as JSON:') || code=$?
case $code in
0) ;;
5 | 6 | 7) # the server's trouble, not the report's: a job may run again
    echo 'the model cannot be asked now: try again later' >&2
    exit $code
    ;;
*)
    echo 'the report could not be classified' >&2
    exit $code
    ;;
esac

printf '%s\n' "$report"
case $report in
*'"severity":"high"'*) echo 'high severity: somebody should look at this today' >&2 ;;
esac
