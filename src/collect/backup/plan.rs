//! Plans with their rules, and what they select.

use std::sync::Arc;

use aws_sdk_backup::types;
use futures_util::future::join;

use super::super::answer::unless_gone;
use super::super::ledger::{gap, operation};
use super::super::scan::Scan;
use super::super::{Place, at_once, instant, sorted, text};
use super::PAGE;
use crate::snapshot::backup::{
    BackupPlan, BackupRule, BackupSelection, CopyAction, SelectionConditions, TagCondition,
};
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Gap, Kind, Resource};

pub(super) const LIST_PLANS: &Operation = operation("backup", "ListBackupPlans");
pub(super) const GET_PLAN: &Operation = operation("backup", "GetBackupPlan");
pub(super) const LIST_SELECTIONS: &Operation = operation("backup", "ListBackupSelections");
pub(super) const GET_SELECTION: &Operation = operation("backup", "GetBackupSelection");

/// Code of a plan or selection that is gone.
const GONE: [&str; 1] = ["ResourceNotFoundException"];

/// Key of a tag in conditions, before the key itself.
const TAG_PREFIX: &str = "aws:ResourceTag/";

/// Collects the plans of a Region with their selections.
pub(super) async fn collect(scan: &Arc<Scan>, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.backup(&place.region);
    let listing = scan
        .list(
            LIST_PLANS,
            &place.region,
            &lane,
            |marker| client.list_backup_plans().max_results(PAGE).set_next_token(marker).send(),
            |page| (page.next_token, page.backup_plans_list),
        )
        .await;
    let asked = listing.items.len();
    scan.ledger.plan(2 * asked);
    let described = listing.items.into_iter().map(|listed| {
        let (scan, place) = (Arc::clone(scan), place.clone());
        async move { describe(&scan, &place, listed).await }
    });
    let found: Vec<Resource> = at_once(described).await.into_iter().flatten().collect();
    let of = |kind| found.iter().filter(move |resource| resource.kind == kind);
    let cut_short = listing.failure.as_ref();
    scan.ledger.enter_about(
        &[GET_PLAN, LIST_SELECTIONS],
        &place.region,
        asked,
        of(Kind::BackupPlan),
        cut_short,
    );
    let selections = of(Kind::BackupSelection).count();
    scan.ledger.enter_about(
        &[GET_SELECTION],
        &place.region,
        selections,
        of(Kind::BackupSelection),
        cut_short,
    );
    found
}

/// A plan and its selections; nothing where it was deleted after it was listed.
async fn describe(scan: &Arc<Scan>, place: &Place, listed: types::BackupPlansListMember) -> Vec<Resource> {
    let Some(id) = text(listed.backup_plan_id) else { return Vec::new() };
    let arn =
        text(listed.backup_plan_arn).unwrap_or_else(|| place.arn("backup", &format!("backup-plan:{id}")));
    let name = text(listed.backup_plan_name).unwrap_or_else(|| id.clone());
    let (client, lane) = scan.session.backup(&place.region);
    let (described, selected) = join(
        scan.ask(
            GET_PLAN,
            &lane,
            || client.get_backup_plan().backup_plan_id(&id).send(),
            |answer| unless_gone(answer.map(|answer| answer.backup_plan), &GONE),
        ),
        selections(scan, place, &arn, &id),
    )
    .await;
    let (found, failed) = selected;
    let mut gaps: Vec<Gap> = failed.into_iter().collect();
    let rules = match described {
        Ok(Some(plan)) => Some(plan.rules.into_iter().map(rule).collect()),
        Ok(None) => return Vec::new(),
        Err(gap) => {
            gaps.push(gap);
            None
        }
    };
    gaps.sort_unstable();
    let attributes = BackupPlan {
        rules,
        last_execution_date: instant(listed.last_execution_date),
        creation_date: instant(listed.creation_date),
    };
    let attributes = Attributes::BackupPlan(Box::new(attributes));
    let plan = Resource { gaps, ..place.resource(Kind::BackupPlan, arn, name, attributes) };
    [found, vec![plan]].concat()
}

fn rule(rule: types::BackupRule) -> BackupRule {
    let copy = |action: types::CopyAction| CopyAction {
        destination_backup_vault_arn: action.destination_backup_vault_arn,
        delete_after_days: action.lifecycle.and_then(|lifecycle| lifecycle.delete_after_days),
    };
    BackupRule {
        rule_name: rule.rule_name,
        target_backup_vault_name: rule.target_backup_vault_name,
        target_logically_air_gapped_backup_vault_arn: text(rule.target_logically_air_gapped_backup_vault_arn),
        schedule_expression: text(rule.schedule_expression),
        start_window_minutes: rule.start_window_minutes,
        completion_window_minutes: rule.completion_window_minutes,
        delete_after_days: rule.lifecycle.and_then(|lifecycle| lifecycle.delete_after_days),
        enable_continuous_backup: rule.enable_continuous_backup,
        copy_actions: rule.copy_actions.into_iter().flatten().map(copy).collect(),
    }
}

/// The selections of a plan, and why there may be more.
async fn selections(scan: &Arc<Scan>, place: &Place, plan: &str, id: &str) -> (Vec<Resource>, Option<Gap>) {
    let (client, lane) = scan.session.backup(&place.region);
    let listing = scan
        .pages(
            &lane,
            |marker| {
                client
                    .list_backup_selections()
                    .backup_plan_id(id)
                    .max_results(PAGE)
                    .set_next_token(marker)
                    .send()
            },
            |page| (page.next_token, page.backup_selections_list),
        )
        .await;
    let failure = listing.failure.filter(|failure| !failure.is_answer(&GONE));
    scan.ledger.finish(LIST_SELECTIONS, &place.region, failure.as_ref());
    scan.ledger.plan(listing.items.len());
    let described = listing.items.into_iter().map(|listed| {
        let (scan, place) = (Arc::clone(scan), place.clone());
        let (plan, id) = (plan.to_owned(), id.to_owned());
        async move { selection(&scan, &place, &plan, &id, listed).await }
    });
    let found = at_once(described).await.into_iter().flatten().collect();
    (found, failure.map(|failure| gap(LIST_SELECTIONS, failure)))
}

/// A selection; `None` where it was deleted after it was listed.
async fn selection(
    scan: &Scan,
    place: &Place,
    plan: &str,
    plan_id: &str,
    listed: types::BackupSelectionsListMember,
) -> Option<Resource> {
    let id = text(listed.selection_id)?;
    let (client, lane) = scan.session.backup(&place.region);
    let answer = scan.ask(
        GET_SELECTION,
        &lane,
        || client.get_backup_selection().backup_plan_id(plan_id).selection_id(&id).send(),
        |answer| unless_gone(answer.map(|answer| answer.backup_selection), &GONE),
    );
    let (attributes, gaps) = match answer.await {
        Ok(selected) => (settings(plan, selected?), Vec::new()),
        Err(gap) => {
            (BackupSelection { backup_plan: plan.to_owned(), ..BackupSelection::default() }, vec![gap])
        }
    };
    let name = text(listed.selection_name).unwrap_or_else(|| id.clone());
    let arn = format!("{plan}/selection/{id}");
    let attributes = Attributes::BackupSelection(Box::new(attributes));
    Some(Resource { gaps, ..place.resource(Kind::BackupSelection, arn, name, attributes) })
}

fn settings(plan: &str, selection: types::BackupSelection) -> BackupSelection {
    let by_tag = selection.list_of_tags.into_iter().flatten();
    let by_tag = by_tag.map(|condition| tag(&condition.condition_key, condition.condition_value));
    BackupSelection {
        backup_plan: plan.to_owned(),
        resources: Some(sorted(selection.resources.into_iter().flatten())),
        not_resources: Some(sorted(selection.not_resources.into_iter().flatten())),
        list_of_tags: Some(by_tag.collect()),
        conditions: Some(selection.conditions.map(conditions).unwrap_or_default()),
    }
}

fn conditions(conditions: types::Conditions) -> SelectionConditions {
    let tags = |parameters: Option<Vec<types::ConditionParameter>>| {
        let tags = parameters.into_iter().flatten().filter_map(|parameter| {
            Some(tag(&parameter.condition_key?, parameter.condition_value.unwrap_or_default()))
        });
        let mut tags: Vec<TagCondition> = tags.collect();
        tags.sort_unstable();
        tags
    };
    SelectionConditions {
        string_equals: tags(conditions.string_equals),
        string_not_equals: tags(conditions.string_not_equals),
        string_like: tags(conditions.string_like),
        string_not_like: tags(conditions.string_not_like),
    }
}

fn tag(key: &str, value: String) -> TagCondition {
    TagCondition { key: key.strip_prefix(TAG_PREFIX).unwrap_or(key).to_owned(), value }
}

#[cfg(test)]
mod tests {
    use aws_sdk_backup::types;

    use super::settings;
    use crate::snapshot::backup::TagCondition;

    #[test]
    fn keys_of_tags_lose_the_prefix_that_conditions_give_them() {
        let parameter = |key: &str, value: &str| {
            types::ConditionParameter::builder().condition_key(key).condition_value(value).build()
        };
        let conditions = types::Conditions::builder()
            .string_equals(parameter("aws:ResourceTag/env", "prod"))
            .string_not_like(parameter("aws:ResourceTag/owner", "test*"));
        let listed = types::Condition::builder()
            .condition_type(types::ConditionType::Stringequals)
            .condition_key("backup")
            .condition_value("daily");
        let selection = types::BackupSelection::builder()
            .selection_name("by-tag")
            .iam_role_arn("arn:aws:iam::123456789012:role/backup")
            .list_of_tags(listed.build().unwrap())
            .conditions(conditions.build())
            .build()
            .unwrap();
        let settings = settings("arn:aws:backup:eu-west-1:123456789012:backup-plan:p", selection);
        let tag = |key: &str, value: &str| TagCondition { key: key.to_owned(), value: value.to_owned() };
        assert_eq!(settings.resources, Some(Vec::new()));
        assert_eq!(settings.list_of_tags, Some(vec![tag("backup", "daily")]));
        let conditions = settings.conditions.unwrap();
        assert_eq!(conditions.string_equals, [tag("env", "prod")]);
        assert_eq!(conditions.string_not_like, [tag("owner", "test*")]);
        assert_eq!((conditions.string_like, conditions.string_not_equals), (Vec::new(), Vec::new()));
    }
}
