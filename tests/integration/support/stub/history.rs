//! What CloudTrail remembers and CloudWatch has measured.

use serde_json::{Value, json};

use super::page::{Paging, Token, id};
use super::{ACCOUNT, Stub};
use crate::support::gateway::Reply;
use crate::support::wire::Request;

const PAGING: Paging = Paging {
    size: "MaxResults",
    sizes: 1..=50,
    token: "NextToken",
    is: Token::Opaque,
    refusal: "InvalidNextTokenException",
};

/// Answers about events and metrics.
pub(super) fn answer(stub: &Stub, request: &Request) -> Option<Reply> {
    match request.operation.as_str() {
        "LookupEvents" => Some(events(stub, request)),
        "GetMetricData" => Some(metrics(request)),
        _ => None,
    }
}

/// The failovers of a Region, each of a cluster of its number. Every other one was refused when it was asked for. Nothing
/// else has ever happened.
fn events(stub: &Stub, request: &Request) -> Reply {
    let asked = request.json().unwrap_or_default();
    let name = asked["LookupAttributes"][0]["AttributeValue"].as_str().unwrap_or_default();
    let failovers = stub.size.regional(&request.region).failovers;
    let number = if name == "FailoverDBCluster" { failovers } else { 0 };
    let page = match PAGING.page(request, number, stub.size.most_in_a_page) {
        Ok(page) => page,
        Err(refusal) => return *refusal,
    };
    let events: Vec<Value> = page.items.clone().map(event).collect();
    let mut answer = json!({ "Events": events });
    if let Some(next) = page.next {
        answer["NextToken"] = next.into();
    }
    Reply::new(200, "application/x-amz-json-1.1", answer.to_string())
}

fn event(number: usize) -> Value {
    let refused = (!number.is_multiple_of(2)).then_some("InvalidDBClusterStateFault");
    let call = json!({
        "eventVersion": "1.08",
        "userIdentity": { "arn": format!("arn:aws:iam::{ACCOUNT}:user/ada") },
        "errorCode": refused,
        "requestParameters": { "dBClusterIdentifier": format!("cluster-{}", id(number)) },
    });
    json!({
        "EventId": format!("0f0f0f0f-0000-4000-8000-00000{}", id(number)),
        "EventName": "FailoverDBCluster",
        "EventSource": "rds.amazonaws.com",
        "EventTime": 1_767_323_045.0,
        "Username": "ada",
        "CloudTrailEvent": call.to_string(),
    })
}

/// Two samples of every metric on the first page and one on the second.
fn metrics(request: &Request) -> Reply {
    let asked = request.json().unwrap_or_default();
    let is_second = asked["NextToken"].is_string();
    let (values, times): (&[f64], &[f64]) = if is_second {
        (&[2.0], &[1_767_330_000.0])
    } else {
        (&[1.0, 4.0], &[1_767_323_000.0, 1_767_326_600.0])
    };
    let queries = asked["MetricDataQueries"].as_array().cloned().unwrap_or_default();
    let results = queries.iter().map(|query| {
        json!({
            "Id": query["Id"],
            "Label": "metric",
            "Timestamps": times.iter().map(|time| json!({ "$time": time })).collect::<Vec<_>>(),
            "Values": values,
            "StatusCode": "Complete",
        })
    });
    let mut answer = json!({ "MetricDataResults": results.collect::<Vec<_>>(), "Messages": [] });
    if !is_second {
        answer["NextToken"] = "second".into();
    }
    Reply::cbor(&answer)
}
