//! Applications of Resilience Hub. Every third was never published; the others consist of the same.

use super::page::{Paging, Token, id, number_of};
use super::size::Regional;
use super::template::Values;
use super::{ACCOUNT, Stub, asked, item};
use crate::support::gateway::Reply;
use crate::support::wire::Request;

const PAGING: Paging = Paging {
    size: "maxResults",
    sizes: 1..=100,
    token: "nextToken",
    is: Token::Opaque,
    refusal: "ValidationException",
};

/// When the first assessment began; each next one did so an hour later.
const BEGAN: i64 = 1_767_323_045;

const HOUR: usize = 3600;

/// States of assessments, in their order.
const STATES: [&str; 3] = ["Success", "Failed", "InProgress"];

/// Includes the answer of an operation.
macro_rules! response {
    ($operation:literal) => {
        include_str!(concat!("responses/resiliencehub/", $operation, ".json"))
    };
}

/// Answers a call of Resilience Hub; `None` if it is another service's.
pub(super) fn answer(stub: &Stub, request: &Request) -> Option<Reply> {
    if request.service != "resiliencehub" {
        return None;
    }
    let size = stub.size.regional(&request.region);
    let answer = match request.operation.as_str() {
        "ListApps" => page(stub, request, &numbers(size.apps), item, response!("ListApps")),
        "ListResiliencyPolicies" => {
            let policies = numbers(size.resiliency_policies);
            page(stub, request, &policies, item, response!("ListResiliencyPolicies"))
        }
        "ListAppAssessments" => assessments(stub, request, size),
        "DescribeApp" => {
            app(request, size).map(|number| stub.reply(request, response!("DescribeApp"), item(number)))
        }
        "ListAppVersionResources" => resources(stub, request, size),
        _ => Ok(Reply::html(404)),
    };
    Some(answer.unwrap_or_else(|reply| *reply))
}

fn numbers(items: usize) -> Vec<usize> {
    (0..items).collect()
}

/// A page of some items.
fn page(
    stub: &Stub,
    request: &Request,
    numbers: &[usize],
    of_item: impl Fn(usize) -> Values,
    template: &str,
) -> Result<Reply, Box<Reply>> {
    let page = PAGING.page(request, numbers.len(), stub.size.most_in_a_page)?;
    let items = numbers[page.items.clone()].iter().map(|number| of_item(*number));
    Ok(stub.reply(request, template, page.values().items(items)))
}

fn missing(request: &Request) -> Box<Reply> {
    Box::new(Reply::error(request, 404, "ResourceNotFoundException", "There is no such thing"))
}

/// The application that a request is about.
fn app(request: &Request, size: Regional) -> Result<usize, Box<Reply>> {
    let number = asked(request, "appArn").as_deref().and_then(number_of);
    number.filter(|number| *number < size.apps).ok_or_else(|| missing(request))
}

fn resources(stub: &Stub, request: &Request, size: Regional) -> Result<Reply, Box<Reply>> {
    let number = app(request, size)?;
    if number % 3 == 2 || asked(request, "appVersion").as_deref() != Some("release") {
        return Err(missing(request));
    }
    let page = PAGING.page(request, size.app_resources, stub.size.most_in_a_page)?;
    let items = page.items.clone().map(|number| physical(&request.region, number));
    let values = page.values().with("parent", id(number)).items(items);
    Ok(stub.reply(request, response!("ListAppVersionResources"), values))
}

/// A part of an application, by turns: named by an ARN, by an id, by an id without a place, by one that no ARN follows
/// from, and excluded.
fn physical(region: &str, number: usize) -> Values {
    let id = id(number);
    let topic = format!("arn:aws:sns:{region}:{ACCOUNT}:topic-{id}");
    let (kind, of, identifier) = match number % 5 {
        0 => ("AWS::SNS::Topic", "Arn", topic),
        1 | 2 => ("AWS::RDS::DBInstance", "Native", format!("database-{id}")),
        3 => ("AWS::AutoScaling::AutoScalingGroup", "Native", format!("group-{id}")),
        _ => ("AWS::DynamoDB::Table", "Native", format!("table-{id}")),
    };
    item(number)
        .with("type", kind)
        .with("of", of)
        .with("identifier", identifier)
        .flag("here", number % 5 != 2)
        .flag("excluded", number % 5 == 4)
}

/// Assessments of the applications by turns, each newer than the one before.
fn assessments(stub: &Stub, request: &Request, size: Regional) -> Result<Reply, Box<Reply>> {
    let query = request.target.split(['?', '&']);
    let wanted: Vec<&str> = query.filter_map(|pair| pair.strip_prefix("assessmentStatus=")).collect();
    let state = |number: usize| STATES[number % STATES.len()];
    let is_wanted = |number: &usize| wanted.is_empty() || wanted.contains(&state(*number));
    let numbers: Vec<usize> = (0..size.app_assessments).filter(is_wanted).collect();
    let of_item = |number: usize| {
        let start = (BEGAN..).step_by(HOUR).nth(number).expect("time goes on");
        let values = item(number)
            .with("app", id(number % size.apps.max(1)))
            .with("status", state(number))
            .with("start", start);
        if state(number) == "InProgress" { values } else { values.with("end", start + 60) }
    };
    page(stub, request, &numbers, of_item, response!("ListAppAssessments"))
}
