//! `hadr-scan policy show`: a policy for a person to read.

use std::io::{self, Write};

use hadr_scan::index::Criticality;
use hadr_scan::policy::{Catalogue, Custom, PracticeReference, Step};

use crate::cli::exit::ExitStatus;
use crate::cli::failure::Failure;

pub(super) fn run(catalogue: &Catalogue, id: &str) -> Result<ExitStatus, Failure> {
    let mut out = io::stdout().lock();
    let policy = catalogue.require(id)?;
    let metadata = &policy.metadata;
    writeln!(out, "{}: {}\n\n{}\n", policy.id, metadata.title, metadata.description.trim_end())?;
    facts(&metadata.custom, &mut out)?;
    for PracticeReference { id, .. } in &metadata.custom.practices {
        let title = catalogue.practices().get(id).map_or("", |practice| &practice.title);
        writeln!(out, "{:<11} {title} ({id})", "practice")?;
    }
    for page in &metadata.related_resources {
        writeln!(out, "{:<11} {} <{}>", "see", page.description, page.reference)?;
    }
    if !metadata.custom.parameters.is_empty() {
        writeln!(out, "\nparameters:")?;
    }
    for (name, parameter) in &metadata.custom.parameters {
        let description = parameter.description.split_whitespace().collect::<Vec<_>>().join(" ");
        writeln!(out, "  {name} = {}\n      {description}", parameter.default)?;
    }
    if !metadata.custom.remediation.is_empty() {
        writeln!(out, "\nremediation:")?;
    }
    for (index, step) in metadata.custom.remediation.iter().enumerate() {
        remediation(index + 1, step, &mut out)?;
    }
    writeln!(out, "\n{}:\n\n{}", policy.path, policy.source.trim_end())?;
    Ok(ExitStatus::Clean)
}

fn facts(custom: &Custom, out: &mut impl Write) -> io::Result<()> {
    let severities = Criticality::ALL.map(|criticality| {
        let severity = custom.severity.of(criticality).map_or("none", |severity| severity.as_str());
        format!("{} {severity}", criticality.as_str())
    });
    let scenarios: Vec<&str> = custom.scenarios.iter().map(|scenario| scenario.as_str()).collect();
    let subjects: Vec<&str> = custom.resource_types.iter().map(|subject| subject.as_str()).collect();
    let exempt: Vec<&str> =
        custom.exempt_environments.iter().map(|environment| environment.as_str()).collect();
    let facts = [
        ("severity", severities.join(", ")),
        ("concern", custom.concern.as_str().to_owned()),
        ("hurts in", scenarios.join(", ")),
        ("judges", subjects.join(", ")),
        ("exempts", if exempt.is_empty() { "none".to_owned() } else { exempt.join(", ") }),
        ("requires", custom.requires.join(", ")),
        ("since", custom.since.clone()),
    ];
    for (name, value) in facts {
        writeln!(out, "{name:<11} {value}")?;
    }
    for (framework, ids) in &custom.controls {
        let (framework, edition) = (framework.as_str(), framework.edition());
        writeln!(out, "{:<11} {framework} ({edition}): {}", "controls", ids.join(", "))?;
    }
    Ok(())
}

/// A step with its placeholders. Templates are argument lists; joining them is only for the eye.
fn remediation(number: usize, step: &Step, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "  {number}. {}", step.argv.join(" "))?;
    if !step.resource_types.is_empty() {
        let types: Vec<&str> = step.resource_types.iter().map(|subject| subject.as_str()).collect();
        writeln!(out, "     only for  {}", types.join(", "))?;
    }
    let undo = step.undo.as_ref().map_or_else(|| "nothing takes it back".to_owned(), |argv| argv.join(" "));
    let lines = [
        ("effect", step.effect.as_str()),
        ("risk", step.risk.as_str()),
        ("undo", &undo),
        ("verify", &step.verify.join(" ")),
        ("cost", &step.cost),
    ];
    for (name, value) in lines {
        writeln!(out, "     {name:<9} {value}")?;
    }
    Ok(())
}
