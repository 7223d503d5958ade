//! Joins, defined once: relations, placement, copies, schedules of backups, what vaults hold, workloads. They and the
//! resources become the policies' `input`. Nothing here judges.

mod application;
mod context;
mod copies;
mod cron;
mod dns;
mod environment;
mod evidence;
mod holding;
mod inherit;
mod input;
mod objective;
mod placement;
mod relation;
mod schedule;
mod selection;
mod traffic;
mod workload;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::config::Config;
use crate::evidence::Record;
use crate::snapshot::rds::DbSnapshot;
use crate::snapshot::{Attributes, Resource, Snapshot};

use application::Applications;
use context::Surroundings;
pub use context::{Attributed, Context, Criticality};
pub use copies::{Copies, Copy, CopyKind, Newest, PossibleCopy, Unseen};
pub use evidence::{EvidenceInput, EvidenceRecord, tells_of_recoveries};
pub use holding::{HeldSource, Holding};
pub use input::{Input, ResourceInput};
pub use objective::{Objective, UnreadableTag};
pub use placement::Placement;
pub use relation::Relations;
pub use schedule::{Failure, JobKind, Schedule, ScheduledCopy, Scheduler, Schedules};
use traffic::Traffic;
pub use workload::Workload;

/// Snapshots of one or more accounts with everything that is derived from them. Relations cross accounts.
pub struct Index<'a> {
    snapshots: Vec<&'a Snapshot>,
    config: &'a Config,
    resources: Resources<'a>,
    /// In the order of the resources, which share those that are alike.
    contexts: Vec<Arc<Context>>,
    relations: Relations<'a>,
    placement: FxHashMap<&'a str, Placement<'a>>,
    copies: FxHashMap<&'a str, Copies<'a>>,
    schedules: FxHashMap<&'a str, Schedules<'a>>,
    holdings: FxHashMap<&'a str, BTreeSet<Holding<'a>>>,
    workloads: BTreeMap<String, Workload<'a>>,
}

impl<'a> Index<'a> {
    /// Derives everything from the snapshots and the configuration, and from nothing else.
    pub fn build(snapshots: Vec<&'a Snapshot>, config: &'a Config) -> Self {
        let resources = Resources::of(&snapshots);
        let ((applications, mut contexts), (traffic, relations)) = rayon::join(
            || {
                let applications = Applications::of(&resources);
                let contexts = contexts(&resources, &applications, config);
                (applications, contexts)
            },
            || {
                let traffic = Traffic::of(&resources);
                let relations = relation::relations(&resources, &traffic);
                (traffic, relations)
            },
        );
        let (placement, (workloads, contexts)) = rayon::join(
            || placement::placements(&resources, &relations, &traffic),
            || {
                inherit::from_instances(&resources, &relations, &mut contexts);
                workload::adopt_namesakes(&resources, &mut contexts);
                let workloads = workload::workloads(&resources, &contexts, &applications, config);
                inherit::from_workloads(&resources, &workloads, config, &mut contexts);
                (workloads, shared(contexts))
            },
        );
        let (copies, (schedules, holdings)) = rayon::join(
            || copies::copies(&resources, &relations, &snapshots),
            || {
                let schedules = schedule::schedules(&resources, &relations, &contexts, &snapshots);
                (schedules, holding::holdings(&resources, &contexts))
            },
        );
        Self {
            snapshots,
            config,
            resources,
            contexts,
            relations,
            placement,
            copies,
            schedules,
            holdings,
            workloads,
        }
    }

    /// The snapshots, in the order in which they were given.
    pub fn snapshots(&self) -> &[&'a Snapshot] {
        &self.snapshots
    }

    /// Everything of one workload in one of the accounts.
    pub fn workload(&self, arn: &str) -> Option<&Workload<'a>> {
        self.workloads.get(arn)
    }

    /// A resource of any of the accounts, with its workload, tier, environment and role.
    pub fn resource(&self, arn: &str) -> Option<(&'a Resource, &Context)> {
        let position = *self.resources.by_arn.get(arn)?;
        Some((self.resources.all.get(position)?.0, self.contexts.get(position)?))
    }

    /// What services, people and earlier scans say about drills in one of the accounts.
    pub fn evidence(&self, snapshot: &Snapshot) -> EvidenceInput {
        evidence::evidence(&self.resources, &self.contexts, snapshot, self.config)
    }

    /// What the services of one of the accounts remember of drills, restores and failovers.
    pub fn seen(&self, snapshot: &Snapshot) -> Vec<Record> {
        evidence::seen(&self.resources, &self.contexts, snapshot)
    }

    /// Workloads of one of the accounts.
    pub fn workloads(&self, snapshot: &Snapshot) -> impl Iterator<Item = &Workload<'a>> {
        // Findings belong to one account, and so does what they are about.
        let account = snapshot.scope.workload_arn("");
        self.workloads.values().filter(move |workload| workload.arn.starts_with(&account))
    }

    /// The policies' `input` for one of the snapshots.
    pub fn input<'i>(&'i self, snapshot: &'i Snapshot) -> Input<'i> {
        Input::of(self, snapshot)
    }
}

/// What each resource says of itself, in their order.
fn contexts(resources: &Resources<'_>, applications: &Applications<'_>, config: &Config) -> Vec<Context> {
    let context = |(resource, snapshot): &(&Resource, &Snapshot)| {
        let tagged = resources.tagged(resource);
        let surroundings = Surroundings {
            alias: snapshot.scope.alias.as_deref(),
            application: applications.listing(&resource.arn),
            root_stack: resources.root_stack(tagged),
        };
        Context::of(resource, tagged, &surroundings, config)
    };
    resources.all.par_iter().map(context).collect()
}

/// The same contexts, each kept once.
fn shared(contexts: Vec<Context>) -> Vec<Arc<Context>> {
    let mut known: FxHashSet<Arc<Context>> = FxHashSet::default();
    let share = |context| match known.get(&context) {
        Some(known) => Arc::clone(known),
        None => {
            let context = Arc::new(context);
            known.insert(Arc::clone(&context));
            context
        }
    };
    contexts.into_iter().map(share).collect()
}

/// Resources of all snapshots, by ARN.
struct Resources<'a> {
    all: Vec<(&'a Resource, &'a Snapshot)>,
    by_arn: FxHashMap<&'a str, usize>,
}

impl<'a> Resources<'a> {
    fn of(snapshots: &[&'a Snapshot]) -> Self {
        let all: Vec<_> = snapshots
            .iter()
            .flat_map(|snapshot| snapshot.resources.iter().map(|resource| (resource, *snapshot)))
            .collect();
        let by_arn =
            all.iter().enumerate().map(|(index, (resource, _))| (resource.arn.as_str(), index)).collect();
        Self { all, by_arn }
    }

    fn iter(&self) -> impl Iterator<Item = &'a Resource> {
        self.all.iter().map(|(resource, _)| *resource)
    }

    fn entry(&self, arn: &str) -> Option<&(&'a Resource, &'a Snapshot)> {
        self.all.get(*self.by_arn.get(arn)?)
    }

    fn get(&self, arn: &str) -> Option<&'a Resource> {
        self.entry(arn).map(|(resource, _)| *resource)
    }

    /// What has the tags of a resource: the zone of a record set, which can have none, and else the resource itself.
    fn tagged(&self, resource: &'a Resource) -> &'a Resource {
        match &resource.attributes {
            Attributes::RecordSet(record) => self.get(&record.hosted_zone).unwrap_or(resource),
            _ => resource,
        }
    }

    /// Name of the outermost stack that the stack of a resource is nested in; `None` if it is nested in none.
    fn root_stack(&self, resource: &'a Resource) -> Option<&'a str> {
        let stack = self.get(resource.tag("aws:cloudformation:stack-id")?)?;
        let Attributes::Stack(stack) = &stack.attributes else { return None };
        // `arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID`
        stack.root_id.as_deref()?.split('/').nth(1)
    }

    /// The account whose snapshot holds the resource.
    fn account(&self, resource: &Resource) -> Option<&'a str> {
        self.entry(&resource.arn).map(|(_, snapshot)| snapshot.scope.account.as_str())
    }

    /// ARN of the database that a snapshot is of. A database that was deleted and made again under the same
    /// name is another one, and the old snapshots are not its own.
    fn origin(&self, resource: &Resource, snapshot: &'a DbSnapshot) -> Option<&'a str> {
        let origin = snapshot.source_arn.as_deref()?;
        let current = match &self.get(origin)?.attributes {
            Attributes::DbInstance(instance) => instance.dbi_resource_id.as_deref(),
            Attributes::DbCluster(cluster) => cluster.db_cluster_resource_id.as_deref(),
            _ => None,
        };
        let recorded = snapshot.source_resource_id.as_deref();
        let same = current.zip(recorded).is_none_or(|(current, recorded)| current == recorded);
        (same && origin != resource.arn).then_some(origin)
    }
}
