//! The frameworks whose controls policies are mapped to, and how the ids of their controls are written.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

/// A framework whose controls policies are mapped to.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Framework {
    /// AWS Well-Architected Framework, reliability pillar: best practices.
    AwsWellArchitected,
    /// AWS Config managed rules.
    AwsConfig,
    /// AWS Security Hub controls.
    AwsSecurityHub,
    /// NIST Special Publication 800-53: controls and their enhancements.
    #[serde(rename = "nist-800-53")]
    Nist80053,
    /// ISO 22301, business continuity management systems: clauses.
    #[serde(rename = "iso-22301")]
    Iso22301,
    /// The Digital Operational Resilience Act of the European Union: articles, with paragraph and point.
    Dora,
    /// SOC 2: the Trust Services Criteria of the AICPA.
    Soc2,
}

impl Framework {
    /// Every framework, in the order of reports.
    pub const ALL: [Self; 7] = [
        Self::AwsWellArchitected,
        Self::AwsConfig,
        Self::AwsSecurityHub,
        Self::Nist80053,
        Self::Iso22301,
        Self::Dora,
        Self::Soc2,
    ];

    /// Word in metadata and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AwsWellArchitected => "aws-well-architected",
            Self::AwsConfig => "aws-config",
            Self::AwsSecurityHub => "aws-security-hub",
            Self::Nist80053 => "nist-800-53",
            Self::Iso22301 => "iso-22301",
            Self::Dora => "dora",
            Self::Soc2 => "soc2",
        }
    }

    /// What people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::AwsWellArchitected => "AWS Well-Architected Framework, reliability pillar",
            Self::AwsConfig => "AWS Config managed rules",
            Self::AwsSecurityHub => "AWS Security Hub controls",
            Self::Nist80053 => "NIST SP 800-53",
            Self::Iso22301 => "ISO 22301",
            Self::Dora => "DORA, Digital Operational Resilience Act",
            Self::Soc2 => "SOC 2, Trust Services Criteria",
        }
    }

    /// Who publishes it.
    pub const fn organization(self) -> &'static str {
        match self {
            Self::AwsWellArchitected | Self::AwsConfig | Self::AwsSecurityHub => "Amazon Web Services",
            Self::Nist80053 => "National Institute of Standards and Technology",
            Self::Iso22301 => "International Organization for Standardization",
            Self::Dora => "European Union",
            Self::Soc2 => "American Institute of Certified Public Accountants",
        }
    }

    /// Edition of the framework that the ids of all policies are from.
    pub const fn edition(self) -> &'static str {
        match self {
            Self::AwsWellArchitected => "2024-11",
            Self::AwsConfig | Self::AwsSecurityHub => "2023-06",
            Self::Nist80053 => "Rev. 5",
            Self::Iso22301 => "2019",
            Self::Dora => "Regulation (EU) 2022/2554",
            Self::Soc2 => "2017, revised 2022",
        }
    }

    /// An id as the framework writes them.
    pub const fn example(self) -> &'static str {
        match self {
            Self::AwsWellArchitected => "REL13-BP02",
            Self::AwsConfig => "rds-multi-az-support",
            Self::AwsSecurityHub => "RDS.5",
            Self::Nist80053 => "CP-9(5)",
            Self::Iso22301 => "8.3.4",
            Self::Dora => "12(3)",
            Self::Soc2 => "A1.2",
        }
    }

    /// Whether an id is written as the framework writes them. It says nothing about whether there is such a control.
    pub fn has_shape(self, id: &str) -> bool {
        match self {
            Self::AwsWellArchitected => split(id.strip_prefix("REL"), "-BP")
                .is_some_and(|(question, practice)| [question, practice].into_iter().all(is_two_digits)),
            Self::AwsConfig => id.contains('-') && id.split('-').all(is_lower_word),
            Self::AwsSecurityHub => split(Some(id), ".").is_some_and(|(service, number)| {
                service.starts_with(is_upper) && service.chars().all(is_alphanumeric) && is_number(number)
            }),
            Self::Nist80053 => {
                let (control, enhancement) = parenthesised(id);
                enhancement.is_none_or(is_number)
                    && split(Some(control), "-").is_some_and(|(family, number)| {
                        family.len() == 2 && family.chars().all(is_upper) && is_number(number)
                    })
            }
            Self::Iso22301 => {
                let clause: Vec<&str> = id.split('.').collect();
                let requires = matches!(clause.first(), Some(&("4" | "5" | "6" | "7" | "8" | "9" | "10")));
                requires && matches!(clause.len(), 2..=3) && clause.iter().all(|part| is_number(part))
            }
            Self::Dora => {
                // The last parentheses hold a point where they hold a letter, and the paragraph stands before them.
                let (rest, last) = parenthesised(id);
                let (article, paragraph) =
                    if last.is_some_and(is_letter) { parenthesised(rest) } else { (rest, last) };
                is_number(article) && paragraph.is_none_or(is_number)
            }
            Self::Soc2 => split(Some(id), ".").is_some_and(|(series, number)| {
                let series = ["CC", "PI", "A", "C", "P"].iter().find_map(|word| series.strip_prefix(word));
                series.is_some_and(is_number) && is_number(number)
            }),
        }
    }
}

impl fmt::Display for Framework {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl std::str::FromStr for Framework {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|framework| framework.as_str() == word);
        known.ok_or_else(|| format!("`{word}` is not one of {}", Self::ALL.map(Self::as_str).join(", ")))
    }
}

fn split<'a>(text: Option<&'a str>, separator: &str) -> Option<(&'a str, &'a str)> {
    text?.split_once(separator)
}

/// The text before the parentheses at the end, and what they hold.
fn parenthesised(text: &str) -> (&str, Option<&str>) {
    let inner = text.strip_suffix(')').and_then(|open| open.rsplit_once('('));
    inner.map_or((text, None), |(before, inner)| (before, Some(inner)))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_two_digits(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_letter(text: &str) -> bool {
    text.len() == 1 && text.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn is_lower_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

const fn is_upper(letter: char) -> bool {
    letter.is_ascii_uppercase()
}

const fn is_alphanumeric(letter: char) -> bool {
    letter.is_ascii_alphanumeric()
}

/// What ids are sorted by: numbers in them count as numbers, so that `CP-9` comes before `CP-10`.
pub fn natural_order(id: &str) -> Vec<(u64, &str)> {
    let mut pieces = Vec::new();
    let mut rest = id;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|letter: char| letter.is_ascii_digit()).unwrap_or(after.len());
        let (word, after) = after.split_at(letters);
        pieces.push((number.parse().unwrap_or_default(), word));
        rest = after;
    }
    pieces
}

/// Controls by framework. A mistake is found where it stands, so that its line can be named.
pub(super) fn controls<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<Framework, Vec<String>>, D::Error> {
    struct Controls;

    impl<'de> Visitor<'de> for Controls {
        type Value = BTreeMap<Framework, Vec<String>>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("ids of controls by framework")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut controls = BTreeMap::new();
            while let Some(framework) = map.next_key::<Framework>()? {
                if controls.insert(framework, map.next_value_seed(Ids(framework))?).is_some() {
                    return Err(de::Error::custom(format!("`{framework}` is there twice")));
                }
            }
            Ok(controls)
        }
    }

    deserializer.deserialize_map(Controls)
}

/// The ids of one framework.
struct Ids(Framework);

impl<'de> DeserializeSeed<'de> for Ids {
    type Value = Vec<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Ids {
    type Value = Vec<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "a list of ids such as {}", self.0.example())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut ids: Vec<String> = Vec::new();
        while let Some(id) = list.next_element_seed(Id(self.0))? {
            if let Some(last) = ids.last() {
                let message = match natural_order(&id).cmp(&natural_order(last)) {
                    Ordering::Greater => None,
                    Ordering::Equal => Some(format!("`{id}` is there twice")),
                    Ordering::Less => Some(format!("`{id}` has to stand before `{last}`: ids are sorted")),
                };
                if let Some(message) = message {
                    return Err(de::Error::custom(message));
                }
            }
            ids.push(id);
        }
        Ok(ids)
    }
}

/// One id of a framework.
struct Id(Framework);

impl<'de> DeserializeSeed<'de> for Id {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        let id = String::deserialize(deserializer)?;
        let Self(framework) = self;
        if framework.has_shape(&id) {
            Ok(id)
        } else {
            let example = framework.example();
            Err(de::Error::custom(format!("`{id}` is not an id of {framework}, such as {example}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Framework, natural_order};

    #[test]
    fn a_framework_is_read_from_the_word_that_it_is_written_as() {
        for framework in Framework::ALL {
            assert_eq!(framework.as_str().parse(), Ok(framework));
            assert_eq!(serde_json::to_value(framework).unwrap(), framework.as_str());
        }
        let error = "nist".parse::<Framework>().unwrap_err();
        assert!(error.starts_with("`nist` is not one of aws-well-architected, aws-config"), "{error}");
    }

    #[test]
    fn ids_are_told_from_typing_errors() {
        use Framework::{AwsConfig, AwsSecurityHub, AwsWellArchitected, Dora, Iso22301, Nist80053, Soc2};
        let cases: [(Framework, &[&str], &[&str]); 7] = [
            (AwsWellArchitected, &["REL09-BP01"], &["REL9-BP1", "SEC01-BP01", "REL09BP01", "REL09-BP011"]),
            (
                AwsConfig,
                &["elbv2-multiple-az"],
                &["ELBV2-multiple-az", "rds--multi-az", "rds", "rds_multi-az"],
            ),
            (AwsSecurityHub, &["RDS.5", "DynamoDB.1"], &["rds.5", "RDS.05", "RDS-5", "RDS.", ".5"]),
            (
                Nist80053,
                &["CP-9", "CP-10(2)", "SC-36"],
                &["CP9", "CP-9 (5)", "CP-9()", "CP-09", "cp-9", "CPX-9"],
            ),
            (Iso22301, &["8.3.4", "8.5", "10.2"], &["8", "8.3.4.1", "3.1", "8.", "A.8.3"]),
            (
                Dora,
                &["12", "12(3)", "7(c)", "11(2)(b)"],
                &["Art. 12", "12.3", "12(3", "12(b)(3)", "(3)", "12(0)"],
            ),
            (Soc2, &["A1.2", "CC7.5", "PI1.4"], &["A1", "CC7", "A.2", "B1.2", "CC7.05", "a1.2"]),
        ];
        for (framework, right, wrong) in cases {
            assert!(framework.has_shape(framework.example()), "{framework}");
            for id in right {
                assert!(framework.has_shape(id), "{framework}: {id}");
            }
            for id in wrong {
                assert!(!framework.has_shape(id), "{framework}: {id}");
            }
        }
    }

    #[test]
    fn numbers_in_ids_are_ordered_as_numbers() {
        let mut ids = ["CP-10", "CP-9(5)", "CP-9", "SC-36", "CP-9(10)", "CP-2(2)"];
        ids.sort_by_key(|id| natural_order(id));
        assert_eq!(ids, ["CP-2(2)", "CP-9", "CP-9(5)", "CP-9(10)", "CP-10", "SC-36"]);
    }
}
