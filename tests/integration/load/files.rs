//! File systems of EFS.

use hadr_scan::snapshot::{Kind, Outcome};
use serde_json::json;

use super::{Found, in_tokyo, tokyo};
use crate::support::gateway::{Match, service};
use crate::support::seed::TOKYO;
use crate::support::stub::{ACCOUNT, Regional, Size, id};

fn file_system(number: usize) -> String {
    tokyo("elasticfilesystem", &format!("file-system/fs-{}", id(number)))
}

fn efs(operation: &str) -> Match {
    service("elasticfilesystem").operation(operation)
}

#[test]
fn a_region_without_file_systems_costs_one_call() {
    let gateway = in_tokyo(Regional::default(), Size::default()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(gateway.count(service("elasticfilesystem")), 1);
    for operation in ["DescribeFileSystems", "DescribeReplicationConfigurations", "DescribeBackupPolicy"] {
        assert_eq!(found.call(operation, TOKYO), (Outcome::Collected, None, 0), "{operation}");
    }
}

#[test]
fn file_systems_come_with_replications_and_backup_policies() {
    let regional = Regional { file_systems: 201, ..Regional::default() };
    let gateway = in_tokyo(regional, Size::default()).gateway();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.missed(), []);
    assert_eq!(gateway.count(efs("DescribeFileSystems")), 3);
    assert_eq!(gateway.count(efs("DescribeReplicationConfigurations")), 2);
    assert_eq!(gateway.count(efs("DescribeBackupPolicy")), 201);
    found.has_all(Kind::FileSystem, 201, |id| tokyo("elasticfilesystem", &format!("file-system/fs-{id}")));
    for number in [0, 1, 2, 99, 100, 101, 200] {
        let replica = json!({
            "arn": format!("arn:aws:elasticfilesystem:us-west-2:{ACCOUNT}:file-system/fs-copy-{}", id(number)),
            "status": if number == 0 { "ENABLING" } else { "ENABLED" },
            "last_replicated_timestamp": (number > 0).then_some("2026-01-02T03:05:05Z"),
        });
        assert_eq!(
            found.value(&file_system(number), "/attributes"),
            &json!({
                "life_cycle_state": "available",
                "creation_time": "2026-01-02T03:04:05Z",
                "availability_zone_name": (number % 3 == 0).then(|| format!("{TOKYO}a")),
                "size_in_bytes": 6144,
                "encrypted": true,
                "kms_key_id": tokyo("kms", "key/0f0f0f0f"),
                "replication_overwrite_protection": "ENABLED",
                "replications": if number % 2 == 0 { json!([replica]) } else { json!([]) },
                "automatic_backups": number % 3 == 0,
            })
        );
        let name = if number % 2 == 0 { format!("home-{number}") } else { format!("fs-{}", id(number)) };
        assert_eq!(found.value(&file_system(number), "/name"), &json!(name));
        assert_eq!(found.value(&file_system(number), "/tags"), &json!({"number": number.to_string()}));
    }
}

#[test]
fn what_was_refused_is_not_taken_for_nothing() {
    let regional = Regional { file_systems: 1, ..Regional::default() };
    let gateway = in_tokyo(regional, Size::default()).gateway();
    gateway.on(efs("DescribeBackupPolicy")).deny();
    gateway.on(efs("DescribeReplicationConfigurations")).deny();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    let denied = Some("AccessDeniedException");
    let gap = ("elasticfilesystem:DescribeBackupPolicy", Outcome::Denied, denied);
    assert_eq!(found.gaps(&file_system(0)), [gap]);
    assert_eq!(found.value(&file_system(0), "/attributes/automatic_backups"), &json!(null));
    assert_eq!(found.value(&file_system(0), "/attributes/replications"), &json!(null));
    for operation in ["DescribeBackupPolicy", "DescribeReplicationConfigurations"] {
        assert_eq!(found.call(operation, TOKYO), (Outcome::Denied, denied, 0), "{operation}");
    }

    let gateway = in_tokyo(regional, Size::default()).gateway();
    gateway.on(efs("DescribeFileSystems")).deny();
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.call("DescribeFileSystems", TOKYO), (Outcome::Denied, denied, 0));
    for operation in ["DescribeBackupPolicy", "DescribeReplicationConfigurations"] {
        let skipped = (Outcome::Skipped, Some("IncompleteListing"), 0);
        assert_eq!(found.call(operation, TOKYO), skipped, "{operation}");
    }
}

#[test]
fn a_file_system_that_is_gone_is_left_out() {
    let gateway = in_tokyo(Regional { file_systems: 1, ..Regional::default() }, Size::default()).gateway();
    gateway.on(efs("DescribeBackupPolicy")).error(404, "FileSystemNotFound", "gone");
    let found = Found::behind(&gateway, &[TOKYO], &[]);
    assert_eq!(found.missed(), []);
    assert!(!found.by_arn.contains_key(&file_system(0)));
}
