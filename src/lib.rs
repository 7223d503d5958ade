//! Scans AWS accounts for high-availability and disaster-recovery anti-patterns.
//!
//! A scan collects the configuration of an account into a [`snapshot`](snapshot::Snapshot), derives joins from it,
//! evaluates policies in Rego on both, and reports what they find with commands that mend it. An auditor can do all
//! but the first step again, from the stored snapshot, without credentials.
//!
//! ```text
//! collect -> snapshot -> index -> policy -> finding -> report
//! (AWS)     (contract)  (joins)  (Rego)    (join)     (formats)
//! ```
//!
//! Start reading at [`snapshot::Snapshot`], the contract between collecting and judging; then
//! [`policy::Engine`], the heart; then `policies/rds/instance_single_az.rego`, a typical policy, and
//! `collect/rds`, a typical collector.
//!
//! # Modules, in the order of the data
//!
//! - `collect` asks AWS, and is the only place with the SDK and its runtime. One file or folder for each service, all
//!   with the same anatomy. It knows no policy.
//! - [`snapshot`] is the contract: resource types, what became of every call, the schema, reading and writing.
//! - [`evidence`] is what services, people and earlier scans say about drills.
//! - [`index`] joins resources once, with labels: relations, placement, copies, context. It knows no verdicts.
//! - [`policy`] reads metadata and Rego and evaluates. `policy::engine` alone names regorus. It knows
//!   neither AWS nor formats.
//! - [`finding`] joins verdicts with metadata, context, remediation and waivers into the
//!   [`Assessment`](finding::Assessment).
//! - [`report`] writes an assessment, one file for each format.
//! - [`config`] is `hadr-scan.toml`, and [`text`] makes text from accounts fit for people to read.
//!
//! # Invariants
//!
//! 1. **A failed call never fails a scan and never becomes a pass.** It becomes an entry in the coverage or a gap on
//!    the resource, and every policy that requires it is inconclusive there. Absent, denied and failed are three
//!    different values everywhere.
//! 2. **Evaluation reads no clock, network, environment or home directory.** "Now" is the snapshot's `captured_at`. The
//!    same snapshot, policies and configuration give the same bytes.
//! 3. **Adding a policy edits no Rust.** Documents, SARIF rules, permissions and the catalogue follow from its
//!    metadata.
//! 4. **The collector only reads.** Every operation that it can call is in [`snapshot::operation::OPERATIONS`], and
//!    the name of each says that it reads.
//! 5. **Reports see only the assessment.** No format reads the snapshot or the policies again.
//! 6. **Text from an account is hostile in every output.** Names and tags are written by anyone who may create or tag
//!    something: no output lets them become a command, an escape sequence or a link.
//! 7. **`--no-default-features` builds everything but `collect`.** Evaluation needs no SDK.
//!
//! # What is deliberately not here
//!
//! There is no daemon, nothing that writes to AWS, and no plugin API: a folder of Rego files is the extension.
//! Recovery estimates against the tiers' objectives are not here yet, so the policies' input has no `estimates`.
//!
//! # Where the design was changed
//!
//! - A violation may carry `at_most`, which lowers the severity that the metadata promises and cannot raise it:
//!   several rules are milder where something else limits the damage, and one policy for each degree would say the
//!   same thing twice.
//! - The operations table belongs to the snapshot, not to the collector, because a build without the collector has to
//!   know which calls a policy may require and which IAM action each of them needs.
//! - The listings of a policy's subjects are required even where its metadata does not say so. Leaving one out by
//!   mistake would turn a denied listing into "not applicable".
//! - Two operations of Elastic Load Balancing have the same name in two versions of its API. The older ones are
//!   `DescribeClassicLoadBalancers` and `DescribeClassicLoadBalancerAttributes` here, so that either can fail alone.
//!   For the same reason CloudTrail's one `LookupEvents`, CloudWatch's `GetMetricData` and the second use of
//!   `GetResources` have a name for each thing that they are asked about, such as `LookupDatabaseEvents`.
//! - Zones are resources (`AWS::EC2::AvailabilityZone`), because policies ask how many a Region has and which of them
//!   are Local Zones. The input has them with its `regions` besides.
//! - Rego that regorus' virtual machine evaluates to something else than the language says is refused
//!   (`policy::pitfalls`): it made a policy silently satisfied.
//! - Policies that judge each resource by itself are evaluated on some resources at a time, which the processor's cache
//!   holds, instead of on the whole input, and where these are of no type that they go over, not at all. Both are told
//!   from their text (`policy::separable`), and what cannot be told is evaluated on the whole, or everywhere.
//! - `copies.newest` has no member for what there is no copy for: `null` would be less than any limit.
//! - A resource has `schedules`, what makes backups of it again and again, apart from `copies`, what there is: a plan
//!   that has a resource and fails is another weakness than none. The input has `evidence`, too.
//! - `placement`, `copies`, `schedules` and `holds` are members of the resource that they are about, not maps by ARN
//!   beside the resources: a policy that has the resource has them at hand, and a map of every ARN for each need not be
//!   held.
//! - A workload can be a subject, with an ARN in a form of ours, because what was promised and tried is about workloads.
//! - `evidence` is a module of its own between the snapshot and the index: it comes from files of the user's besides,
//!   which the configuration names and reads, so that evaluating stays a function of snapshot, policies and
//!   configuration.
//! - DocumentDB and Neptune keep CloudFormation types of their own although the RDS API lists them, so that a policy
//!   about RDS cannot judge them.

#[cfg(feature = "aws")]
pub mod collect;
pub mod snapshot;
pub mod evidence;
pub mod index;
pub mod policy;
pub mod finding;
pub mod report;
pub mod config;
pub mod text;
