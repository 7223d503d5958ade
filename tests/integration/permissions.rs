//! What `hadr-scan permissions` prints is enough for a scan, and nothing of it is too much. ministack checks signatures
//! and evaluates IAM policies; where it does not have a call at all, no permission can be missed.

use std::collections::{BTreeMap, BTreeSet};

use hadr_scan::finding::{Accounts, Source, assess};
use hadr_scan::policy::Policy;
use hadr_scan::snapshot::operation::{self, OPERATIONS, Operation, Reach};
use hadr_scan::snapshot::{Call, Located, Outcome, Snapshot};
use serde_json::{Value, json};

use crate::policies::Judge;
use crate::support::account::Account;
use crate::support::block_on;
use crate::support::gateway::{Gateway, Reply, service};
use crate::support::program::Program;
use crate::support::seed::{TOKYO, one_of_each};
use crate::support::server::ministack_with_auth;

/// What ministack lets everyone do. It finds no action in requests in CBOR.
const NOT_ENFORCED: [&str; 3] =
    ["account:ListRegions", "cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData"];

/// Calls that decide about some subjects of a policy only, as what they say is joined with other things first. Its
/// metadata cannot say so, because the policy can tell the others without them.
const JOINED: [(&str, &[&str]); 3] = [
    ("s3-backup-bucket-mutable", &["tag:GetResources"]),
    (
        "backup-not-in-plan",
        &[
            "backup:GetBackupSelection",
            "backup:ListBackupSelections",
            "backup:ListBackupVaults",
            "tag:GetResources",
        ],
    ),
    ("backup-key-unusable", &["kms:DescribeKey"]),
];

/// Calls about what there is one of, which nothing has ever been done to.
const WITHOUT_ITEMS: [&str; 2] = ["LookupDatabaseEvents", "LookupTableEvents"];

/// Calls of a snapshot that were refused, as `service:Operation`.
fn denied(snapshot: &Snapshot) -> BTreeSet<String> {
    let calls = snapshot.coverage.iter().filter(|call| call.outcome == Outcome::Denied);
    calls.map(Call::id).collect()
}

/// What an account looks like to its policies.
struct Verdicts {
    /// Policies that could tell something.
    judged: BTreeSet<String>,
    /// Policies that are inconclusive about something, with what that is.
    inconclusive: BTreeSet<(String, String)>,
}

impl Verdicts {
    fn of(judge: &Judge, snapshot: Snapshot) -> Self {
        let located = Located::as_written(snapshot);
        let source = [Source { located: &located, path: "snapshot.json".to_owned() }];
        let assessment = assess(&Accounts::of(&source, &judge.config), &judge.catalogue, &judge.engine);
        let account = &assessment.accounts[0];
        let judged = account.counts.iter().filter(|(_, counts)| counts.satisfied + counts.violated > 0);
        let open = account.inconclusive.iter();
        Self {
            judged: judged.map(|(policy, _)| policy.to_string()).collect(),
            inconclusive: open.map(|open| (open.policy.to_string(), open.subject.arn.to_string())).collect(),
        }
    }
}

fn lists_subjects(policy: &Policy, operation: &Operation) -> bool {
    let mut types = policy.metadata.custom.resource_types.iter();
    types.any(|subject| operation.lists.contains(&subject.as_str()))
}

/// Whether a policy needs a call, as its metadata say or as what it asks is joined from.
fn needs(policy: &Policy, operation: &Operation) -> bool {
    policy.metadata.custom.requires.iter().any(|id| operation.is(id))
        || lists_subjects(policy, operation)
        || JOINED.iter().any(|(id, calls)| policy.id == *id && calls.iter().any(|call| operation.is(call)))
}

#[test]
fn every_granted_action_is_needed_by_the_policies_that_say_so() {
    let root = ministack_with_auth().account();
    block_on(one_of_each::seed(&root));
    let printed = Program::on(&root).run(&["permissions"]);
    let document: Value = serde_json::from_str(&printed.stdout).unwrap();
    let actions: BTreeSet<String> =
        serde_json::from_value(document["Statement"][0]["Action"].clone()).unwrap();
    // CloudTrail is asked thirteen times, twice a second. It is out of order but for the scans that are about it, so that
    // it is asked once.
    let gateway = Gateway::to(ministack_with_auth());
    gateway.on(service("cloudtrail")).reply(Reply::html(404));
    let scan_with = |name: &str, actions: &BTreeSet<&String>, asks_cloudtrail: bool| -> Snapshot {
        let mut document = document.clone();
        document["Statement"][0]["Action"] = json!(actions);
        let user: Account = block_on(root.user(name, &document.to_string()));
        let user = if asks_cloudtrail { user } else { user.through(&gateway) };
        Program::on(&user).collect(&[TOKYO])
    };
    let judge = Judge::new();

    let all = scan_with("all", &actions.iter().collect(), true);
    assert_eq!(denied(&all), BTreeSet::new(), "a granted call is denied");
    // Where there was nothing to ask about, there is an entry without a call.
    let asked = |call: &&Call| {
        call.items > 0
            || WITHOUT_ITEMS.contains(&call.operation.as_str())
            || operation::find(&call.id()).is_some_and(|operation| operation.reach != Reach::Resource)
    };
    let outcomes: BTreeMap<String, Outcome> =
        all.coverage.iter().filter(asked).map(|call| (call.id(), call.outcome)).collect();
    let before = Verdicts::of(&judge, all);

    let mut wrong = Vec::new();
    for (number, removed) in
        actions.iter().filter(|action| !NOT_ENFORCED.contains(&action.as_str())).enumerate()
    {
        let made: Vec<&Operation> = OPERATIONS
            .iter()
            .filter(|operation| operation.permission().as_ref() == Some(removed))
            .filter(|operation| outcomes.contains_key(&operation.id()))
            .collect();
        let rest = actions.iter().filter(|action| *action != removed).collect();
        let is_cloudtrail = removed.starts_with("cloudtrail:");
        let snapshot = scan_with(&format!("without-{number}"), &rest, is_cloudtrail);
        let (refused, expected) = (denied(&snapshot), made.iter().map(|it| it.id()).collect());
        // Without the service, ministack cannot refuse it either.
        let is_missing = made.iter().all(|it| outcomes[&it.id()] != Outcome::Collected);
        if refused != expected && !(is_missing && refused.is_empty()) {
            wrong.push(format!("without {removed}, denied are {refused:?} and not {expected:?}"));
        }

        let after = Verdicts::of(&judge, snapshot);
        let more: BTreeSet<&str> =
            after.inconclusive.difference(&before.inconclusive).map(|(policy, _)| policy.as_str()).collect();
        for policy in judge.catalogue.iter() {
            // Where ministack does not have the call, its policies were inconclusive before.
            let mut answered = made.iter().filter(|it| outcomes[&it.id()] == Outcome::Collected);
            let must = answered.any(|operation| {
                lists_subjects(policy, operation)
                    || (needs(policy, operation) && before.judged.contains(&policy.id))
            });
            let may = made.iter().any(|operation| needs(policy, operation));
            let is = more.contains(policy.id.as_str());
            if (must && !is) || (is && !may) {
                let verdict = if is { "inconclusive" } else { "not inconclusive" };
                wrong.push(format!("without {removed}, {} is {verdict}", policy.id));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
