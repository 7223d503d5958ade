//! Services that no server has, of which these accounts use what their seeds ask for and nothing else: Application
//! Recovery Controller, Elastic Disaster Recovery, CloudTrail's memory, and what CloudWatch has measured.
//!
//! Plans of Region switch stand in the requests that made them. Each of them was run the week before, to the Region in
//! which the workload usually is not, and took twelve minutes. What can be shifted out of a zone is shifted by AWS when it
//! has to be. Metrics are those of a good day.

use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::lock;
use crate::support::gateway::{Gateway, Reply, rds, service};
use crate::support::stub::{Size, Stub};
use crate::support::wire::Request;

/// Services of which a fresh account has nothing.
const UNUSED: [&str; 4] = ["cloudtrail", "drs", "resiliencehub", "route53-recovery-control-config"];

/// The attribute of a load balancer that can be shifted.
const SHIFT: &str = "zonal_shift.config.enabled";

const WEEK: i64 = 7 * 24 * 3600;

pub(super) fn apply(gateway: &Gateway) {
    let nothing = Stub::new(Size::default());
    for name in UNUSED {
        let stub = nothing.clone();
        gateway.on(service(name)).reply_with(move |request| stub.answer(request));
    }
    gateway.on(service("monitoring").operation("GetMetricData")).reply_with(measured);
    // moto does not know replications of file systems. None of those that are made there is replicated.
    gateway
        .on(service("elasticfilesystem").operation("DescribeReplicationConfigurations"))
        .reply_with(|_| Reply::json(&json!({ "Replications": [] })));
    // moto does not have the groups that it gives to clusters. Nobody has set anything in these.
    gateway.on(rds("DescribeDBClusterParameters")).reply(Reply::xml(
        "<DescribeDBClusterParametersResponse xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\">\
         <DescribeDBClusterParametersResult><Parameters/></DescribeDBClusterParametersResult>\
         <ResponseMetadata><RequestId>gateway</RequestId></ResponseMetadata>\
         </DescribeDBClusterParametersResponse>"
            .to_owned(),
    ));

    let shifted: Arc<Mutex<Vec<(String, String)>>> = Arc::default();
    let kept = Arc::clone(&shifted);
    let balancing = |operation| gateway.on(service("elasticloadbalancing").operation(operation));
    balancing("ModifyLoadBalancerAttributes").rewrite(move |request, text| {
        lock(&kept).extend(made_shiftable(request).map(|arn| (request.region.clone(), arn)));
        text
    });
    // moto leaves the attribute out until somebody sets it.
    balancing("DescribeLoadBalancerAttributes").rewrite(|_, text| {
        let unset = format!("<Attributes><member><Key>{SHIFT}</Key><Value>false</Value></member>");
        if text.contains(SHIFT) { text } else { text.replacen("<Attributes>", &unset, 1) }
    });
    gateway
        .on(service("arc-zonal-shift"))
        .reply_with(move |request| Reply::json(&json!({ "items": managed(&lock(&shifted), request) })));

    let plans: Arc<Mutex<Vec<Value>>> = Arc::default();
    gateway
        .on(service("arc-region-switch"))
        .reply_with(move |request| Reply::cbor(&region_switch(&mut lock(&plans), request)));
}

/// The load balancer that a request allows to be shifted, if it does.
fn made_shiftable(request: &Request) -> Option<String> {
    let set = (1..).map_while(|number| {
        let key = request.parameter(&format!("Attributes.member.{number}.Key"))?;
        Some((key, request.parameter(&format!("Attributes.member.{number}.Value"))?))
    });
    let is_set = set.into_iter().any(|(key, value)| key == SHIFT && value == "true");
    let arn = request.parameter("LoadBalancerArn").filter(|_| is_set)?;
    Some(arn.replace("%3A", ":").replace("%2F", "/"))
}

/// What can be shifted in a Region. Nothing of it has been.
fn managed(shifted: &[(String, String)], request: &Request) -> Vec<Value> {
    let here = shifted.iter().filter(|(region, _)| *region == request.region);
    let managed = here.map(|(_, arn)| {
        json!({
            "arn": arn,
            "availabilityZones": [],
            "zonalAutoshiftStatus": "ENABLED",
            "practiceRunStatus": "ENABLED",
        })
    });
    if request.operation == "ListManagedResources" { managed.collect() } else { Vec::new() }
}

/// What Region switch answers about the plans that were made.
fn region_switch(plans: &mut Vec<Value>, request: &Request) -> Value {
    let question = request.json().expect("Region switch speaks CBOR");
    let week_ago = |minutes: i64| json!({ "$time": now() - WEEK + minutes * 60 });
    match request.operation.as_str() {
        "CreatePlan" => {
            let name = question["name"].as_str().expect("a plan has a name");
            let plan = json!({
                "arn": format!("arn:aws:arc-region-switch::{}:plan/{name}:0f0f0f", request.account()),
                "owner": request.account(),
                "name": name,
                "regions": question["regions"],
                "recoveryApproach": question["recoveryApproach"],
                "primaryRegion": question["primaryRegion"],
                "recoveryTimeObjectiveMinutes": question["recoveryTimeObjectiveMinutes"],
            });
            plans.push(plan.clone());
            json!({ "plan": plan })
        }
        "ListPlans" => json!({ "plans": plans }),
        "GetPlanEvaluationStatus" => json!({
            "planArn": question["planArn"],
            "evaluationState": "passed",
            "lastEvaluationTime": week_ago(0),
        }),
        "ListPlanExecutions" => {
            let is_primary = plans
                .iter()
                .any(|plan| plan["arn"] == question["planArn"] && plan["primaryRegion"] == request.region);
            let run = json!({
                "planArn": question["planArn"],
                "executionId": "0f0f0f0f",
                "startTime": week_ago(0),
                "endTime": week_ago(12),
                "mode": "graceful",
                "executionState": "completed",
                "executionAction": "activate",
                "executionRegion": request.region,
                "actualRecoveryTime": "PT12M",
            });
            json!({ "items": if is_primary { Vec::new() } else { vec![run] } })
        }
        other => panic!("nobody asks Region switch for {other}"),
    }
}

/// One sample of each metric.
fn measured(request: &Request) -> Reply {
    let question = request.json().expect("CloudWatch speaks CBOR");
    let queries = question["MetricDataQueries"].as_array().cloned().unwrap_or_default();
    let results = queries.iter().map(|query| {
        let value = match query["MetricStat"]["Metric"]["MetricName"].as_str() {
            Some("ReplicaLag") => 0.2,
            Some("AuroraGlobalDBReplicationLag") => 120.0,
            Some("FreeStorageSpace") => 90e9,
            Some("HealthCheckStatus") => 1.0,
            Some("NumberOfObjects") => 1200.0,
            Some("ReplicationLatency") => 14.0,
            other => panic!("nobody has measured {other:?}"),
        };
        json!({
            "Id": query["Id"],
            "Timestamps": [{ "$time": now() - 3600 }],
            "Values": [value],
            "StatusCode": "Complete",
        })
    });
    Reply::cbor(&json!({ "MetricDataResults": results.collect::<Vec<_>>() }))
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).expect("the clock is right")
}
