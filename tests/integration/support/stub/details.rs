//! Calls about one thing that was listed.

use super::page::number_of;
use super::size::Regional;
use super::{Stub, asked, item};
use crate::support::gateway::Reply;
use crate::support::wire::Request;

/// An operation about one thing in a Region.
pub(super) struct Detail {
    operation: &'static str,
    /// The parameter that says which thing.
    about: &'static str,
    /// How many of them there are.
    items: fn(Regional) -> usize,
    /// The code for one that is not there.
    missing: &'static str,
    template: &'static str,
}

/// An operation whose answer is in the file with its name.
macro_rules! detail {
    ($folder:literal, $operation:literal, $format:literal, $about:literal, $items:ident, $missing:literal) => {
        Detail {
            operation: $operation,
            about: $about,
            items: |it| it.$items,
            missing: $missing,
            template: include_str!(concat!("responses/", $folder, "/", $operation, ".", $format)),
        }
    };
}

/// What an operation is about, if it is about one thing.
pub(super) fn find(operation: &str) -> Option<Detail> {
    let details = [
        detail!("dynamodb", "DescribeTable", "json", "TableName", tables, "ResourceNotFoundException"),
        detail!(
            "dynamodb",
            "DescribeContinuousBackups",
            "json",
            "TableName",
            tables,
            "TableNotFoundException"
        ),
        detail!(
            "rds",
            "DescribeDBClusterParameters",
            "xml",
            "DBClusterParameterGroupName",
            clusters,
            "DBParameterGroupNotFound"
        ),
        detail!("kms", "DescribeKey", "json", "KeyId", keys, "NotFoundException"),
        detail!(
            "elb",
            "DescribeLoadBalancerAttributes",
            "xml",
            "LoadBalancerArn",
            load_balancers,
            "LoadBalancerNotFound"
        ),
        detail!(
            "elb",
            "DescribeClassicLoadBalancerAttributes",
            "xml",
            "LoadBalancerName",
            classic_load_balancers,
            "LoadBalancerNotFound"
        ),
        detail!(
            "elb",
            "DescribeTargetGroupAttributes",
            "xml",
            "TargetGroupArn",
            target_groups,
            "TargetGroupNotFound"
        ),
        detail!("elb", "DescribeTargetHealth", "xml", "TargetGroupArn", target_groups, "TargetGroupNotFound"),
    ];
    details.into_iter().find(|detail| detail.operation == operation)
}

/// Answers what is asked about one thing.
pub(super) fn answer(stub: &Stub, request: &Request, detail: &Detail) -> Reply {
    let number = asked(request, detail.about).as_deref().and_then(number_of);
    match number.filter(|number| *number < (detail.items)(stub.size.regional(&request.region))) {
        Some(number) => stub.reply(request, detail.template, item(number)),
        None => Reply::error(request, 400, detail.missing, "There is no such thing"),
    }
}
