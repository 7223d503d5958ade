//! The least IAM policy that a scan needs, derived from the operations table.

use std::collections::BTreeSet;

use serde::Serialize;

use super::catalogue::Catalogue;
use crate::snapshot::operation::{OPERATIONS, Operation};

/// Services that every scan asks: who it is, where to look, and what the resources' tags are.
const ALWAYS: [&str; 4] = ["account", "iam", "sts", "tag"];

/// An IAM policy that allows to read, as JSON when it is serialised.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct IamPolicy {
    version: &'static str,
    statement: [Statement; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    sid: &'static str,
    effect: &'static str,
    action: BTreeSet<String>,
    resource: &'static str,
}

/// What the collector needs for everything that it can ask. This is what a scan wants: it collects the same,
/// whatever policies it evaluates.
pub fn permissions_of_collector() -> IamPolicy {
    document(OPERATIONS.iter())
}

/// What some policies say they need: the calls that they require, those that list their subjects, and those of every
/// scan. What else they join, where it is there, can need more; without it they are inconclusive, and say which call was
/// denied.
pub fn permissions(catalogue: &Catalogue) -> IamPolicy {
    let needed = |operation: &&Operation| {
        ALWAYS.contains(&operation.service)
            || catalogue.iter().any(|policy| {
                let custom = &policy.metadata.custom;
                let mut types = custom.resource_types.iter();
                custom.requires.iter().any(|id| operation.is(id))
                    || types.any(|subject| operation.lists.contains(&subject.as_str()))
            })
    };
    document(OPERATIONS.iter().filter(needed))
}

fn document<'o>(operations: impl Iterator<Item = &'o Operation>) -> IamPolicy {
    IamPolicy {
        version: "2012-10-17",
        statement: [Statement {
            sid: "HadrScan",
            effect: "Allow",
            action: operations.filter_map(Operation::permission).collect(),
            // Listings know no resource, and a scan that is told what to see cannot tell what is missing.
            resource: "*",
        }],
    }
}

#[cfg(test)]
mod tests {
    use super::{IamPolicy, permissions, permissions_of_collector};
    use crate::policy::Catalogue;

    fn actions(policy: &IamPolicy) -> Vec<&str> {
        policy.statement[0].action.iter().map(String::as_str).collect()
    }

    #[test]
    fn a_policy_needs_its_calls_its_listing_and_what_every_scan_needs() {
        let catalogue =
            Catalogue::embedded().unwrap().select(&["rds-instance-single-az".to_owned()]).unwrap();
        assert_eq!(
            serde_json::to_string(&permissions(&catalogue)).unwrap(),
            r#"{"Version":"2012-10-17","Statement":[{"Sid":"HadrScan","Effect":"Allow","Action":["account:ListRegions","iam:ListAccountAliases","rds:DescribeDBInstances","tag:GetResources"],"Resource":"*"}]}"#
        );
    }

    #[test]
    fn actions_are_those_of_iam_and_cover_every_policy() {
        let (all, some) = (permissions_of_collector(), permissions(&Catalogue::embedded().unwrap()));
        let all = actions(&all);
        assert!(all.contains(&"s3:ListAllMyBuckets") && !all.contains(&"s3:ListBuckets"));
        assert!(actions(&some).iter().all(|action| all.contains(action)));
    }
}
