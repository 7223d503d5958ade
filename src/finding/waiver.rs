//! Waivers: accepted findings. One that has expired, or that nobody owns, does not apply.

use crate::config::{Config, Waiver};
use crate::snapshot::Timestamp;

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
