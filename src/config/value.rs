//! Values of the configuration that are written as text: durations, patterns, dates and times.

use globset::GlobMatcher;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::snapshot::Timestamp;

/// A duration in whole seconds. Read from `15m`, `1h30m`, `3600s`, `PT1H` or a number of seconds.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Seconds(pub u64);

impl std::str::FromStr for Seconds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // A day is 24 hours: a promise knows no calendar.
        let duration = || {
            let span = text.parse::<jiff::Span>().ok()?;
            let duration = span.to_duration(jiff::SpanRelativeTo::days_are_24_hours()).ok()?;
            u64::try_from(duration.as_secs()).ok()
        };
        text.parse()
            .ok()
            .or_else(duration)
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
    /// The first instant of the day, in UTC.
    pub fn start(self) -> Timestamp {
        Timestamp::from_unix_seconds(self.end().unix_seconds() - 24 * 3600)
    }

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
