//! How bad a violation is, and for whom.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::index::Criticality;

/// How bad a violation is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Worth doing with the next change.
    Low,
    /// Worth planning.
    Medium,
    /// An outage or loss is likely to exceed the objectives.
    High,
    /// An outage or loss is certain to exceed them.
    Critical,
}

impl Severity {
    /// Every severity, the worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Info];

    /// The word in metadata, configuration and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for Severity {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|severity| severity.as_str() == text).ok_or(())
    }
}

/// Severity by criticality. `None` means that the policy does not apply there.
///
/// Metadata writes one word for all, or one for each criticality, with `none` for those that it leaves out.
#[derive(Clone, Debug, PartialEq)]
pub struct Severities(BTreeMap<Criticality, Option<Severity>>);

impl Severities {
    /// Severity for a criticality; `None` if the policy does not apply there.
    pub fn of(&self, criticality: Criticality) -> Option<Severity> {
        self.0.get(&criticality).copied().flatten()
    }

    /// The worst that any criticality has, which documents show for the policy as a whole.
    pub fn worst(&self) -> Option<Severity> {
        self.0.values().copied().flatten().max()
    }
}

const WORDS: &str = "one of critical, high, medium, low, info, none";

fn parse(word: &str) -> Result<Option<Severity>, String> {
    match word {
        "none" => Ok(None),
        _ => word.parse().map(Some).map_err(|()| format!("`{word}` is not {WORDS}")),
    }
}

impl<'de> Deserialize<'de> for Severities {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EitherForm;

        impl<'de> Visitor<'de> for EitherForm {
            type Value = Severities;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, "{WORDS}, or one for each criticality")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<Severities, E> {
                let severity = parse(word).map_err(E::custom)?;
                Ok(Severities(
                    Criticality::ALL.into_iter().map(|criticality| (criticality, severity)).collect(),
                ))
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Severities, A::Error> {
                let mut severities = BTreeMap::new();
                while let Some((criticality, word)) = map.next_entry::<Criticality, String>()? {
                    severities.insert(criticality, parse(&word).map_err(de::Error::custom)?);
                }
                match Criticality::ALL.into_iter().find(|criticality| !severities.contains_key(criticality)) {
                    Some(missing) => Err(de::Error::custom(format!("no severity for {}", missing.as_str()))),
                    None => Ok(Severities(severities)),
                }
            }
        }

        deserializer.deserialize_any(EitherForm)
    }
}
