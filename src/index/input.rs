//! The policies' `input`: one JSON document for each account.
//!
//! `captured_at`, `account`, `regions`, `config`, `coverage` (call -> Region -> outcome), `resources` (type ->
//! list, every type present), `by_arn`, `relations` (label -> ARN -> ARNs), `workloads` (by ARN), `evidence`, and
//! `unreadable` (tags that say what cannot be read).
//!
//! What the index derives for one resource is a member of it: its context, `age`, `placement`, `copies`, `schedules`
//! and, of a vault, what it `holds`.
//!
//! `resources` holds what is judged: the account's own, in the Regions that were scanned, neither being made nor being
//! removed, and in no environment that comes and goes. `by_arn` holds everything that was collected, of all accounts.

use std::collections::{BTreeMap, BTreeSet};

use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Serialize, Serializer};

use super::copies::age;
use super::evidence::EvidenceInput;
use super::objective::{self, UnreadableTag};
use super::{Context, Copies, Holding, Index, Placement, Relations, Schedules, Workload};
use crate::config::{BusinessHours, Config, Environment, Objectives, Tier};
use crate::snapshot::{Attributes, GLOBAL, Kind, Outcome, Resource, Scope, Snapshot, Timestamp};

/// The document. Serialising it writes the whole; the engine takes the parts, to share the resources that two
/// of them hold.
#[expect(missing_docs, reason = "the module documents the members of the document")]
pub struct Input<'i> {
    pub captured_at: Timestamp,
    pub account: Subject<'i>,
    pub regions: Vec<RegionInput<'i>>,
    pub config: ConfigInput<'i>,
    pub coverage: BTreeMap<String, BTreeMap<&'i str, Outcome>>,
    pub resources: BTreeMap<Kind, Vec<ResourceInput<'i>>>,
    /// What `by_arn` holds besides.
    pub others: Vec<ResourceInput<'i>>,
    pub relations: &'i Relations<'i>,
    pub workloads: BTreeMap<&'i str, &'i Workload<'i>>,
    pub evidence: EvidenceInput,
    /// Tags of what is judged that say an objective, a tier or a strategy in words that cannot be read.
    pub unreadable: Vec<UnreadableTag<'i>>,
}

/// The account, the subject of policies about something that it lacks.
#[derive(Clone, Debug, Serialize)]
pub struct Subject<'i> {
    /// ARN as [`Scope`] makes it.
    pub arn: String,
    /// Account id.
    pub name: &'i str,
}

/// A Region that was scanned, the subject of policies about something that it lacks.
#[derive(Clone, Debug, Serialize)]
pub struct RegionInput<'i> {
    /// ARN as [`Scope`] makes it.
    pub arn: String,
    /// Its name.
    pub name: &'i str,
    /// Zones that the account sees there, in the order of the snapshot.
    pub zones: Vec<ZoneInput<'i>>,
}

/// A zone of a Region.
#[derive(Clone, Debug, Serialize)]
pub struct ZoneInput<'i> {
    /// Its name, such as `eu-west-1a`.
    pub name: &'i str,
    /// `availability-zone`, `local-zone` or `wavelength-zone`; `null` if the API did not say.
    #[serde(rename = "type")]
    pub kind: Option<&'i str>,
}

/// The part of the configuration that policies may see.
#[derive(Clone, Debug, Serialize)]
pub struct ConfigInput<'i> {
    /// Objectives by tier, in seconds.
    pub tiers: BTreeMap<Tier, ObjectivesInput>,
    /// Hours in which nothing should be disturbed, or `null`.
    pub business_hours: Option<&'i BusinessHours>,
    /// Waivers, in the order of the file.
    pub waivers: Vec<WaiverInput<'i>>,
}

/// What a tier is promised.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ObjectivesInput {
    /// Seconds.
    pub rto: u64,
    /// Seconds.
    pub rpo: u64,
    /// Rank of the least strategy: 0 backup and restore, 1 pilot light, 2 warm standby, 3 multi-site.
    pub strategy_rank: u8,
}

/// A waiver as policies see it.
#[derive(Clone, Debug, Serialize)]
pub struct WaiverInput<'i> {
    /// Policy that it is about.
    pub policy: &'i str,
    /// Pattern of the resources.
    pub resource: &'i str,
    /// Owner; empty if there is none.
    pub owner: &'i str,
    /// Last day, or `null`.
    pub expires: Option<String>,
    /// Seconds from the instant of the snapshot to the end of the last day; negative once it has passed.
    pub remaining: Option<i64>,
}

/// A resource with what is derived for it.
#[derive(Clone, Copy)]
pub struct ResourceInput<'i> {
    /// The resource.
    pub resource: &'i Resource,
    /// Id of the account that holds it, which not every ARN names.
    pub account: &'i str,
    /// The context.
    pub context: &'i Context,
    /// Seconds since it was made; `None` if that is not known, or its type is not asked for it.
    pub age: Option<i64>,
    index: &'i Index<'i>,
}

impl<'i> Input<'i> {
    pub(super) fn of(index: &'i Index<'i>, snapshot: &'i Snapshot) -> Self {
        let scope: &Scope = &snapshot.scope;
        let mut resources: BTreeMap<Kind, Vec<ResourceInput<'i>>> =
            Kind::ALL.iter().map(|kind| (*kind, Vec::new())).collect();
        let mut others = Vec::new();
        let mut unreadable = Vec::new();
        let mut zones: BTreeMap<&str, Vec<ZoneInput<'i>>> = BTreeMap::new();
        for ((resource, holder), context) in index.resources.all.iter().zip(&index.contexts) {
            let account = holder.scope.account.as_str();
            let entry = ResourceInput { resource, account, context, age: age(resource, holder), index };
            match resources.get_mut(&resource.kind) {
                Some(list) if std::ptr::eq(*holder, snapshot) && is_judged(resource, context, scope) => {
                    list.push(entry);
                    if let Attributes::AvailabilityZone(zone) = &resource.attributes {
                        let zone = ZoneInput { name: &resource.name, kind: zone.zone_type.as_deref() };
                        zones.entry(&resource.region).or_default().push(zone);
                    }
                    unreadable.extend(objective::unreadable(resource));
                }
                _ => others.push(entry),
            }
        }
        let mut coverage: BTreeMap<String, BTreeMap<&str, Outcome>> = BTreeMap::new();
        for call in &snapshot.coverage {
            let regions = coverage.entry(call.id()).or_default();
            regions.insert(&call.region, call.outcome);
        }
        let workloads = index.workloads(snapshot).map(|workload| (workload.arn.as_str(), workload));
        Self {
            captured_at: snapshot.captured_at,
            account: Subject { arn: scope.account_arn(), name: &scope.account },
            regions: scope
                .regions
                .iter()
                .map(|region| RegionInput {
                    arn: scope.region_arn(region),
                    name: region,
                    zones: zones.remove(region.as_str()).unwrap_or_default(),
                })
                .collect(),
            config: ConfigInput::of(index.config, snapshot.captured_at),
            coverage,
            resources,
            others,
            relations: &index.relations,
            workloads: workloads.collect(),
            evidence: index.evidence(snapshot),
            unreadable,
        }
    }

    /// Every resource that policies can look up.
    fn by_arn(&self) -> BTreeMap<&'i str, ResourceInput<'i>> {
        let own = self.resources.values().flatten();
        own.chain(&self.others).map(|entry| (entry.resource.arn.as_str(), *entry)).collect()
    }
}

/// Statuses, in the words of the services, of what is being made or removed, or is listed for a while after it was.
const PASSING: [&str; 8] = [
    "creating",
    "delete in progress",
    "deleted",
    "deleting",
    "deregistered",
    "pending",
    "shutting-down",
    "terminated",
];

/// Whether a resource of the account is judged. Buckets of Regions that were not scanned are listed with all
/// others, and are there for what replicates to them; where nobody could say in which Region a bucket is, it must
/// not go missing. The settings of what is being made or removed are not yet, or no longer, those that count.
fn is_judged(resource: &Resource, context: &Context, scope: &Scope) -> bool {
    let scanned = resource.region == GLOBAL || scope.regions.contains(&resource.region);
    let passes = |status: &str| PASSING.iter().any(|word| status.eq_ignore_ascii_case(word));
    let comes_and_goes = context.environment.value == Environment::Ephemeral;
    scanned && !comes_and_goes && !resource.attributes.status().is_some_and(passes)
}

impl<'i> ConfigInput<'i> {
    fn of(config: &'i Config, now: Timestamp) -> Self {
        let objectives = |objectives: &Objectives| ObjectivesInput {
            rto: objectives.rto.0,
            rpo: objectives.rpo.0,
            strategy_rank: objectives.strategy as u8,
        };
        let waivers = config.waivers.iter().map(|waiver| WaiverInput {
            policy: &waiver.policy,
            resource: waiver.resource.as_str(),
            owner: waiver.owner.trim(),
            expires: waiver.expires.map(|date| date.0.to_string()),
            remaining: waiver.expires.map(|date| date.end().seconds_since(now)),
        });
        Self {
            tiers: config.tiers.iter().map(|(tier, promised)| (*tier, objectives(promised))).collect(),
            business_hours: config.business_hours.as_ref(),
            waivers: waivers.collect(),
        }
    }
}

impl Serialize for Input<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(11))?;
        map.serialize_entry("captured_at", &self.captured_at)?;
        map.serialize_entry("account", &self.account)?;
        map.serialize_entry("regions", &self.regions)?;
        map.serialize_entry("config", &self.config)?;
        map.serialize_entry("coverage", &self.coverage)?;
        map.serialize_entry("resources", &self.resources)?;
        map.serialize_entry("by_arn", &self.by_arn())?;
        map.serialize_entry("relations", self.relations)?;
        map.serialize_entry("workloads", &self.workloads)?;
        map.serialize_entry("evidence", &self.evidence)?;
        map.serialize_entry("unreadable", &self.unreadable)?;
        map.end()
    }
}

impl<'i> ResourceInput<'i> {
    /// Zones and Regions that it spans; `None` if its type is not asked for them.
    pub fn placement(&self) -> Option<&'i Placement<'i>> {
        self.index.placement.get(self.resource.arn.as_str())
    }

    /// Its backups and replicas; `None` if its type is not asked for them.
    pub fn copies(&self) -> Option<&'i Copies<'i>> {
        self.index.copies.get(self.resource.arn.as_str())
    }

    /// What backs it up again and again; `None` if nothing does.
    pub fn schedules(&self) -> Option<&'i Schedules<'i>> {
        self.index.schedules.get(self.resource.arn.as_str())
    }

    /// What is in it; `None` if it is no vault, or an empty one.
    pub fn holds(&self) -> Option<&'i BTreeSet<Holding<'i>>> {
        self.index.holdings.get(self.resource.arn.as_str())
    }

    /// Writes the members that are the resource's own, without what is derived for it.
    pub(crate) fn serialize_own<S: SerializeStruct>(&self, fields: &mut S) -> Result<(), S::Error> {
        let resource = self.resource;
        fields.serialize_field("type", &resource.kind)?;
        fields.serialize_field("arn", &resource.arn)?;
        fields.serialize_field("name", &resource.name)?;
        fields.serialize_field("account", self.account)?;
        fields.serialize_field("region", &resource.region)?;
        fields.serialize_field("zones", &resource.zones)?;
        fields.serialize_field("tags", &resource.tags)?;
        fields.serialize_field("attributes", &resource.attributes)?;
        fields.serialize_field("gaps", &resource.gaps)
    }
}

impl Serialize for ResourceInput<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let context = self.context;
        let mut fields = serializer.serialize_struct("Resource", 21)?;
        self.serialize_own(&mut fields)?;
        fields.serialize_field("workload", &context.workload)?;
        fields.serialize_field("tier", &context.tier)?;
        fields.serialize_field("environment", &context.environment)?;
        fields.serialize_field("role", &context.role)?;
        fields.serialize_field("criticality", &context.criticality)?;
        fields.serialize_field("rto", &context.rto)?;
        fields.serialize_field("rpo", &context.rpo)?;
        if let Some(age) = self.age {
            fields.serialize_field("age", &age)?;
        }
        if let Some(placement) = self.placement() {
            fields.serialize_field("placement", placement)?;
        }
        if let Some(copies) = self.copies() {
            fields.serialize_field("copies", copies)?;
        }
        if let Some(schedules) = self.schedules() {
            fields.serialize_field("schedules", schedules)?;
        }
        if let Some(holds) = self.holds() {
            fields.serialize_field("holds", holds)?;
        }
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config::Config;
    use crate::index::Index;
    use crate::snapshot::{Attributes, GLOBAL, Kind, Snapshot, Timestamp, read};

    fn resilient() -> Snapshot {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/accounts/resilient/snapshot.json");
        read(Path::new(file)).unwrap().snapshot
    }

    /// Whether the cluster and the bucket of a name are among what is judged; they can be looked up in any case.
    fn judged(snapshot: &Snapshot, kind: Kind, name: &str) -> bool {
        let config = Config::default();
        let index = Index::build(vec![snapshot], &config);
        let input = index.input(snapshot);
        assert!(input.by_arn().values().any(|entry| entry.resource.name == name), "{name} was lost");
        input.resources[&kind].iter().any(|entry| entry.resource.name == name)
    }

    #[test]
    fn what_is_being_made_or_removed_is_not_judged() {
        let mut snapshot = resilient();
        assert!(judged(&snapshot, Kind::DbCluster, "ledger"));
        for status in ["creating", "deleting"] {
            for resource in &mut snapshot.resources {
                if let Attributes::DbCluster(cluster) = &mut resource.attributes {
                    cluster.status = Some(status.to_owned());
                }
            }
            assert!(!judged(&snapshot, Kind::DbCluster, "ledger"), "{status}");
        }
    }

    #[test]
    fn what_comes_and_goes_is_not_judged() {
        let mut snapshot = resilient();
        for (env, expected) in [("staging", true), ("preview", false)] {
            for resource in &mut snapshot.resources {
                resource.tags = Some([("env".to_owned(), env.to_owned())].into_iter().collect());
            }
            assert_eq!(judged(&snapshot, Kind::DbCluster, "ledger"), expected, "{env}");
        }
    }

    /// What S3 tells of a bucket is the day on which its policy was changed.
    #[test]
    fn what_is_told_of_when_it_was_made_has_an_age() {
        let mut snapshot = resilient();
        let minute_ago = Timestamp::from_unix_seconds(snapshot.captured_at.unix_seconds() - 60);
        for resource in &mut snapshot.resources {
            if let Attributes::Table(table) = &mut resource.attributes {
                table.creation_date_time = Some(minute_ago);
            }
        }
        let config = Config::default();
        let index = Index::build(vec![&snapshot], &config);
        let input = index.input(&snapshot);
        let ages = |kind| input.resources[&kind].iter().map(|entry| entry.age).collect::<Vec<_>>();
        assert_eq!(ages(Kind::Table), [Some(60), Some(60)]);
        assert_eq!(ages(Kind::Bucket), [None; 4]);
        let table = serde_json::to_value(input.resources[&Kind::Table].first().unwrap()).unwrap();
        assert_eq!(table["age"], 60);
    }

    #[test]
    fn a_region_has_the_zones_that_the_account_sees_there() {
        let snapshot = resilient();
        let config = Config::default();
        let index = Index::build(vec![&snapshot], &config);
        let regions = serde_json::to_value(index.input(&snapshot).regions).unwrap();
        let zone = |letter: &str| serde_json::json!({"name": format!("ap-northeast-1{letter}"), "type": "availability-zone"});
        assert_eq!(regions[0]["name"], "ap-northeast-1");
        assert_eq!(regions[0]["zones"], serde_json::json!([zone("a"), zone("c"), zone("d")]));
    }

    #[test]
    fn buckets_are_judged_in_the_regions_of_the_scan_and_where_their_region_is_not_known() {
        let mut snapshot = resilient();
        let bucket = snapshot.resources.iter().find(|resource| resource.kind == Kind::Bucket).unwrap();
        let name = bucket.name.clone();
        for (region, expected) in [("sa-east-1", false), (GLOBAL, true)] {
            for resource in &mut snapshot.resources {
                if resource.name == name {
                    resource.region = region.to_owned();
                }
            }
            assert_eq!(judged(&snapshot, Kind::Bucket, &name), expected, "{region}");
        }
    }
}
