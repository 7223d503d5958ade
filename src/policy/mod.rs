//! Policies: data in Rego with metadata. Adding one edits no Rust.

mod attributes;
mod catalogue;
mod docs;
mod engine;
mod framework;
mod metadata;
mod output;
mod parameters;
mod permissions;
mod pitfalls;
mod practice;
mod reach;
mod rego;
mod scaffold;
mod separable;
mod severity;
mod verdict;

pub use catalogue::{Catalogue, LoadError, Module, Policy, UnknownInput, UnknownPolicy};
pub use docs::{Docs, DocsError};
pub use engine::{CompileError, Document, Engine, EvaluationError, TestResult, interpret, test};
pub use framework::{Framework, natural_order};
pub(crate) use metadata::placeholders;
pub use metadata::{
    Concern, Custom, Metadata, Parameter, RelatedResource, Risk, Scenario, Step, SubjectType,
};
pub use output::{Output, Violation};
pub use parameters::{ParameterError, Parameters};
pub use permissions::{IamPolicy, permissions, permissions_of_collector};
pub use practice::{Practice, PracticeReference, Practices, Section};
pub use scaffold::{ScaffoldError, scaffold};
pub use severity::{Severities, Severity};
pub use verdict::{Judgement, Ledger, Reason, Violated, judge};
