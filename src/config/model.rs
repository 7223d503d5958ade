//! What `hadr-scan.toml` can say. Field docs are the reference that `hadr-scan config init` writes out.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Deserializer, Serialize};

use crate::evidence::Evidence;

use super::value::{ArnPattern, Date, Seconds, TimeOfDay};

/// Tier of a workload: how much it matters to the business.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// The business stops with it.
    MissionCritical,
    /// The business suffers soon.
    BusinessCritical,
    /// The business can wait a day.
    General,
}

impl Tier {
    /// Every tier, the most critical first.
    pub const ALL: [Self; 3] = [Self::MissionCritical, Self::BusinessCritical, Self::General];

    /// The word in configuration, tags and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissionCritical => "mission-critical",
            Self::BusinessCritical => "business-critical",
            Self::General => "general",
        }
    }
}

impl std::str::FromStr for Tier {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|tier| tier.as_str() == text).ok_or(())
    }
}

/// What a resource serves, what matters most first.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Environment {
    /// It serves the business, or nothing says that it does not.
    Production,
    /// It stands by for production elsewhere: it has to be ready, and needs nothing that stands by for it.
    DisasterRecovery,
    /// It serves developers, and is like production: what is tried there says something about production.
    Staging,
    /// It serves developers.
    NonProduction,
    /// It serves developers for a while, and is not judged.
    Ephemeral,
}

impl Environment {
    /// The word in configuration, metadata and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::DisasterRecovery => "disaster-recovery",
            Self::Staging => "staging",
            Self::NonProduction => "non-production",
            Self::Ephemeral => "ephemeral",
        }
    }
}

/// What the data of a resource is to its workload.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DataRole {
    /// The only source of what it holds.
    Authoritative,
    /// State of users that may log in again.
    Session,
    /// It can be filled again from elsewhere, slowly.
    Cache,
    /// A record of what happened.
    Log,
    /// Copies of what others hold.
    Backup,
    /// It can be made again by a program.
    Rebuildable,
}

impl DataRole {
    /// The word in configuration, tags and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authoritative => "authoritative",
            Self::Session => "session",
            Self::Cache => "cache",
            Self::Log => "log",
            Self::Backup => "backup",
            Self::Rebuildable => "rebuildable",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Authoritative, Self::Session, Self::Cache, Self::Log, Self::Backup, Self::Rebuildable]
            .into_iter()
            .find(|role| role.as_str() == text)
    }
}

/// Recovery strategies, each able to do what the ones before it can.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// Restore from backups in the other Region.
    BackupAndRestore,
    /// Data is live in the other Region, compute is not.
    PilotLight,
    /// Everything runs in the other Region, smaller.
    WarmStandby,
    /// Both Regions serve.
    MultiSite,
}

impl std::str::FromStr for Strategy {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "backup-and-restore" => Ok(Self::BackupAndRestore),
            "pilot-light" => Ok(Self::PilotLight),
            "warm-standby" => Ok(Self::WarmStandby),
            "multi-site" => Ok(Self::MultiSite),
            _ => Err(()),
        }
    }
}

/// The configuration, with every default filled in.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Accounts that `--account` can name.
    pub accounts: BTreeMap<String, Account>,
    /// Objectives by tier. A tier that is not named here keeps its default.
    #[serde(deserialize_with = "tiers_over_defaults")]
    pub tiers: BTreeMap<Tier, Objectives>,
    /// Workloads, which group resources and give them a tier. The first that matches wins, before any tag.
    pub workloads: Vec<Workload>,
    /// Roles of data by resource. The first that matches wins; the tag `hadr:role` comes before.
    pub roles: Vec<RoleRule>,
    /// Parameters of policies: by policy, then by parameter, a value or a value for each criticality.
    pub parameters: BTreeMap<String, BTreeMap<String, serde_json::Value>>,
    /// Values for placeholders that remediation commands share, such as `dr_region`.
    pub inputs: BTreeMap<String, String>,
    /// Hours in which nothing should be disturbed.
    pub business_hours: Option<BusinessHours>,
    /// Findings that are accepted for a time.
    pub waivers: Vec<Waiver>,
    /// Where evidence of drills is kept.
    pub evidence: EvidenceFiles,
    /// What those files say.
    #[serde(skip)]
    pub records: Evidence,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            accounts: BTreeMap::new(),
            tiers: default_tiers(),
            workloads: Vec::new(),
            roles: Vec::new(),
            parameters: BTreeMap::new(),
            inputs: BTreeMap::new(),
            business_hours: None,
            waivers: Vec::new(),
            evidence: EvidenceFiles::default(),
            records: Evidence::default(),
        }
    }
}

/// Objectives that the document this project started from recommends for each tier.
fn default_tiers() -> BTreeMap<Tier, Objectives> {
    let hour = 3600;
    let objectives = |rto, rpo, strategy| Objectives { rto: Seconds(rto), rpo: Seconds(rpo), strategy };
    BTreeMap::from([
        (Tier::MissionCritical, objectives(hour, hour / 4, Strategy::WarmStandby)),
        (Tier::BusinessCritical, objectives(4 * hour, hour, Strategy::PilotLight)),
        (Tier::General, objectives(24 * hour, 12 * hour, Strategy::BackupAndRestore)),
    ])
}

fn tiers_over_defaults<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<Tier, Objectives>, D::Error> {
    let mut tiers = default_tiers();
    tiers.extend(BTreeMap::<Tier, Objectives>::deserialize(deserializer)?);
    Ok(tiers)
}

/// How to reach an account and what to look at there.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// AWS profile that gives the credentials; without it the standard chain does.
    pub profile: Option<String>,
    /// Role to assume with them.
    pub role_arn: Option<String>,
    /// External id that the role's trust policy asks for.
    pub external_id: Option<String>,
    /// Regions to scan; empty means all that are enabled.
    #[serde(default)]
    pub regions: Vec<String>,
}

/// What a tier is promised.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Objectives {
    /// Longest time without service.
    pub rto: Seconds,
    /// Longest time of writes that may be lost.
    pub rpo: Seconds,
    /// Least strategy against the loss of a Region.
    pub strategy: Strategy,
}

/// A workload.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// Name in reports.
    pub name: String,
    /// ARNs of its resources, with `*` and `?`.
    pub resources: Vec<ArnPattern>,
    /// Tier of all of them.
    pub tier: Option<Tier>,
    /// Environment of all of them.
    pub environment: Option<Environment>,
    /// Longest time without service that was promised; that of the tier if there is none.
    pub rto: Option<Seconds>,
    /// Longest time of writes that may be lost that was promised; that of the tier if there is none.
    pub rpo: Option<Seconds>,
    /// Strategy against the loss of a Region that it follows.
    pub strategy: Option<Strategy>,
}

/// Gives resources a role.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RoleRule {
    /// The role.
    pub role: DataRole,
    /// ARNs, with `*` and `?`.
    pub resources: Vec<ArnPattern>,
}

/// Hours of the week, in UTC like the windows of RDS.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BusinessHours {
    /// `mon` … `sun`.
    pub days: Vec<Day>,
    /// `hh:mm`, inclusive.
    pub start: TimeOfDay,
    /// `hh:mm`, exclusive; before `start` it means the next day.
    pub end: TimeOfDay,
}

/// Day of the week as RDS writes it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the days need no words")]
pub enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// Where evidence of drills is kept. Paths are relative to the configuration.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct EvidenceFiles {
    /// Folder with attestations, `*.toml`. Where it is named, one that is not in it was not made.
    pub attestations: Option<PathBuf>,
    /// File that scans add to what they see, and that keeps it when the services have forgotten.
    pub ledger: Option<PathBuf>,
}

/// Accepts findings for a time.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// Policy whose findings are accepted.
    pub policy: String,
    /// ARN of the resource, with `*` and `?`.
    pub resource: ArnPattern,
    /// Why the risk is accepted.
    pub reason: String,
    /// Who accepts it. A waiver without an owner does not apply.
    #[serde(default)]
    pub owner: String,
    /// Last day on which it applies, in UTC. A waiver without it does not apply.
    pub expires: Option<Date>,
}
