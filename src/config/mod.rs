//! `hadr-scan.toml`: accounts, tiers, workloads, policy parameters, waivers.

mod model;

pub use model::{
    Account, ArnPattern, BusinessHours, Config, DataRole, Date, Day, Environment, Objectives, RoleRule,
    Seconds, Strategy, Tier, TimeOfDay, Waiver, Workload,
};
