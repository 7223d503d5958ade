use crate::config::Config;
use crate::index::{Criticality, Failure, Index, JobKind, Scheduler, Schedules};
use crate::snapshot::backup::{
    BackupPlan, BackupRule, BackupSelection, CopyAction, FailedJob, LifecyclePolicy, LifecycleSchedule,
    RegionSettings, SelectionConditions, TagCondition,
};
use crate::snapshot::ec2::{Attachment, Volume};
use crate::snapshot::{Attributes, Call, Gap, Kind, Outcome, Resource, Snapshot, Timestamp, samples};

const PLAN: &str = "arn:aws:backup:eu-west-1:123456789012:backup-plan:daily";
const VOLUME: &str = "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1";
const INSTANCE: &str = "arn:aws:ec2:eu-west-1:123456789012:instance/i-1";
const DAY: i64 = 24 * 3600;

fn resource(kind: Kind, arn: &str, attributes: Attributes) -> Resource {
    samples::resource(kind, arn, &[("backup", "daily")], attributes)
}

fn volume() -> Resource {
    let attachment = Attachment { instance_id: "i-1".to_owned(), ..Attachment::default() };
    let volume = Volume { attachments: vec![attachment], ..Volume::default() };
    resource(Kind::Volume, VOLUME, Attributes::Volume(Box::new(volume)))
}

fn instance() -> Resource {
    resource(Kind::Instance, INSTANCE, Attributes::Instance(Box::default()))
}

fn plan() -> Resource {
    let copy = CopyAction {
        destination_backup_vault_arn: "arn:aws:backup:eu-central-1:210987654321:backup-vault:safe".to_owned(),
        delete_after_days: Some(7),
    };
    let rule = BackupRule {
        rule_name: "nightly".to_owned(),
        target_backup_vault_name: "main".to_owned(),
        schedule_expression: Some("cron(0 5 ? * * *)".to_owned()),
        start_window_minutes: Some(60),
        delete_after_days: Some(35),
        enable_continuous_backup: Some(true),
        copy_actions: vec![copy],
        ..BackupRule::default()
    };
    let plan = BackupPlan { rules: Some(vec![rule]), ..BackupPlan::default() };
    resource(Kind::BackupPlan, PLAN, Attributes::BackupPlan(Box::new(plan)))
}

fn selection(pattern: &str) -> Resource {
    let selection = BackupSelection {
        backup_plan: PLAN.to_owned(),
        resources: Some(vec![pattern.to_owned()]),
        not_resources: Some(Vec::new()),
        list_of_tags: Some(Vec::new()),
        conditions: Some(SelectionConditions::default()),
    };
    let arn = format!("{PLAN}/selection/1");
    resource(Kind::BackupSelection, &arn, Attributes::BackupSelection(Box::new(selection)))
}

fn lifecycle_policy(state: &str) -> Resource {
    let schedule = LifecycleSchedule {
        name: Some("12h".to_owned()),
        interval_hours: Some(12),
        retain_count: Some(14),
        copy_regions: vec!["eu-central-1".to_owned()],
        ..LifecycleSchedule::default()
    };
    let policy = LifecyclePolicy {
        state: Some(state.to_owned()),
        default_policy: Some(false),
        resource_types: Some(vec!["VOLUME".to_owned()]),
        target_tags: Some(vec![TagCondition { key: "backup".to_owned(), value: "daily".to_owned() }]),
        schedules: Some(vec![schedule]),
        ..LifecyclePolicy::default()
    };
    let arn = "arn:aws:dlm:eu-west-1:123456789012:policy/policy-1";
    resource(Kind::LifecyclePolicy, arn, Attributes::LifecyclePolicy(Box::new(policy)))
}

/// What is known about the schedules of a resource.
#[track_caller]
fn with_schedules<T>(
    resources: Vec<Resource>,
    coverage: Vec<Call>,
    arn: &str,
    ask: impl FnOnce(&Schedules<'_>) -> T,
) -> T {
    let snapshot = Snapshot { coverage, ..samples::snapshot(resources) };
    let config = Config::default();
    ask(Index::build(vec![&snapshot], &config).schedules.get(arn).unwrap_or(&Schedules::default()))
}

#[test]
fn a_rule_says_how_often_for_how_long_and_where_to() {
    let resources = vec![volume(), plan(), selection("arn:aws:ec2:*:*:volume/*")];
    with_schedules(resources, Vec::new(), VOLUME, |schedules| {
        let [schedule] = schedules.known.as_slice() else { panic!("{schedules:?}") };
        assert_eq!((schedule.by, schedule.arn), (Scheduler::AwsBackup, PLAN));
        assert_eq!((schedule.period, schedule.start_window), (Some(DAY), 3600));
        assert_eq!(schedule.retention, Some(35 * DAY));
        let vault = "arn:aws:backup:eu-west-1:123456789012:backup-vault:main";
        assert_eq!(schedule.vault.as_deref(), Some(vault));
        // No point in time can be restored of a volume, whatever the rule asks for.
        assert!(!schedule.continuous);
        let [copy] = schedule.copies.as_slice() else { panic!("{schedule:?}") };
        assert_eq!((copy.region, copy.account), (Some("eu-central-1"), Some("210987654321")));
        assert_eq!(copy.retention, Some(7 * DAY));
    });
}

#[test]
fn a_volume_is_backed_up_with_its_instance() {
    let resources = vec![volume(), instance(), plan(), selection("arn:aws:ec2:*:*:instance/*")];
    with_schedules(resources, Vec::new(), VOLUME, |schedules| {
        assert_eq!(schedules.known.iter().map(|schedule| schedule.arn).collect::<Vec<_>>(), [PLAN]);
    });
}

#[test]
fn a_policy_that_is_switched_off_makes_nothing() {
    with_schedules(vec![volume(), lifecycle_policy("ENABLED")], Vec::new(), VOLUME, |schedules| {
        let [schedule] = schedules.known.as_slice() else { panic!("{schedules:?}") };
        assert_eq!((schedule.by, schedule.period), (Scheduler::Dlm, Some(DAY / 2)));
        assert_eq!(schedule.retention, Some(7 * DAY));
        assert_eq!(schedule.copies[0].region, Some("eu-central-1"));
    });
    with_schedules(vec![volume(), lifecycle_policy("DISABLED")], Vec::new(), VOLUME, |schedules| {
        assert_eq!(*schedules, Schedules::default());
    });
}

/// Everything is taken only of the types that are opted in, and nobody has said which those are.
#[test]
fn what_a_region_has_opted_in_decides() {
    let everything = || vec![volume(), plan(), selection("*")];
    with_schedules(everything(), Vec::new(), VOLUME, |schedules| {
        assert_eq!(schedules.known, []);
        assert_eq!(schedules.possible.len(), 1, "{schedules:?}");
    });
    let settings =
        RegionSettings { resource_type_opt_in_preference: Some([("EBS".to_owned(), false)].into()) };
    let arn = "arn:aws:backup:eu-west-1:123456789012:region-settings";
    let settings = resource(Kind::RegionSettings, arn, Attributes::RegionSettings(Box::new(settings)));
    let resources = [everything(), vec![settings]].concat();
    with_schedules(resources, Vec::new(), VOLUME, |schedules| assert_eq!(*schedules, Schedules::default()));
}

#[test]
fn a_call_without_an_answer_may_hide_a_schedule() {
    let call = Call {
        service: "backup".to_owned(),
        operation: "ListBackupPlans".to_owned(),
        region: "eu-west-1".to_owned(),
        outcome: Outcome::Denied,
        code: None,
        items: 0,
    };
    let elsewhere = Call { region: "eu-central-1".to_owned(), ..call.clone() };
    with_schedules(vec![volume()], vec![call, elsewhere], VOLUME, |schedules| {
        let unseen: Vec<_> =
            schedules.unseen.iter().map(|unseen| (unseen.operation, unseen.region)).collect();
        assert_eq!(unseen, [("backup:ListBackupPlans", "eu-west-1")]);
    });
    let mut plan = plan();
    let operation = "backup:ListBackupSelections".to_owned();
    plan.gaps = vec![Gap { operation, outcome: Outcome::Denied, code: None }];
    with_schedules(vec![volume(), plan], Vec::new(), VOLUME, |schedules| {
        assert_eq!(schedules.unseen[0].operation, "backup:ListBackupSelections");
    });
}

#[test]
fn a_rule_that_never_runs_says_so() {
    let mut plan = plan();
    if let Attributes::BackupPlan(plan) = &mut plan.attributes {
        plan.rules.as_mut().unwrap()[0].schedule_expression = Some("cron(0 5 31 2 ? *)".to_owned());
    }
    let resources = vec![volume(), plan.clone(), selection("arn:aws:ec2:*:*:volume/*")];
    with_schedules(resources, Vec::new(), VOLUME, |schedules| {
        assert_eq!(schedules.known[0].period, None);
        assert!(schedules.known[0].never_runs);
    });
    // It is so, too, where the plan has nothing that was collected.
    with_schedules(vec![plan], Vec::new(), PLAN, |schedules| {
        let [rule] = schedules.known.as_slice() else { panic!("{schedules:?}") };
        assert!(rule.never_runs);
    });
}

/// For a day and the hour within which the first backup begins.
#[test]
fn what_was_just_made_waits_for_its_first_backup() {
    let is_waiting = |age: Option<i64>| {
        let mut volume = volume();
        if let Attributes::Volume(volume) = &mut volume.attributes {
            volume.create_time =
                age.map(|age| Timestamp::from_unix_seconds(samples::NOW.unix_seconds() - age));
        }
        let resources = vec![volume, plan(), selection("arn:aws:ec2:*:*:volume/*")];
        with_schedules(resources, Vec::new(), VOLUME, |schedules| schedules.is_waiting)
    };
    assert!(is_waiting(Some(DAY + 3600)));
    assert!(!is_waiting(Some(DAY + 3601)));
    assert!(!is_waiting(None));
}

/// A plan of a general workload is asked for as much as the mission-critical volume that it has.
#[test]
fn a_plan_serves_the_most_critical_data_that_it_has() {
    let served = |tags: &[(&str, &str)], selection: Resource| {
        let volume = samples::resource(Kind::Volume, VOLUME, tags, volume().attributes);
        with_schedules(vec![volume, plan(), selection], Vec::new(), PLAN, |schedules| {
            (schedules.serves, schedules.may_serve)
        })
    };
    let volumes = || selection("arn:aws:ec2:*:*:volume/*");
    let (general, critical) = (Some(Criticality::General), Some(Criticality::MissionCritical));
    assert_eq!(served(&[("hadr:tier", "mission-critical")], volumes()), (critical, critical));
    assert_eq!(served(&[], volumes()), (general, general));
    assert_eq!(served(&[("env", "dev")], volumes()), (general, general));
    let cache = [("hadr:tier", "mission-critical"), ("hadr:role", "cache")];
    assert_eq!(served(&cache, volumes()), (general, general));
    let others = selection("arn:aws:rds:*:*:db:*");
    assert_eq!(served(&[("hadr:tier", "mission-critical")], others), (general, general));

    let mut unread = volumes();
    if let Attributes::BackupSelection(selection) = &mut unread.attributes {
        selection.conditions = None;
    }
    assert_eq!(served(&[("hadr:tier", "mission-critical")], unread), (general, critical));
}

#[test]
fn a_plan_that_has_both_a_volume_and_its_instance_has_the_volume_once() {
    let resources = vec![volume(), instance(), plan(), selection("arn:aws:ec2:*:*:*/*")];
    with_schedules(resources, Vec::new(), VOLUME, |schedules| {
        assert_eq!(schedules.known.len(), 1, "{schedules:?}");
    });
}

fn failed_job(kind: Kind, name: &str, resource_arn: &str) -> Resource {
    let job = FailedJob {
        resource_arn: Some(resource_arn.to_owned()),
        state: Some("EXPIRED".to_owned()),
        message_category: Some("AccessDenied".to_owned()),
        destination_vault_arn: Some("arn:aws:backup:eu-west-1:123456789012:backup-vault:main".to_owned()),
        creation_date: Some(samples::NOW),
        ..FailedJob::default()
    };
    resource(
        kind,
        &format!("arn:aws:backup:eu-west-1:123456789012:{name}"),
        Attributes::FailedJob(Box::new(job)),
    )
}

#[test]
fn a_job_that_failed_is_told_of_what_it_was_for() {
    let jobs = [
        failed_job(Kind::BackupJob, "backup-job/1", VOLUME),
        failed_job(Kind::CopyJob, "copy-job/1", VOLUME),
        failed_job(Kind::CopyJob, "copy-job/2", "arn:aws:ec2:eu-west-1:123456789012:volume/vol-2"),
    ];
    let of_volume = |kind| Failure {
        kind,
        vault: Some("arn:aws:backup:eu-west-1:123456789012:backup-vault:main"),
        state: Some("EXPIRED"),
        message_category: Some("AccessDenied"),
        began: Some(samples::NOW),
    };
    with_schedules([&[volume()], &jobs[..]].concat(), Vec::new(), VOLUME, |schedules| {
        assert_eq!(schedules.failed, [of_volume(JobKind::Backup), of_volume(JobKind::Copy)]);
    });
}

/// Regions and vaults that nobody looked into, to which backups of the volume are copied.
fn out_of_sight(resources: Vec<Resource>) -> Vec<(Option<String>, Option<String>)> {
    with_schedules(resources, Vec::new(), VOLUME, |schedules| {
        let copies = schedules.out_of_sight.iter();
        copies.map(|copy| (copy.vault.map(str::to_owned), copy.region.map(str::to_owned))).collect()
    })
}

#[test]
fn copies_go_out_of_sight_into_vaults_that_were_not_collected() {
    let safe = "arn:aws:backup:eu-central-1:210987654321:backup-vault:safe";
    let copied = (Some(safe.to_owned()), Some("eu-central-1".to_owned()));
    let with_plan = |plan, selected| vec![volume(), plan, selection(selected)];
    // Whether the second plan has it is not known: nobody has said which types are opted in.
    for selected in ["arn:aws:ec2:*:*:volume/*", "*"] {
        assert_eq!(out_of_sight(with_plan(plan(), selected)), std::slice::from_ref(&copied), "{selected}");
    }
    assert_eq!(out_of_sight(with_plan(plan(), "arn:aws:rds:*:*:db:*")), []);

    let vault = resource(Kind::BackupVault, safe, Attributes::BackupVault(Box::default()));
    let seen = [with_plan(plan(), "arn:aws:ec2:*:*:volume/*"), vec![vault]].concat();
    assert_eq!(out_of_sight(seen), []);

    let mut never = plan();
    if let Attributes::BackupPlan(plan) = &mut never.attributes {
        plan.rules.as_mut().unwrap()[0].schedule_expression = Some("cron(0 5 31 2 ? *)".to_owned());
    }
    assert_eq!(out_of_sight(with_plan(never, "arn:aws:ec2:*:*:volume/*")), []);
}

#[test]
fn snapshots_are_copied_out_of_sight_to_regions_that_were_not_scanned() {
    let copied_to = |region: &str| {
        let mut policy = lifecycle_policy("ENABLED");
        if let Attributes::LifecyclePolicy(policy) = &mut policy.attributes {
            policy.schedules.as_mut().unwrap()[0].copy_regions = vec![region.to_owned()];
        }
        out_of_sight(vec![volume(), policy])
    };
    assert_eq!(copied_to("eu-central-1"), []);
    assert_eq!(copied_to("eu-north-1"), [(None, Some("eu-north-1".to_owned()))]);
}
