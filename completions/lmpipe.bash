# Completion of lmpipe for bash, generated from its flags.

# The lines of stdin that begin with the word being completed become replies. Only plain names: what a server
# lists ends up on a command line.
_lmpipe_offer() {
    local name
    while IFS= read -r name; do
        [[ $name == "$word"* && $name != *[!A-Za-z0-9._:/@+-]* ]] && COMPREPLY+=("$name")
    done
}

# Lists the presets and the providers of the config file.
_lmpipe_providers() {
    printf '%s\n' openai openai-responses openai-codex ollama lmstudio vllm llamacpp litellm openrouter groq mistral deepseek xai together fireworks gemini anthropic azure cerebras huggingface perplexity
    sed -n 's/^[[:space:]]*\[provider\.\([A-Za-z0-9_-]*\)\].*/\1/p' \
        "${LMPIPE_CONFIG:-${XDG_CONFIG_HOME:-$HOME/.config}/lmpipe/config.toml}" 2>/dev/null
}

# Lists the models of the server that the words so far choose; nothing where it does not answer at once.
_lmpipe_models() {
    local place prefix=
    local -a server
    for ((place = 1; place < ${#words[@]} - 1; place++)); do
        case ${words[place]} in
            -p | --provider | -b | --base-url | --api | --config | --api-key-file | --api-key-env)
                server+=("${words[place]}" "${words[place + 1]}") ;;
            --provider=* | --base-url=* | --api=* | --config=* | --api-key-file=* | --api-key-env=* | --no-key)
                server+=("${words[place]}") ;;
        esac
    done
    if [[ $word == *:* ]] && _lmpipe_providers | grep -qxF -e "${word%%:*}"; then
        prefix=${word%%:*}:
        server+=(-p "${word%%:*}")
    fi
    lmpipe ${server[@]+"${server[@]}"} --list-models --quiet --retries 0 --connect-timeout 1 --max-time 2 \
        </dev/null 2>/dev/null | sed "s/^/$prefix/"
}

_lmpipe() {
    local flag= word breaks line=${COMP_LINE:0:COMP_POINT}
    local -a words
    COMPREPLY=()

    # bash cuts words at : and =, which model names and --flag=value need whole
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    word=${words[${#words[@]} - 1]}
    case $word in
        --*=*) flag=${word%%=*} word=${word#*=} ;;
        *) flag=${words[${#words[@]} - 2]} ;;
    esac
    [[ " ${words[*]:1:${#words[@]}-2} " == *" -- "* ]] && return

    case $flag in
        -m | --model | --fallback) _lmpipe_offer < <(_lmpipe_models) ;;
        -p | --provider) _lmpipe_offer < <(_lmpipe_providers) ;;
        --system-file | --prompt-file | -i | --image | -a | --attach | --messages | --save-messages | --api-key-file | --config | --meta | -S | --schema | --tools | --cacert | --capture | --replay | --response)
            compopt -o filenames 2>/dev/null
            while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$word") ;;
        --api-key-command) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -c -- "$word") ;;
        --api-key-env) while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -e -- "$word") ;;
        --image-detail) _lmpipe_offer < <(printf '%s\n' auto low high) ;;
        --api) _lmpipe_offer < <(printf '%s\n' chat responses codex) ;;
        -e | --effort) _lmpipe_offer < <(printf '%s\n' none minimal low medium high xhigh max) ;;
        --verbosity) _lmpipe_offer < <(printf '%s\n' low medium high) ;;
        -O | --output) _lmpipe_offer < <(printf '%s\n' text json events) ;;
        --errors) _lmpipe_offer < <(printf '%s\n' text json) ;;
        --color) _lmpipe_offer < <(printf '%s\n' auto always never) ;;
        --strict) _lmpipe_offer < <(printf '%s\n' auto always never) ;;
        --schema-mode) _lmpipe_offer < <(printf '%s\n' json_schema json_object prompt) ;;
        --replay-speed) _lmpipe_offer < <(printf '%s\n' real instant) ;;
        --print) _lmpipe_offer < <(printf '%s\n' request curl batch config) ;;
        --completions) _lmpipe_offer < <(printf '%s\n' bash zsh fish powershell elvish) ;;
        -s | --system | -b | --base-url | -H | --header | -t | --temperature | --top-p | --max-tokens | --stop | --seed | -o | --option | --schema-name | --repair | --tool-choice | --retries | --connect-timeout | --timeout | --max-time | --max-reply | --proxy | --id) ;;
        *) [[ -z $word || $word == -* ]] && _lmpipe_offer < <(printf '%s\n' --no-stdin --system --system-file --prompt-file --lossy --image --image-detail --attach --messages --save-messages --model --base-url --provider --api --api-key-file --api-key-command --api-key-env --no-key --allow-plain-http --header --config --fallback --no-rewrite --temperature --top-p --max-tokens --stop --seed --effort --verbosity --option --no-adapt --stream --no-stream --output --extract --reasoning --usage --verbose --quiet --meta --errors --color --schema --schema-name --each --json --strict --schema-mode --repair --lint-schema --tools --tool-choice --no-parallel-tools --retries --connect-timeout --timeout --max-time --max-reply --proxy --cacert --capture --replay --replay-speed --print --response --id --list-models --probe --completions --man --help --version) ;;
    esac

    # readline replaces only what follows the last : or =
    breaks=${COMP_WORDBREAKS//[!:=]/}
    [[ -n $breaks ]] && COMPREPLY=("${COMPREPLY[@]#"${word%"${word##*[$breaks]}"}"}")
    return 0
}

complete -F _lmpipe lmpipe
