use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::select;

use super::{Target, manages, matches, or, selects};
use crate::snapshot::backup::{
    BackupSelection, LifecycleExclusions, LifecyclePolicy, SelectionConditions, TagCondition,
};
use crate::snapshot::{Attributes, Kind, Resource, Tags};

fn tags(tags: &[(&str, &str)]) -> Tags {
    tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn condition(key: &str, value: &str) -> TagCondition {
    TagCondition { key: key.to_owned(), value: value.to_owned() }
}

fn resource(kind: Kind, arn: &str, tags: Option<Tags>) -> Resource {
    // What a resource is to AWS Backup follows from its type, but for databases.
    let attributes = Attributes::Volume(Box::default());
    Resource {
        kind,
        arn: arn.to_owned(),
        name: "one".to_owned(),
        region: "eu-west-1".to_owned(),
        zones: Vec::new(),
        tags,
        attributes,
        gaps: Vec::new(),
    }
}

fn volume(given: &[(&str, &str)]) -> Resource {
    resource(Kind::Volume, "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1", Some(tags(given)))
}

fn selection(resources: &[&str]) -> BackupSelection {
    BackupSelection {
        backup_plan: "plan".to_owned(),
        resources: Some(resources.iter().map(|pattern| (*pattern).to_owned()).collect()),
        not_resources: Some(Vec::new()),
        list_of_tags: Some(Vec::new()),
        conditions: Some(SelectionConditions::default()),
    }
}

/// Whether a selection takes a resource in a Region that has opted in what is listed.
fn takes(selection: &BackupSelection, resource: &Resource, opted_in: &[(&str, bool)]) -> Option<bool> {
    let opted_in = opted_in.iter().map(|(word, opted_in)| ((*word).to_owned(), *opted_in)).collect();
    selects(selection, &Target::of(resource).unwrap(), Some(&opted_in))
}

const EBS: &[(&str, bool)] = &[("EBS", true)];

#[test]
fn resources_and_tags_are_alternatives() {
    let mut both = selection(&["arn:aws:rds:*"]);
    both.list_of_tags = Some(vec![condition("backup", "daily"), condition("backup", "hourly")]);
    assert_eq!(takes(&both, &volume(&[("backup", "hourly")]), EBS), Some(true));
    assert_eq!(takes(&both, &volume(&[("backup", "Hourly")]), EBS), Some(false));
    assert_eq!(takes(&selection(&["arn:aws:ec2:*:*:volume/*"]), &volume(&[]), EBS), Some(true));
}

#[test]
fn all_conditions_have_to_hold() {
    let mut narrowed = selection(&["*"]);
    narrowed.conditions = Some(SelectionConditions {
        string_equals: vec![condition("env", "prod")],
        string_like: vec![condition("owner", "team-*")],
        ..SelectionConditions::default()
    });
    assert_eq!(takes(&narrowed, &volume(&[("env", "prod"), ("owner", "team-a")]), EBS), Some(true));
    assert_eq!(takes(&narrowed, &volume(&[("env", "prod")]), EBS), Some(false));
    assert_eq!(takes(&narrowed, &volume(&[("env", "test"), ("owner", "team-a")]), EBS), Some(false));
}

/// AWS does not say whether what has no such tag has another value.
#[test]
fn a_missing_tag_leaves_a_negated_condition_open() {
    let mut narrowed = selection(&["*"]);
    narrowed.conditions = Some(SelectionConditions {
        string_not_equals: vec![condition("env", "test")],
        ..SelectionConditions::default()
    });
    assert_eq!(takes(&narrowed, &volume(&[("env", "prod")]), EBS), Some(true));
    assert_eq!(takes(&narrowed, &volume(&[("env", "test")]), EBS), Some(false));
    assert_eq!(takes(&narrowed, &volume(&[]), EBS), None);
}

#[test]
fn what_is_left_out_is_left_out_however_it_is_named() {
    let mut without = selection(&["arn:aws:ec2:eu-west-1:123456789012:volume/vol-1"]);
    without.not_resources = Some(vec!["arn:aws:ec2:*:*:volume/*".to_owned()]);
    assert_eq!(takes(&without, &volume(&[]), EBS), Some(false));
}

#[test]
fn a_selection_that_names_nothing_takes_everything_that_is_opted_in() {
    assert_eq!(takes(&selection(&[]), &volume(&[]), EBS), Some(true));
    assert_eq!(takes(&selection(&[]), &volume(&[]), &[("EBS", false)]), Some(false));
    assert_eq!(takes(&selection(&["*"]), &volume(&[]), &[("EBS", false)]), Some(false));
    assert_eq!(takes(&selection(&["*"]), &volume(&[]), &[]), None);
}

/// Naming a type is enough for most of them, and for three it is not.
#[test]
fn what_is_named_need_not_be_opted_in_unless_it_is_a_cluster() {
    let none = &[("EBS", false), ("DocumentDB", false)];
    assert_eq!(takes(&selection(&["arn:aws:ec2:*:*:volume/*"]), &volume(&[]), none), Some(true));
    let ledger = "arn:aws:rds:eu-west-1:123456789012:cluster:ledger";
    let ledger = resource(Kind::DocDbCluster, ledger, Some(Tags::default()));
    assert_eq!(takes(&selection(&["arn:aws:rds:*"]), &ledger, none), Some(false));
    assert_eq!(takes(&selection(&["arn:aws:rds:*"]), &ledger, &[("DocumentDB", true)]), Some(true));
}

#[test]
fn without_the_tags_what_depends_on_them_is_open() {
    let untold = resource(Kind::Volume, "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1", None);
    let mut tagged = selection(&["arn:aws:rds:*"]);
    tagged.list_of_tags = Some(vec![condition("backup", "daily")]);
    assert_eq!(takes(&tagged, &untold, EBS), None);
    assert_eq!(takes(&selection(&["*"]), &untold, EBS), Some(true));
}

fn policy(default_policy: bool) -> LifecyclePolicy {
    LifecyclePolicy {
        default_policy: Some(default_policy),
        resource_types: Some(vec!["VOLUME".to_owned()]),
        target_tags: Some(vec![condition("backup", "daily")]),
        ..LifecyclePolicy::default()
    }
}

#[test]
fn a_lifecycle_policy_goes_by_its_tags() {
    assert_eq!(manages(&policy(false), &volume(&[("backup", "daily")]), false), Some(true));
    assert_eq!(manages(&policy(false), &volume(&[("backup", "weekly")]), false), Some(false));
    assert_eq!(manages(&policy(false), &volume(&[]), false), Some(false));
}

#[test]
fn the_default_lifecycle_policy_takes_what_it_does_not_leave_out() {
    let exclusions = LifecycleExclusions {
        exclude_boot_volumes: Some(true),
        exclude_tags: vec![condition("scratch", "yes")],
        ..LifecycleExclusions::default()
    };
    let narrow = LifecyclePolicy { exclusions: Some(exclusions), ..policy(true) };
    assert_eq!(manages(&policy(true), &volume(&[]), true), Some(true));
    assert_eq!(manages(&narrow, &volume(&[]), false), Some(true));
    assert_eq!(manages(&narrow, &volume(&[]), true), Some(false));
    assert_eq!(manages(&narrow, &volume(&[("scratch", "yes")]), false), Some(false));
}

/// Every way to put text where the stars are, up to the length of the text.
fn brute_force(pattern: &[char], text: &[char]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => (0..=text.len()).any(|taken| brute_force(rest, &text[taken..])),
        Some((letter, rest)) => {
            text.split_first().is_some_and(|(first, tail)| first == letter && brute_force(rest, tail))
        }
    }
}

/// The rules as AWS documents them, one after the other, for resources whose tags and Region are known and that have
/// every tag that a negated condition is about.
fn documented(
    selection: &BackupSelection,
    arn: &str,
    tags: &Tags,
    has_to_be_opted_in: bool,
    opted_in: bool,
) -> bool {
    let names = |pattern: &String| {
        brute_force(&pattern.chars().collect::<Vec<_>>(), &arn.chars().collect::<Vec<_>>())
    };
    let resources = selection.resources.clone().unwrap();
    let list_of_tags = selection.list_of_tags.clone().unwrap();
    let conditions = selection.conditions.clone().unwrap();
    // Explicitly assigned: the type is backed up whether or not it is opted in.
    let mut assigned = resources.iter().filter(|pattern| pattern.as_str() != "*").any(names);
    if opted_in {
        assigned |= resources.contains(&"*".to_owned());
        assigned |= resources.is_empty() && list_of_tags.is_empty();
        assigned |= list_of_tags.iter().any(|tag| tags.get(&tag.key) == Some(&tag.value));
    }
    let like = |pattern: &str, value: &str| {
        brute_force(&pattern.chars().collect::<Vec<_>>(), &value.chars().collect::<Vec<_>>())
    };
    assigned
        && (opted_in || !has_to_be_opted_in)
        && conditions.string_equals.iter().all(|tag| tags.get(&tag.key) == Some(&tag.value))
        && conditions
            .string_like
            .iter()
            .all(|tag| tags.get(&tag.key).is_some_and(|value| like(&tag.value, value)))
        && conditions.string_not_equals.iter().all(|tag| tags.get(&tag.key) != Some(tag.value.as_str()))
        && conditions.string_not_like.iter().all(|tag| !like(&tag.value, tags.get(&tag.key).unwrap()))
        && !selection.not_resources.clone().unwrap().iter().any(names)
}

fn any_condition() -> impl Strategy<Value = TagCondition> {
    (select(vec!["env", "owner"]), select(vec!["a", "ab", "b", "a*", "*b", "*"]))
        .prop_map(|(key, value)| condition(key, value))
}

/// Types with an ARN, the word of AWS Backup, and whether naming one is not enough where it is not opted in.
const TYPES: [(Kind, &str, &str, bool); 5] = [
    (Kind::Volume, "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1", "EBS", false),
    (Kind::Table, "arn:aws:dynamodb:eu-west-1:123456789012:table/vol-1", "DynamoDB", false),
    (Kind::FileSystem, "arn:aws:elasticfilesystem:eu-west-1:123456789012:file-system/fs-1", "EFS", false),
    (Kind::DocDbCluster, "arn:aws:rds:eu-west-1:123456789012:cluster:ledger", "DocumentDB", true),
    (Kind::NeptuneCluster, "arn:aws:rds:eu-west-1:123456789012:cluster:graph", "Neptune", true),
];

fn any_pattern() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("*".to_owned()),
        select(TYPES.map(|(_, arn, ..)| arn).to_vec()).prop_map(str::to_owned),
        select(vec![
            "arn:aws:ec2:*",
            "arn:aws:rds:*",
            "arn:aws:rds:*:cluster:l*",
            "arn:*:volume/*",
            "arn:aws:ec2:*:*:volume/vol-2*",
            "arn:aws:elasticfilesystem:*:*:file-system/*",
            "*vol-1"
        ])
        .prop_map(str::to_owned),
    ]
}

fn any_selection() -> impl Strategy<Value = BackupSelection> {
    let conditions = || vec(any_condition(), 0..2);
    (
        vec(any_pattern(), 0..3),
        vec(any_pattern(), 0..2),
        vec(any_condition(), 0..3),
        (conditions(), conditions(), conditions(), conditions()),
    )
        .prop_map(|(resources, not_resources, list_of_tags, (equals, not_equals, like, not_like))| {
            BackupSelection {
                backup_plan: "plan".to_owned(),
                resources: Some(resources),
                not_resources: Some(not_resources),
                list_of_tags: Some(list_of_tags),
                conditions: Some(SelectionConditions {
                    string_equals: equals,
                    string_not_equals: not_equals,
                    string_like: like,
                    string_not_like: not_like,
                }),
            }
        })
}

proptest! {
    #[test]
    fn a_resource_is_covered_exactly_when_the_documented_rules_say_so(
        selections in vec(any_selection(), 1..3),
        (kind, arn, word, has_to_be_opted_in) in select(TYPES.to_vec()),
        env in select(vec!["a", "ab", "b", "c"]),
        owner in select(vec!["a", "ab", "b", "c"]),
        opted_in in any::<bool>(),
    ) {
        let tags = tags(&[("env", env), ("owner", owner)]);
        let one = resource(kind, arn, Some(tags.clone()));
        let documented =
            |selection: &BackupSelection| documented(selection, arn, &tags, has_to_be_opted_in, opted_in);
        // A plan takes what one of its selections takes.
        let expected = selections.iter().any(documented);
        let found = selections.iter().map(|selection| takes(selection, &one, &[(word, opted_in)]));
        prop_assert_eq!(found.fold(Some(false), or), Some(expected));
    }

    /// Whatever else is found out, a verdict that was given stands.
    #[test]
    fn knowing_less_changes_no_verdict(
        selection in any_selection(),
        opted_in in option::of(any::<bool>()),
        env in select(vec!["a", "ab", "b", "c"]),
        also in any::<bool>(),
    ) {
        let arn = "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1";
        let less = resource(Kind::Volume, arn, None);
        let more = volume(&[("env", env), ("owner", "a")]);
        let types = BTreeMap::from([("EBS".to_owned(), opted_in.unwrap_or(also))]);
        let known = selects(&selection, &Target::of(&more).unwrap(), Some(&types));
        let told = selects(&selection, &Target::of(&less).unwrap(), opted_in.map(|_| &types));
        prop_assert_eq!(told.or(known), known);
    }

    #[test]
    fn a_pattern_matches_what_the_brute_force_finds(
        pattern in "[ab*]{0,6}",
        text in "[ab]{0,6}",
    ) {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        prop_assert_eq!(matches(&pattern, &text), brute_force(&letters(&pattern), &letters(&text)));
    }
}
