//! Frameworks as taxonomies: each clause that a policy is mapped to is a taxon, and rules point at it by index.

use std::collections::{BTreeMap, BTreeSet};

use serde_sarif::sarif::{
    ReportingDescriptor, ReportingDescriptorReference, ReportingDescriptorRelationship, ToolComponent,
    ToolComponentReference,
};

use super::message;
use crate::finding::EvaluatedPolicy;
use crate::policy::Framework;

/// The frameworks and clauses that the evaluated policies name.
pub(super) struct Taxonomies<'a>(BTreeMap<Framework, BTreeSet<&'a str>>);

impl<'a> Taxonomies<'a> {
    pub(super) fn of(policies: &'a [EvaluatedPolicy]) -> Self {
        let mut taxonomies: BTreeMap<Framework, BTreeSet<&str>> = BTreeMap::new();
        for (framework, clauses) in policies.iter().flat_map(|policy| &policy.metadata.custom.controls) {
            taxonomies.entry(*framework).or_default().extend(clauses.iter().map(String::as_str));
        }
        Self(taxonomies)
    }

    /// The taxonomies of a run.
    pub(super) fn components(&self) -> Vec<ToolComponent> {
        let component = |(framework, clauses): (&Framework, &BTreeSet<&str>)| {
            let taxon = |clause: &&str| ReportingDescriptor::builder().id(*clause).build();
            ToolComponent::builder()
                .name(framework.as_str())
                .full_name(framework.title())
                .version(framework.edition())
                .organization(framework.organization())
                .short_description(message::description(framework.title()))
                .is_comprehensive(false)
                .taxa(clauses.iter().map(taxon).collect::<Vec<_>>())
                .build()
        };
        self.0.iter().map(component).collect()
    }

    /// How the driver names them.
    pub(super) fn references(&self) -> Vec<ToolComponentReference> {
        self.0.keys().zip(0..).map(|(framework, index)| reference(*framework, index)).collect()
    }

    /// The clauses of a policy.
    pub(super) fn relationships(&self, policy: &EvaluatedPolicy) -> Vec<ReportingDescriptorRelationship> {
        let of_framework = |(framework, clauses): (&Framework, &Vec<String>)| {
            let (known, at) = self
                .0
                .iter()
                .zip(0..)
                .find_map(|((candidate, known), at)| (candidate == framework).then_some((known, at)))?;
            let component = reference(*framework, at);
            let relationship = |clause: &String| {
                let index =
                    known.iter().zip(0_i64..).find(|(known, _)| *known == clause).map(|(_, at)| at)?;
                let target = ReportingDescriptorReference::builder()
                    .id(clause.as_str())
                    .index(index)
                    .tool_component(component.clone())
                    .build();
                let kinds = vec!["relevant".to_owned()];
                Some(ReportingDescriptorRelationship::builder().target(target).kinds(kinds).build())
            };
            Some(clauses.iter().filter_map(relationship).collect::<Vec<_>>())
        };
        policy.metadata.custom.controls.iter().filter_map(of_framework).flatten().collect()
    }
}

fn reference(framework: Framework, index: i64) -> ToolComponentReference {
    ToolComponentReference::builder().name(framework.as_str()).index(index).build()
}
