//! Tags of what has no tags in its own API. Everything of the types here has one, which says its number. What has any other
//! tag that is asked for is a function.

use serde_json::Value;

use super::page::{Paging, Token, id};
use super::{ACCOUNT, Stub, item};
use crate::support::gateway::Reply;
use crate::support::wire::Request;

const PAGING: Paging = Paging {
    size: "ResourcesPerPage",
    sizes: 1..=100,
    token: "PaginationToken",
    is: Token::Opaque,
    refusal: "InvalidParameterException",
};

/// Answers with a page of the tags of a Region, of the types that are asked for.
pub(super) fn answer(stub: &Stub, request: &Request) -> Reply {
    let question: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let types = question["ResourceTypeFilters"].as_array().cloned().unwrap_or_default();
    let tag = question["TagFilters"][0]["Key"].as_str().unwrap_or("number");
    let tagged: Vec<(usize, String)> = if tag == "number" {
        tagged(stub, &request.region)
            .into_iter()
            .filter(|(kind, _)| types.is_empty() || types.iter().any(|wanted| wanted == kind))
            .flat_map(|(_, arns)| arns)
            .collect()
    } else {
        let function =
            |number| format!("arn:aws:lambda:{}:{ACCOUNT}:function:recover-{}", request.region, id(number));
        let automations = stub.size.regional(&request.region).automations;
        (0..automations).map(|number| (number, function(number))).collect()
    };
    let page = match PAGING.page(request, tagged.len(), stub.size.most_in_a_page) {
        Ok(page) => page,
        Err(refusal) => return *refusal,
    };
    let items = tagged[page.items.clone()]
        .iter()
        .map(|(number, arn)| item(*number).with("arn", arn).with("tag", tag));
    let values = page.values().items(items);
    stub.reply(request, include_str!("responses/tagging/GetResources.json"), values)
}

/// Number and ARN of everything in a Region that has tags, by the name that the tagging API has for its type.
fn tagged(stub: &Stub, region: &str) -> [(&'static str, Vec<(usize, String)>); 5] {
    let size = &stub.size;
    let regional = size.regional(region);
    let arns = |items: usize, arn: &dyn Fn(usize, String) -> String| -> Vec<(usize, String)> {
        (0..items).map(|number| (number, arn(number, id(number)))).collect()
    };
    let mut buckets = arns(size.buckets, &|_, id| format!("arn:aws:s3:::data-{id}"));
    buckets.retain(|(number, _)| size.region_of_bucket(*number) == region);
    // What is in no Region has its tags in the first of the partition.
    let zones = if region == "us-east-1" { size.zones } else { 0 };
    let balancing = format!("arn:aws:elasticloadbalancing:{region}:{ACCOUNT}");
    let mut balancers = arns(regional.load_balancers, &|number, id| {
        let kind = if number.is_multiple_of(2) { "app" } else { "net" };
        format!("{balancing}:loadbalancer/{kind}/web-{id}/0f0f0f0f0{id}")
    });
    balancers.extend(arns(regional.classic_load_balancers, &|_, id| {
        format!("{balancing}:loadbalancer/classic-{id}")
    }));
    let groups =
        arns(regional.target_groups, &|_, id| format!("{balancing}:targetgroup/web-{id}/0f0f0f0f0{id}"));
    let tables =
        arns(regional.tables, &|_, id| format!("arn:aws:dynamodb:{region}:{ACCOUNT}:table/table-{id}"));
    [
        ("s3", buckets),
        ("dynamodb:table", tables),
        ("elasticloadbalancing:loadbalancer", balancers),
        ("elasticloadbalancing:targetgroup", groups),
        ("route53:hostedzone", arns(zones, &|_, id| format!("arn:aws:route53:::hostedzone/Z{id}"))),
    ]
}
