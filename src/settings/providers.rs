//! The presets: a table, no logic. Source of URLs, variables and quirks: docs/wire.md §3.1, §3.3.

use super::route::KeyStyle;
use crate::request::Dialect;
use crate::request::body_field::Rename;

/// What is known of a provider.
#[derive(Debug)]
pub(crate) struct Preset {
    /// The name after `-p` and before the colon of a model URI.
    pub(crate) name: &'static str,
    /// The API it is spoken to in.
    pub(crate) dialect: Dialect,
    /// Base URL; empty where it is the user's own resource (Azure).
    pub(crate) base_url: &'static str,
    /// Variables that move the base URL, the first that is set wins.
    pub(crate) url_variables: &'static [&'static str],
    /// Whether `OPENAI_ORG_ID`, `OPENAI_PROJECT_ID` and `OPENAI_CUSTOM_HEADERS` are about it.
    pub(crate) header_variables: bool,
    /// Variables that hold a key, in the order they are tried; each also with `_1`, `_2`, … behind its name.
    pub(crate) keys: &'static [(&'static str, KeyStyle)],
    /// Which servers the keys may be sent to.
    pub(crate) key_scope: KeyScope,
    /// Body fields that its servers have names of their own for.
    pub(crate) renames: &'static [Rename],
    /// Whether `stream_options` is taken on chat.
    pub(crate) stream_options: bool,
}

/// Which servers a preset's keys may go to, and whether they are needed there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyScope {
    /// The preset's own host, which needs one.
    Host,
    /// The preset's own host, which may do without.
    Optional,
    /// Any server the user names, as in every OpenAI client; needed at the preset's own.
    Anywhere,
}

/// A server on the network that needs a key of its own; also assumed of an unknown one.
pub(crate) const CLOUD: Preset = Preset {
    name: "",
    dialect: Dialect::Chat,
    base_url: "",
    url_variables: &[],
    header_variables: false,
    keys: &[],
    key_scope: KeyScope::Host,
    renames: &[],
    stream_options: true,
};

/// A server that people run themselves.
const LOCAL: Preset = Preset { key_scope: KeyScope::Optional, ..CLOUD };

/// OpenAI, and every server named by a base URL alone.
const OPENAI: Preset = Preset {
    name: "openai",
    base_url: "https://api.openai.com/v1",
    url_variables: &["OPENAI_BASE_URL", "OPENAI_API_BASE"],
    header_variables: true,
    keys: &[("OPENAI_API_KEY", KeyStyle::Bearer)],
    key_scope: KeyScope::Anywhere,
    renames: &[("max_tokens", "max_completion_tokens")],
    ..CLOUD
};

/// Every preset, in the order `--help` and messages name them.
pub(crate) const PRESETS: &[Preset] = &[
    OPENAI,
    Preset { name: "openai-responses", dialect: Dialect::Responses, ..OPENAI },
    Preset {
        name: "openai-codex",
        dialect: Dialect::Codex,
        base_url: "https://chatgpt.com/backend-api/codex",
        key_scope: KeyScope::Anywhere,
        ..CLOUD
    },
    Preset {
        name: "ollama",
        base_url: "http://localhost:11434/v1",
        url_variables: &["OLLAMA_HOST"],
        keys: &[("OLLAMA_API_KEY", KeyStyle::Bearer)],
        ..LOCAL
    },
    Preset {
        name: "lmstudio",
        base_url: "http://localhost:1234/v1",
        keys: &[("LM_API_TOKEN", KeyStyle::Bearer)],
        ..LOCAL
    },
    Preset { name: "vllm", base_url: "http://localhost:8000/v1", keys: &[("VLLM_API_KEY", KeyStyle::Bearer)], ..LOCAL },
    Preset { name: "llamacpp", base_url: "http://localhost:8080/v1", ..LOCAL },
    Preset {
        name: "litellm",
        base_url: "http://localhost:4000/v1",
        keys: &[("LITELLM_API_KEY", KeyStyle::Bearer), ("LITELLM_MASTER_KEY", KeyStyle::Bearer)],
        ..LOCAL
    },
    Preset {
        name: "openrouter",
        base_url: "https://openrouter.ai/api/v1",
        keys: &[("OPENROUTER_API_KEY", KeyStyle::Bearer)],
        ..CLOUD
    },
    Preset {
        name: "groq",
        base_url: "https://api.groq.com/openai/v1",
        keys: &[("GROQ_API_KEY", KeyStyle::Bearer)],
        ..CLOUD
    },
    Preset {
        name: "mistral",
        base_url: "https://api.mistral.ai/v1",
        keys: &[("MISTRAL_API_KEY", KeyStyle::Bearer)],
        renames: &[("seed", "random_seed")],
        // 422 `extra_forbidden`; usage comes unasked.
        stream_options: false,
        ..CLOUD
    },
    Preset {
        name: "deepseek",
        base_url: "https://api.deepseek.com",
        keys: &[("DEEPSEEK_API_KEY", KeyStyle::Bearer)],
        ..CLOUD
    },
    Preset { name: "xai", base_url: "https://api.x.ai/v1", keys: &[("XAI_API_KEY", KeyStyle::Bearer)], ..CLOUD },
    Preset {
        name: "together",
        base_url: "https://api.together.ai/v1",
        keys: &[("TOGETHER_API_KEY", KeyStyle::Bearer)],
        ..CLOUD
    },
    Preset {
        name: "fireworks",
        base_url: "https://api.fireworks.ai/inference/v1",
        keys: &[("FIREWORKS_API_KEY", KeyStyle::Bearer)],
        ..CLOUD
    },
    Preset {
        name: "gemini",
        base_url: "https://generativelanguage.googleapis.com/v1beta/openai",
        keys: &[("GEMINI_API_KEY", KeyStyle::Bearer), ("GOOGLE_API_KEY", KeyStyle::Bearer)],
        ..CLOUD
    },
    Preset {
        name: "anthropic",
        base_url: "https://api.anthropic.com/v1",
        keys: &[("ANTHROPIC_API_KEY", KeyStyle::Bearer)],
        ..CLOUD
    },
    Preset {
        name: "azure",
        url_variables: &["AZURE_OPENAI_ENDPOINT"],
        keys: &[("AZURE_OPENAI_API_KEY", KeyStyle::Header("api-key")), ("AZURE_OPENAI_AD_TOKEN", KeyStyle::Bearer)],
        key_scope: KeyScope::Anywhere,
        renames: &[("max_tokens", "max_completion_tokens")],
        ..CLOUD
    },
    Preset {
        name: "cerebras",
        base_url: "https://api.cerebras.ai/v1",
        keys: &[("CEREBRAS_API_KEY", KeyStyle::Bearer)],
        ..CLOUD
    },
    Preset {
        name: "huggingface",
        base_url: "https://router.huggingface.co/v1",
        keys: &[("HF_TOKEN", KeyStyle::Bearer)],
        ..CLOUD
    },
    Preset {
        name: "perplexity",
        base_url: "https://api.perplexity.ai",
        keys: &[("PERPLEXITY_API_KEY", KeyStyle::Bearer)],
        ..CLOUD
    },
];

/// Providers whose local servers are searched for when neither server nor key is given, best first.
pub(crate) const SEARCHED: [&str; 4] = ["ollama", "lmstudio", "llamacpp", "vllm"];

/// The preset of this name.
pub(crate) fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}
