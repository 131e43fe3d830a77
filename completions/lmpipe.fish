# Completion of lmpipe for fish, generated from its flags.

# Lists the presets and the providers of the config file.
function __lmpipe_providers
    printf '%s\n' openai openai-responses openai-codex ollama lmstudio vllm llamacpp litellm openrouter groq mistral deepseek xai together fireworks gemini anthropic azure cerebras huggingface perplexity
    set -l config $LMPIPE_CONFIG
    test -n "$config"; or set config $XDG_CONFIG_HOME/lmpipe/config.toml
    test -n "$LMPIPE_CONFIG$XDG_CONFIG_HOME"; or set config $HOME/.config/lmpipe/config.toml
    sed -n 's/^[[:space:]]*\[provider\.\([A-Za-z0-9_-]*\)\].*/\1/p' $config 2>/dev/null
end

# Lists the models of the server that the words so far choose; nothing where it does not answer at once.
function __lmpipe_models
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l server
    set -l prefix ''
    for place in (seq 2 (count $words))
        switch $words[$place]
            case -p --provider -b --base-url --api --config --api-key-file --api-key-env
                set -l next (math $place + 1)
                test $next -le (count $words); and set -a server $words[$place] $words[$next]
            case '--provider=*' '--base-url=*' '--api=*' '--config=*' '--api-key-file=*' '--api-key-env=*' --no-key
                set -a server $words[$place]
        end
    end
    set -l named (string match -r '^(?:--model=|--fallback=|-m)?([^:]*):' -- $word)[2]
    if test -n "$named"; and contains -- $named (__lmpipe_providers)
        set prefix $named:
        set -a server -p $named
    end
    lmpipe $server --list-models --quiet --retries 0 --connect-timeout 1 --max-time 2 </dev/null 2>/dev/null \
        | string replace -r '^' $prefix
end

complete -c lmpipe -f
complete -c lmpipe -s n -l no-stdin -d 'Leave stdin alone, like ssh -n'
complete -c lmpipe -s s -l system -x -d 'System text: what the model is told before the prompt'
complete -c lmpipe -l system-file -r -F -d 'Read the system text from a file; - is stdin'
complete -c lmpipe -l prompt-file -r -F -d 'Read the prompt from a file; - is stdin'
complete -c lmpipe -l lossy -d 'Replace what is not UTF-8 in the input by U+FFFD instead of failing'
complete -c lmpipe -s i -l image -r -F -d 'Send an image: file, URL, data: URL, or - for stdin'
complete -c lmpipe -l image-detail -x -a 'auto low high' -d 'How closely the model looks at images'
complete -c lmpipe -s a -l attach -r -F -d 'Send a file as it is: image, PDF, WAV, MP3 or UTF-8 text'
complete -c lmpipe -l messages -r -F -d 'Chat history (JSON array of messages); the prompt becomes the next user message'
complete -c lmpipe -l save-messages -r -F -d 'Write the history with the new answer'
complete -c lmpipe -s m -l model -x -a '(__lmpipe_models)' -d 'Model to ask, as [PROVIDER:]MODEL[?KEY=VALUE&...]'
complete -c lmpipe -s b -l base-url -x -d 'Base URL of the server'
complete -c lmpipe -s p -l provider -x -a '(__lmpipe_providers)' -d 'Provider, a preset or one from the config file'
complete -c lmpipe -l api -x -a 'chat responses codex' -d 'API to speak'
complete -c lmpipe -l api-key-file -r -F -d 'Read the key from a file'
complete -c lmpipe -l api-key-command -x -a '(__fish_complete_command)' -d 'Run a command that prints the key'
complete -c lmpipe -l api-key-env -x -a '(set -xn)' -d 'Take the key from another variable'
complete -c lmpipe -l no-key -d 'Send no key'
complete -c lmpipe -l allow-plain-http -d 'Send the key even over plain http to a host that is not loopback'
complete -c lmpipe -s H -l header -x -d 'Add a request header, \'Name: value\''
complete -c lmpipe -l config -r -F -d 'Config file'
complete -c lmpipe -l fallback -x -a '(__lmpipe_models)' -d 'Ask this model when the one before fails'
complete -c lmpipe -l no-rewrite -d 'Leave the model name as it is, whatever [rewrite] in the config file says'
complete -c lmpipe -s t -l temperature -x -d 'Sampling temperature'
complete -c lmpipe -l top-p -x -d 'Nucleus sampling: the share of probability to draw from'
complete -c lmpipe -l max-tokens -x -d 'Most tokens the answer may have; an answer cut there is exit 8'
complete -c lmpipe -l stop -x -d 'End the answer before this text'
complete -c lmpipe -l seed -x -d 'Seed of the sampling, for servers that can repeat themselves'
complete -c lmpipe -s e -l effort -x -a 'none minimal low medium high xhigh max' -d 'How much the model reasons'
complete -c lmpipe -l verbosity -x -a 'low medium high' -d 'How wordy the answer is'
complete -c lmpipe -s o -l option -x -d 'Set any other field of the request'
complete -c lmpipe -l no-adapt -d 'Never change the request after the server refused a field'
complete -c lmpipe -l stream -d 'Print the answer while it is written'
complete -c lmpipe -l no-stream -d 'Print the answer when it is whole, or nothing'
complete -c lmpipe -s O -l output -x -a 'text json events' -d 'What stdout holds: the answer, one envelope object, or its facts as JSON Lines'
complete -c lmpipe -s x -l extract -d 'Print the first fenced code block only; without one, the whole text'
complete -c lmpipe -s r -l reasoning -d 'Print the reasoning on stderr'
complete -c lmpipe -s u -l usage -d 'Print the token usage on stderr'
complete -c lmpipe -s v -l verbose -d 'Print request line, timings, request id and rate limits on stderr; never a key'
complete -c lmpipe -s q -l quiet -d 'Print no notices on stderr, only errors'
complete -c lmpipe -l meta -r -F -d 'Write the facts of the run to a file: the envelope without the text'
complete -c lmpipe -l errors -x -a 'text json' -d 'Form of errors on stderr: a line for people or a JSON object a line'
complete -c lmpipe -l color -x -a 'auto always never' -d 'When to use colour and a spinner'
complete -c lmpipe -s S -l schema -r -F -d 'Print one JSON document that satisfies this JSON Schema, or nothing (exit 10)'
complete -c lmpipe -l schema-name -x -d 'Name of the schema in the request'
complete -c lmpipe -l each -d 'SRC describes one item: print each finished, valid item as a line of JSON'
complete -c lmpipe -l json -d 'Print one JSON document of any shape, or nothing (exit 10)'
complete -c lmpipe -l strict -x -a 'auto always never' -d 'When the server is asked to enforce the schema strictly'
complete -c lmpipe -l schema-mode -x -a 'json_schema json_object prompt' -d 'Form in which the server is asked for JSON'
complete -c lmpipe -l repair -x -d 'Send violations back and ask again, at most N times'
complete -c lmpipe -l lint-schema -d 'Say offline what strict mode rejects in the schema; print the rewritten one'
complete -c lmpipe -l tools -r -F -d 'Tools the model may call (JSON); calls are printed as JSON Lines'
complete -c lmpipe -l tool-choice -x -d 'What must be called: auto, none, required, or the name of a tool'
complete -c lmpipe -l no-parallel-tools -d 'At most one call in an answer'
complete -c lmpipe -l retries -x -d 'Further tries after a failure that may pass'
complete -c lmpipe -l connect-timeout -x -d 'Most time to resolve, connect and agree on TLS'
complete -c lmpipe -l timeout -x -d 'Longest silence of the server, before and within the answer'
complete -c lmpipe -l max-time -x -d 'Most time for the whole run'
complete -c lmpipe -l max-reply -x -d 'Longest whole reply or single event of a stream'
complete -c lmpipe -l proxy -x -d 'Proxy for every host'
complete -c lmpipe -l cacert -r -F -d 'Also trust the certificates in this PEM file'
complete -c lmpipe -l capture -r -F -d 'Write every exchange to a HAR 1.2 file: requests, replies, times; keys and logins are left out'
complete -c lmpipe -l replay -r -F -d 'Answer from a HAR file instead of the network'
complete -c lmpipe -l replay-speed -x -a 'real instant' -d 'Pace of a replay: as the server was, or at once'
complete -c lmpipe -l print -x -a 'request curl batch config' -d 'Print what would be sent, and send nothing: the body, a curl command, a line for batch engines, or every setting and its origin'
complete -c lmpipe -l response -r -F -d 'Judge a saved reply instead of asking: a JSON body, an event stream or batch results; - is stdin'
complete -c lmpipe -l id -x -d 'Id of a batch line: of the one --print batch writes, of the one --response judges'
complete -c lmpipe -l list-models -d 'List the server\'s models, one a line'
complete -c lmpipe -l probe -d 'Find out with small requests what the server can do'
complete -c lmpipe -l completions -x -a 'bash zsh fish powershell elvish' -d 'Print the completion script of a shell'
complete -c lmpipe -l man -d 'Print the manual page, as roff: lmpipe --man | man -l -'
complete -c lmpipe -s h -l help -d 'Print help: a screenful with -h, every flag with --help'
complete -c lmpipe -s V -l version -d 'Print the version'
