//! File systems of EFS.

use serde_json::{Value, json};

use super::page::{Paging, Token, id, number_of};
use super::{ACCOUNT, Stub};
use crate::support::gateway::Reply;
use crate::support::wire::Request;

/// When each was made, and when everything was last replicated.
const MADE: i64 = 1_767_323_045;

/// Answers a call of the service; `None` if it is another's.
pub(super) fn answer(stub: &Stub, request: &Request) -> Option<Reply> {
    if request.service != "elasticfilesystem" {
        return None;
    }
    let file_systems = stub.size.regional(&request.region).file_systems;
    let answer = match request.operation.as_str() {
        "DescribeFileSystems" => listed(
            (stub, request),
            ("FileSystems", file_systems),
            ["MaxItems", "Marker", "NextMarker"],
            |number| file_system(&request.region, number),
        ),
        // Those with an even number are replicated, and the first not yet.
        "DescribeReplicationConfigurations" => listed(
            (stub, request),
            ("Replications", file_systems.div_ceil(2)),
            ["MaxResults", "NextToken", "NextToken"],
            |number| replication(&request.region, 2 * number),
        ),
        "DescribeBackupPolicy" => backup_policy(request),
        _ => Err(Box::new(Reply::html(404))),
    };
    Some(answer.unwrap_or_else(|reply| *reply))
}

fn listed(
    (stub, request): (&Stub, &Request),
    (name, items): (&str, usize),
    [size, token, next]: [&'static str; 3],
    item: impl Fn(usize) -> Value,
) -> Result<Reply, Box<Reply>> {
    let paging = Paging { size, sizes: 1..=100, token, is: Token::Opaque, refusal: "BadRequest" };
    let page = paging.page(request, items, stub.size.most_in_a_page)?;
    let mut answer = json!({ name: page.items.clone().map(item).collect::<Vec<_>>() });
    if let Some(marker) = page.next {
        answer[next] = marker.into();
    }
    Ok(Reply::new(200, "application/json", answer.to_string()))
}

/// One in three is in a single zone, and one in two has no name.
fn file_system(region: &str, number: usize) -> Value {
    let id = format!("fs-{}", id(number));
    let named = number.is_multiple_of(2);
    json!({
        "OwnerId": ACCOUNT,
        "CreationToken": id,
        "FileSystemId": id,
        "FileSystemArn": format!("arn:aws:elasticfilesystem:{region}:{ACCOUNT}:file-system/{id}"),
        "CreationTime": MADE,
        "LifeCycleState": "available",
        "Name": named.then(|| format!("home-{number}")),
        "NumberOfMountTargets": 3,
        "SizeInBytes": { "Value": 6144, "ValueInIA": 0, "ValueInStandard": 6144 },
        "PerformanceMode": "generalPurpose",
        "Encrypted": true,
        "KmsKeyId": format!("arn:aws:kms:{region}:{ACCOUNT}:key/0f0f0f0f"),
        "AvailabilityZoneName": number.is_multiple_of(3).then(|| format!("{region}a")),
        "FileSystemProtection": { "ReplicationOverwriteProtection": "ENABLED" },
        "Tags": [{ "Key": "number", "Value": number.to_string() }],
    })
}

fn replication(region: &str, number: usize) -> Value {
    let source = format!("arn:aws:elasticfilesystem:{region}:{ACCOUNT}:file-system/fs-{}", id(number));
    json!({
        "SourceFileSystemId": format!("fs-{}", id(number)),
        "SourceFileSystemRegion": region,
        "SourceFileSystemArn": source,
        "OriginalSourceFileSystemArn": source,
        "CreationTime": MADE,
        "Destinations": [{
            "Status": if number == 0 { "ENABLING" } else { "ENABLED" },
            "FileSystemId": format!("fs-copy-{}", id(number)),
            "Region": "us-west-2",
            "LastReplicatedTimestamp": (number > 0).then_some(MADE + 60),
        }],
    })
}

/// By turns it is on, off, and was never set.
fn backup_policy(request: &Request) -> Result<Reply, Box<Reply>> {
    let number = request.path().nth(2).and_then(number_of);
    let status = match number.map(|number| number % 3) {
        Some(0) => "ENABLED",
        Some(1) => "DISABLED",
        Some(_) => return Err(Box::new(Reply::error(request, 404, "PolicyNotFound", "None"))),
        None => return Err(Box::new(Reply::error(request, 404, "FileSystemNotFound", "None"))),
    };
    let answer = json!({ "BackupPolicy": { "Status": status } });
    Ok(Reply::new(200, "application/json", answer.to_string()))
}
