//! What a flag is: its names, its words for the help, and the place in [`Args`] it fills.
//!
//! Two macros write one list down once: [`flags!`](flags) declares `Args` and the table of [`Flag`]s together,
//! [`choices!`](choices) an enum and the words it is typed as. Both are plain data in the binary: a parse builds
//! nothing but the `Args` it returns. Knows nothing of any single flag.

use super::flags::Args;

/// One flag, as the parser sees it, and in tests also as help, man page and completions are made of it.
#[derive(Debug)]
pub(crate) struct Flag {
    /// The field of [`Args`]; the long name is the same with dashes.
    pub(crate) field: &'static str,
    /// The one-letter name.
    pub(crate) letter: Option<char>,
    /// The heading it stands under.
    #[cfg(test)]
    pub(crate) group: &'static str,
    /// The name of its value, upper case; none for a switch.
    pub(crate) value: Option<&'static str>,
    /// True where every time it is given counts; else the last one does.
    #[cfg(test)]
    pub(crate) repeatable: bool,
    /// The only words it takes; empty for any.
    pub(crate) choices: &'static [&'static str],
    /// The lines of its doc comment: the first paragraph is the help, all of them the man page.
    #[cfg(test)]
    pub(crate) docs: &'static [&'static str],
    /// Fills the field with a word, empty for a switch; false if the word does not fit.
    pub(crate) fill: fn(&mut Args, String) -> bool,
}

impl Flag {
    /// The long name without its dashes in front: `no-stdin`.
    pub(crate) fn name(&self) -> String {
        self.field.replace('_', "-")
    }

    /// The long name as typed, and the value's name if it takes one: `--model MODEL`.
    pub(crate) fn usage(&self) -> String {
        match self.value {
            Some(value) => format!("--{} {value}", self.name()),
            None => format!("--{}", self.name()),
        }
    }

    /// True where an empty value counts as unset: of settings that are one of a few words or a count. What the others
    /// do with an empty text is for those to say who know what the text is for, and `--print ''` must not send.
    pub(super) fn is_empty_unset(&self) -> bool {
        let is_task = matches!(self.field, "print" | "completions");
        !is_task && (!self.choices.is_empty() || self.value == Some("N"))
    }

    /// True where `typed`, without the dashes in front, is the long name.
    pub(super) fn is_named(&self, typed: &str) -> bool {
        self.field.split('_').eq(typed.split('-'))
    }
}

/// A field of [`Args`] that a flag can fill.
pub(super) trait Slot {
    /// The only words that fit; empty for any.
    const CHOICES: &'static [&'static str] = &[];

    /// True where every word counts; else the last one does.
    #[cfg(test)]
    const REPEATABLE: bool = false;

    /// Takes one word; false if it does not fit.
    fn fill(&mut self, word: String) -> bool;
}

impl Slot for bool {
    fn fill(&mut self, _: String) -> bool {
        *self = true;
        true
    }
}

impl<W: Word> Slot for Option<W> {
    const CHOICES: &'static [&'static str] = W::CHOICES;

    fn fill(&mut self, word: String) -> bool {
        *self = W::read(word);
        self.is_some()
    }
}

impl Slot for Vec<String> {
    #[cfg(test)]
    const REPEATABLE: bool = true;

    fn fill(&mut self, word: String) -> bool {
        self.push(word);
        true
    }
}

/// A value that is read from one word.
pub(super) trait Word: Sized {
    /// The only words that are one; empty for any.
    const CHOICES: &'static [&'static str] = &[];

    /// Reads the word; none if it does not fit.
    fn read(word: String) -> Option<Self>;
}

impl Word for String {
    fn read(word: String) -> Option<Self> {
        Some(word)
    }
}

impl Word for u32 {
    fn read(word: String) -> Option<Self> {
        word.parse().ok()
    }
}

/// Declares enums whose variants are typed as words: `Auto = "auto"`.
macro_rules! choices {
    ($($(#[doc = $doc:literal])+ $name:ident {
        $($(#[doc = $variant_doc:literal])+ $variant:ident = $word:literal,)+
    })+) => {$(
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name {
            $($(#[doc = $variant_doc])+ $variant,)+
        }

        impl $crate::args::flag::Word for $name {
            const CHOICES: &'static [&'static str] = &[$($word),+];

            fn read(word: String) -> Option<Self> {
                match word.as_str() {
                    $($word => Some(Self::$variant),)+
                    _ => None,
                }
            }
        }
    )+};
}
pub(super) use choices;

/// Declares [`Args`] and [`FLAGS`](super::FLAGS) from one list of groups: `'l' field: Type = "VALUE" in CHOICES;`
/// under its doc comment, where the letter, the value (none for a switch) and the choices may be absent.
macro_rules! flags {
    (@choices $type:ty) => { <$type as $crate::args::flag::Slot>::CHOICES };
    (@choices $type:ty, $choices:expr) => { $choices };
    (@one) => { None };
    (@one $literal:literal) => { Some($literal) };
    ($($group:literal {$(
        $(#[doc = $doc:literal])+
        $($letter:literal)? $field:ident: $type:ty $(= $value:literal $(in $choices:expr)?)?;
    )+})+) => {
        /// The command line, word for word.
        #[derive(Debug, Default)]
        pub(crate) struct Args {
            /// Prompt words, to be joined by one space.
            pub(crate) prompt: Vec<String>,
            $($($(#[doc = $doc])+ pub(crate) $field: $type,)+)+
        }

        /// Every flag, in the order of the help.
        pub(crate) static FLAGS: &[$crate::args::flag::Flag] = &[$($($crate::args::flag::Flag {
            field: stringify!($field),
            letter: flags!(@one $($letter)?),
            #[cfg(test)]
            group: $group,
            value: flags!(@one $($value)?),
            #[cfg(test)]
            repeatable: <$type as $crate::args::flag::Slot>::REPEATABLE,
            choices: flags!(@choices $type $($(, $choices)?)?),
            #[cfg(test)]
            docs: &[$($doc),+],
            fill: |args, word| $crate::args::flag::Slot::fill(&mut args.$field, word),
        },)+)+];
    };
}
pub(super) use flags;
