//! Plans that move a workload to another Region, and their runs.
//!
//! Plans are written in one Region of the partition. They run in those that they are about, and each of these knows
//! its own runs.

use std::sync::Arc;

use aws_sdk_arcregionswitch::types;
use futures_util::future::{join, join_all};

use super::super::identity::Account;
use super::super::ledger::{gap, operation};
use super::super::scan::{Listing, Scan};
use super::super::{Place, at_once, instant, regions, sorted, text};
use crate::snapshot::arc::{PlanExecution, RegionSwitchPlan};
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, GLOBAL, Kind, Resource};

const LIST_PLANS: &Operation = operation("arc-region-switch", "ListPlans");
const LIST_EXECUTIONS: &Operation = operation("arc-region-switch", "ListPlanExecutions");
const GET_EVALUATION: &Operation = operation("arc-region-switch", "GetPlanEvaluationStatus");

/// Items in a page: the most that the API allows.
const PAGE: i32 = 100;

/// Collects the plans of an account with their runs in all of their Regions, whichever are scanned: a drill that was
/// run in another Region is a drill of the plan all the same.
pub(in crate::collect) async fn collect(scan: &Arc<Scan>, account: &Account) -> Vec<Resource> {
    scan.ledger.plan(1);
    let (client, lane) = scan.session.region_switch(regions::of_global(&account.partition));
    let listing = scan
        .list(
            LIST_PLANS,
            GLOBAL,
            &lane,
            |marker| client.list_plans().max_results(PAGE).set_next_token(marker).send(),
            |page| (page.next_token, page.plans),
        )
        .await;
    let place = Place::new(account, GLOBAL);
    // Plans of other accounts can be shared with this one.
    let owned = listing.items.into_iter().filter(|plan| place.is_owner(Some(plan.owner.as_str())));
    let plans: Vec<Plan> = owned.map(|listed| Plan::new(account, listed)).collect();
    let asked = plans.len();
    scan.ledger.plan(plans.iter().map(|plan| plan.places.len() + 1).sum());
    let described = plans.into_iter().map(|plan| {
        let (scan, place) = (Arc::clone(scan), place.clone());
        async move { plan.describe(&scan, &place).await }
    });
    let found = at_once(described).await.concat();
    let plans = found.iter().filter(|resource| resource.kind == Kind::RegionSwitchPlan);
    scan.ledger.enter_about(
        &[LIST_EXECUTIONS, GET_EVALUATION],
        GLOBAL,
        asked,
        plans,
        listing.failure.as_ref(),
    );
    found
}

/// A plan as it was listed.
struct Plan {
    listed: types::AbbreviatedPlan,
    /// Its Regions, sorted.
    places: Vec<Place>,
}

impl Plan {
    fn new(account: &Account, mut listed: types::AbbreviatedPlan) -> Self {
        let regions = sorted(std::mem::take(&mut listed.regions));
        Self { places: regions.iter().map(|region| Place::new(account, region)).collect(), listed }
    }

    /// The plan and its runs. That a Region does not know a plan is a gap: it may have been written a moment ago.
    async fn describe(self, scan: &Scan, place: &Place) -> Vec<Resource> {
        let listings = self.places.iter().map(|place| self.executions(scan, place));
        let (listings, evaluation) = join(join_all(listings), self.evaluation(scan)).await;
        // One gap says that runs may be missing, however many Regions do not tell theirs.
        let failure = listings.iter().find_map(|listing| listing.failure.clone());
        let mut gaps: Vec<_> = failure.map(|failure| gap(LIST_EXECUTIONS, failure)).into_iter().collect();
        let runs = listings.into_iter().flat_map(|listing| listing.items);
        // A run is about Regions as its plan is, and is in none of them.
        let runs = runs.map(|execution| self.execution(place, execution));
        let mut found: Vec<Resource> = runs.collect();
        let evaluation = evaluation.map_err(|gap| gaps.push(gap)).ok();
        let regions = self.places.into_iter().map(|place| place.region).collect();
        let listed = self.listed;
        let attributes = RegionSwitchPlan {
            recovery_approach: text(Some(listed.recovery_approach.as_str().to_owned())),
            primary_region: text(listed.primary_region),
            regions,
            recovery_time_objective_minutes: listed.recovery_time_objective_minutes,
            evaluation_state: evaluation
                .as_ref()
                .and_then(|it| it.evaluation_state.as_ref())
                .map(|state| state.as_str().to_owned()),
            last_evaluation_time: instant(evaluation.and_then(|it| it.last_evaluation_time)),
        };
        let attributes = Attributes::RegionSwitchPlan(Box::new(attributes));
        let plan = place.resource(Kind::RegionSwitchPlan, listed.arn, listed.name, attributes);
        found.push(Resource { gaps, ..plan });
        found
    }

    /// Lists the runs in one Region.
    async fn executions(&self, scan: &Scan, place: &Place) -> Listing<types::AbbreviatedExecution> {
        let (client, lane) = scan.session.region_switch(&place.region);
        let listing = scan
            .pages(
                &lane,
                |marker| {
                    client
                        .list_plan_executions()
                        .plan_arn(&self.listed.arn)
                        .max_results(PAGE)
                        .set_next_token(marker)
                        .send()
                },
                |page| (page.next_token, page.items),
            )
            .await;
        scan.ledger.finish(LIST_EXECUTIONS, &place.region, listing.failure.as_ref());
        listing
    }

    /// Asks whether the plan could run, in the Region that would be asked in an emergency: the first in which the
    /// workload usually is not.
    async fn evaluation(
        &self,
        scan: &Scan,
    ) -> Result<
        aws_sdk_arcregionswitch::operation::get_plan_evaluation_status::GetPlanEvaluationStatusOutput,
        crate::snapshot::Gap,
    > {
        let primary = self.listed.primary_region.as_deref();
        let standby = self.places.iter().map(|place| place.region.as_str()).find(|it| Some(*it) != primary);
        let (client, lane) = scan.session.region_switch(standby.or(primary).unwrap_or(scan.session.home()));
        scan.ask(
            GET_EVALUATION,
            &lane,
            || client.get_plan_evaluation_status().plan_arn(&self.listed.arn).send(),
            |answer| answer,
        )
        .await
    }

    fn execution(&self, place: &Place, execution: types::AbbreviatedExecution) -> Resource {
        let plan_arn = self.listed.arn.clone();
        let arn = format!("{plan_arn}/execution/{}", execution.execution_id);
        let attributes = PlanExecution {
            plan_arn,
            mode: text(Some(execution.mode.as_str().to_owned())),
            execution_state: text(Some(execution.execution_state.as_str().to_owned())),
            execution_action: text(Some(execution.execution_action.as_str().to_owned())),
            execution_region: text(Some(execution.execution_region)),
            start_time: instant(Some(execution.start_time)),
            end_time: instant(execution.end_time),
            actual_recovery_time: text(execution.actual_recovery_time),
        };
        let attributes = Attributes::PlanExecution(Box::new(attributes));
        place.resource(Kind::PlanExecution, arn, execution.execution_id, attributes)
    }
}
