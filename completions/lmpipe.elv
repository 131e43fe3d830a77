
use builtin;
use str;

set edit:completion:arg-completer[lmpipe] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'lmpipe'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'lmpipe'= {
            cand -s 'System text: what the model is told before the prompt'
            cand --system 'System text: what the model is told before the prompt'
            cand --system-file 'Read the system text from a file; - is stdin'
            cand --prompt-file 'Read the prompt from a file; - is stdin'
            cand -i 'Send an image: file, URL, data: URL, or - for stdin'
            cand --image 'Send an image: file, URL, data: URL, or - for stdin'
            cand --image-detail 'How closely the model looks at images'
            cand -a 'Send a file as it is: image, PDF, WAV, MP3 or UTF-8 text'
            cand --attach 'Send a file as it is: image, PDF, WAV, MP3 or UTF-8 text'
            cand --messages 'Chat history (JSON array of messages); the prompt becomes the next user message'
            cand --save-messages 'Write the history with the new answer'
            cand -m 'Model to ask, as [PROVIDER:]MODEL[?KEY=VALUE&...]'
            cand --model 'Model to ask, as [PROVIDER:]MODEL[?KEY=VALUE&...]'
            cand -b 'Base URL of the server'
            cand --base-url 'Base URL of the server'
            cand -p 'Provider, a preset or one from the config file'
            cand --provider 'Provider, a preset or one from the config file'
            cand --api 'API to speak'
            cand --api-key-file 'Read the key from a file'
            cand --api-key-command 'Run a command that prints the key'
            cand --api-key-env 'Take the key from another variable'
            cand -H 'Add a request header, ''Name: value'''
            cand --header 'Add a request header, ''Name: value'''
            cand --config 'Config file'
            cand --fallback 'Ask this model when the one before fails'
            cand -t 'Sampling temperature'
            cand --temperature 'Sampling temperature'
            cand --top-p 'Nucleus sampling: the share of probability to draw from'
            cand --max-tokens 'Most tokens the answer may have; an answer cut there is exit 8'
            cand --stop 'End the answer before this text'
            cand --seed 'Seed of the sampling, for servers that can repeat themselves'
            cand -e 'How much the model reasons'
            cand --effort 'How much the model reasons'
            cand --verbosity 'How wordy the answer is'
            cand -o 'Set any other field of the request'
            cand --option 'Set any other field of the request'
            cand -O 'What stdout holds: the answer, one envelope object, or its facts as JSON Lines'
            cand --output 'What stdout holds: the answer, one envelope object, or its facts as JSON Lines'
            cand --meta 'Write the facts of the run to a file: the envelope without the text'
            cand --errors 'Form of errors on stderr: a line for people or a JSON object a line'
            cand --color 'When to use colour and a spinner'
            cand -S 'Print one JSON document that satisfies this JSON Schema, or nothing (exit 10)'
            cand --schema 'Print one JSON document that satisfies this JSON Schema, or nothing (exit 10)'
            cand --schema-name 'Name of the schema in the request'
            cand --strict 'When the server is asked to enforce the schema strictly'
            cand --schema-mode 'Form in which the server is asked for JSON'
            cand --repair 'Send violations back and ask again, at most N times'
            cand --tools 'Tools the model may call (JSON); calls are printed as JSON Lines'
            cand --tool-choice 'What must be called: auto, none, required, or the name of a tool'
            cand --retries 'Further tries after a failure that may pass'
            cand --connect-timeout 'Most time to resolve, connect and agree on TLS'
            cand --timeout 'Longest silence of the server, before and within the answer'
            cand --max-time 'Most time for the whole run'
            cand --max-reply 'Longest whole reply or single event of a stream'
            cand --proxy 'Proxy for every host'
            cand --cacert 'Also trust the certificates in this PEM file'
            cand --print 'Print what would be sent, and send nothing: the body, a curl command, a line for batch engines, or every setting and its origin'
            cand --response 'Judge a saved reply instead of asking: a JSON body, an event stream or batch results; - is stdin'
            cand --id 'Id of a batch line: of the one --print batch writes, of the one --response judges'
            cand --completions 'Print the completion script of a shell'
            cand -n 'Leave stdin alone, like ssh -n'
            cand --no-stdin 'Leave stdin alone, like ssh -n'
            cand --lossy 'Replace what is not UTF-8 in the input by U+FFFD instead of failing'
            cand --no-key 'Send no key'
            cand --allow-plain-http 'Send the key even over plain http to a host that is not loopback'
            cand --no-rewrite 'Leave the model name as it is, whatever [rewrite] in the config file says'
            cand --no-adapt 'Never change the request after the server refused a field'
            cand --stream 'Print the answer while it is written'
            cand --no-stream 'Print the answer when it is whole, or nothing'
            cand -x 'Print the first fenced code block only; without one, the whole text'
            cand --extract 'Print the first fenced code block only; without one, the whole text'
            cand -r 'Print the reasoning on stderr'
            cand --reasoning 'Print the reasoning on stderr'
            cand -u 'Print the token usage on stderr'
            cand --usage 'Print the token usage on stderr'
            cand -v 'Print request line, timings, request id and rate limits on stderr; never a key'
            cand --verbose 'Print request line, timings, request id and rate limits on stderr; never a key'
            cand -q 'Print no notices on stderr, only errors'
            cand --quiet 'Print no notices on stderr, only errors'
            cand --each 'SRC describes one item: print each finished, valid item as a line of JSON'
            cand --json 'Print one JSON document of any shape, or nothing (exit 10)'
            cand --lint-schema 'Say offline what strict mode rejects in the schema; print the rewritten one'
            cand --no-parallel-tools 'At most one call in an answer'
            cand --list-models 'List the server''s models, one a line'
            cand --probe 'Find out with small requests what the server can do'
            cand --man 'Print the manual page, as roff: lmpipe --man | man -l -'
            cand -h 'Print help: a screenful with -h, every flag with --help'
            cand --help 'Print help: a screenful with -h, every flag with --help'
            cand -V 'Print the version'
            cand --version 'Print the version'
        }
    ]
    $completions[$command]
}
