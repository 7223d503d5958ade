//! Which Regions there are and which of them the account has enabled.

use aws_sdk_account::types::RegionOptStatus;

use super::Error;
use super::ledger::operation;
use super::scan::Scan;
use crate::snapshot::GLOBAL;
use crate::snapshot::operation::Operation;

const LIST_REGIONS: &Operation = operation("account", "ListRegions");

/// Regions of one partition, for when the account does not say.
struct Partition {
    name: &'static str,
    /// Regions that every account has enabled.
    default_enabled: &'static [&'static str],
    /// Regions that an account has to enable.
    opt_in: &'static [&'static str],
    /// The Region whose tagging API knows the tags of what is in no Region.
    of_global: &'static str,
}

const PARTITIONS: &[Partition] = &[
    Partition {
        name: "aws",
        default_enabled: &[
            "us-east-1",
            "us-east-2",
            "us-west-1",
            "us-west-2",
            "ap-northeast-1",
            "ap-northeast-2",
            "ap-northeast-3",
            "ap-south-1",
            "ap-southeast-1",
            "ap-southeast-2",
            "ca-central-1",
            "eu-central-1",
            "eu-north-1",
            "eu-west-1",
            "eu-west-2",
            "eu-west-3",
            "sa-east-1",
        ],
        opt_in: &[
            "af-south-1",
            "ap-east-1",
            "ap-east-2",
            "ap-south-2",
            "ap-southeast-3",
            "ap-southeast-4",
            "ap-southeast-5",
            "ap-southeast-6",
            "ap-southeast-7",
            "ca-west-1",
            "eu-central-2",
            "eu-south-1",
            "eu-south-2",
            "il-central-1",
            "me-central-1",
            "me-south-1",
            "mx-central-1",
        ],
        of_global: "us-east-1",
    },
    Partition {
        name: "aws-cn",
        default_enabled: &["cn-north-1", "cn-northwest-1"],
        opt_in: &[],
        of_global: "cn-northwest-1",
    },
    Partition {
        name: "aws-us-gov",
        default_enabled: &["us-gov-west-1", "us-gov-east-1"],
        opt_in: &[],
        of_global: "us-gov-west-1",
    },
];

/// The Regions of a scan.
#[derive(Debug)]
pub(super) struct Plan {
    /// Those in scope, sorted.
    pub(super) scope: Vec<String>,
    /// Those in scope that the account has not enabled, where calls are not worth making.
    pub(super) disabled: Vec<String>,
}

/// A Region as the account lists it.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    name: String,
    enabled: bool,
}

/// Lists the Regions of the account; `None` if that was refused or is not there.
pub(super) async fn list(scan: &Scan) -> Option<Vec<Listed>> {
    let (client, lane) = scan.session.account(scan.session.home());
    let listing = scan
        .list(
            LIST_REGIONS,
            GLOBAL,
            &lane,
            |marker| client.list_regions().max_results(50).set_next_token(marker).send(),
            |page| (page.next_token, page.regions),
        )
        .await;
    if listing.failure.is_some() {
        return None;
    }
    let listed = listing.items.into_iter().filter_map(|region| {
        let enabled = matches!(
            region.region_opt_status,
            Some(RegionOptStatus::Enabled | RegionOptStatus::EnabledByDefault)
        );
        Some(Listed { name: region.region_name?, enabled })
    });
    Some(listed.collect())
}

/// Decides which Regions to scan: those that were asked for, else those that are enabled.
pub(super) fn plan(requested: &[String], listed: Option<&[Listed]>, partition: &str) -> Result<Plan, Error> {
    let known: Vec<&str> = match listed {
        Some(listed) => listed.iter().map(|region| region.name.as_str()).collect(),
        None => {
            of_partition(partition).flat_map(|found| [found.default_enabled, found.opt_in].concat()).collect()
        }
    };
    // A Region that this program has not heard of can only be refused where AWS said which there are.
    if !known.is_empty()
        && let Some(region) = requested.iter().find(|region| !known.contains(&region.as_str()))
    {
        let mut known: Vec<String> = known.into_iter().map(str::to_owned).collect();
        known.sort_unstable();
        return Err(Error::UnknownRegion { region: region.clone(), known });
    }
    let is_enabled = |name: &str| {
        listed.is_none_or(|listed| listed.iter().any(|region| region.name == name && region.enabled))
    };
    let mut scope: Vec<String> = if !requested.is_empty() {
        requested.to_vec()
    } else if listed.is_some() {
        known.into_iter().filter(|name| is_enabled(name)).map(str::to_owned).collect()
    } else {
        of_partition(partition)
            .flat_map(|found| found.default_enabled)
            .map(|name| (*name).to_owned())
            .collect()
    };
    scope.sort_unstable();
    scope.dedup();
    let disabled = scope.iter().filter(|name| !is_enabled(name)).cloned().collect();
    Ok(Plan { scope, disabled })
}

fn of_partition(name: &str) -> impl Iterator<Item = &'static Partition> {
    PARTITIONS.iter().filter(move |partition| partition.name == name)
}

/// Partition of a Region, by its name.
pub(super) fn partition_of(region: &str) -> &'static str {
    match region {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// A Region of the partition that every account has enabled.
pub(super) fn first_of(partition: &str) -> &'static str {
    of_partition(partition).find_map(|found| found.default_enabled.first()).map_or("us-east-1", |name| *name)
}

/// The Region of a partition whose tagging API knows the tags of what is in no Region.
pub(super) fn of_global(partition: &str) -> &'static str {
    of_partition(partition).next().map_or("us-east-1", |found| found.of_global)
}

/// Whether accounts have to enable the Region. One that this program has not heard of is taken for such: AWS has
/// enabled no new Region for everyone since 2019.
pub(super) fn is_opt_in(region: &str) -> bool {
    !PARTITIONS.iter().any(|partition| partition.default_enabled.contains(&region))
}

#[cfg(test)]
mod tests {
    use super::{Error, Listed, is_opt_in, partition_of, plan};

    fn listed(regions: &[(&str, bool)]) -> Vec<Listed> {
        regions.iter().map(|(name, enabled)| Listed { name: (*name).to_owned(), enabled: *enabled }).collect()
    }

    fn requested(regions: &[&str]) -> Vec<String> {
        regions.iter().map(|region| (*region).to_owned()).collect()
    }

    #[test]
    fn without_a_request_the_enabled_regions_are_scanned() {
        let listed = listed(&[("us-east-1", true), ("me-south-1", false), ("eu-south-1", true)]);
        let plan = plan(&[], Some(&listed), "aws").unwrap();
        assert_eq!(plan.scope, ["eu-south-1", "us-east-1"]);
        assert!(plan.disabled.is_empty());
    }

    #[test]
    fn without_a_list_the_regions_that_everyone_has_are_scanned() {
        let aws = plan(&[], None, "aws").unwrap().scope;
        assert_eq!(aws.len(), 17);
        assert!(!aws.iter().any(|region| is_opt_in(region)));
        assert_eq!(plan(&[], None, "aws-cn").unwrap().scope, ["cn-north-1", "cn-northwest-1"]);
    }

    #[test]
    fn a_region_that_was_asked_for_may_be_disabled_but_must_exist() {
        let listed = listed(&[("us-east-1", true), ("me-south-1", false)]);
        let both = plan(&requested(&["us-east-1", "me-south-1", "us-east-1"]), Some(&listed), "aws").unwrap();
        assert_eq!(both.scope, ["me-south-1", "us-east-1"]);
        assert_eq!(both.disabled, ["me-south-1"]);
        for listed in [Some(listed.as_slice()), None] {
            let error = plan(&requested(&["eu-west-9"]), listed, "aws").unwrap_err();
            assert!(matches!(error, Error::UnknownRegion { region, .. } if region == "eu-west-9"));
        }
    }

    #[test]
    fn a_region_of_another_partition_does_not_exist() {
        assert!(plan(&requested(&["cn-north-1"]), None, "aws").is_err());
        assert_eq!(partition_of("us-gov-west-1"), "aws-us-gov");
    }
}
