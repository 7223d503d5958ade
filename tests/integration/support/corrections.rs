//! Where a server is known to answer differently from AWS, and a rule would take its answer for the truth.
//!
//! Most of what moto leaves out stands in the requests that created the resources. The corrections see them
//! pass, so they hold for what was seeded through the same gateway.

mod backup;
mod compute;
mod recovery;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sha2::{Digest, Sha256};

use super::gateway::{Gateway, Reply, dynamodb, rds, service};
use super::wire::Request;
pub(crate) use backup::DAYS_AGO;

/// Corrects moto's answers behind the gateway.
pub(crate) fn apply(gateway: &Gateway) {
    backup::apply(gateway);
    compute::apply(gateway);
    recovery::apply(gateway);
    let seen = Arc::new(Mutex::new(Seen::default()));

    // moto has no automated backups of clusters and fails with a page. These accounts have none.
    gateway.on(rds("DescribeDBClusterAutomatedBackups")).reply(listing("DBClusterAutomatedBackup", ""));

    // ministack does not have the global tables of 2017, of which these accounts have none, and leaves out how far
    // back a table can be restored: AWS says 35 days unless somebody set less.
    gateway.on(dynamodb("ListGlobalTables")).reply(Reply::json(&serde_json::json!({ "GlobalTables": [] })));
    gateway.on(dynamodb("DescribeContinuousBackups")).rewrite(|_, text| {
        let mut answer: serde_json::Value = serde_json::from_str(&text).expect("DynamoDB answers in JSON");
        let recovery = &mut answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
        if recovery["PointInTimeRecoveryStatus"] == "ENABLED" {
            recovery["RecoveryPeriodInDays"] = 35.into();
        }
        answer.to_string()
    });

    // moto leaves out of a key what AWS says of every one.
    gateway.on(service("kms").operation("DescribeKey")).rewrite(|_, text| {
        let mut answer: serde_json::Value = serde_json::from_str(&text).expect("KMS answers in JSON");
        if let Some(key) = answer["KeyMetadata"].as_object_mut() {
            key.entry("MultiRegion").or_insert(false.into());
        }
        answer.to_string()
    });

    for operation in ["CreateDBInstance", "CreateDBInstanceReadReplica", "ModifyDBInstance"] {
        correct(gateway, operation, &seen, |seen, request, text| {
            seen.note_instance(request, &text);
            text
        });
    }
    for (operation, target, source) in [
        ("CopyDBSnapshot", "TargetDBSnapshotIdentifier", "SourceDBSnapshotIdentifier"),
        ("CopyDBClusterSnapshot", "TargetDBClusterSnapshotIdentifier", "SourceDBClusterSnapshotIdentifier"),
    ] {
        correct(gateway, operation, &seen, move |seen, request, text| {
            let parameter = |name| request.parameter(name).map(|value| value.replace("%3A", ":"));
            if let (Some(target), Some(source)) = (parameter(target), parameter(source)) {
                seen.copies.insert((request.region.clone(), target), source);
            }
            text
        });
    }

    correct(gateway, "DescribeDBInstances", &seen, |_, _, text| each(&text, "DBInstance", instance));
    correct(gateway, "DescribeDBSnapshots", &seen, |seen, request, text| {
        each(&text, "DBSnapshot", |element| snapshot(seen, request, element))
    });
    correct(gateway, "DescribeDBClusterSnapshots", &seen, |seen, request, text| {
        each(&text, "DBClusterSnapshot", |element| {
            let name = field(element, "DBClusterSnapshotIdentifier").unwrap_or_default();
            let source = seen.copies.get(&(request.region.clone(), name.to_owned()));
            let source =
                source.map(|arn| format!("<SourceDBClusterSnapshotArn>{arn}</SourceDBClusterSnapshotArn>"));
            Some(element.to_owned() + &source.unwrap_or_default())
        })
    });
    // moto gives the name and a status, also for instances whose backups are off.
    let known = Arc::clone(&seen);
    gateway.on(rds("DescribeDBInstanceAutomatedBackups")).reply_with(move |request| {
        listing("DBInstanceAutomatedBackup", &lock(&known).automated_backups(&request.region))
    });
}

/// What passed through the gateway, by Region and name.
#[derive(Debug, Default)]
struct Seen {
    instances: BTreeMap<(String, String), Instance>,
    /// The source of each snapshot that was copied.
    copies: HashMap<(String, String), String>,
}

#[derive(Debug)]
struct Instance {
    arn: String,
    engine: String,
    created: String,
    retention: String,
    is_member: bool,
}

impl Instance {
    fn is_backed_up(&self) -> bool {
        self.retention != "0" && !self.is_member
    }
}

impl Seen {
    fn note_instance(&mut self, request: &Request, text: &str) {
        let get = |name| field(text, name).unwrap_or_default().to_owned();
        let instance = Instance {
            arn: get("DBInstanceArn"),
            engine: get("Engine"),
            created: get("InstanceCreateTime"),
            retention: get("BackupRetentionPeriod"),
            is_member: field(text, "DBClusterIdentifier").is_some(),
        };
        self.instances.insert((request.region.clone(), get("DBInstanceIdentifier")), instance);
    }

    fn automated_backups(&self, region: &str) -> String {
        let here =
            self.instances.iter().filter(|((place, _), instance)| place == region && instance.is_backed_up());
        here.map(|((_, name), Instance { arn, engine, created, retention, .. })| {
            format!(
                "<DBInstanceAutomatedBackup><DBInstanceArn>{arn}</DBInstanceArn>\
                 <DbiResourceId>{id}</DbiResourceId><Region>{region}</Region>\
                 <DBInstanceIdentifier>{name}</DBInstanceIdentifier><Engine>{engine}</Engine>\
                 <RestoreWindow><EarliestTime>{created}</EarliestTime><LatestTime>{created}</LatestTime>\
                 </RestoreWindow><Status>active</Status>\
                 <BackupRetentionPeriod>{retention}</BackupRetentionPeriod></DBInstanceAutomatedBackup>",
                id = resource_id(name)
            )
        })
        .collect()
    }
}

/// A Multi-AZ instance has a standby in another zone, one without backups has no time to restore to, and
/// each has a resource id of its own.
fn instance(element: &str) -> Option<String> {
    let mut text = with_resource_id(element);
    if field(&text, "MultiAZ") == Some("true") {
        let zone = field(&text, "AvailabilityZone").unwrap_or_default();
        let standby = match zone.strip_suffix('a') {
            Some(region) => format!("{region}c"),
            None => format!("{}a", zone.trim_end_matches(char::is_alphabetic)),
        };
        text += &format!("<SecondaryAvailabilityZone>{standby}</SecondaryAvailabilityZone>");
    }
    if field(&text, "BackupRetentionPeriod") == Some("0")
        && let Some(time) = field(&text, "LatestRestorableTime")
    {
        text = text.replace(&format!("<LatestRestorableTime>{time}</LatestRestorableTime>"), "");
    }
    Some(text)
}

/// A copy says where it came from. Nothing takes snapshots of instances whose backups are off, and members
/// of a cluster have only the cluster's.
fn snapshot(seen: &Seen, request: &Request, element: &str) -> Option<String> {
    let instance = field(element, "DBInstanceIdentifier").unwrap_or_default();
    if field(element, "SnapshotType") == Some("automated")
        && let Some(instance) = seen.instances.get(&(request.region.clone(), instance.to_owned()))
        && !instance.is_backed_up()
    {
        return None;
    }
    let mut text = with_resource_id(element);
    let name = field(element, "DBSnapshotIdentifier").unwrap_or_default();
    if let Some(source) = seen.copies.get(&(request.region.clone(), name.to_owned())) {
        text += &format!("<SourceDBSnapshotIdentifier>{source}</SourceDBSnapshotIdentifier>");
        let region = source.split(':').nth(3).unwrap_or_default();
        text += &format!("<SourceRegion>{region}</SourceRegion>");
    }
    Some(text)
}

fn with_resource_id(element: &str) -> String {
    let (Some(name), Some(id)) = (field(element, "DBInstanceIdentifier"), field(element, "DbiResourceId"))
    else {
        return element.to_owned();
    };
    element.replace(id, &resource_id(name))
}

/// moto has one `DbiResourceId` for all. Names differ even between the Regions of these accounts.
fn resource_id(name: &str) -> String {
    let hash = Sha256::digest(name);
    let letters: String = hash.iter().take(13).map(|byte| format!("{byte:02X}")).collect();
    format!("db-{letters}")
}

fn correct(
    gateway: &Gateway,
    operation: &str,
    seen: &Arc<Mutex<Seen>>,
    rewrite: impl Fn(&mut Seen, &Request, String) -> String + Send + Sync + 'static,
) {
    let seen = Arc::clone(seen);
    gateway.on(rds(operation)).rewrite(move |request, text| rewrite(&mut lock(&seen), request, text));
}

/// The answer of a `Describe` operation whose list has the plural of the element's name.
fn listing(element: &str, items: &str) -> Reply {
    let operation = format!("Describe{element}s");
    Reply::xml(format!(
        "<{operation}Response xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\"><{operation}Result>\
         <{element}s>{items}</{element}s></{operation}Result>\
         <ResponseMetadata><RequestId>gateway</RequestId></ResponseMetadata></{operation}Response>"
    ))
}

/// Replaces the inside of every element of a name, or removes the element.
fn each(text: &str, name: &str, replace: impl Fn(&str) -> Option<String>) -> String {
    let (start, end) = (format!("<{name}>"), format!("</{name}>"));
    let mut result = String::new();
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once(&start) {
        let Some((inside, after)) = tail.split_once(&end) else { break };
        result += before;
        if let Some(new) = replace(inside) {
            result += &format!("{start}{new}{end}");
        }
        rest = after;
    }
    result + rest
}

/// The text of the first element of a name.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    rest.split_once(&format!("</{name}>")).map(|(inside, _)| inside)
}

fn lock<T>(seen: &Mutex<T>) -> MutexGuard<'_, T> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}
