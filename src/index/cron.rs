//! How often a schedule of EventBridge runs.

use std::str::FromStr;

use croner::parser::{CronParser, Seconds, Year};
use jiff::civil::DateTime;

use crate::snapshot::Timestamp;

/// What a schedule comes to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Period {
    /// It runs again after so many seconds at the latest.
    Every(i64),
    /// It never runs.
    Never,
    /// It cannot be told.
    Unreadable,
}

/// Runs that are looked at: enough that a schedule of every half hour meets a weekend, or one of every hour a month.
const RUNS: usize = 3000;

/// Years in which a schedule that still runs has to run twice.
const YEARS: i16 = 3;

/// The longest time between two runs of a schedule such as `cron(0 5 ? * * *)`, from some instant on. Its time zone
/// makes a difference of an hour twice a year, and is left out.
pub(super) fn period(expression: &str, from: Timestamp) -> Period {
    let Some(fields) = expression.trim().strip_prefix("cron(").and_then(|rest| rest.strip_suffix(')')) else {
        return Period::Unreadable;
    };
    // The sixth field is the year. `?` is a day that the other field of days decides on.
    let pattern = format!("0 {}", fields.replace('?', "*"));
    let parser = CronParser::builder()
        .seconds(Seconds::Required)
        .year(Year::Required)
        // Days of the week are counted from 1, which is Sunday, and `0/12` is every twelve from 0 on.
        .alternative_weekdays(true)
        .sloppy_ranges(true)
        .build();
    let (Ok(cron), Some(start)) = (parser.parse(&pattern), civil(from)) else { return Period::Unreadable };
    let end = start.saturating_add(jiff::Span::new().years(YEARS));
    let runs = cron.iter_after(start).take(RUNS).take_while(|run| *run <= end);
    let runs: Vec<DateTime> = runs.collect();
    let gaps = runs.windows(2).filter_map(|pair| match pair {
        [one, next] => Some(next.duration_since(*one).as_secs()),
        _ => None,
    });
    match (gaps.max(), runs.is_empty()) {
        (Some(longest), _) => Period::Every(longest),
        (None, true) => Period::Never,
        // Once more, and never again within years.
        (None, false) => Period::Every(end.duration_since(start).as_secs()),
    }
}

fn civil(instant: Timestamp) -> Option<DateTime> {
    // The text of an instant in UTC, without its `Z`, is that of a civil time.
    DateTime::from_str(instant.to_string().trim_end_matches('Z')).ok()
}

#[cfg(test)]
mod tests {
    use super::{Period, period};
    use crate::snapshot::Timestamp;

    const HOUR: i64 = 3600;
    const DAY: i64 = 24 * HOUR;

    fn of(expression: &str) -> Period {
        // 2026-11-22T03:00:00Z, a Sunday.
        period(expression, Timestamp::from_unix_seconds(1_795_316_400))
    }

    #[test]
    fn the_longest_wait_is_the_period() {
        assert_eq!(of("cron(0 5 ? * * *)"), Period::Every(DAY));
        assert_eq!(of("cron(0 0/12 * * ? *)"), Period::Every(12 * HOUR));
        assert_eq!(of("cron(15 * ? * * *)"), Period::Every(HOUR));
        assert_eq!(of("cron(0 5,7 * * ? *)"), Period::Every(22 * HOUR));
    }

    #[test]
    fn weekends_and_long_months_count() {
        assert_eq!(of("cron(0 5 ? * MON-FRI *)"), Period::Every(3 * DAY));
        assert_eq!(of("cron(0 5 ? * 2-6 *)"), Period::Every(3 * DAY));
        assert_eq!(of("cron(0/30 * ? * MON-FRI *)"), Period::Every(2 * DAY + HOUR / 2));
        assert_eq!(of("cron(0 5 1 * ? *)"), Period::Every(31 * DAY));
        assert_eq!(of("cron(0 5 L * ? *)"), Period::Every(31 * DAY));
        assert_eq!(of("cron(0 5 ? * 1#1 *)"), Period::Every(35 * DAY));
        assert_eq!(of("cron(0 4 1 1,4,7,10 ? *)"), Period::Every(92 * DAY));
    }

    #[test]
    fn what_never_runs_is_told_from_what_cannot_be_read() {
        assert_eq!(of("cron(0 5 31 2 ? *)"), Period::Never);
        assert_eq!(of("cron(0 5 ? * * 2019)"), Period::Never);
        assert_eq!(of("cron(0 5 * *)"), Period::Unreadable);
        assert_eq!(of("every day"), Period::Unreadable);
        assert_eq!(of("cron()"), Period::Unreadable);
    }
}
