//! What ministack leaves out about AWS Backup, and Data Lifecycle Manager, which no server has.
//!
//! ministack keeps vaults, plans and selections. Locks, settings of a Region, backups with their copies, restore testing
//! and policies stand in the requests that made them, and are given back from there. Restore testing ran the day before: it
//! restored what there are backups of, and who tried that was content.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::lock;
use crate::support::gateway::{Gateway, Reply, service};
use crate::support::wire::Request;

/// Tag of a recovery point that says how many days ago the backup is to have been made: seeds cannot wait so long.
pub(crate) const DAYS_AGO: &str = "days-ago";

/// Types that a Region has opted in unless somebody opts out.
const TYPES: [&str; 9] = ["Aurora", "DocumentDB", "DynamoDB", "EBS", "EC2", "EFS", "Neptune", "RDS", "S3"];

const DAY: i64 = 24 * 3600;

/// Region and name.
type Key = (String, String);

/// What was made through the gateway.
#[derive(Debug, Default)]
struct Kept {
    locks: BTreeMap<Key, Value>,
    opted_in: BTreeMap<Key, bool>,
    /// Backups, in the order in which they were made, with the Region and name of their vault.
    points: Vec<(Key, Value)>,
    /// Vaults that the rules of each plan write to, by the id of the plan.
    targets: BTreeMap<String, BTreeSet<String>>,
    /// Plans of restore testing, and the types that each of them restores.
    testing: BTreeMap<Key, (Value, BTreeSet<String>)>,
    policies: BTreeMap<Key, Value>,
}

pub(super) fn apply(gateway: &Gateway) {
    let kept: Arc<Mutex<Kept>> = Arc::default();
    let answer = |operation: &str, answer: fn(&mut Kept, &Request) -> Value| {
        let kept = Arc::clone(&kept);
        let name = if operation.contains("Lifecycle") { "dlm" } else { "backup" };
        gateway.on(service(name).operation(operation)).reply_with(move |request| {
            Reply::new(200, "application/json", answer(&mut lock(&kept), request).to_string())
        });
    };
    answer("PutBackupVaultLockConfiguration", Kept::lock_vault);
    answer("UpdateRegionSettings", Kept::opt_in);
    answer("DescribeRegionSettings", Kept::settings);
    answer("StartBackupJob", Kept::back_up);
    answer("StartCopyJob", Kept::copy);
    answer("ListRecoveryPointsByBackupVault", Kept::points_in_vault);
    answer("ListProtectedResources", Kept::protected);
    answer("CreateRestoreTestingPlan", Kept::test_restores);
    answer("CreateRestoreTestingSelection", Kept::test_restores_of);
    answer("ListRestoreTestingPlans", Kept::testing_plans);
    answer("ListRestoreTestingSelections", Kept::testing_selections);
    answer("ListRestoreJobs", Kept::restores);
    answer("CreateLifecyclePolicy", Kept::add_policy);
    answer("GetLifecyclePolicies", Kept::policies);
    answer("GetLifecyclePolicy", Kept::policy);

    let rewrite = |operation: &str, rewrite: fn(&mut Kept, &Request, &mut Value)| {
        let kept = Arc::clone(&kept);
        gateway.on(service("backup").operation(operation)).rewrite(move |request, text| {
            let mut answer = serde_json::from_str(&text).expect("AWS Backup answers in JSON");
            rewrite(&mut lock(&kept), request, &mut answer);
            answer.to_string()
        });
    };
    rewrite("ListBackupVaults", Kept::complete_vaults);
    rewrite("CreateBackupPlan", Kept::note_plan);
    rewrite("ListBackupPlans", Kept::complete_plans);
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).expect("the clock is right")
}

fn yesterday() -> i64 {
    now() - DAY
}

fn question(request: &Request) -> Value {
    request.json().expect("what is made is described in JSON")
}

/// A text of a document, which has to be there.
fn text(value: &Value, name: &str) -> String {
    value[name].as_str().unwrap_or_else(|| panic!("{value} has no {name}")).to_owned()
}

/// Region and name of what the path names at a place.
fn named(request: &Request, place: usize) -> Key {
    let name = request.path().nth(place).expect("the path names it");
    (request.region.clone(), name.to_owned())
}

/// The type of a resource in the words of AWS Backup.
fn type_of(arn: &str) -> &'static str {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match (parts[2], parts[5]) {
        ("rds", resource) if resource.starts_with("cluster:") => "Aurora",
        ("rds", _) => "RDS",
        ("dynamodb", _) => "DynamoDB",
        ("s3", _) => "S3",
        ("ec2", resource) if resource.starts_with("volume/") => "EBS",
        ("ec2", _) => "EC2",
        _ => panic!("AWS Backup does not know {arn}"),
    }
}

impl Kept {
    /// A lock that can be taken back for some days, as all that nobody can take back begin. They have passed.
    fn lock_vault(&mut self, request: &Request) -> Value {
        let mut lock = question(request);
        let is_for_ever = lock["ChangeableForDays"].is_number();
        lock["LockDate"] = if is_for_ever { yesterday().into() } else { Value::Null };
        self.locks.insert(named(request, 1), lock);
        json!({})
    }

    fn complete_vaults(&mut self, request: &Request, answer: &mut Value) {
        for vault in answer["BackupVaultList"].as_array_mut().into_iter().flatten() {
            let key = (request.region.clone(), text(vault, "BackupVaultName"));
            vault["VaultType"] = "BACKUP_VAULT".into();
            vault["VaultState"] = "AVAILABLE".into();
            vault["NumberOfRecoveryPoints"] =
                self.points.iter().filter(|(vault, _)| *vault == key).count().into();
            let lock = self.locks.get(&key);
            vault["Locked"] = lock.is_some().into();
            for name in ["LockDate", "MinRetentionDays", "MaxRetentionDays"] {
                vault[name] = lock.map_or(Value::Null, |lock| lock[name].clone());
            }
        }
    }

    fn opt_in(&mut self, request: &Request) -> Value {
        let asked = question(request);
        for (name, is_in) in asked["ResourceTypeOptInPreference"].as_object().into_iter().flatten() {
            self.opted_in.insert((request.region.clone(), name.clone()), is_in == &Value::Bool(true));
        }
        json!({})
    }

    fn settings(&mut self, request: &Request) -> Value {
        let is_in = |name: &str| {
            self.opted_in.get(&(request.region.clone(), name.to_owned())).copied().unwrap_or(true)
        };
        let types: BTreeMap<&str, bool> = TYPES.into_iter().map(|name| (name, is_in(name))).collect();
        json!({ "ResourceTypeOptInPreference": types, "ResourceTypeManagementPreference": {} })
    }

    /// A plan has run if there is a backup in a vault that it writes to.
    fn complete_plans(&mut self, request: &Request, answer: &mut Value) {
        for plan in answer["BackupPlansList"].as_array_mut().into_iter().flatten() {
            let targets = &self.targets[&text(plan, "BackupPlanId")];
            let mut points = self.points.iter();
            if !points.any(|((region, vault), _)| *region == request.region && targets.contains(vault)) {
                plan["LastExecutionDate"] = Value::Null;
            }
        }
    }

    fn note_plan(&mut self, request: &Request, answer: &mut Value) {
        let asked = question(request);
        let rules = asked["BackupPlan"]["Rules"].as_array().cloned().unwrap_or_default();
        let vaults = rules.iter().map(|rule| text(rule, "TargetBackupVaultName"));
        self.targets.insert(text(answer, "BackupPlanId"), vaults.collect());
    }

    fn back_up(&mut self, request: &Request) -> Value {
        let asked = question(request);
        let (region, account) = (&request.region, request.account());
        let (resource, vault) = (text(&asked, "ResourceArn"), text(&asked, "BackupVaultName"));
        let days = asked["RecoveryPointTags"][DAYS_AGO]
            .as_str()
            .map_or(0, |days| days.parse::<i64>().expect("a number of days"));
        let made = now() - days * DAY;
        let arn = point_arn(region, &account, self.points.len());
        let keep = asked["Lifecycle"]["DeleteAfterDays"].as_i64();
        let point = json!({
            "RecoveryPointArn": arn,
            "BackupVaultName": vault,
            "BackupVaultArn": format!("arn:aws:backup:{region}:{account}:backup-vault:{vault}"),
            "ResourceArn": resource,
            "ResourceType": type_of(&resource),
            "Status": "COMPLETED",
            "CreationDate": made,
            "CalculatedLifecycle": { "DeleteAt": keep.map(|days| made + days * DAY) },
            "IsEncrypted": true,
        });
        self.points.push(((region.clone(), vault), point));
        json!({ "BackupJobId": format!("job-{}", self.points.len()), "RecoveryPointArn": arn, "CreationDate": made })
    }

    /// A copy is a backup of the same resource, as old as the one that it was made from.
    fn copy(&mut self, request: &Request) -> Value {
        let asked = question(request);
        let (from, to) = (text(&asked, "RecoveryPointArn"), text(&asked, "DestinationBackupVaultArn"));
        let source = self.points.iter().find(|(_, point)| point["RecoveryPointArn"] == from.as_str());
        let (_, mut point) = source.expect("what is copied is there").clone();
        let parts: Vec<&str> = to.split(':').collect();
        let (region, vault) = (parts[3].to_owned(), parts[6].to_owned());
        let made = point["CreationDate"].as_i64().expect("a time");
        let keep = asked["Lifecycle"]["DeleteAfterDays"].as_i64();
        point["SourceBackupVaultArn"] = point["BackupVaultArn"].take();
        point["BackupVaultArn"] = to.as_str().into();
        point["BackupVaultName"] = vault.as_str().into();
        point["RecoveryPointArn"] = point_arn(&region, parts[4], self.points.len()).into();
        point["CalculatedLifecycle"] = json!({ "DeleteAt": keep.map(|days| made + days * DAY) });
        self.points.push(((region, vault), point));
        json!({ "CopyJobId": format!("copy-{}", self.points.len()), "CreationDate": made })
    }

    fn points_in_vault(&mut self, request: &Request) -> Value {
        let vault = named(request, 1);
        let since = request.parameter("createdAfter").map(|since| since.replace("%3A", ":"));
        let since = since.and_then(|since| since.parse().ok());
        let since = since.map_or(0, hadr_scan::snapshot::Timestamp::unix_seconds);
        let is_asked = |point: &Value| point["CreationDate"].as_i64().is_some_and(|made| made > since);
        let points = self.points.iter().filter(|(of, point)| *of == vault && is_asked(point));
        json!({ "RecoveryPoints": points.map(|(_, point)| point).collect::<Vec<_>>() })
    }

    /// Copies are no backups that the Region has made.
    fn protected(&mut self, request: &Request) -> Value {
        let mut resources = BTreeMap::new();
        for (_, point) in self.points.iter().filter(|((region, _), _)| *region == request.region) {
            if point["SourceBackupVaultArn"].is_null() {
                let resource = json!({
                    "ResourceArn": point["ResourceArn"],
                    "ResourceType": point["ResourceType"],
                    "LastBackupTime": point["CreationDate"],
                    "LastBackupVaultArn": point["BackupVaultArn"],
                });
                resources.insert(text(point, "ResourceArn"), resource);
            }
        }
        json!({ "Results": resources.into_values().collect::<Vec<_>>() })
    }

    fn test_restores(&mut self, request: &Request) -> Value {
        let mut plan = question(request)["RestoreTestingPlan"].take();
        let (name, region, account) =
            (text(&plan, "RestoreTestingPlanName"), &request.region, request.account());
        let arn = format!("arn:aws:backup:{region}:{account}:restore-testing-plan:{name}-0f0f0f0f");
        plan["RestoreTestingPlanArn"] = arn.as_str().into();
        plan["CreationTime"] = now().into();
        plan["LastExecutionTime"] = yesterday().into();
        self.testing.insert((region.clone(), name.clone()), (plan, BTreeSet::new()));
        json!({ "RestoreTestingPlanName": name, "RestoreTestingPlanArn": arn, "CreationTime": now() })
    }

    fn test_restores_of(&mut self, request: &Request) -> Value {
        let selection = question(request)["RestoreTestingSelection"].take();
        let key = named(request, 2);
        let (plan, types) = self.testing.get_mut(&key).expect("the plan is there");
        types.insert(text(&selection, "ProtectedResourceType"));
        json!({
            "RestoreTestingPlanName": key.1,
            "RestoreTestingPlanArn": plan["RestoreTestingPlanArn"],
            "RestoreTestingSelectionName": selection["RestoreTestingSelectionName"],
            "CreationTime": now(),
        })
    }

    fn testing_plans(&mut self, request: &Request) -> Value {
        let here = self.testing.iter().filter(|((region, _), _)| *region == request.region);
        json!({ "RestoreTestingPlans": here.map(|(_, (plan, _))| plan).collect::<Vec<_>>() })
    }

    fn testing_selections(&mut self, request: &Request) -> Value {
        let key = named(request, 2);
        let selections = self.testing[&key].1.iter().map(|name| {
            json!({
                "RestoreTestingPlanName": key.1,
                "RestoreTestingSelectionName": name,
                "ProtectedResourceType": name,
                "IamRoleArn": "arn:aws:iam::123456789012:role/restore-testing",
                "CreationTime": now(),
            })
        });
        json!({ "RestoreTestingSelections": selections.collect::<Vec<_>>() })
    }

    fn restores(&mut self, request: &Request) -> Value {
        let mut jobs = Vec::new();
        for ((_, name), (plan, types)) in
            self.testing.iter().filter(|((region, _), _)| *region == request.region)
        {
            let points = self.points.iter().filter(|((region, _), point)| {
                *region == request.region && point["SourceBackupVaultArn"].is_null()
            });
            for (number, (_, point)) in points.enumerate() {
                if types.contains(point["ResourceType"].as_str().unwrap_or_default()) {
                    jobs.push(json!({
                        "RestoreJobId": format!("{name}-{number}"),
                        "RecoveryPointArn": point["RecoveryPointArn"],
                        "SourceResourceArn": point["ResourceArn"],
                        "ResourceType": point["ResourceType"],
                        "CreationDate": yesterday(),
                        "CompletionDate": yesterday(),
                        "Status": "COMPLETED",
                        "ValidationStatus": "SUCCESSFUL",
                        "CreatedBy": { "RestoreTestingPlanArn": plan["RestoreTestingPlanArn"] },
                    }));
                }
            }
        }
        json!({ "RestoreJobs": jobs })
    }

    fn add_policy(&mut self, request: &Request) -> Value {
        let asked = question(request);
        let id = format!("policy-{:017x}", self.policies.len());
        let policy = json!({
            "PolicyId": id,
            "State": asked["State"],
            "Description": asked["Description"],
            "PolicyDetails": asked["PolicyDetails"],
            "PolicyType": asked["PolicyDetails"]["PolicyType"],
            "DefaultPolicy": false,
        });
        self.policies.insert((request.region.clone(), id.clone()), policy);
        json!({ "PolicyId": id })
    }

    fn policies(&mut self, request: &Request) -> Value {
        let here = self.policies.iter().filter(|((region, _), _)| *region == request.region);
        json!({ "Policies": here.map(|(_, policy)| policy).collect::<Vec<_>>() })
    }

    fn policy(&mut self, request: &Request) -> Value {
        json!({ "Policy": self.policies[&named(request, 1)] })
    }
}

/// The ARN of a backup, the same in every run.
fn point_arn(region: &str, account: &str, number: usize) -> String {
    format!("arn:aws:backup:{region}:{account}:recovery-point:0f0f0f0f-0000-4000-8000-{number:012}")
}
