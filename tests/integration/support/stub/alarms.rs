//! Alarms, which are the only things that are given out in CBOR. Every other one is composite.

use serde_json::{Value, json};

use super::page::{Paging, Token, id};
use super::{ACCOUNT, Stub};
use crate::support::gateway::Reply;
use crate::support::wire::Request;

const PAGING: Paging = Paging {
    size: "MaxRecords",
    sizes: 1..=100,
    token: "NextToken",
    is: Token::Opaque,
    refusal: "InvalidNextToken",
};

/// Answers with a page of the alarms of a Region, of both types together.
pub(super) fn answer(stub: &Stub, request: &Request) -> Reply {
    let alarms = stub.size.regional(&request.region).alarms;
    let page = match PAGING.page(request, alarms, stub.size.most_in_a_page) {
        Ok(page) => page,
        Err(refusal) => return *refusal,
    };
    // Callers that do not ask for composite alarms get none.
    let asked = request.json().unwrap_or_default();
    let is_asked = |kind: &str| match asked["AlarmTypes"].as_array() {
        Some(kinds) => kinds.iter().any(|wanted| wanted == kind),
        None => kind == "MetricAlarm",
    };
    let (composite, on_metrics): (Vec<usize>, Vec<usize>) =
        page.items.clone().partition(|number| !number.is_multiple_of(2));
    let of = |kind: &str, numbers: Vec<usize>, alarm: &dyn Fn(usize) -> Value| -> Vec<Value> {
        if is_asked(kind) { numbers.into_iter().map(alarm).collect() } else { Vec::new() }
    };
    let mut answer = json!({
        "MetricAlarms": of("MetricAlarm", on_metrics, &|number| metric_alarm(&request.region, number)),
        "CompositeAlarms": of("CompositeAlarm", composite, &|number| composite_alarm(&request.region, number)),
    });
    if let Some(next) = page.next {
        answer["NextToken"] = next.into();
    }
    Reply::cbor(&answer)
}

/// What both types have.
fn alarm(region: &str, number: usize) -> Value {
    let name = format!("alarm-{}", id(number));
    let changed = json!({ "$time": 1_767_323_045.5 });
    json!({
        "AlarmArn": format!("arn:aws:cloudwatch:{region}:{ACCOUNT}:alarm:{name}"),
        "AlarmName": name,
        "AlarmConfigurationUpdatedTimestamp": changed,
        "ActionsEnabled": true,
        "OKActions": [],
        "AlarmActions": [format!("arn:aws:sns:{region}:{ACCOUNT}:topic-{}", id(number))],
        "InsufficientDataActions": [],
        "StateValue": "OK",
        "StateReason": "Unchecked: Initial alarm creation",
        "StateUpdatedTimestamp": changed,
        "StateTransitionedTimestamp": changed,
    })
}

fn metric_alarm(region: &str, number: usize) -> Value {
    let mut alarm = alarm(region, number);
    alarm["Namespace"] = "AWS/Route53".into();
    alarm["MetricName"] = "HealthCheckStatus".into();
    let check = format!("0f0f0f0f-0000-4000-8000-00000{}", id(number));
    alarm["Dimensions"] = json!([{ "Name": "HealthCheckId", "Value": check }]);
    alarm["Statistic"] = "Minimum".into();
    alarm["Period"] = 60.into();
    alarm["EvaluationPeriods"] = (number + 1).into();
    alarm["Threshold"] = 1.0.into();
    alarm["ComparisonOperator"] = "LessThanThreshold".into();
    alarm["TreatMissingData"] = "breaching".into();
    alarm
}

fn composite_alarm(region: &str, number: usize) -> Value {
    let mut alarm = alarm(region, number);
    alarm["AlarmRule"] = format!("ALARM(alarm-{})", id(number - 1)).into();
    alarm
}
