//! `hadr-scan.toml`: accounts, tiers, workloads, policy parameters, waivers.
//!
//! [`Loaded`] is the configuration with the place of each value in its file, so that a mistake is reported with
//! the line in which it was made, even when only the policies show that it is one.

mod account;
mod example;
mod load;
mod model;
mod origin;
mod value;

pub use account::{AwsFiles, UnknownAccount};
pub use example::{InitError, example, init};
pub use load::{FILE_NAME, LoadError, Loaded, find};
pub use model::{
    Account, BusinessHours, Config, DataRole, Day, Environment, EvidenceFiles, Objectives, RoleRule,
    Strategy, Tier, Waiver, Workload,
};
pub use origin::{Effective, Origin};
pub use value::{ArnPattern, Date, Seconds, TimeOfDay};
