//! Servers of Elastic Disaster Recovery, in the Regions to which they are replicated, and what was launched from them.

use aws_sdk_drs::types;

use super::answer::Failure;
use super::ledger::operation;
use super::scan::Scan;
use super::{Place, sorted, text};
use crate::snapshot::drs::{RecoveryJob, SourceServer};
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Kind, Resource, Timestamp};

const DESCRIBE_SOURCE_SERVERS: &Operation = operation("drs", "DescribeSourceServers");
const DESCRIBE_JOBS: &Operation = operation("drs", "DescribeJobs");

/// The call that is made in each Region.
pub(super) const OPERATIONS: [&Operation; 1] = [DESCRIBE_SOURCE_SERVERS];

/// Code of an account that does not use the service in the Region.
const UNUSED: [&str; 1] = ["UninitializedAccountException"];

/// Collects the servers that are replicated to a Region and, if there are any, the launches there.
pub(super) async fn collect(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.drs(&place.region);
    // The API does not say how large a page may be, and is left to choose.
    let listing = scan
        .pages(
            &lane,
            |marker| client.describe_source_servers().set_next_token(marker).send(),
            |page| (page.next_token, page.items),
        )
        .await;
    let failure = listing.failure.filter(|failure| !failure.is_answer(&UNUSED));
    scan.ledger.list(DESCRIBE_SOURCE_SERVERS, &place.region, listing.items.len(), failure.as_ref());
    let servers: Vec<Resource> =
        listing.items.into_iter().filter_map(|listed| server(place, listed)).collect();
    if servers.is_empty() {
        // After a refusal, nobody knows whether there are launches to ask about.
        let skipped = failure.map(|_| Failure::incomplete_listing());
        scan.ledger.enter(DESCRIBE_JOBS, &place.region, 0, skipped.as_ref());
        return servers;
    }
    scan.ledger.plan(1);
    let jobs = scan
        .list(
            DESCRIBE_JOBS,
            &place.region,
            &lane,
            |marker| client.describe_jobs().set_next_token(marker).send(),
            |page| (page.next_token, page.items),
        )
        .await;
    let jobs = jobs.items.into_iter().map(|listed| job(place, listed)).collect();
    [servers, jobs].concat()
}

fn server(place: &Place, listed: types::SourceServer) -> Option<Resource> {
    let id = text(listed.source_server_id)?;
    let arn = text(listed.arn).unwrap_or_else(|| place.arn("drs", &format!("source-server/{id}")));
    let hints = listed.source_properties.and_then(|properties| properties.identification_hints);
    let instance = hints.and_then(|hints| text(hints.aws_instance_id));
    let cloud = listed.source_cloud_properties;
    let source_instance = instance.zip(cloud).and_then(|(id, cloud)| {
        let (region, account) = (text(cloud.origin_region)?, text(cloud.origin_account_id)?);
        Some(format!("arn:{}:ec2:{region}:{account}:instance/{id}", place.account.partition))
    });
    let replication = listed.data_replication_info;
    let attributes = SourceServer {
        source_instance,
        data_replication_state: replication
            .as_ref()
            .and_then(|it| Some(it.data_replication_state.as_ref()?.as_str().to_owned())),
        lag_duration: replication.and_then(|it| text(it.lag_duration)),
        last_launch_result: listed.last_launch_result.map(|result| result.as_str().to_owned()),
    };
    let tags = listed.tags.unwrap_or_default().into_iter().collect();
    let attributes = Attributes::SourceServer(Box::new(attributes));
    Some(Resource { tags: Some(tags), ..place.resource(Kind::SourceServer, arn, id, attributes) })
}

fn job(place: &Place, listed: types::Job) -> Resource {
    let servers = listed.participating_servers.unwrap_or_default();
    let (launched, failed): (Vec<_>, Vec<_>) =
        servers.into_iter().partition(|server| server.launch_status == Some(types::LaunchStatus::Launched));
    let arns = |servers: Vec<types::ParticipatingServer>| {
        let ids = servers.into_iter().filter_map(|server| text(server.source_server_id));
        sorted(ids.map(|id| place.arn("drs", &format!("source-server/{id}"))))
    };
    let time = |text: Option<String>| text.and_then(|text| text.parse::<Timestamp>().ok());
    let attributes = RecoveryJob {
        initiated_by: listed.initiated_by.map(|cause| cause.as_str().to_owned()),
        status: listed.status.map(|status| status.as_str().to_owned()),
        creation_date_time: time(listed.creation_date_time),
        end_date_time: time(listed.end_date_time),
        launched: arns(launched),
        failed: arns(failed),
    };
    let id = listed.job_id;
    let arn = text(listed.arn).unwrap_or_else(|| place.arn("drs", &format!("job/{id}")));
    let tags = listed.tags.unwrap_or_default().into_iter().collect();
    let attributes = Attributes::RecoveryJob(Box::new(attributes));
    Resource { tags: Some(tags), ..place.resource(Kind::RecoveryJob, arn, id, attributes) }
}
