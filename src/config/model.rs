//! What `hadr-scan.toml` can say. Field docs are the reference that `hadr-scan config init` writes out.

use std::collections::BTreeMap;

use globset::GlobMatcher;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::snapshot::Timestamp;

/// Tier of a workload: how much it matters to the business.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// The business stops with it.
    MissionCritical,
    /// The business suffers soon.
    BusinessCritical,
    /// The business can wait a day.
    General,
}

impl Tier {
    /// Every tier, the most critical first.
    pub const ALL: [Self; 3] = [Self::MissionCritical, Self::BusinessCritical, Self::General];

    /// The word in configuration, tags and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissionCritical => "mission-critical",
            Self::BusinessCritical => "business-critical",
            Self::General => "general",
        }
    }
}

impl std::str::FromStr for Tier {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|tier| tier.as_str() == text).ok_or(())
    }
}

/// Whether a resource serves the business or its developers.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// It serves the business, or nothing says that it does not.
    Production,
    /// It serves its developers.
    NonProduction,
}

/// What the data of a resource is to its workload.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataRole {
    /// The only source of what it holds.
    Authoritative,
    /// State of users that may log in again.
    Session,
    /// It can be filled again from elsewhere, slowly.
    Cache,
    /// A record of what happened.
    Log,
    /// Copies of what others hold.
    Backup,
    /// It can be made again by a program.
    Rebuildable,
}

impl DataRole {
    /// The word in configuration, tags and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authoritative => "authoritative",
            Self::Session => "session",
            Self::Cache => "cache",
            Self::Log => "log",
            Self::Backup => "backup",
            Self::Rebuildable => "rebuildable",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Authoritative, Self::Session, Self::Cache, Self::Log, Self::Backup, Self::Rebuildable]
            .into_iter()
            .find(|role| role.as_str() == text)
    }
}

/// Recovery strategies, each able to do what the ones before it can.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// Restore from backups in the other Region.
    BackupAndRestore,
    /// Data is live in the other Region, compute is not.
    PilotLight,
    /// Everything runs in the other Region, smaller.
    WarmStandby,
    /// Both Regions serve.
    MultiSite,
}

/// The configuration, with every default filled in.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Accounts that `--account` can name.
    pub accounts: BTreeMap<String, Account>,
    /// Objectives by tier. A tier that is not named here keeps its default.
    #[serde(deserialize_with = "tiers_over_defaults")]
    pub tiers: BTreeMap<Tier, Objectives>,
    /// Workloads, which group resources and give them a tier. The first that matches wins, before any tag.
    pub workloads: Vec<Workload>,
    /// Roles of data by resource. The first that matches wins; the tag `hadr:role` comes before.
    pub roles: Vec<RoleRule>,
    /// Parameters of policies: by policy, then by parameter, a value or a value for each criticality.
    pub parameters: BTreeMap<String, BTreeMap<String, serde_json::Value>>,
    /// Values for placeholders that remediation commands share, such as `dr_region`.
    pub inputs: BTreeMap<String, String>,
    /// Hours in which nothing should be disturbed.
    pub business_hours: Option<BusinessHours>,
    /// Findings that are accepted for a time.
    pub waivers: Vec<Waiver>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            accounts: BTreeMap::new(),
            tiers: default_tiers(),
            workloads: Vec::new(),
            roles: Vec::new(),
            parameters: BTreeMap::new(),
            inputs: BTreeMap::new(),
            business_hours: None,
            waivers: Vec::new(),
        }
    }
}

/// Objectives that the document this project started from recommends for each tier.
fn default_tiers() -> BTreeMap<Tier, Objectives> {
    let hour = 3600;
    let objectives = |rto, rpo, strategy| Objectives { rto: Seconds(rto), rpo: Seconds(rpo), strategy };
    BTreeMap::from([
        (Tier::MissionCritical, objectives(hour, hour / 4, Strategy::WarmStandby)),
        (Tier::BusinessCritical, objectives(4 * hour, hour, Strategy::PilotLight)),
        (Tier::General, objectives(24 * hour, 12 * hour, Strategy::BackupAndRestore)),
    ])
}

fn tiers_over_defaults<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<Tier, Objectives>, D::Error> {
    let mut tiers = default_tiers();
    tiers.extend(BTreeMap::<Tier, Objectives>::deserialize(deserializer)?);
    Ok(tiers)
}

/// How to reach an account and what to look at there.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// AWS profile that gives the credentials; without it the standard chain does.
    pub profile: Option<String>,
    /// Role to assume with them.
    pub role_arn: Option<String>,
    /// External id that the role's trust policy asks for.
    pub external_id: Option<String>,
    /// Regions to scan; empty means all that are enabled.
    #[serde(default)]
    pub regions: Vec<String>,
}

/// What a tier is promised.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Objectives {
    /// Longest time without service.
    pub rto: Seconds,
    /// Longest time of writes that may be lost.
    pub rpo: Seconds,
    /// Least strategy against the loss of a Region.
    pub strategy: Strategy,
}

/// A workload.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// Name in reports.
    pub name: String,
    /// ARNs of its resources, with `*` and `?`.
    pub resources: Vec<ArnPattern>,
    /// Tier of all of them.
    pub tier: Option<Tier>,
    /// Environment of all of them.
    pub environment: Option<Environment>,
}

/// Gives resources a role.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RoleRule {
    /// The role.
    pub role: DataRole,
    /// ARNs, with `*` and `?`.
    pub resources: Vec<ArnPattern>,
}

/// Hours of the week, in UTC like the windows of RDS.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BusinessHours {
    /// `mon` … `sun`.
    pub days: Vec<Day>,
    /// `hh:mm`, inclusive.
    pub start: TimeOfDay,
    /// `hh:mm`, exclusive; before `start` it means the next day.
    pub end: TimeOfDay,
}

/// Day of the week as RDS writes it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the days need no words")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// Accepts findings for a time.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Policy whose findings are accepted.
    pub policy: String,
    /// ARN of the resource, with `*` and `?`.
    pub resource: ArnPattern,
    /// Why the risk is accepted.
    pub reason: String,
    /// Who accepts it. A waiver without an owner does not apply.
    #[serde(default)]
    pub owner: String,
    /// Last day on which it applies, in UTC. A waiver without it does not apply.
    pub expires: Option<Date>,
}

/// A duration in whole seconds. Read from `15m`, `1h30m`, `3600s`, `PT1H` or a number of seconds.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Seconds(pub u64);

impl std::str::FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let duration = || text.parse::<jiff::SignedDuration>().ok();
        text.parse()
            .ok()
            .or_else(|| duration().and_then(|duration| u64::try_from(duration.as_secs()).ok()))
            .map(Self)
            .ok_or_else(|| format!("`{text}` is not a duration such as 15m, 4h, 3600s or PT1H"))
    }
}

/// A glob over ARNs: `*` matches any text, `:` and `/` included, and `?` one character.
#[derive(Clone, Debug)]
pub struct ArnPattern {
    text: String,
    matcher: GlobMatcher,
}

impl ArnPattern {
    /// Whether the pattern matches the whole ARN.
    pub fn matches(&self, arn: &str) -> bool {
        self.matcher.is_match(arn)
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl std::str::FromStr for ArnPattern {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        globset::GlobBuilder::new(text)
            .literal_separator(false)
            .backslash_escape(true)
            .build()
            .map(|glob| Self { text: text.to_owned(), matcher: glob.compile_matcher() })
            .map_err(|error| format!("`{text}` is not a pattern: {}", error.kind()))
    }
}

/// A day of the calendar, written `2027-01-31`.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Date(pub jiff::civil::Date);

impl Date {
    /// The first instant after the day, in UTC.
    pub fn end(self) -> Timestamp {
        let midnight = self.0.to_datetime(jiff::civil::Time::midnight());
        // Counted from the epoch rather than through a time zone, which a build may not have.
        let epoch = jiff::civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
        let days = i64::from((midnight - epoch).get_days());
        Timestamp::from_unix_seconds((days + 1) * 24 * 3600)
    }
}

impl std::str::FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("`{text}` is not a date such as 2027-01-31"))
    }
}

/// A time of the day, written `09:00`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct TimeOfDay {
    /// Minutes since midnight.
    pub minutes: u16,
}

impl std::str::FromStr for TimeOfDay {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parse = || {
            let (hours, minutes) = text.split_once(':')?;
            let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
            (hours < 24 && minutes < 60).then_some(Self { minutes: hours * 60 + minutes })
        };
        parse().ok_or_else(|| format!("`{text}` is not a time such as 09:00"))
    }
}

/// The text of a value that TOML has more than one way to write: `"2027-01-31"` or `2027-01-31`, `"60"` or `60`.
struct AnyText;

impl<'de> de::Visitor<'de> for AnyText {
    type Value = String;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<String, E> {
        Ok(number.to_string())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<String, E> {
        Ok(number.to_string())
    }

    /// A date or time of TOML comes as a map with one entry, whose value is its text.
    fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<String, A::Error> {
        match map.next_entry::<String, String>()? {
            Some((_, text)) => Ok(text),
            None => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }
}

/// Values that are read with `FromStr` and written as the text that they were read from or would be.
macro_rules! through_text {
    ($($type:ty: $write:expr),+ $(,)?) => {
        $(
            impl<'de> Deserialize<'de> for $type {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    deserializer.deserialize_any(AnyText)?.parse().map_err(de::Error::custom)
                }
            }

            impl Serialize for $type {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let write: fn(&Self) -> String = $write;
                    serializer.serialize_str(&write(self))
                }
            }
        )+
    };
}

through_text! {
    Seconds: |seconds| format!("{}s", seconds.0),
    ArnPattern: |pattern| pattern.text.clone(),
    Date: |date| date.0.to_string(),
    TimeOfDay: |time| format!("{:02}:{:02}", time.minutes / 60, time.minutes % 60),
}

#[cfg(test)]
mod tests {
    use super::{ArnPattern, Date, Seconds, TimeOfDay};

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, seconds) in
            [("15m", 900), ("90", 90), ("PT1H", 3600), ("3600s", 3600), ("1h30m", 5400), ("PT15M", 900)]
        {
            assert_eq!(text.parse(), Ok(Seconds(seconds)), "{text}");
        }
        assert_eq!(
            "soon".parse::<Seconds>(),
            Err("`soon` is not a duration such as 15m, 4h, 3600s or PT1H".to_owned())
        );
        assert!("-15m".parse::<Seconds>().is_err());
    }

    #[test]
    fn a_star_crosses_every_part_of_an_arn() {
        let pattern: ArnPattern = "arn:aws:rds:*:db:orders-*".parse().unwrap();
        assert!(pattern.matches("arn:aws:rds:eu-west-1:123456789012:db:orders-eu"));
        assert!(!pattern.matches("arn:aws:rds:eu-west-1:123456789012:db:billing"));
    }

    #[test]
    fn a_day_ends_where_the_next_begins() {
        let day: Date = "2026-11-21".parse().unwrap();
        assert_eq!(day.end().to_string(), "2026-11-22T00:00:00Z");
        let early: Date = "1969-12-31".parse().unwrap();
        assert_eq!(early.end().unix_seconds(), 0);
    }

    #[test]
    fn a_time_of_day_is_on_a_clock() {
        assert_eq!("09:30".parse(), Ok(TimeOfDay { minutes: 570 }));
        assert!("24:00".parse::<TimeOfDay>().is_err());
    }
}
