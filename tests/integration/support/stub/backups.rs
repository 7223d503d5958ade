//! What AWS Backup keeps below something else, or gives out by its state; and policies of Data Lifecycle Manager.

use hadr_scan::snapshot::Timestamp;

use super::page::{Paging, id, number_of};
use super::size::Regional;
use super::template::Values;
use super::{Stub, asked, item, lists};
use crate::support::gateway::Reply;
use crate::support::wire::Request;

/// States of backups that made nothing, or not all, in the order of the jobs.
const BACKUPS: [&str; 4] = ["FAILED", "EXPIRED", "ABORTED", "PARTIAL"];

/// States of such copies.
const COPIES: [&str; 2] = ["FAILED", "PARTIAL"];

/// When a backup was made, without a time to count from.
const MADE: i64 = 1_767_323_045;

const DAY: i64 = 24 * 3600;

/// Includes the answer of an operation.
macro_rules! response {
    ($operation:literal) => {
        include_str!(concat!("responses/", $operation, ".json"))
    };
}

/// How something that hangs on another thing is given out, and how much of it there is.
type Hanging = (fn() -> Paging, usize);

/// Answers with what hangs on something else; `None` if the operation is none of these.
pub(super) fn answer(stub: &Stub, request: &Request, operation: &str) -> Option<Reply> {
    let size = stub.size.regional(&request.region);
    let below = |parents, items, template| Some(below(stub, request, (parents, items), template));
    let paging = |paging: fn() -> Paging, items| Some((paging, items));
    match operation {
        "ListRecoveryPointsByBackupVault" => below(
            size.backup_vaults,
            paging(lists::backup, size.recovery_points),
            response!("backup/ListRecoveryPointsByBackupVault"),
        ),
        "ListBackupSelections" => below(
            size.backup_plans,
            paging(lists::backup, size.backup_selections),
            response!("backup/ListBackupSelections"),
        ),
        "ListRestoreTestingSelections" => below(
            size.restore_testing_plans,
            paging(lists::restore_testing, size.restore_testing_selections),
            response!("backup/ListRestoreTestingSelections"),
        ),
        "GetBackupPlan" => below(size.backup_plans, None, response!("backup/GetBackupPlan")),
        "GetLifecyclePolicy" => below(size.lifecycle_policies, None, response!("dlm/GetLifecyclePolicy")),
        "GetBackupSelection" => Some(selection(stub, request, size)),
        "ListBackupJobs" => {
            Some(jobs(stub, request, (size.failed_backups, &BACKUPS), response!("backup/ListBackupJobs")))
        }
        "ListCopyJobs" => {
            Some(jobs(stub, request, (size.failed_copies, &COPIES), response!("backup/ListCopyJobs")))
        }
        "ListRestoreJobs" => {
            let completed = (size.restores, ["COMPLETED"].as_slice());
            Some(jobs(stub, request, completed, response!("backup/ListRestoreJobs")))
        }
        _ => None,
    }
}

/// The numbers that a path names, outermost first.
fn named(request: &Request) -> Vec<usize> {
    request.path().filter_map(number_of).collect()
}

fn missing(request: &Request) -> Reply {
    let status = if request.service == "dlm" { 404 } else { 400 };
    Reply::error(request, status, "ResourceNotFoundException", "There is no such thing")
}

/// What is said about something that the path names, or a page of what it has.
fn below(stub: &Stub, request: &Request, (parents, list): (usize, Option<Hanging>), template: &str) -> Reply {
    let Some(parent) = named(request).first().copied().filter(|parent| *parent < parents) else {
        return missing(request);
    };
    let Some((paging, items)) = list else { return stub.reply(request, template, item(parent)) };
    let page = match paging().page(request, items, stub.size.most_in_a_page) {
        Ok(page) => page,
        Err(refusal) => return *refusal,
    };
    // Each was made a second after the one before, the first on the day after that from which the caller asks.
    let since = asked(request, "createdAfter").and_then(|since| since.parse::<Timestamp>().ok());
    let since = since.map_or(MADE, |since| (since.unix_seconds() / DAY + 1) * DAY);
    let made = page.items.clone().zip(since..).map(|(number, made)| item(number).with("made", made));
    let values = page.values().with("parent", id(parent)).items(made);
    stub.reply(request, template, values)
}

fn selection(stub: &Stub, request: &Request, size: Regional) -> Reply {
    match named(request).as_slice() {
        [plan, selection] if *plan < size.backup_plans && *selection < size.backup_selections => {
            let values: Values = item(*selection).with("parent", id(*plan));
            stub.reply(request, response!("backup/GetBackupSelection"), values)
        }
        _ => missing(request),
    }
}

/// A page of the jobs in a state. The first is in the first state, the second in the second, and so on.
fn jobs(stub: &Stub, request: &Request, (number, states): (usize, &[&str]), template: &str) -> Reply {
    let wanted = asked(request, "state").or_else(|| asked(request, "status"));
    let in_state: Vec<(usize, &str)> = (0..number)
        .zip(states.iter().cycle().copied())
        .filter(|(_, state)| wanted.as_deref().is_none_or(|wanted| wanted == *state))
        .collect();
    let page = match lists::backup().page(request, in_state.len(), stub.size.most_in_a_page) {
        Ok(page) => page,
        Err(refusal) => return *refusal,
    };
    let items = in_state[page.items.clone()].iter().map(|(number, state)| item(*number).with("state", state));
    let values = page.values().items(items);
    stub.reply(request, template, values)
}
