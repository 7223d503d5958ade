//! What scanners of single settings are known to get wrong, with the right verdicts. They were written down before any
//! policy had judged the account; only which of two policies about replication gives them was looked up afterwards.

use hadr_scan::finding::{Accounts, Source, assess};
use hadr_scan::snapshot::{Located, Resource, Snapshot};

use crate::fixtures::file;
use crate::policies::{Judge, located};

/// What is right to say of a resource.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Right {
    /// It has the pattern.
    Violated,
    /// It has not, or the policy is not about it.
    NotFound,
    /// What decides was not collected.
    Inconclusive,
}
use Right::{Inconclusive, NotFound, Violated};

/// The mistake, the policy that could make it, the name of the resource, and what is right.
const CASES: &[(&str, &str, &str, Right)] = &[
    ("the setting is off on every member of a cluster", "aurora-cluster-single-az", "two-members", NotFound),
    ("Aurora is always Multi-AZ", "aurora-cluster-single-az", "one-member", Violated),
    ("members are judged by the setting of instances", "rds-instance-single-az", "two-members-1", NotFound),
    ("members are judged by the setting of instances", "rds-instance-single-az", "one-member-1", NotFound),
    ("members have no protection of their own", "rds-deletion-protection-off", "two-members-1", NotFound),
    ("members have no backups of their own", "rds-instance-backups-disabled", "two-members-1", NotFound),
    ("Neptune has the rules of RDS", "rds-instance-single-az", "graph-1", NotFound),
    ("Neptune has the rules of Aurora", "aurora-cluster-single-az", "graph", NotFound),
    ("Neptune is not seen at all", "docdb-neptune-cluster-single-az", "graph", NotFound),
    ("a replica needs a standby", "rds-instance-single-az", "orders-reads", NotFound),
    ("a replica needs backups", "rds-instance-backups-disabled", "orders-reads", NotFound),
    ("a replica in the Region counts as a copy outside", "rds-no-copy-off-region", "orders", Violated),
    ("replication within the Region counts", "s3-not-replicated-off-region", "same-region", Violated),
    ("a rule that is off counts", "s3-replication-ineffective", "switched-off", Violated),
    ("a rule for a part counts for the whole", "s3-replication-ineffective", "only-a-prefix", Violated),
    // The Region of the partner's bucket is not known here, so nobody can say that it is in another one.
    ("a bucket of another account is no copy", "s3-not-replicated-off-region", "to-a-partner", Inconclusive),
    ("a table on demand needs scaling", "dynamodb-capacity-fixed", "on-demand", NotFound),
    ("continuous backups are always on", "dynamodb-point-in-time-recovery-off", "on-demand", Violated),
    // The policy that makes its snapshots has not had a first run yet.
    ("what else could save a volume is not asked", "ebs-snapshot-stale", "by-lifecycle-policy", NotFound),
    ("NAT gateways are counted, not their zones", "network-nat-gateway-single-az", "", Violated),
    (
        "a group without a load balancer needs its health checks",
        "autoscaling-load-balancer-health-ignored",
        "workers",
        NotFound,
    ),
    (
        "the health checks of the load balancer are not asked for",
        "autoscaling-load-balancer-health-ignored",
        "behind-a-balancer",
        Violated,
    ),
    // moto, as AWS's own description of the attribute could be read, says that it is off.
    ("an Application Load Balancer keeps to its zones", "elb-cross-zone-off-uneven", "front", NotFound),
    ("plans that select by tag are not seen", "backup-not-in-plan", "only-by-tag", NotFound),
    ("conditions of a selection are not evaluated", "backup-not-in-plan", "by-a-condition", NotFound),
    ("a selection of `*` counts for everything", "backup-not-in-plan", "on-demand", Violated),
    ("the key of a tag counts without its value", "backup-not-in-plan", "other-value", Violated),
    ("what a selection leaves out is not read", "backup-not-in-plan", "left-out-by-arn", Violated),
    ("what the Region has not opted in is not asked", "backup-not-in-plan", "not-opted-in", Violated),
    ("only AWS Backup backs up volumes", "backup-not-in-plan", "by-lifecycle-policy", NotFound),
    ("either EFS or AWS Backup backs up, not both", "backup-not-in-plan", "files-backed-up-by-efs", NotFound),
    ("plans that select by tag are not seen", "backup-not-in-plan", "files-by-tag", NotFound),
    ("a file system is backed up by itself", "backup-not-in-plan", "files-in-no-plan", Violated),
    ("a file system is in all zones", "efs-one-zone", "files-in-one-zone", Violated),
    ("a file system is in all zones", "efs-one-zone", "files-by-tag", NotFound),
    ("members need a plan of their own", "backup-not-in-plan", "two-members-1", NotFound),
    ("members need a plan of their own", "backup-not-in-plan", "two-members", NotFound),
    ("a cluster without a plan has one by its members", "backup-not-in-plan", "one-member", Violated),
    // The partner is not scanned, so that nobody knows what became of the copies.
    ("a copy to another account is none", "backup-copies-too-few", "copied-to-a-partner", Inconclusive),
    // What was ever backed up is listed as protected.
    ("what was protected once counts for ever", "backup-not-in-plan", "left-the-plan", Violated),
    ("a plan counts without selections", "backup-plan-selects-nothing", "without-selections", Violated),
    ("a schedule that never comes counts", "backup-plan-selects-nothing", "never", Violated),
    ("a plan that selects by tag selects nothing", "backup-plan-selects-nothing", "daily", NotFound),
];

#[test]
fn every_known_mistake_is_avoided() {
    let judge = Judge::new();
    let located: Located = located("peer_mistakes");
    let source = [Source { located: &located, path: file("peer_mistakes").display().to_string() }];
    let assessment = assess(&Accounts::of(&source, &judge.config), &judge.catalogue, &judge.engine);
    let account = &assessment.accounts[0];
    for (mistake, policy, name, right) in CASES {
        assert!(judge.catalogue.iter().any(|known| known.id == *policy), "there is no policy {policy}");
        // NAT gateways have ids that the server makes up.
        let named = named(&located.snapshot, name);
        let is = |subject: &str| name.is_empty() || named.contains(&subject);
        let violated = account.findings.iter().any(|it| it.policy == *policy && is(&it.subject.arn));
        let open = account.inconclusive.iter().any(|it| it.policy == *policy && is(&it.subject.arn));
        let verdict = match (violated, open) {
            (true, _) => Violated,
            (_, true) => Inconclusive,
            _ => NotFound,
        };
        assert_eq!(verdict, *right, "{policy} on {name}: {mistake}");
    }
}

/// ARNs of what has a name. Those of buckets end with the account, and those of volumes are in a tag.
fn named<'s>(snapshot: &'s Snapshot, name: &str) -> Vec<&'s str> {
    let bucket = format!("{name}-{}", snapshot.scope.account);
    let is = |resource: &&Resource| {
        resource.name == name || resource.name == bucket || resource.tag("Name") == Some(name)
    };
    snapshot.resources.iter().filter(is).map(|resource| resource.arn.as_str()).collect()
}

/// "Not found" says something only if the resource is there.
#[test]
fn every_case_is_in_the_account() {
    let snapshot = located("peer_mistakes").snapshot;
    for (_, _, name, _) in CASES.iter().filter(|(_, _, name, _)| !name.is_empty()) {
        assert!(!named(&snapshot, name).is_empty(), "{name} is missing");
    }
}
