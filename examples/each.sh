#!/usr/bin/env bash
# Sorts the last commits of this repository into kinds, one line of JSON each, printed while the model still writes.
#
#     bash examples/each.sh
#     sh examples/try.sh bash examples/each.sh      with the model of try.sh
set -euo pipefail

git log -3 --format=%s |
    lmpipe -t 0 --max-tokens 200 -S '{
      "title": "commit",
      "type": "object",
      "properties": {"kind": {"enum": ["feature", "fix", "test", "other"]}, "breaking": {"type": "boolean"}},
      "required": ["kind", "breaking"],
      "additionalProperties": false
    }' --each 'Classify each commit:' |
    while read -r commit; do
        echo "commit: $commit"
    done
