//! Applications of Resilience Hub: what they consist of, what was promised for them, and how they were assessed.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_resiliencehub::types;
use futures_util::future::{join, join3};

use super::answer::unless_gone;
use super::ledger::{gap, operation};
use super::scan::{Listing, Scan};
use super::{Place, at_once, instant, sorted, text};
use crate::snapshot::operation::Operation;
use crate::snapshot::resiliencehub::{App, AppAssessment, FailurePolicy, ResiliencyPolicy};
use crate::snapshot::{Attributes, Kind, Resource};

const LIST_APPS: &Operation = operation("resiliencehub", "ListApps");
const DESCRIBE_APP: &Operation = operation("resiliencehub", "DescribeApp");
const LIST_RESOURCES: &Operation = operation("resiliencehub", "ListAppVersionResources");
const LIST_POLICIES: &Operation = operation("resiliencehub", "ListResiliencyPolicies");
const LIST_ASSESSMENTS: &Operation = operation("resiliencehub", "ListAppAssessments");

/// The calls that are made in each Region.
pub(super) const OPERATIONS: [&Operation; 1] = [LIST_APPS];

/// Items in a page: the most that the API allows.
const PAGE: i32 = 100;

/// The version of an application that was published last, which is what is assessed.
const PUBLISHED: &str = "release";

/// Code of an application that is gone, or was never published.
const GONE: [&str; 1] = ["ResourceNotFoundException"];

/// States of an assessment that came to its end.
const ENDED: [types::AssessmentStatus; 2] =
    [types::AssessmentStatus::Success, types::AssessmentStatus::Failed];

/// Collects what Resilience Hub has in a Region. Without an application, nothing was promised and nothing assessed.
pub(super) async fn collect(scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.resilience_hub(&place.region);
    let listing = scan
        .list(
            LIST_APPS,
            &place.region,
            &lane,
            |marker| client.list_apps().max_results(PAGE).set_next_token(marker).send(),
            |page| (page.next_token, Some(page.app_summaries)),
        )
        .await;
    if listing.items.is_empty() {
        let about = [DESCRIBE_APP, LIST_RESOURCES, LIST_POLICIES, LIST_ASSESSMENTS];
        let nothing = std::iter::empty();
        scan.ledger.enter_about(&about, &place.region, 0, nothing, listing.failure.as_ref());
        return Vec::new();
    }
    scan.ledger.plan(2);
    let (apps, policies, assessments) =
        join3(apps(scan, place, listing), policies(scan, place), assessments(scan, place)).await;
    [apps, policies, assessments].concat()
}

async fn apps(scan: &Arc<Scan>, place: &Place, listing: Listing<types::AppSummary>) -> Vec<Resource> {
    let about = [DESCRIBE_APP, LIST_RESOURCES];
    let asked = listing.items.len();
    scan.ledger.plan(about.len() * asked);
    let described = listing.items.into_iter().map(|listed| {
        let (scan, place) = (Arc::clone(scan), place.clone());
        async move { app(&scan, &place, listed).await }
    });
    let apps: Vec<Resource> = at_once(described).await.into_iter().flatten().collect();
    scan.ledger.enter_about(&about, &place.region, asked, apps.iter(), listing.failure.as_ref());
    apps
}

/// An application; `None` where it was deleted after it was listed.
async fn app(scan: &Scan, place: &Place, listed: types::AppSummary) -> Option<Resource> {
    let arn = text(Some(listed.app_arn))?;
    let (client, lane) = scan.session.resilience_hub(&place.region);
    let answer = scan.ask(
        DESCRIBE_APP,
        &lane,
        || client.describe_app().app_arn(&arn).send(),
        |answer| unless_gone(answer.map(|answer| answer.app), &GONE),
    );
    let (answer, listing) = join(answer, resources(scan, place, &arn)).await;
    let (policy_arn, tags, mut gaps) = match answer {
        Ok(app) => {
            let app = app?;
            (text(app.policy_arn), app.tags, Vec::new())
        }
        Err(gap) => (None, None, vec![gap]),
    };
    let resources =
        listing.items.iter().filter_map(|resource| resource_arn(&place.account.partition, resource));
    let attributes = App {
        policy_arn,
        compliance_status: listed.compliance_status.map(|status| status.as_str().to_owned()),
        drift_status: listed.drift_status.map(|status| status.as_str().to_owned()),
        last_app_compliance_evaluation_time: instant(listed.last_app_compliance_evaluation_time),
        resources: listing.failure.is_none().then(|| sorted(resources)),
    };
    gaps.extend(listing.failure.map(|failure| gap(LIST_RESOURCES, failure)));
    let app = place.resource(Kind::App, arn, listed.name, Attributes::App(Box::new(attributes)));
    Some(Resource { tags: tags.map(|tags| tags.into_iter().collect()), gaps, ..app })
}

/// Lists what the published version of an application consists of. One that was never published consists of nothing.
async fn resources(scan: &Scan, place: &Place, app: &str) -> Listing<types::PhysicalResource> {
    let (client, lane) = scan.session.resilience_hub(&place.region);
    let listing = scan
        .pages(
            &lane,
            |marker| {
                client
                    .list_app_version_resources()
                    .app_arn(app)
                    .app_version(PUBLISHED)
                    .max_results(PAGE)
                    .set_next_token(marker)
                    .send()
            },
            |page| (page.next_token, Some(page.physical_resources)),
        )
        .await;
    let failure = listing.failure.filter(|failure| !failure.is_answer(&GONE));
    scan.ledger.finish(LIST_RESOURCES, &place.region, failure.as_ref());
    Listing { failure, ..listing }
}

/// ARN of what an application consists of; `None` where it is excluded, or named in a way that no ARN follows from,
/// as that of an Auto Scaling group does not from its name.
fn resource_arn(partition: &str, resource: &types::PhysicalResource) -> Option<String> {
    let physical = resource.physical_resource_id.as_ref()?;
    if resource.excluded == Some(true) {
        return None;
    }
    let id = &physical.identifier;
    if physical.r#type == types::PhysicalIdentifierType::Arn {
        return id.starts_with("arn:").then(|| id.clone());
    }
    let region = physical.aws_region.as_deref().filter(|region| !region.is_empty())?;
    let account = physical.aws_account_id.as_deref().filter(|account| !account.is_empty())?;
    let of = |service: &str, resource: &str| {
        format!("arn:{partition}:{service}:{region}:{account}:{resource}{id}")
    };
    match resource.resource_type.as_str() {
        "AWS::DynamoDB::Table" => Some(of("dynamodb", "table/")),
        "AWS::EC2::Instance" => Some(of("ec2", "instance/")),
        "AWS::EC2::Volume" => Some(of("ec2", "volume/")),
        "AWS::RDS::DBCluster" => Some(of("rds", "cluster:")),
        "AWS::RDS::DBInstance" => Some(of("rds", "db:")),
        "AWS::S3::Bucket" => Some(format!("arn:{partition}:s3:::{id}")),
        _ => None,
    }
}

async fn policies(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.resilience_hub(&place.region);
    let listing = scan
        .list(
            LIST_POLICIES,
            &place.region,
            &lane,
            |marker| client.list_resiliency_policies().max_results(PAGE).set_next_token(marker).send(),
            |page| (page.next_token, Some(page.resiliency_policies)),
        )
        .await;
    listing.items.into_iter().filter_map(|policy| resiliency_policy(place, policy)).collect()
}

fn resiliency_policy(place: &Place, policy: types::ResiliencyPolicy) -> Option<Resource> {
    let arn = text(policy.policy_arn)?;
    let name = text(policy.policy_name).unwrap_or_else(|| arn.clone());
    let objectives = policy.policy.into_iter().flatten().map(|(disruption, objective)| {
        let (rto_in_secs, rpo_in_secs) = (objective.rto_in_secs, objective.rpo_in_secs);
        (disruption.as_str().to_owned(), FailurePolicy { rto_in_secs, rpo_in_secs })
    });
    let attributes = ResiliencyPolicy {
        tier: policy.tier.map(|tier| tier.as_str().to_owned()),
        policy: objectives.collect(),
    };
    let attributes = Attributes::ResiliencyPolicy(Box::new(attributes));
    Some(Resource {
        tags: policy.tags.map(|tags| tags.into_iter().collect()),
        ..place.resource(Kind::ResiliencyPolicy, arn, name, attributes)
    })
}

/// The newest assessment of each application. Many are assessed every day.
async fn assessments(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.resilience_hub(&place.region);
    let listing = scan
        .list(
            LIST_ASSESSMENTS,
            &place.region,
            &lane,
            |marker| {
                client
                    .list_app_assessments()
                    .set_assessment_status(Some(ENDED.to_vec()))
                    .max_results(PAGE)
                    .set_next_token(marker)
                    .send()
            },
            |page| (page.next_token, Some(page.assessment_summaries)),
        )
        .await;
    let newest = newest(listing.items);
    newest.filter_map(|assessment| app_assessment(place, assessment)).collect()
}

fn newest(
    assessments: Vec<types::AppAssessmentSummary>,
) -> impl Iterator<Item = types::AppAssessmentSummary> {
    let mut newest: BTreeMap<String, types::AppAssessmentSummary> = BTreeMap::new();
    for assessment in assessments {
        let Some(app) = text(assessment.app_arn.clone()) else { continue };
        let is_newer = newest.get(&app).is_none_or(|known| known.end_time < assessment.end_time);
        if is_newer && ENDED.contains(&assessment.assessment_status) {
            newest.insert(app, assessment);
        }
    }
    newest.into_values()
}

fn app_assessment(place: &Place, assessment: types::AppAssessmentSummary) -> Option<Resource> {
    let arn = text(Some(assessment.assessment_arn))?;
    let name = text(assessment.assessment_name).unwrap_or_else(|| arn.clone());
    let attributes = AppAssessment {
        app_arn: text(assessment.app_arn),
        assessment_status: Some(assessment.assessment_status.as_str().to_owned()),
        compliance_status: assessment.compliance_status.map(|status| status.as_str().to_owned()),
        end_time: instant(assessment.end_time),
    };
    let attributes = Attributes::AppAssessment(Box::new(attributes));
    Some(place.resource(Kind::AppAssessment, arn, name, attributes))
}

#[cfg(test)]
mod tests {
    use aws_sdk_resiliencehub::types::{
        PhysicalIdentifierType, PhysicalResource, PhysicalResourceId, builders::PhysicalResourceIdBuilder,
    };

    fn id(kind: PhysicalIdentifierType, id: &str) -> PhysicalResourceIdBuilder {
        PhysicalResourceId::builder().r#type(kind).identifier(id)
    }

    fn arn(kind: &str, id: PhysicalResourceIdBuilder, excluded: bool) -> Option<String> {
        let resource = PhysicalResource::builder()
            .resource_type(kind)
            .physical_resource_id(id.build().unwrap())
            .logical_resource_id(
                aws_sdk_resiliencehub::types::LogicalResourceId::builder().identifier("one").build().unwrap(),
            )
            .excluded(excluded);
        super::resource_arn("aws-cn", &resource.build().unwrap())
    }

    #[test]
    fn an_id_is_an_arn_only_where_nothing_has_to_be_guessed() {
        let native = |text| id(PhysicalIdentifierType::Native, text);
        let here = |text| native(text).aws_region("cn-north-1").aws_account_id("123456789012");
        let known = [
            ("AWS::DynamoDB::Table", "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/x"),
            ("AWS::EC2::Instance", "arn:aws-cn:ec2:cn-north-1:123456789012:instance/x"),
            ("AWS::EC2::Volume", "arn:aws-cn:ec2:cn-north-1:123456789012:volume/x"),
            ("AWS::RDS::DBCluster", "arn:aws-cn:rds:cn-north-1:123456789012:cluster:x"),
            ("AWS::RDS::DBInstance", "arn:aws-cn:rds:cn-north-1:123456789012:db:x"),
            ("AWS::S3::Bucket", "arn:aws-cn:s3:::x"),
        ];
        for (kind, expected) in known {
            assert_eq!(arn(kind, here("x"), false).as_deref(), Some(expected));
            assert_eq!(arn(kind, here("x"), true), None, "excluded");
            assert_eq!(arn(kind, native("x").aws_region("cn-north-1"), false), None, "whose?");
            assert_eq!(arn(kind, native("x").aws_account_id("123456789012"), false), None, "where?");
        }
        assert_eq!(arn("AWS::AutoScaling::AutoScalingGroup", here("x"), false), None);
        let topic = "arn:aws-cn:sns:cn-north-1:123456789012:x";
        let given = arn("AWS::SNS::Topic", id(PhysicalIdentifierType::Arn, topic), false);
        assert_eq!(given.as_deref(), Some(topic));
    }
}
