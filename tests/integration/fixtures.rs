//! The accounts in `fixtures/accounts` are what the collector makes of seeded accounts.
//!
//! `UPDATE_FIXTURES=1 cargo test --test integration fixtures` writes them anew. Without it, a fresh collection has to
//! be the same but for times and for the ids that servers make up.

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use hadr_scan::snapshot::{self, Snapshot};
use serde_json::Value;

use crate::support::account::Account;
use crate::support::block_on;
use crate::support::cloud::{Cloud, routing};
use crate::support::gateway::{dynamodb, iam, rds, s3, service, tagging};
use crate::support::program::{Program, read};
use crate::support::seed::{
    SINGAPORE, TOKYO, empty, peer_mistakes, resilient, seed_architecture, single_region,
};

/// Where Route 53 has the metrics of health checks, and accounts their alarms.
const VIRGINIA: &str = "us-east-1";

/// Folder of a fixture.
pub(crate) fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/accounts").join(name).join("snapshot.json")
}

/// Every fixture, in the order of the README of the folder.
pub(crate) const NAMES: [&str; 6] =
    ["resilient", "single_region", "seed_architecture", "peer_mistakes", "restricted", "empty"];

#[test]
fn resilient_is_what_the_collector_makes() {
    let cloud = Cloud::with_account("111111111111");
    block_on(resilient::seed(&cloud.account));
    compare("resilient", &Program::on(&cloud.account).collect(&[TOKYO, SINGAPORE, VIRGINIA]));
}

#[test]
fn single_region_is_what_the_collector_makes() {
    let cloud = Cloud::with_account("222222222222");
    block_on(single_region::seed(&cloud.account));
    compare("single_region", &Program::on(&cloud.account).collect(&[TOKYO, SINGAPORE]));
}

#[test]
fn seed_architecture_is_what_the_collector_makes() {
    let cloud = Cloud::with_account("333333333333");
    block_on(seed_architecture::seed(&cloud.account));
    compare("seed_architecture", &Program::on(&cloud.account).collect(&[TOKYO, SINGAPORE]));
}

#[test]
fn peer_mistakes_is_what_the_collector_makes() {
    let cloud = Cloud::with_account("666666666666");
    let partner = Cloud::with_account("777777777777");
    block_on(peer_mistakes::seed(&cloud.account, &partner.account));
    compare("peer_mistakes", &Program::on(&cloud.account).collect(&[TOKYO, SINGAPORE]));
}

/// What the account of `resilient` looks like to somebody who may make about half of the calls.
#[test]
fn restricted_is_what_the_collector_makes() {
    let cloud = Cloud::with_account("444444444444");
    block_on(resilient::seed(&cloud.account));
    let gateway = routing();
    for operation in [
        "DescribeDBClusters",
        "DescribeDBSnapshots",
        "DescribeDBClusterSnapshots",
        "DescribeEventSubscriptions",
    ] {
        gateway.on(rds(operation)).deny();
    }
    for operation in ["GetBucketReplication", "GetObjectLockConfiguration", "GetBucketEncryption"] {
        gateway.on(s3(operation)).deny();
    }
    gateway.on(dynamodb("DescribeContinuousBackups")).deny();
    for operation in ["DescribeInstances", "DescribeRouteTables", "DescribeSnapshots", "DescribeVpcEndpoints"]
    {
        gateway.on(service("ec2").operation(operation)).deny();
    }
    for operation in ["DescribeTargetHealth", "DescribeLoadBalancerAttributes"] {
        gateway.on(service("elasticloadbalancing").operation(operation)).deny();
    }
    for operation in ["GetBackupPlan", "ListBackupJobs", "ListBackupVaults", "ListRestoreTestingPlans"] {
        gateway.on(service("backup").operation(operation)).deny();
    }
    gateway.on(service("dlm").operation("GetLifecyclePolicies")).deny();
    gateway.on(service("kms").operation("DescribeKey")).deny();
    gateway.on(service("monitoring").operation("DescribeAlarms")).deny();
    gateway.on(tagging("GetResources")).deny();
    gateway.on(iam("ListAccountAliases")).deny();
    let account: Account = cloud.account.through(&gateway);
    compare("restricted", &Program::on(&account).collect(&[TOKYO, SINGAPORE, VIRGINIA]));
}

#[test]
fn empty_is_what_the_collector_makes() {
    let cloud = Cloud::with_account("555555555555");
    block_on(empty::seed(&cloud.account));
    compare("empty", &Program::on(&cloud.account).collect(&[TOKYO, SINGAPORE]));
}

#[track_caller]
fn compare(name: &str, collected: &Snapshot) {
    let file = file(name);
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        snapshot::write(collected, &file).unwrap();
        return;
    }
    let (kept, collected) = (stable(&read(&file)), stable(collected));
    for (part, kept) in kept.as_object().unwrap() {
        let text = |value: &Value| serde_json::to_string_pretty(value).unwrap();
        let collected = text(&collected[part]);
        let different = text(kept)
            .lines()
            .zip(collected.lines())
            .find(|(kept, collected)| kept != collected)
            .map(|(kept, collected)| format!("kept: {kept}, collected: {collected}"));
        assert!(text(kept) == collected, "{name}, {part}: {different:?}");
    }
}

/// The snapshot without what differs between two collections of accounts that are the same.
fn stable(snapshot: &Snapshot) -> Value {
    let mut value = serde_json::to_value(snapshot).unwrap();
    blank(&mut value);
    value
}

fn blank(value: &mut Value) {
    match value {
        Value::String(text) => {
            *text = if text.parse::<hadr_scan::snapshot::Timestamp>().is_ok() {
                "a time".to_owned()
            } else if let Some(name) = automated_snapshot(text) {
                format!("{name}-a-time")
            } else if text.parse::<Ipv4Addr>().is_ok_and(|address| !address.is_documentation()) {
                "an address".to_owned()
            } else {
                let parts: Vec<&str> = text.split_inclusive(['/', ':']).collect();
                (0..parts.len()).map(|index| without_id(&parts, index)).collect()
            };
        }
        Value::Array(items) => {
            items.iter_mut().for_each(blank);
            // Subnets come in the order of their ids.
            items.sort_by_key(Value::to_string);
        }
        Value::Object(members) => members.values_mut().for_each(blank),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A part of an ARN, with the separator after it, or a whole text, without the id that a server made up.
fn without_id(parts: &[&str], index: usize) -> String {
    let end = parts[index].trim_end_matches(['/', ':']).len();
    let (part, separator) = parts[index].split_at(end);
    let is_hex = |id: &str, length: usize| {
        id.len() == length && id.chars().all(|letter| matches!(letter, '0'..='9' | 'a'..='f'))
    };
    let is_uuid = part.len() == 36 && part.split('-').map(str::len).eq([8, 4, 4, 4, 12]);
    let is_zone = index > 0 && parts[index - 1] == "hostedzone/";
    let is_cluster = |id: &str| !id.contains(|letter: char| letter.is_ascii_lowercase());
    match part.split_once('-') {
        _ if is_uuid || is_zone || is_hex(part, 16) => format!("id{separator}"),
        Some((kind, id)) if is_hex(id, 17) => format!("{kind}-id{separator}"),
        // moto's ids of file systems are as short as those of AWS once were.
        Some(("fs", id)) if is_hex(id, 8) => format!("fs-id{separator}"),
        Some(("cluster", id)) if is_cluster(id) => format!("cluster-id{separator}"),
        _ => parts[index].to_owned(),
    }
}

/// The name of an automated snapshot without the time at its end, `-2026-11-22-03-00`.
fn automated_snapshot(text: &str) -> Option<&str> {
    let (name, time) = text.split_at_checked(text.len().checked_sub("-2026-11-22-03-00".len())?)?;
    let is_time =
        time.chars().all(|letter| letter == '-' || letter.is_ascii_digit()) && time.starts_with('-');
    (is_time && text.contains("rds:")).then_some(name)
}
