//! Jobs: backups and copies that did not come to their end, and restores that did.
//!
//! An account makes thousands of backups a day, and what they made is in the vaults. So only those of the states that
//! mean a failure are asked for, each state with a call of its own.

use aws_sdk_backup::types::{BackupJobState, CopyJobState, RestoreJobStatus};
use futures_util::future::{join, join_all};

use super::super::answer::Failure;
use super::super::ledger::operation;
use super::super::scan::Scan;
use super::super::{Place, instant, text};
use super::{PAGE, newest};
use crate::snapshot::backup::{FailedJob, RestoreJob};
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Kind, Resource, Timestamp};

pub(super) const LIST_BACKUP_JOBS: &Operation = operation("backup", "ListBackupJobs");
pub(super) const LIST_COPY_JOBS: &Operation = operation("backup", "ListCopyJobs");
pub(super) const LIST_RESTORE_JOBS: &Operation = operation("backup", "ListRestoreJobs");

/// States of a backup that made nothing, or not all.
const FAILED_BACKUP: [BackupJobState; 4] =
    [BackupJobState::Aborted, BackupJobState::Expired, BackupJobState::Failed, BackupJobState::Partial];

/// States of a copy that made nothing, or not all.
const FAILED_COPY: [CopyJobState; 2] = [CopyJobState::Failed, CopyJobState::Partial];

/// A job with its id.
type Job = (String, FailedJob);

/// Collects the newest failed backup and copy of each resource.
pub(super) async fn failed(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (backups, copies) = join(backups(scan, place), copies(scan, place)).await;
    [backups, copies].concat()
}

async fn backups(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.backup(&place.region);
    let listings = FAILED_BACKUP.map(|state| {
        scan.pages(
            &lane,
            {
                let client = client.clone();
                move |marker| {
                    client
                        .list_backup_jobs()
                        .by_state(state.clone())
                        .max_results(PAGE)
                        .set_next_token(marker)
                        .send()
                }
            },
            |page| (page.next_token, page.backup_jobs),
        )
    });
    let mut failure = None;
    let mut jobs = Vec::new();
    for listing in join_all(listings).await {
        failure = failure.or(listing.failure);
        jobs.extend(listing.items.into_iter().filter_map(|job| {
            Some((
                text(job.backup_job_id)?,
                FailedJob {
                    resource_arn: text(job.resource_arn),
                    resource_type: text(job.resource_type),
                    state: job.state.map(|state| state.as_str().to_owned()),
                    message_category: text(job.message_category),
                    destination_vault_arn: text(job.backup_vault_arn),
                    creation_date: instant(job.creation_date),
                },
            ))
        }));
    }
    entered(scan, place, (LIST_BACKUP_JOBS, Kind::BackupJob, "backup-job"), jobs, failure)
}

async fn copies(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.backup(&place.region);
    let listings = FAILED_COPY.map(|state| {
        scan.pages(
            &lane,
            {
                let client = client.clone();
                move |marker| {
                    client
                        .list_copy_jobs()
                        .by_state(state.clone())
                        .max_results(PAGE)
                        .set_next_token(marker)
                        .send()
                }
            },
            |page| (page.next_token, page.copy_jobs),
        )
    });
    let mut failure = None;
    let mut jobs = Vec::new();
    for listing in join_all(listings).await {
        failure = failure.or(listing.failure);
        jobs.extend(listing.items.into_iter().filter_map(|job| {
            Some((
                text(job.copy_job_id)?,
                FailedJob {
                    resource_arn: text(job.resource_arn),
                    resource_type: text(job.resource_type),
                    state: job.state.map(|state| state.as_str().to_owned()),
                    message_category: text(job.message_category),
                    destination_vault_arn: text(job.destination_backup_vault_arn),
                    creation_date: instant(job.creation_date),
                },
            ))
        }));
    }
    entered(scan, place, (LIST_COPY_JOBS, Kind::CopyJob, "copy-job"), jobs, failure)
}

/// Enters the listing, and makes resources of the newest job about each resource and vault.
fn entered(
    scan: &Scan,
    place: &Place,
    (operation, kind, word): (&'static Operation, Kind, &str),
    jobs: Vec<Job>,
    failure: Option<Failure>,
) -> Vec<Resource> {
    scan.ledger.list(operation, &place.region, jobs.len(), failure.as_ref());
    let jobs = jobs.into_iter().map(|(id, job)| {
        let key = (job.resource_arn.clone(), job.destination_vault_arn.clone());
        (key, job.creation_date, (id, job))
    });
    let resource = |(id, job): Job| {
        let arn = place.arn("backup", &format!("{word}/{id}"));
        place.resource(kind, arn, id, Attributes::FailedJob(Box::new(job)))
    };
    newest(jobs).map(resource).collect()
}

/// Collects the newest restore of each resource, of each verdict of those who tried what was restored.
pub(super) async fn restores(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.backup(&place.region);
    let listing = scan
        .list(
            LIST_RESTORE_JOBS,
            &place.region,
            &lane,
            |marker| {
                client
                    .list_restore_jobs()
                    .by_status(RestoreJobStatus::Completed)
                    .max_results(PAGE)
                    .set_next_token(marker)
                    .send()
            },
            |page| (page.next_token, page.restore_jobs),
        )
        .await;
    let jobs = listing.items.into_iter().filter_map(|job| {
        let id = text(job.restore_job_id)?;
        let attributes = RestoreJob {
            source_resource_arn: text(job.source_resource_arn),
            resource_type: text(job.resource_type),
            creation_date: instant(job.creation_date),
            completion_date: instant(job.completion_date),
            validation_status: job.validation_status.map(|status| status.as_str().to_owned()),
            restore_testing_plan_arn: text(
                job.created_by.and_then(|created_by| created_by.restore_testing_plan_arn),
            ),
        };
        let key = (attributes.source_resource_arn.clone(), attributes.validation_status.clone());
        let ended: Option<Timestamp> = attributes.completion_date;
        Some((key, ended, (id, attributes)))
    });
    let resource = |(id, job): (String, RestoreJob)| {
        let arn = place.arn("backup", &format!("restore-job/{id}"));
        place.resource(Kind::RestoreJob, arn, id, Attributes::RestoreJob(Box::new(job)))
    };
    newest(jobs).map(resource).collect()
}
