//! Experiments of the Fault Injection Service, and what they were done to.

use std::sync::Arc;

use aws_sdk_fis::types;
use futures_util::future::join;

use super::answer::unless_gone;
use super::ledger::{gap, operation};
use super::scan::{Listing, Scan};
use super::{Place, at_once, instant, sorted, text};
use crate::snapshot::fis::{Experiment, ExperimentAction, ExperimentTemplate};
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Kind, Resource};

const LIST_EXPERIMENTS: &Operation = operation("fis", "ListExperiments");
const GET_EXPERIMENT: &Operation = operation("fis", "GetExperiment");
const LIST_TARGETS: &Operation = operation("fis", "ListExperimentResolvedTargets");
const LIST_TEMPLATES: &Operation = operation("fis", "ListExperimentTemplates");

/// The call that is made in each Region.
pub(super) const OPERATIONS: [&Operation; 1] = [LIST_EXPERIMENTS];

/// Items in a page: the most that the API allows.
const PAGE: i32 = 100;

/// Code of an experiment that was forgotten after it was listed.
const GONE: [&str; 1] = ["ResourceNotFoundException"];

/// Collects the experiments of a Region and, if there are any, what they can be made from.
pub(super) async fn collect(scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.fis(&place.region);
    let listing = scan
        .list(
            LIST_EXPERIMENTS,
            &place.region,
            &lane,
            |marker| client.list_experiments().max_results(PAGE).set_next_token(marker).send(),
            |page| (page.next_token, page.experiments),
        )
        .await;
    if listing.items.is_empty() {
        let about = [GET_EXPERIMENT, LIST_TARGETS, LIST_TEMPLATES];
        scan.ledger.enter_about(&about, &place.region, 0, std::iter::empty(), listing.failure.as_ref());
        return Vec::new();
    }
    let (experiments, templates) = join(experiments(scan, place, listing), templates(scan, place)).await;
    [experiments, templates].concat()
}

async fn experiments(
    scan: &Arc<Scan>,
    place: &Place,
    listing: Listing<types::ExperimentSummary>,
) -> Vec<Resource> {
    let about = [GET_EXPERIMENT, LIST_TARGETS];
    let asked = listing.items.len();
    scan.ledger.plan(about.len() * asked);
    let described = listing.items.into_iter().map(|listed| {
        let (scan, place) = (Arc::clone(scan), place.clone());
        async move { experiment(&scan, &place, listed).await }
    });
    let experiments: Vec<Resource> = at_once(described).await.into_iter().flatten().collect();
    scan.ledger.enter_about(&about, &place.region, asked, experiments.iter(), listing.failure.as_ref());
    experiments
}

/// An experiment; `None` where it was forgotten meanwhile.
async fn experiment(scan: &Scan, place: &Place, listed: types::ExperimentSummary) -> Option<Resource> {
    let (client, lane) = scan.session.fis(&place.region);
    let id = text(listed.id)?;
    let described = scan.ask(
        GET_EXPERIMENT,
        &lane,
        || client.get_experiment().id(&id).send(),
        |answer| unless_gone(answer.map(|answer| answer.experiment), &GONE),
    );
    let resolved = scan.pages(
        &lane,
        |marker| {
            client
                .list_experiment_resolved_targets()
                .experiment_id(&id)
                .max_results(PAGE)
                .set_next_token(marker)
                .send()
        },
        |page| (page.next_token, page.resolved_targets),
    );
    let (described, resolved) = join(described, resolved).await;
    let is_gone = resolved.failure.as_ref().is_some_and(|failure| failure.is_answer(&GONE));
    let failure = resolved.failure.filter(|_| !is_gone);
    scan.ledger.finish(LIST_TARGETS, &place.region, failure.as_ref());
    let (described, missing) = match described {
        Ok(described) => (Some(described?), None),
        Err(missing) => (None, Some(missing)),
    };
    // Both calls are made at once, and the experiment may be forgotten between them.
    if is_gone {
        return None;
    }
    // What was listed while it ran may have ended since.
    let state = described.as_ref().and_then(|experiment| experiment.state.clone()).or(listed.state);
    let options = listed.experiment_options;
    let attributes = Experiment {
        experiment_template_id: text(listed.experiment_template_id),
        status: state.and_then(|state| Some(state.status?.as_str().to_owned())),
        actions_mode: options.and_then(|options| Some(options.actions_mode?.as_str().to_owned())),
        start_time: instant(described.as_ref().and_then(|it| it.start_time)),
        end_time: instant(described.as_ref().and_then(|it| it.end_time)),
        actions: described.map(actions),
        targets: failure.is_none().then(|| sorted(resolved.items.into_iter().flat_map(arns))),
    };
    let gaps = missing.into_iter().chain(failure.map(|failure| gap(LIST_TARGETS, failure))).collect();
    let arn = text(listed.arn).unwrap_or_else(|| place.arn("fis", &format!("experiment/{id}")));
    let attributes = Attributes::Experiment(Box::new(attributes));
    let tags = listed.tags.unwrap_or_default().into_iter().collect();
    Some(Resource { tags: Some(tags), gaps, ..place.resource(Kind::Experiment, arn, id, attributes) })
}

fn actions(experiment: types::Experiment) -> Vec<ExperimentAction> {
    let actions = experiment.actions.into_iter().flatten().filter_map(|(_, action)| {
        let status = action.state.and_then(|state| Some(state.status?.as_str().to_owned()));
        Some(ExperimentAction { action_id: action.action_id?, status })
    });
    let mut actions: Vec<ExperimentAction> = actions.collect();
    actions.sort_unstable();
    actions
}

/// ARNs of what a target became. Each type of resource has a name of its own for it.
fn arns(target: types::ResolvedTarget) -> impl Iterator<Item = String> {
    let information = target.target_information.into_iter().flatten();
    information.map(|(_, value)| value).filter(|value| value.starts_with("arn:"))
}

async fn templates(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.fis(&place.region);
    scan.ledger.plan(1);
    let listing = scan
        .list(
            LIST_TEMPLATES,
            &place.region,
            &lane,
            |marker| client.list_experiment_templates().max_results(PAGE).set_next_token(marker).send(),
            |page| (page.next_token, page.experiment_templates),
        )
        .await;
    let templates = listing.items.into_iter().filter_map(|listed| {
        let id = text(listed.id)?;
        let arn = text(listed.arn).unwrap_or_else(|| place.arn("fis", &format!("experiment-template/{id}")));
        let attributes = ExperimentTemplate {
            creation_time: instant(listed.creation_time),
            last_update_time: instant(listed.last_update_time),
        };
        let attributes = Attributes::ExperimentTemplate(Box::new(attributes));
        let tags = listed.tags.unwrap_or_default().into_iter().collect();
        Some(Resource { tags: Some(tags), ..place.resource(Kind::ExperimentTemplate, arn, id, attributes) })
    });
    templates.collect()
}
