//! The words of the JSON report. They mirror enums of the program, so that renaming a variant there changes
//! nothing here and adding one asks for a word.

use schemars::JsonSchema;
use serde::Serialize;

use crate::config;
use crate::policy;
use crate::report::summary;
use crate::snapshot;

/// Declares an enum with its words and the conversion from the program's own.
macro_rules! words {
    ($($(#[doc = $doc:literal])+ $name:ident = $source:ty { $($variant:ident $word:literal),+ $(,)? })+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Clone, Copy, JsonSchema, Serialize)]
            #[allow(clippy::enum_variant_names, reason = "the variants are those of the program's own enum")]
            pub(super) enum $name {
                $(#[serde(rename = $word)] $variant),+
            }

            impl From<$source> for $name {
                fn from(value: $source) -> Self {
                    type Source = $source;
                    match value { $(Source::$variant => Self::$variant),+ }
                }
            }
        )+
    };
}

words! {
    /// How bad a finding is.
    Severity = policy::Severity {
        Critical "critical", High "high", Medium "medium", Low "low", Info "info",
    }
    /// What became of a policy on an account, the first that applies to any of its subjects.
    Status = summary::Status {
        Violated "violated", Inconclusive "inconclusive", Waived "waived", Passed "passed",
        NotApplicable "not_applicable",
    }
    /// What became of a control, the first that applies to any verdict of its policies: something violates one of
    /// them; of something it cannot be told; what violates one is waived; something satisfies one; nothing is a
    /// subject of any.
    ControlStatus = summary::Status {
        Violated "fail", Inconclusive "inconclusive", Waived "waived", Passed "pass",
        NotApplicable "not_applicable",
    }
    /// What kind of weakness a policy looks for.
    Concern = policy::Concern {
        Redundancy "redundancy", Backup "backup", Replication "replication", Failover "failover",
        Protection "protection", Monitoring "monitoring", Operations "operations", Governance "governance",
    }
    /// A failure.
    Scenario = policy::Scenario {
        Instance "instance", Zone "zone", Region "region", Deletion "deletion", Ransom "ransom",
        ControlPlane "control-plane",
    }
    /// A framework whose clauses policies are mapped to.
    Framework = policy::Framework {
        AwsWellArchitected "aws-well-architected", AwsConfig "aws-config", AwsSecurityHub "aws-security-hub",
        Nist80053 "nist-800-53", Iso22301 "iso-22301", Dora "dora", Soc2 "soc2",
    }
    /// How careful one has to be with a step.
    Risk = policy::Risk {
        Safe "safe", Review "review", Disruptive "disruptive", Irreversible "irreversible",
    }
    /// What became of a call.
    Outcome = snapshot::Outcome {
        Collected "collected", Denied "denied", Throttled "throttled", Failed "failed",
        RegionDisabled "region_disabled", Unsupported "unsupported", Skipped "skipped",
    }
    /// How much a workload matters to the business.
    Tier = config::Tier {
        MissionCritical "mission-critical", BusinessCritical "business-critical", General "general",
    }
    /// What a resource serves.
    Environment = config::Environment {
        Production "production", DisasterRecovery "disaster-recovery", Staging "staging",
        NonProduction "non-production", Ephemeral "ephemeral",
    }
    /// What the data of a resource is to its workload.
    Role = config::DataRole {
        Authoritative "authoritative", Session "session", Cache "cache", Log "log", Backup "backup",
        Rebuildable "rebuildable",
    }
}
