//! Generation settings: flags, URI parameters, `-o` and config options, brought into one order of precedence.
//! Knows the names of body fields, nothing of how a dialect spells them.

#[cfg(test)]
mod tests;

use serde_json::{Number, Value};

use super::{Origin, Setting, rejected, values};
use crate::args::Args;
use crate::args::choices::{Effort, Verbosity, word, words};
use crate::closest::suggest;
use crate::failure::Failure;
use crate::request::{Dialect, Sampling};

/// The names of URI parameters.
const PARAMETERS: [&str; 7] = ["temperature", "top_p", "top_k", "max_tokens", "seed", "reasoning_effort", "verbosity"];
/// Body fields that steer sampling or bound the answer, under all their names.
const STEERING: [&str; 13] = [
    "temperature",
    "top_p",
    "top_k",
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "stop",
    "seed",
    "random_seed",
    "frequency_penalty",
    "presence_penalty",
    "logit_bias",
    "n",
];

/// What an option looks like, said to those who write `-o key value` (llm) or `-o FILE` (codex, curl).
const SHAPE: &str = "write -o KEY=VALUE, such as -o top_k=40; for a file, write > FILE";

/// Body fields that are lmpipe's own, since the rest of the run goes by what they say, and what sets them.
pub(super) const OWN: [(&str, &str); 4] = [
    ("stream", "say --stream or --no-stream"),
    ("model", "name it with --model"),
    ("messages", "the prompt, --system and --messages are what is said"),
    ("input", "the prompt, --system and --messages are what is said"),
];

/// Most keys in the path of a body field.
const DEEPEST: usize = 100;

/// A body field outside our vocabulary.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BodyOption {
    /// The keys that lead to it.
    pub(crate) path: Vec<String>,
    /// Its value.
    pub(crate) value: Value,
    /// Where it came from.
    pub(crate) origin: Origin,
}

impl BodyOption {
    /// Reads `-o KEY=VALUE`: a dot in the key nests, the value is JSON if it parses, else a string.
    ///
    /// # Errors
    /// `Usage` without `=` or with an empty key.
    pub(crate) fn parse(text: &str, origin: Origin) -> Result<Self, Failure> {
        let Some((key, value)) = text.split_once('=') else {
            return Err(rejected("option", text, &origin, "no '=' in it").hint(SHAPE));
        };
        let path: Vec<String> = key.split('.').map(str::to_owned).collect();
        if path.iter().any(String::is_empty) {
            return Err(rejected("option", text, &origin, "an empty key").hint(SHAPE));
        }
        let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
        let option = Self { path, value, origin };
        option.check().map(|()| option)
    }

    /// Refuses the fields that other flags fill, and depths that no server reads.
    ///
    /// # Errors
    /// `Usage`, for the former naming the flag that sets the field.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.path.len() > DEEPEST {
            let why = format!("nested deeper than {DEEPEST} levels");
            return Err(rejected("option", &format!("{}.…", self.path[0]), &self.origin, &why));
        }
        match OWN.iter().find(|(field, _)| self.path[0] == *field) {
            Some((field, instead)) => {
                Err(rejected("option", field, &self.origin, "this field is lmpipe's own").hint(*instead))
            }
            None => Ok(()),
        }
    }
}

/// A generation setting of our vocabulary.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Given {
    /// Sampling temperature.
    Temperature(Number),
    /// Nucleus sampling.
    TopP(Number),
    /// Sampling among the best k tokens; a body field of its own on every API.
    TopK(Number),
    /// The token limit.
    MaxTokens(Number),
    /// Stop sequences.
    Stop(Vec<String>),
    /// The seed.
    Seed(Number),
    /// Reasoning effort.
    Effort(String),
    /// Verbosity.
    Verbosity(String),
}

impl Given {
    /// Reads a URI parameter.
    ///
    /// # Errors
    /// Why there is none, and what to write instead.
    pub(crate) fn parse(name: &str, value: &str) -> Result<Self, (String, String)> {
        let number = |parsed: Result<Number, &str>| {
            parsed.map_err(|why| (format!("{name} '{value}' is {why}"), format!("write it as {name}=NUMBER")))
        };
        let word = |words: Vec<String>| {
            if words.iter().any(|word| word == value) {
                return Ok(value.to_owned());
            }
            Err((format!("{name} '{value}' is not known"), suggest(value, words.iter().map(String::as_str))))
        };
        Ok(match name {
            "temperature" => Self::Temperature(number(values::number(value))?),
            "top_p" => Self::TopP(number(values::number(value))?),
            "top_k" => Self::TopK(number(values::integer(value))?),
            "max_tokens" => Self::MaxTokens(number(values::integer(value))?),
            "seed" => Self::Seed(number(values::integer(value))?),
            "reasoning_effort" => Self::Effort(word(words::<Effort>())?),
            "verbosity" => Self::Verbosity(word(words::<Verbosity>())?),
            _ => return Err((format!("unknown parameter '{name}'"), suggest(name, PARAMETERS))),
        })
    }

    /// The setting's name, as `--print config` shows it.
    fn name(&self) -> &'static str {
        self.fields()[0]
    }

    /// The body fields that say the same, under the names of every API; the first is the setting's own name.
    fn fields(&self) -> &'static [&'static str] {
        match self {
            Self::Temperature(_) => &["temperature"],
            Self::TopP(_) => &["top_p"],
            Self::TopK(_) => &["top_k"],
            Self::MaxTokens(_) => &["max_tokens", "max_completion_tokens", "max_output_tokens"],
            Self::Stop(_) => &["stop"],
            Self::Seed(_) => &["seed", "random_seed"],
            Self::Effort(_) => &["reasoning_effort", "reasoning.effort"],
            Self::Verbosity(_) => &["verbosity", "text.verbosity"],
        }
    }

    /// Whether an API has no such field.
    fn is_foreign_to(&self, dialect: Dialect) -> bool {
        dialect.spec().missing_settings.contains(&self.name())
    }

    /// The value as JSON.
    fn json(&self) -> Value {
        match self {
            Self::Temperature(number)
            | Self::TopP(number)
            | Self::TopK(number)
            | Self::MaxTokens(number)
            | Self::Seed(number) => Value::Number(number.clone()),
            Self::Stop(words) => words.iter().map(String::as_str).collect(),
            Self::Effort(word) | Self::Verbosity(word) => Value::String(word.clone()),
        }
    }
}

/// What the flags say about generation; it holds for every route.
#[derive(Debug, Default)]
pub(crate) struct Flags {
    /// Settings of our vocabulary.
    given: Vec<Setting<Given>>,
    /// Body fields (`-o`).
    options: Vec<BodyOption>,
}

impl Flags {
    /// Reads the flags.
    ///
    /// # Errors
    /// `Usage` for a value that is no number or an option without a key.
    pub(crate) fn parse(args: &Args) -> Result<Self, Failure> {
        let mut given = Vec::new();
        let mut number = |flag: &'static str,
                          text: &Option<String>,
                          parse: fn(&str) -> Result<Number, &'static str>,
                          make: fn(Number) -> Given| {
            let Some(text) = text.as_deref().filter(|text| !text.is_empty()) else { return Ok(()) };
            let origin = Origin::Flag(flag);
            let value = parse(text).map_err(|why| rejected("value", text, &origin, why))?;
            given.push(Setting::new(make(value), origin));
            Ok::<(), Failure>(())
        };
        number("--temperature", &args.generation.temperature, values::number, Given::Temperature)?;
        number("--top-p", &args.generation.top_p, values::number, Given::TopP)?;
        number("--max-tokens", &args.generation.max_tokens, values::integer, Given::MaxTokens)?;
        number("--seed", &args.generation.seed, values::integer, Given::Seed)?;
        let stop: Vec<String> = args.generation.stop.iter().filter(|text| !text.is_empty()).cloned().collect();
        if !stop.is_empty() {
            given.push(Setting::new(Given::Stop(stop), Origin::Flag("--stop")));
        }
        if let Some(effort) = args.generation.effort {
            given.push(Setting::new(Given::Effort(word(effort)), Origin::Flag("--effort")));
        }
        if let Some(verbosity) = args.generation.verbosity {
            given.push(Setting::new(Given::Verbosity(word(verbosity)), Origin::Flag("--verbosity")));
        }
        let option = |text: &String| BodyOption::parse(text, Origin::Flag("--option"));
        Ok(Self { given, options: args.generation.option.iter().map(option).collect::<Result<_, _>>()? })
    }
}

/// The generation settings of one route.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Generation {
    /// Ready to send.
    pub(crate) sampling: Sampling,
    /// One by one, as name and value in JSON, for `--print config`.
    pub(crate) rows: Vec<(String, Setting<String>)>,
}

/// Brings together what is said about generation, the weakest first: the config file's options for every provider,
/// then those for this one, URI parameters, flags, `-o`. A stronger one replaces a weaker one that says the same
/// under any of its names. `seed_field` is the server's own name for the seed.
///
/// # Errors
/// `Usage` for a setting that the API has no field for.
pub(crate) fn settle(
    flags: &Flags,
    uri: &[Setting<Given>],
    options: [&[BodyOption]; 2],
    dialect: Dialect,
    seed_field: Option<&str>,
) -> Result<Generation, Failure> {
    let config = options.into_iter().flatten().map(Choice::Option);
    let given = uri.iter().chain(&flags.given).map(Choice::Given);
    let choices: Vec<Choice<'_>> = config.chain(given).chain(flags.options.iter().map(Choice::Option)).collect();
    let mut generation = Generation::default();
    for (place, choice) in choices.iter().enumerate() {
        if choices[place + 1..].iter().any(|stronger| stronger.replaces(choice)) {
            continue;
        }
        match choice {
            Choice::Given(given) => generation.add(given, dialect, seed_field)?,
            Choice::Option(option) => generation.add_option(option, dialect)?,
        }
    }
    Ok(generation)
}

/// One thing said about generation.
enum Choice<'a> {
    /// In our vocabulary.
    Given(&'a Setting<Given>),
    /// As a body field.
    Option(&'a BodyOption),
}

impl Choice<'_> {
    /// Whether nothing is left of a weaker choice beside this one.
    fn replaces(&self, weaker: &Self) -> bool {
        match (self, weaker) {
            (Self::Given(given), Self::Given(other)) => {
                std::mem::discriminant(&given.value) == std::mem::discriminant(&other.value)
            }
            (Self::Given(given), Self::Option(option)) | (Self::Option(option), Self::Given(given)) => {
                given.value.fields().iter().any(|field| field.split('.').eq(option.path.iter().map(String::as_str)))
            }
            (Self::Option(option), Self::Option(other)) => other.path.starts_with(&option.path),
        }
    }
}

impl Generation {
    /// Adds a setting of our vocabulary.
    fn add(&mut self, given: &Setting<Given>, dialect: Dialect, seed_field: Option<&str>) -> Result<(), Failure> {
        let name = given.value.name();
        if given.value.is_foreign_to(dialect) {
            return Err(foreign(name, &given.origin, dialect));
        }
        let sampling = &mut self.sampling;
        match given.value.clone() {
            Given::Temperature(number) => sampling.temperature = Some(number),
            Given::TopP(number) => sampling.top_p = Some(number),
            Given::TopK(number) => sampling.extra.push((vec![name.to_owned()], Value::Number(number))),
            Given::MaxTokens(number) => sampling.max_tokens = Some(number),
            Given::Stop(words) => sampling.stop = words,
            Given::Seed(number) => match seed_field {
                None => sampling.seed = Some(number),
                Some(field) => sampling.extra.push((vec![field.to_owned()], Value::Number(number))),
            },
            Given::Effort(word) => sampling.effort = Some(word),
            Given::Verbosity(word) => sampling.verbosity = Some(word),
        }
        self.rows.push((name.to_owned(), Setting::new(given.value.json().to_string(), given.origin.clone())));
        Ok(())
    }

    /// Adds a body field.
    fn add_option(&mut self, option: &BodyOption, dialect: Dialect) -> Result<(), Failure> {
        if !dialect.spec().has_sampling && STEERING.contains(&option.path[0].as_str()) {
            return Err(foreign(&option.path[0], &option.origin, dialect));
        }
        if !dialect.spec().can_store && option.path == ["store"] && option.value != Value::Bool(false) {
            let what = format!("store ({})", option.origin);
            return Err(
                Failure::usage(what, format!("the {} API stores nothing", dialect.name())).hint("leave it away")
            );
        }
        self.sampling.extra.push((option.path.clone(), option.value.clone()));
        let row = Setting::new(option.value.to_string(), option.origin.clone());
        self.rows.push((format!("option {}", option.path.join(".")), row));
        Ok(())
    }
}

/// The failure of a setting that an API has no field for.
fn foreign(name: &str, origin: &Origin, dialect: Dialect) -> Failure {
    let what = format!("{name} ({origin})");
    let api = dialect.name();
    if dialect.spec().has_sampling {
        Failure::usage(what, format!("the {api} API has no such field"))
            .hint(format!("-o {name}=… sends it all the same, --api chat has it"))
    } else {
        Failure::usage(what, format!("the {api} API takes no sampling or token fields"))
            .hint("leave it away, or ask provider openai")
    }
}
