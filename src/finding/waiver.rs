//! Waivers: accepted findings. One that has expired, or that nobody owns, does not apply.

use std::sync::Arc;

use super::Assessment;
use crate::config::{Config, Waiver};
use crate::snapshot::Timestamp;
use crate::snapshot::arn::Arn;

/// The waiver of a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct AppliedWaiver {
    /// Why the risk is accepted.
    pub reason: String,
    /// Who accepts it.
    pub owner: String,
    /// Last day on which it applies, in UTC.
    pub expires: String,
}

/// The first waiver that applies to a finding. Expiry is judged at the instant of the snapshot.
pub(super) fn applied(
    config: &Config,
    policy: &str,
    resource: &str,
    now: Timestamp,
) -> Option<AppliedWaiver> {
    let about = |waiver: &&Waiver| waiver.policy == policy && waiver.resource.matches(resource);
    config.waivers.iter().filter(about).find_map(|waiver| {
        let expires = waiver.expires.filter(|date| now < date.end())?;
        let owner = waiver.owner.trim();
        (!owner.is_empty()).then(|| AppliedWaiver {
            reason: waiver.reason.clone(),
            owner: owner.to_owned(),
            expires: expires.0.to_string(),
        })
    })
}

/// Waivers of a policy, by their places in the configuration, that match one of its subjects. Where the subjects are not
/// known, any of them may.
pub(super) fn matching(config: &Config, policy: &str, subjects: Option<&[Arc<str>]>) -> Vec<usize> {
    let matches = |waiver: &Waiver| {
        waiver.policy == policy
            && subjects.is_none_or(|subjects| subjects.iter().any(|subject| waiver.resource.matches(subject)))
    };
    let waivers = config.waivers.iter().enumerate();
    waivers.filter(|(_, waiver)| matches(waiver)).map(|(place, _)| place).collect()
}

impl Assessment {
    /// Waivers, with their places in the configuration, that match nothing although all was seen that they could be
    /// about. What was mended is still there to be matched; what was renamed or deleted is not.
    pub fn idle_waivers<'c>(&self, config: &'c Config) -> impl Iterator<Item = (usize, &'c Waiver)> {
        let is_idle = |(place, waiver): &(usize, &Waiver)| {
            let was_evaluated = self.policies.iter().any(|policy| policy.id == waiver.policy);
            let matches = self.accounts.iter().any(|account| account.waivers.contains(place));
            was_evaluated && !matches && self.covers(waiver.resource.as_str())
        };
        config.waivers.iter().enumerate().filter(is_idle)
    }

    /// Whether what a pattern of ARNs is about would have been seen: one configuration serves scans of several accounts.
    fn covers(&self, pattern: &str) -> bool {
        let Some(Arn { region, account: id, .. }) = Arn::parse(pattern) else { return true };
        let is_any = |part: &str| part.is_empty() || part.contains(['*', '?', '[', '{', '\\']);
        self.accounts.iter().any(|account| {
            let mut regions = account.regions.iter();
            (is_any(id) || account.account == id)
                && (is_any(region) || regions.any(|scanned| scanned == region))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{Accounts, Source, assess};
    use crate::config::Config;
    use crate::policy::{Catalogue, Engine, Parameters};
    use crate::snapshot::{Attributes, Call, Kind, Located, Outcome, samples};

    /// Places of the waivers of unversioned buckets that match nothing, if the buckets were seen.
    fn idle(patterns: &[&str], outcome: Outcome) -> Vec<usize> {
        let bucket =
            samples::resource(Kind::Bucket, "arn:aws:s3:::orders", &[], Attributes::Bucket(Box::default()));
        let mut snapshot = samples::snapshot(vec![bucket]);
        let operations = ["ListBuckets", "GetBucketVersioning"];
        snapshot.coverage = ["global", "eu-west-1"]
            .iter()
            .flat_map(|region| operations.map(|operation| (operation, region)))
            .map(|(operation, region)| Call {
                service: "s3".to_owned(),
                operation: operation.to_owned(),
                region: (*region).to_owned(),
                outcome,
                code: None,
                items: 1,
            })
            .collect();
        let waiver = |pattern: &&str| json!({"policy": "s3-bucket-unversioned", "resource": pattern, "reason": "a", "owner": "b"});
        let waivers: Vec<_> = patterns.iter().map(waiver).collect();
        let config: Config = serde_json::from_value(json!({"waivers": waivers})).unwrap();
        let catalogue = Catalogue::embedded().unwrap().select(&["s3-bucket-unversioned".to_owned()]).unwrap();
        let parameters = Parameters::resolve(&catalogue, &catalogue, &config).unwrap();
        let engine = Engine::compile(&catalogue, &parameters).unwrap();
        let located = Located::as_written(snapshot);
        let source = [Source { located: &located, path: "snapshot.json".to_owned() }];
        let assessment = assess(&Accounts::of(&source, &config), &catalogue, &engine);
        assessment.idle_waivers(&config).map(|(place, _)| place).collect()
    }

    #[test]
    fn a_waiver_that_matches_nothing_is_idle_unless_something_was_not_seen() {
        let patterns = [
            "arn:aws:s3:::orders",
            "arn:aws:s3:::odrers*",
            "arn:aws:s3:::ord*",
            "arn:aws:s3:eu-west-1:999999999999:orders",
            "arn:aws:s3:sa-east-1:*:orders",
            "*:odrers",
        ];
        assert_eq!(idle(&patterns, Outcome::Collected), [1, 5]);
        assert_eq!(idle(&patterns, Outcome::Denied), Vec::<usize>::new());
    }
}
