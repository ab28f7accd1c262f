//! Keywords and punctuation of the expression language, declared once in a table each.

use std::fmt;
use std::str::FromStr;

/// The text is not a symbol of the set that it was looked up in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownSymbol;

macro_rules! symbols {
    ($(#[$meta:meta])* $name:ident { $($variant:ident => $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $variant,)+
        }

        impl $name {
            /// Every symbol of the set, in the order of its declaration.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];

            pub const fn as_str(self) -> &'static str {
                match self {
                    $($name::$variant => $text,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        /// Letter case does not matter.
        impl FromStr for $name {
            type Err = UnknownSymbol;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let found = Self::ALL.iter().find(|symbol| symbol.as_str().eq_ignore_ascii_case(text));
                found.copied().ok_or(UnknownSymbol)
            }
        }
    };
}

symbols! {
    /// A reserved word.
    Keyword {
        And => "and",
        Or => "or",
        Not => "not",
        In => "in",
        Is => "is",
        Null => "null",
        True => "true",
        False => "false",
    }
}

symbols! {
    /// An operator or a delimiter.
    Punct {
        Eq => "=",
        Ne => "!=",
        Lt => "<",
        Le => "<=",
        Gt => ">",
        Ge => ">=",
        Plus => "+",
        Minus => "-",
        Star => "*",
        Slash => "/",
        Percent => "%",
        Open => "(",
        Close => ")",
        Comma => ",",
    }
}

impl Punct {
    /// The longest symbol that `text` starts with.
    pub fn longest_prefix(text: &str) -> Option<Punct> {
        let starts = Punct::ALL.iter().copied().filter(|punct| text.starts_with(punct.as_str()));
        starts.max_by_key(|punct| punct.as_str().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_keywords_in_any_case() {
        assert_eq!("and".parse(), Ok(Keyword::And));
        assert_eq!("NULL".parse(), Ok(Keyword::Null));
        assert_eq!("ands".parse::<Keyword>(), Err(UnknownSymbol));
    }

    #[test]
    fn takes_the_longest_punctuation() {
        assert_eq!(Punct::longest_prefix("<= 2"), Some(Punct::Le));
        assert_eq!(Punct::longest_prefix("<2"), Some(Punct::Lt));
        assert_eq!(Punct::longest_prefix("!"), None);
    }

    #[test]
    fn every_symbol_round_trips() {
        assert!(Punct::ALL.iter().all(|punct| punct.to_string().parse() == Ok(*punct)));
        assert_eq!(Punct::ALL.len(), 14);
        assert_eq!(Keyword::ALL.len(), 8);
    }
}
