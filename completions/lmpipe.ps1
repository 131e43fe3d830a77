
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'lmpipe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'lmpipe'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'lmpipe' {
            [CompletionResult]::new('-s', '-s', [CompletionResultType]::ParameterName, 'System text: what the model is told before the prompt')
            [CompletionResult]::new('--system', '--system', [CompletionResultType]::ParameterName, 'System text: what the model is told before the prompt')
            [CompletionResult]::new('--system-file', '--system-file', [CompletionResultType]::ParameterName, 'Read the system text from a file; - is stdin')
            [CompletionResult]::new('--prompt-file', '--prompt-file', [CompletionResultType]::ParameterName, 'Read the prompt from a file; - is stdin')
            [CompletionResult]::new('-i', '-i', [CompletionResultType]::ParameterName, 'Send an image: file, URL, data: URL, or - for stdin')
            [CompletionResult]::new('--image', '--image', [CompletionResultType]::ParameterName, 'Send an image: file, URL, data: URL, or - for stdin')
            [CompletionResult]::new('--image-detail', '--image-detail', [CompletionResultType]::ParameterName, 'How closely the model looks at images')
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'Send a file as it is: image, PDF, WAV, MP3 or UTF-8 text')
            [CompletionResult]::new('--attach', '--attach', [CompletionResultType]::ParameterName, 'Send a file as it is: image, PDF, WAV, MP3 or UTF-8 text')
            [CompletionResult]::new('--messages', '--messages', [CompletionResultType]::ParameterName, 'Chat history (JSON array of messages); the prompt becomes the next user message')
            [CompletionResult]::new('--save-messages', '--save-messages', [CompletionResultType]::ParameterName, 'Write the history with the new answer')
            [CompletionResult]::new('-m', '-m', [CompletionResultType]::ParameterName, 'Model to ask, as [PROVIDER:]MODEL[?KEY=VALUE&...]')
            [CompletionResult]::new('--model', '--model', [CompletionResultType]::ParameterName, 'Model to ask, as [PROVIDER:]MODEL[?KEY=VALUE&...]')
            [CompletionResult]::new('-b', '-b', [CompletionResultType]::ParameterName, 'Base URL of the server')
            [CompletionResult]::new('--base-url', '--base-url', [CompletionResultType]::ParameterName, 'Base URL of the server')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Provider, a preset or one from the config file')
            [CompletionResult]::new('--provider', '--provider', [CompletionResultType]::ParameterName, 'Provider, a preset or one from the config file')
            [CompletionResult]::new('--api', '--api', [CompletionResultType]::ParameterName, 'API to speak')
            [CompletionResult]::new('--api-key-file', '--api-key-file', [CompletionResultType]::ParameterName, 'Read the key from a file')
            [CompletionResult]::new('--api-key-command', '--api-key-command', [CompletionResultType]::ParameterName, 'Run a command that prints the key')
            [CompletionResult]::new('--api-key-env', '--api-key-env', [CompletionResultType]::ParameterName, 'Take the key from another variable')
            [CompletionResult]::new('-H', '-H ', [CompletionResultType]::ParameterName, 'Add a request header, ''Name: value''')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Add a request header, ''Name: value''')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Config file')
            [CompletionResult]::new('--fallback', '--fallback', [CompletionResultType]::ParameterName, 'Ask this model when the one before fails')
            [CompletionResult]::new('-t', '-t', [CompletionResultType]::ParameterName, 'Sampling temperature')
            [CompletionResult]::new('--temperature', '--temperature', [CompletionResultType]::ParameterName, 'Sampling temperature')
            [CompletionResult]::new('--top-p', '--top-p', [CompletionResultType]::ParameterName, 'Nucleus sampling: the share of probability to draw from')
            [CompletionResult]::new('--max-tokens', '--max-tokens', [CompletionResultType]::ParameterName, 'Most tokens the answer may have; an answer cut there is exit 8')
            [CompletionResult]::new('--stop', '--stop', [CompletionResultType]::ParameterName, 'End the answer before this text')
            [CompletionResult]::new('--seed', '--seed', [CompletionResultType]::ParameterName, 'Seed of the sampling, for servers that can repeat themselves')
            [CompletionResult]::new('-e', '-e', [CompletionResultType]::ParameterName, 'How much the model reasons')
            [CompletionResult]::new('--effort', '--effort', [CompletionResultType]::ParameterName, 'How much the model reasons')
            [CompletionResult]::new('--verbosity', '--verbosity', [CompletionResultType]::ParameterName, 'How wordy the answer is')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Set any other field of the request')
            [CompletionResult]::new('--option', '--option', [CompletionResultType]::ParameterName, 'Set any other field of the request')
            [CompletionResult]::new('-O', '-O ', [CompletionResultType]::ParameterName, 'What stdout holds: the answer, one envelope object, or its facts as JSON Lines')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'What stdout holds: the answer, one envelope object, or its facts as JSON Lines')
            [CompletionResult]::new('--meta', '--meta', [CompletionResultType]::ParameterName, 'Write the facts of the run to a file: the envelope without the text')
            [CompletionResult]::new('--errors', '--errors', [CompletionResultType]::ParameterName, 'Form of errors on stderr: a line for people or a JSON object a line')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colour and a spinner')
            [CompletionResult]::new('-S', '-S ', [CompletionResultType]::ParameterName, 'Print one JSON document that satisfies this JSON Schema, or nothing (exit 10)')
            [CompletionResult]::new('--schema', '--schema', [CompletionResultType]::ParameterName, 'Print one JSON document that satisfies this JSON Schema, or nothing (exit 10)')
            [CompletionResult]::new('--schema-name', '--schema-name', [CompletionResultType]::ParameterName, 'Name of the schema in the request')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'When the server is asked to enforce the schema strictly')
            [CompletionResult]::new('--schema-mode', '--schema-mode', [CompletionResultType]::ParameterName, 'Form in which the server is asked for JSON')
            [CompletionResult]::new('--repair', '--repair', [CompletionResultType]::ParameterName, 'Send violations back and ask again, at most N times')
            [CompletionResult]::new('--tools', '--tools', [CompletionResultType]::ParameterName, 'Tools the model may call (JSON); calls are printed as JSON Lines')
            [CompletionResult]::new('--tool-choice', '--tool-choice', [CompletionResultType]::ParameterName, 'What must be called: auto, none, required, or the name of a tool')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'Further tries after a failure that may pass')
            [CompletionResult]::new('--connect-timeout', '--connect-timeout', [CompletionResultType]::ParameterName, 'Most time to resolve, connect and agree on TLS')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest silence of the server, before and within the answer')
            [CompletionResult]::new('--max-time', '--max-time', [CompletionResultType]::ParameterName, 'Most time for the whole run')
            [CompletionResult]::new('--max-reply', '--max-reply', [CompletionResultType]::ParameterName, 'Longest whole reply or single event of a stream')
            [CompletionResult]::new('--proxy', '--proxy', [CompletionResultType]::ParameterName, 'Proxy for every host')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Also trust the certificates in this PEM file')
            [CompletionResult]::new('--capture', '--capture', [CompletionResultType]::ParameterName, 'Write every exchange to a HAR 1.2 file: requests, replies, times; keys and logins are left out')
            [CompletionResult]::new('--replay', '--replay', [CompletionResultType]::ParameterName, 'Answer from a HAR file instead of the network')
            [CompletionResult]::new('--replay-speed', '--replay-speed', [CompletionResultType]::ParameterName, 'Pace of a replay: as the server was, or at once')
            [CompletionResult]::new('--print', '--print', [CompletionResultType]::ParameterName, 'Print what would be sent, and send nothing: the body, a curl command, a line for batch engines, or every setting and its origin')
            [CompletionResult]::new('--response', '--response', [CompletionResultType]::ParameterName, 'Judge a saved reply instead of asking: a JSON body, an event stream or batch results; - is stdin')
            [CompletionResult]::new('--id', '--id', [CompletionResultType]::ParameterName, 'Id of a batch line: of the one --print batch writes, of the one --response judges')
            [CompletionResult]::new('--completions', '--completions', [CompletionResultType]::ParameterName, 'Print the completion script of a shell')
            [CompletionResult]::new('-n', '-n', [CompletionResultType]::ParameterName, 'Leave stdin alone, like ssh -n')
            [CompletionResult]::new('--no-stdin', '--no-stdin', [CompletionResultType]::ParameterName, 'Leave stdin alone, like ssh -n')
            [CompletionResult]::new('--lossy', '--lossy', [CompletionResultType]::ParameterName, 'Replace what is not UTF-8 in the input by U+FFFD instead of failing')
            [CompletionResult]::new('--no-key', '--no-key', [CompletionResultType]::ParameterName, 'Send no key')
            [CompletionResult]::new('--allow-plain-http', '--allow-plain-http', [CompletionResultType]::ParameterName, 'Send the key even over plain http to a host that is not loopback')
            [CompletionResult]::new('--no-rewrite', '--no-rewrite', [CompletionResultType]::ParameterName, 'Leave the model name as it is, whatever [rewrite] in the config file says')
            [CompletionResult]::new('--no-adapt', '--no-adapt', [CompletionResultType]::ParameterName, 'Never change the request after the server refused a field')
            [CompletionResult]::new('--stream', '--stream', [CompletionResultType]::ParameterName, 'Print the answer while it is written')
            [CompletionResult]::new('--no-stream', '--no-stream', [CompletionResultType]::ParameterName, 'Print the answer when it is whole, or nothing')
            [CompletionResult]::new('-x', '-x', [CompletionResultType]::ParameterName, 'Print the first fenced code block only; without one, the whole text')
            [CompletionResult]::new('--extract', '--extract', [CompletionResultType]::ParameterName, 'Print the first fenced code block only; without one, the whole text')
            [CompletionResult]::new('-r', '-r', [CompletionResultType]::ParameterName, 'Print the reasoning on stderr')
            [CompletionResult]::new('--reasoning', '--reasoning', [CompletionResultType]::ParameterName, 'Print the reasoning on stderr')
            [CompletionResult]::new('-u', '-u', [CompletionResultType]::ParameterName, 'Print the token usage on stderr')
            [CompletionResult]::new('--usage', '--usage', [CompletionResultType]::ParameterName, 'Print the token usage on stderr')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print request line, timings, request id and rate limits on stderr; never a key')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print request line, timings, request id and rate limits on stderr; never a key')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print no notices on stderr, only errors')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print no notices on stderr, only errors')
            [CompletionResult]::new('--each', '--each', [CompletionResultType]::ParameterName, 'SRC describes one item: print each finished, valid item as a line of JSON')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'Print one JSON document of any shape, or nothing (exit 10)')
            [CompletionResult]::new('--lint-schema', '--lint-schema', [CompletionResultType]::ParameterName, 'Say offline what strict mode rejects in the schema; print the rewritten one')
            [CompletionResult]::new('--no-parallel-tools', '--no-parallel-tools', [CompletionResultType]::ParameterName, 'At most one call in an answer')
            [CompletionResult]::new('--list-models', '--list-models', [CompletionResultType]::ParameterName, 'List the server''s models, one a line')
            [CompletionResult]::new('--probe', '--probe', [CompletionResultType]::ParameterName, 'Find out with small requests what the server can do')
            [CompletionResult]::new('--man', '--man', [CompletionResultType]::ParameterName, 'Print the manual page, as roff: lmpipe --man | man -l -')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help: a screenful with -h, every flag with --help')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help: a screenful with -h, every flag with --help')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print the version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print the version')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
