//! Verdicts on accounts of which less is known: both engines of regorus still agree, and no verdict gets better because
//! something was not collected.

use std::collections::BTreeMap;

use hadr_scan::index::Index;
use hadr_scan::policy::{self, Ledger, judge};
use hadr_scan::snapshot::{GLOBAL, Kind, Outcome, Resource, Snapshot};
use rayon::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::fixtures::NAMES;
use crate::policies::{Judge, located};

/// A value of a resource that can be `null` and is not: number of the resource, and its place in its JSON.
type Place = (usize, String);

/// Resources of a type of which the same value is taken away. More of them are alike, as the subnets of an account are.
const ALIKE: usize = 3;

/// Every such value below the attributes, and the tags.
fn known_values(snapshot: &Snapshot) -> Vec<Place> {
    let mut places = Vec::new();
    let mut taken = BTreeMap::<(Kind, String), usize>::new();
    for (number, resource) in snapshot.resources.iter().enumerate() {
        let json = serde_json::to_value(resource).unwrap();
        let mut pointers = vec!["/tags".to_owned()];
        collect(&json["attributes"], "/attributes", &mut pointers);
        let can_be_null = |pointer: &String| {
            json.pointer(pointer).is_some_and(|value| !value.is_null())
                && without(resource, &[pointer.as_str()]).is_some()
        };
        for pointer in pointers.into_iter().filter(can_be_null) {
            let alike = taken.entry((resource.kind, pointer.clone())).or_default();
            *alike += 1;
            if *alike <= ALIKE {
                places.push((number, pointer));
            }
        }
    }
    places
}

fn collect(value: &Value, at: &str, pointers: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => {
            members.iter().map(|(name, value)| (format!("{at}/{name}"), value)).collect()
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(number, value)| (format!("{at}/{number}"), value)).collect()
        }
        _ => Vec::new(),
    };
    for (pointer, value) in members {
        collect(value, &pointer, pointers);
        pointers.push(pointer);
    }
}

/// The resource with `null` in these places, if a snapshot can hold it so.
fn without(resource: &Resource, pointers: &[&str]) -> Option<Resource> {
    let mut json = serde_json::to_value(resource).unwrap();
    for pointer in pointers {
        // What lies in something that is `null` already is gone with it.
        if let Some(value) = json.pointer_mut(pointer) {
            *value = Value::Null;
        }
    }
    serde_json::from_str(&json.to_string()).ok()
}

/// Number of damaged accounts that are made of each fixture.
const VARIANTS: usize = 24;

/// Whether a value is missing in a variant. One in four is.
fn is_missing(variant: usize, (number, pointer): &Place) -> bool {
    Sha256::digest(format!("{variant} {number} {pointer}"))[0] % 4 == 0
}

/// regorus' machine goes on where the interpreter stops at an assignment of something undefined, which has made
/// policies satisfied that should not be.
#[test]
fn the_engines_agree_on_damaged_accounts() {
    let judge = Judge::new();
    let variants: Vec<_> = NAMES.into_iter().flat_map(|name| (0..VARIANTS).map(move |k| (name, k))).collect();
    let wrong: Vec<String> = variants
        .into_par_iter()
        .flat_map_iter(|(name, variant)| {
            let mut snapshot = located(name).snapshot;
            let missing: Vec<Place> =
                known_values(&snapshot).into_iter().filter(|place| is_missing(variant, place)).collect();
            for (number, resource) in snapshot.resources.iter_mut().enumerate() {
                let pointers: Vec<&str> = missing
                    .iter()
                    .filter(|(of, _)| *of == number)
                    .map(|(_, pointer)| pointer.as_str())
                    .collect();
                *resource = without(resource, &pointers).unwrap();
            }
            disagreements(&judge, &snapshot).into_iter().map(move |text| format!("{name}, {variant}: {text}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn disagreements(judge: &Judge, snapshot: &Snapshot) -> Vec<String> {
    let index = Index::build(vec![snapshot], &judge.config);
    // One resource at a time wherever that is allowed: what is said must not depend on it, and the interpreter sees all.
    let document = judge.engine.document_in_parts(&index.input(snapshot), 1);
    let interpreted = policy::interpret(&judge.catalogue, &judge.parameters, &document).unwrap();
    let compare = |id: &str, machine: Result<policy::Output, policy::EvaluationError>| match machine {
        Ok(machine) if machine == interpreted[id] => None,
        machine => Some(format!("{id}: machine {machine:?}, interpreter {:?}", interpreted[id])),
    };
    judge.engine.evaluate(&document, compare).into_iter().flatten().collect()
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Verdict {
    Satisfied,
    Violated,
    Inconclusive,
}

type Verdicts = BTreeMap<(String, String), Verdict>;

/// The verdict of every policy on each of its subjects.
fn verdicts(judging: &Judge, snapshot: &Snapshot) -> Verdicts {
    let index = Index::build(vec![snapshot], &judging.config);
    let ledger = Ledger::of(snapshot);
    let document = judging.engine.document(&index.input(snapshot));
    let of_policy = |id: &str, output: Result<policy::Output, policy::EvaluationError>| {
        let policy = judging.catalogue.get(id).unwrap();
        let output = output.unwrap();
        let judged = judge(policy, Ok(output.clone()), &index, &ledger);
        let mut verdicts = Verdicts::new();
        for subject in &output.subjects {
            let matters = |criticality| policy.metadata.custom.severity.of(criticality).is_some();
            let applies = match index.resource(subject) {
                Some((resource, context)) => {
                    let in_scope =
                        resource.region == GLOBAL || snapshot.scope.regions.contains(&resource.region);
                    let exempt = &policy.metadata.custom.exempt_environments;
                    in_scope && matters(context.criticality) && !exempt.contains(&context.environment.value)
                }
                None => index.workload(subject).is_none_or(|workload| matters(workload.criticality)),
            };
            if applies {
                verdicts.insert((id.to_owned(), subject.to_string()), Verdict::Satisfied);
            }
        }
        for violated in &judged.violated {
            let subject = violated.violations[0].resource.to_string();
            verdicts.insert((id.to_owned(), subject), Verdict::Violated);
        }
        for (subject, _) in &judged.inconclusive {
            verdicts.insert((id.to_owned(), subject.to_string()), Verdict::Inconclusive);
        }
        let satisfied = verdicts.values().filter(|verdict| **verdict == Verdict::Satisfied).count();
        assert_eq!(satisfied, judged.satisfied, "{id}");
        verdicts
    };
    judging.engine.evaluate(&document, of_policy).into_iter().flatten().collect()
}

/// Where `null` is an answer, so that it can be better than another one: policy, attribute, and why.
const EXCEPTIONS: [(&str, &str, &str); 6] = [
    (
        "autoscaling-launch-fragile",
        "launch_template.version",
        "a group without one starts the default version; the API leaves out what was not given",
    ),
    (
        "backup-plan-selects-nothing",
        "rules.schedule_expression",
        "a rule without one begins every day at five; the API leaves out what was not given",
    ),
    (
        "efs-one-zone",
        "availability_zone_name",
        "a file system without one is in all zones; the API leaves out what it has not",
    ),
    (
        "route53-failover-pair-incomplete",
        "alias_target",
        "a record set without one has values; the API leaves out what it has not",
    ),
    (
        "route53-health-check-of-own-record",
        "fully_qualified_domain_name",
        "a health check without one asks an address; the API leaves out what it has not",
    ),
    (
        "s3-noncurrent-versions-short-lived",
        "lifecycle.rules.noncurrent_days",
        "a rule without these days deletes no earlier versions; the API leaves out what a rule does not do",
    ),
];

#[test]
fn knowing_less_makes_no_verdict_better() {
    let judging = Judge::new();
    let mut wrong: Vec<String> = Vec::new();
    for name in NAMES {
        let snapshot = located(name).snapshot;
        let before = verdicts(&judging, &snapshot);
        let of_values = known_values(&snapshot).into_par_iter().map(|(number, pointer)| {
            let mut changed = snapshot.clone();
            changed.resources[number] = without(&snapshot.resources[number], &[&pointer]).unwrap();
            let is_name = |part: &&str| !part.is_empty() && part.parse::<usize>().is_err();
            let attribute = pointer.split('/').filter(is_name).collect::<Vec<_>>().join(".");
            (attribute.trim_start_matches("attributes.").to_owned(), changed)
        });
        let of_calls = (0..snapshot.coverage.len()).into_par_iter().map(|number| {
            let mut changed = snapshot.clone();
            let call = &mut changed.coverage[number];
            call.outcome = Outcome::Denied;
            (format!("{}:{}", call.service, call.operation), changed)
        });
        wrong.par_extend(of_values.chain(of_calls).flat_map_iter(|(attribute, changed)| {
            better(&before, &verdicts(&judging, &changed), &attribute, name)
        }));
    }
    wrong.sort();
    wrong.dedup();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn better(before: &Verdicts, after: &Verdicts, attribute: &str, name: &str) -> Vec<String> {
    let excepted = |policy: &str| EXCEPTIONS.iter().any(|each| (each.0, each.1) == (policy, attribute));
    let improved = before.iter().filter(|(key, verdict)| {
        **verdict != Verdict::Satisfied && after.get(key) == Some(&Verdict::Satisfied) && !excepted(&key.0)
    });
    improved
        .map(|((policy, subject), verdict)| {
            format!("{policy} | {attribute} | {name} {subject} was {verdict:?}")
        })
        .collect()
}
