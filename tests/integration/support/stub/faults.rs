//! What is needed or tried in an emergency: secrets, experiments of fault injection, and servers of Elastic Disaster
//! Recovery.

use serde_json::{Value, json};

use super::page::{Paging, Token, id, number_of};
use super::{ACCOUNT, Stub};
use crate::support::gateway::Reply;
use crate::support::wire::Request;

/// When the first of everything began.
const BEGAN: i64 = 1_767_323_045;

/// The same as Elastic Disaster Recovery writes it.
const BEGAN_TEXT: &str = "2026-01-02T03:04:05.678Z";

/// Answers a call of the three services; `None` if it is another's.
pub(super) fn answer(stub: &Stub, request: &Request) -> Option<Reply> {
    let answer = match request.service.as_str() {
        "secretsmanager" => secrets(stub, request),
        "fis" => experiments(stub, request),
        "drs" => servers(stub, request),
        _ => return None,
    };
    Some(answer.unwrap_or_else(|reply| *reply))
}

/// A page of some items under a name.
fn listed(
    (stub, request): (&Stub, &Request),
    (name, items): (&str, usize),
    most: usize,
    item: impl Fn(usize) -> Value,
) -> Result<Reply, Box<Reply>> {
    // Secrets Manager begins its words with capital letters, and the others do not.
    let is_upper = name.starts_with(|letter: char| letter.is_ascii_uppercase());
    let (size, token) = if is_upper { ("MaxResults", "NextToken") } else { ("maxResults", "nextToken") };
    let refusal = "ValidationException";
    let paging = Paging { size, sizes: 1..=most, token, is: Token::Opaque, refusal };
    let page = paging.page(request, items, stub.size.most_in_a_page)?;
    let mut answer = json!({ name: page.items.clone().map(item).collect::<Vec<_>>() });
    if let Some(next) = page.next {
        answer[token] = next.into();
    }
    let content_type = if is_upper { "application/x-amz-json-1.1" } else { "application/json" };
    Ok(Reply::new(200, content_type, answer.to_string()))
}

/// Secrets are by turns in one Region, replicated from this one, and replicated to it. One in five belongs to RDS.
fn secrets(stub: &Stub, request: &Request) -> Result<Reply, Box<Reply>> {
    let region = &request.region;
    listed((stub, request), ("SecretList", stub.size.regional(region).secrets), 100, |number| {
        let primary = [None, Some(region.as_str()), Some("us-west-2")][number % 3];
        let key = format!("arn:aws:kms:{region}:{ACCOUNT}:key/{}", id(number));
        json!({
            "ARN": format!("arn:aws:secretsmanager:{region}:{ACCOUNT}:secret:secret-{}-Ab0f0f", id(number)),
            "Name": format!("secret-{}", id(number)),
            "Description": "nobody's business",
            "KmsKeyId": number.is_multiple_of(2).then_some(key),
            "PrimaryRegion": primary,
            "OwningService": number.is_multiple_of(5).then_some("rds"),
            "LastAccessedDate": BEGAN,
            "Tags": [{ "Key": "number", "Value": number.to_string() }],
        })
    })
}

/// Each experiment was done to a database of its number, its cluster, and something without an ARN; that with an odd
/// number was only shown.
fn experiments(stub: &Stub, request: &Request) -> Result<Reply, Box<Reply>> {
    let (region, size) = (&request.region, stub.size.regional(&request.region));
    let number = request.path().nth(1).and_then(number_of).filter(|number| *number < size.experiments);
    let missing =
        || Box::new(Reply::error(request, 404, "ResourceNotFoundException", "There is no such thing"));
    let summary = |number: usize| {
        json!({
            "id": format!("EXP{}", id(number)),
            "arn": format!("arn:aws:fis:{region}:{ACCOUNT}:experiment/EXP{}", id(number)),
            "experimentTemplateId": "EXT0f0f0f",
            "state": { "status": "completed", "reason": "Experiment completed." },
            "creationTime": BEGAN,
            "experimentOptions": { "actionsMode": if number.is_multiple_of(2) { "run-all" } else { "skip-all" } },
            "tags": { "number": number.to_string() },
        })
    };
    match request.operation.as_str() {
        "ListExperiments" => listed((stub, request), ("experiments", size.experiments), 100, summary),
        "ListExperimentTemplates" => {
            listed((stub, request), ("experimentTemplates", size.experiment_templates), 100, |number| {
                json!({
                    "id": format!("EXT{}", id(number)),
                    "arn": format!("arn:aws:fis:{region}:{ACCOUNT}:experiment-template/EXT{}", id(number)),
                    "creationTime": BEGAN,
                    "lastUpdateTime": BEGAN + 60,
                })
            })
        }
        "GetExperiment" => {
            let mut experiment = summary(number.ok_or_else(missing)?);
            experiment["startTime"] = BEGAN.into();
            experiment["endTime"] = (BEGAN + 600).into();
            experiment["actions"] = json!({
                "stop": { "actionId": "aws:rds:reboot-db-instances", "state": { "status": "completed" } },
                "cut": { "actionId": "aws:network:disrupt-connectivity", "state": { "status": "failed" } },
            });
            let answer = json!({ "experiment": experiment });
            Ok(Reply::new(200, "application/json", answer.to_string()))
        }
        "ListExperimentResolvedTargets" => {
            let id = id(number.ok_or_else(missing)?);
            let of_rds = |kind: &str| format!("arn:aws:rds:{region}:{ACCOUNT}:{kind}-{id}");
            let resolved = [
                ("aws:rds:db", json!({ "arn": of_rds("db:database"), "engine": "postgres" })),
                ("aws:rds:cluster", json!({ "ResourceArn": of_rds("cluster:cluster") })),
                ("aws:eks:pod", json!({ "podName": "web" })),
            ];
            listed((stub, request), ("resolvedTargets", resolved.len()), 100, |number| {
                let (kind, information) = &resolved[number];
                json!({ "resourceType": kind, "targetName": "all", "targetInformation": information })
            })
        }
        _ => Err(Box::new(Reply::html(404))),
    }
}

/// Accounts without servers have never begun to use the service. Each drill launched the server of its number, and
/// failed to launch the next one. What a page has at most, nobody says.
fn servers(stub: &Stub, request: &Request) -> Result<Reply, Box<Reply>> {
    let (region, size) = (&request.region, stub.size.regional(&request.region));
    if size.source_servers == 0 {
        return Err(Box::new(Reply::error(request, 400, "UninitializedAccountException", "Not initialized")));
    }
    let server = |number: usize| format!("s-0f0f0f0f0{}", id(number));
    match request.operation.as_str() {
        "DescribeSourceServers" => listed((stub, request), ("items", size.source_servers), 200, |number| {
            let is_of_aws = number.is_multiple_of(2);
            json!({
                "sourceServerID": server(number),
                "arn": format!("arn:aws:drs:{region}:{ACCOUNT}:source-server/{}", server(number)),
                "lastLaunchResult": if is_of_aws { "SUCCEEDED" } else { "NOT_STARTED" },
                "dataReplicationInfo": { "dataReplicationState": "CONTINUOUS", "lagDuration": "PT5M" },
                "sourceProperties": {
                    "identificationHints": { "awsInstanceID": format!("i-0f0f0f0f00{}", id(number)) },
                },
                "sourceCloudProperties": is_of_aws.then(|| {
                    json!({ "originRegion": "us-west-2", "originAccountID": ACCOUNT })
                }),
                "tags": { "number": number.to_string() },
            })
        }),
        "DescribeJobs" => listed((stub, request), ("items", size.recovery_jobs), 1000, |number| {
            json!({
                "jobID": format!("drsjob-{}", id(number)),
                "arn": format!("arn:aws:drs:{region}:{ACCOUNT}:job/drsjob-{}", id(number)),
                "type": "LAUNCH",
                "initiatedBy": "START_DRILL",
                "status": "COMPLETED",
                "creationDateTime": BEGAN_TEXT,
                "endDateTime": BEGAN_TEXT,
                "participatingServers": [
                    { "sourceServerID": server(number), "launchStatus": "LAUNCHED" },
                    { "sourceServerID": server(number + 1), "launchStatus": "FAILED" },
                ],
            })
        }),
        _ => Err(Box::new(Reply::html(404))),
    }
}
