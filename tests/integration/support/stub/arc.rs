//! Application Recovery Controller: zonal shifts, plans of Region switch, and routing controls.
//!
//! Every third plan and every third cluster is of another account, which shares it. Region switch speaks CBOR.

use serde_json::{Value, json};

use super::page::{Page, Paging, Token, id, number_of};
use super::template::Values;
use super::{ACCOUNT, Stub, asked, item, unescaped};
use crate::support::gateway::Reply;
use crate::support::seed::TOKYO;
use crate::support::wire::Request;

/// Where plans run. The first of the alphabet is the primary Region of those with an odd number.
const REGIONS: [&str; 2] = ["us-west-2", TOKYO];

/// Where plans are written.
const VIRGINIA: &str = "us-east-1";

/// Another account.
const PARTNER: &str = "210987654321";

/// When the first of everything began.
const BEGAN: i64 = 1_767_323_045;

const HOUR: i64 = 3600;

const ZONAL_SHIFT: Paging = Paging {
    size: "maxResults",
    sizes: 1..=100,
    token: "nextToken",
    is: Token::Opaque,
    refusal: "ValidationException",
};

const ROUTING_CONTROL: Paging =
    Paging { size: "MaxResults", sizes: 1..=1000, token: "NextToken", ..ZONAL_SHIFT };

/// Answers a call of the three APIs; `None` if it is none of these.
pub(super) fn answer(stub: &Stub, request: &Request) -> Option<Reply> {
    let answer = match request.service.as_str() {
        "arc-zonal-shift" => zonal_shift(stub, request),
        "arc-region-switch" => region_switch(stub, request),
        "route53-recovery-control-config" => routing_control(stub, request),
        _ => return None,
    };
    Some(answer.unwrap_or_else(|reply| *reply))
}

fn unknown(_: &Request) -> Box<Reply> {
    Box::new(Reply::html(404))
}

fn missing(request: &Request) -> Box<Reply> {
    Box::new(Reply::error(request, 404, "ResourceNotFoundException", "There is no such thing"))
}

fn owner(number: usize) -> &'static str {
    if number % 3 == 2 { PARTNER } else { ACCOUNT }
}

fn zonal_shift(stub: &Stub, request: &Request) -> Result<Reply, Box<Reply>> {
    let size = stub.size.regional(&request.region);
    let (items, template) = match request.operation.as_str() {
        "ListManagedResources" => {
            (size.managed_resources, include_str!("responses/arc/ListManagedResources.json"))
        }
        "ListZonalShifts" => (size.zonal_shifts, include_str!("responses/arc/ListZonalShifts.json")),
        _ => return Err(unknown(request)),
    };
    let page = ZONAL_SHIFT.page(request, items, stub.size.most_in_a_page)?;
    // Each began a second after the one before.
    let began = (0..items).zip(BEGAN..).filter(|(number, _)| page.items.contains(number));
    let items = began.map(|(number, start)| item(number).with("start", start).with("end", start + HOUR));
    Ok(stub.reply(request, template, page.values().items(items)))
}

fn region_switch(stub: &Stub, request: &Request) -> Result<Reply, Box<Reply>> {
    let page = |items| ZONAL_SHIFT.page(request, items, stub.size.most_in_a_page);
    let listed = |page: Page, name: &str, item: &dyn Fn(usize) -> Value| {
        let items: Vec<Value> = page.items.map(item).collect();
        let mut answer = json!({ name: items });
        if let Some(next) = page.next {
            answer["nextToken"] = next.into();
        }
        Reply::cbor(&answer)
    };
    if request.operation == "ListPlans" {
        let plans = if request.region == VIRGINIA { stub.size.plans } else { 0 };
        return Ok(listed(page(plans)?, "plans", &plan));
    }
    // Only the Regions of a plan know it.
    let arn = asked(request, "planArn").unwrap_or_default();
    let number = arn.rsplit_once(':').and_then(|(name, _)| number_of(name));
    let number = number.filter(|it| *it < stub.size.plans && REGIONS.contains(&request.region.as_str()));
    let number = number.ok_or_else(|| missing(request))?;
    match request.operation.as_str() {
        "ListPlanExecutions" => {
            let execution = |it| execution(&request.region, &arn, it);
            Ok(listed(page(stub.size.plan_executions)?, "items", &execution))
        }
        "GetPlanEvaluationStatus" => Ok(Reply::cbor(&json!({
            "planArn": arn,
            "region": request.region,
            "evaluationState": if number.is_multiple_of(2) { "passed" } else { "actionRequired" },
            "lastEvaluationTime": { "$time": BEGAN },
            "lastEvaluatedVersion": "1",
            "warnings": [{ "version": "1", "warningStatus": "active", "warningMessage": "nobody's business" }],
        }))),
        _ => Err(unknown(request)),
    }
}

fn plan(number: usize) -> Value {
    let mut plan = json!({
        "arn": format!("arn:aws:arc-region-switch::{}:plan/plan-{}:0f0f0f", owner(number), id(number)),
        "owner": owner(number),
        "name": format!("plan-{}", id(number)),
        "regions": REGIONS,
        "recoveryApproach": if number.is_multiple_of(2) { "activeActive" } else { "activePassive" },
        "recoveryTimeObjectiveMinutes": number + 1,
        "description": "nobody's business",
        "executionRole": format!("arn:aws:iam::{ACCOUNT}:role/switch"),
        "version": "1",
        "updatedAt": { "$time": BEGAN },
    });
    if !number.is_multiple_of(2) {
        plan["primaryRegion"] = TOKYO.into();
    }
    plan
}

fn execution(region: &str, plan: &str, number: usize) -> Value {
    json!({
        "planArn": plan,
        "executionId": format!("{region}-{}", id(number)),
        "startTime": { "$time": BEGAN },
        "endTime": { "$time": BEGAN + HOUR },
        "mode": if number.is_multiple_of(2) { "graceful" } else { "ungraceful" },
        "executionState": "completed",
        "executionAction": "activate",
        "executionRegion": region,
        "actualRecoveryTime": format!("PT{}M", number + 1),
        "comment": "nobody's business",
    })
}

fn routing_control(stub: &Stub, request: &Request) -> Result<Reply, Box<Reply>> {
    let (items, template, values) = match request.operation.as_str() {
        "ListClusters" => {
            (stub.size.clusters, include_str!("responses/arc/ListClusters.json"), Values::default())
        }
        "ListControlPanels" => {
            let cluster = asked(request, "ClusterArn").as_deref().and_then(number_of);
            let cluster = cluster.filter(|it| *it < stub.size.clusters && owner(*it) == ACCOUNT);
            let parent = id(cluster.ok_or_else(|| missing(request))?);
            let template = include_str!("responses/arc/ListControlPanels.json");
            (stub.size.control_panels, template, Values::default().with("parent", parent))
        }
        "ListRoutingControls" => {
            let panel = request.path().nth(1).map(unescaped);
            let panel = panel.as_deref().and_then(|arn| arn.rsplit_once('/')).map(|(_, panel)| panel);
            let is_there = |panel: &&str| number_of(panel).is_some_and(|it| it < stub.size.control_panels);
            let panel = panel.filter(is_there).ok_or_else(|| missing(request))?;
            let template = include_str!("responses/arc/ListRoutingControls.json");
            (stub.size.routing_controls, template, Values::default().with("panel", panel))
        }
        _ => return Err(unknown(request)),
    };
    let page = ROUTING_CONTROL.page(request, items, stub.size.most_in_a_page)?;
    let items = page.items.clone().map(|number| item(number).with("owner", owner(number)));
    let values = match page.next {
        Some(next) => values.with("next", next),
        None => values,
    };
    Ok(stub.reply(request, template, values.items(items)))
}
