//! Plans that restore backups to see whether they can be.

use std::sync::Arc;

use aws_sdk_backup::types;

use super::super::ledger::{gap, operation};
use super::super::scan::Scan;
use super::super::{Place, at_once, instant, sorted, text};
use super::PAGE;
use crate::snapshot::backup::RestoreTestingPlan;
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Kind, Resource};

pub(super) const LIST_PLANS: &Operation = operation("backup", "ListRestoreTestingPlans");
pub(super) const LIST_SELECTIONS: &Operation = operation("backup", "ListRestoreTestingSelections");

/// Code of a plan that is gone.
const GONE: [&str; 1] = ["ResourceNotFoundException"];

/// Collects the plans of a Region with the types that they restore.
pub(super) async fn collect(scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.backup(&place.region);
    let listing = scan
        .list(
            LIST_PLANS,
            &place.region,
            &lane,
            |marker| client.list_restore_testing_plans().max_results(PAGE).set_next_token(marker).send(),
            |page| (page.next_token, Some(page.restore_testing_plans)),
        )
        .await;
    let asked = listing.items.len();
    scan.ledger.plan(asked);
    let described = listing.items.into_iter().map(|listed| {
        let (scan, place) = (Arc::clone(scan), place.clone());
        async move { with_selections(&scan, &place, listed).await }
    });
    let plans: Vec<Resource> = at_once(described).await.into_iter().flatten().collect();
    scan.ledger.enter_about(&[LIST_SELECTIONS], &place.region, asked, plans.iter(), listing.failure.as_ref());
    plans
}

/// A plan; `None` where it was deleted after it was listed.
async fn with_selections(
    scan: &Scan,
    place: &Place,
    listed: types::RestoreTestingPlanForList,
) -> Option<Resource> {
    let (client, lane) = scan.session.backup(&place.region);
    let name = listed.restore_testing_plan_name;
    let listing = scan
        .pages(
            &lane,
            |marker| {
                client
                    .list_restore_testing_selections()
                    .restore_testing_plan_name(&name)
                    .max_results(PAGE)
                    .set_next_token(marker)
                    .send()
            },
            |page| (page.next_token, Some(page.restore_testing_selections)),
        )
        .await;
    let is_gone = listing.failure.as_ref().is_some_and(|failure| failure.is_answer(&GONE));
    let failure = listing.failure.filter(|_| !is_gone);
    scan.ledger.finish(LIST_SELECTIONS, &place.region, failure.as_ref());
    if is_gone {
        return None;
    }
    let types = sorted(listing.items.into_iter().map(|selection| selection.protected_resource_type));
    let attributes = RestoreTestingPlan {
        schedule_expression: text(Some(listed.schedule_expression)),
        last_execution_time: instant(listed.last_execution_time),
        protected_resource_types: failure.is_none().then_some(types),
    };
    let attributes = Attributes::RestoreTestingPlan(Box::new(attributes));
    let arn = listed.restore_testing_plan_arn;
    Some(Resource {
        gaps: failure.map(|failure| gap(LIST_SELECTIONS, failure)).into_iter().collect(),
        ..place.resource(Kind::RestoreTestingPlan, arn, name, attributes)
    })
}
