//! Giving Rego to regorus, which is refused first where it would not mean what it says.

use rayon::prelude::*;

use super::CompileError;
use crate::policy::catalogue::{Catalogue, Module, Policy};
use crate::policy::reach::{Code, Modules};
use crate::policy::{attributes, pitfalls};

/// Refuses the first place in modules that the machine would not evaluate as it is meant.
pub(super) fn check_pitfalls(modules: &[&Code<'_>]) -> Result<(), CompileError> {
    first(modules, |code| {
        let (line, pitfall) = pitfalls::find(code.bare())?;
        Some(CompileError::at(code.path, line, pitfall))
    })
}

/// Refuses the first attribute in modules that no resource has.
pub(super) fn check_attributes(modules: &[&Code<'_>]) -> Result<(), CompileError> {
    first(modules, |code| {
        let (line, name) = attributes::unknown(code.bare())?;
        let message =
            format!("no resource has an attribute `{name}`; `hadr-scan schema snapshot` lists them");
        Some(CompileError::at(code.path, line, message))
    })
}

fn first(
    modules: &[&Code<'_>],
    wrong: impl Fn(&Code<'_>) -> Option<CompileError> + Sync,
) -> Result<(), CompileError> {
    modules.par_iter().find_map_first(|code| wrong(code)).map_or(Ok(()), Err)
}

/// Families of policies, each policy and each family with its entry point, and what they reach.
pub(super) fn with_families(
    modules: &Modules<'_>,
    families: &[&[&Policy]],
) -> Result<regorus::Engine, CompileError> {
    let mut engine = with_entries(modules, &families.concat())?;
    for (family, first) in families.iter().filter_map(|family| Some((family, family.first()?))) {
        let wrapper = family_wrapper(family, first);
        engine
            .add_policy(format!("family/{}", first.path), wrapper)
            .map_err(|error| CompileError::of(&first.path, &error))?;
    }
    Ok(engine)
}

/// The policies, each with its entry point, and what they reach.
pub(super) fn with_entries(
    modules: &Modules<'_>,
    policies: &[&Policy],
) -> Result<regorus::Engine, CompileError> {
    let roots = modules.iter().filter(|code| policies.iter().any(|policy| policy.path == code.path));
    let mut engine = parsed(&modules.reached(roots.collect()))?;
    for policy in policies {
        let wrapper = wrapper(&engine, policy)?;
        engine
            .add_policy(entry_path(policy), wrapper)
            .map_err(|error| CompileError::of(&policy.path, &error))?;
    }
    Ok(engine)
}

/// A module with what it reaches, and its package below `data`. What the machine gets wrong is refused although tests
/// do not use it: tests that pass would say nothing.
pub(super) fn module(
    catalogue: &Catalogue,
    module: &Module,
) -> Result<(regorus::Engine, String), CompileError> {
    let root = Code::of_module(module);
    let modules = Modules::of(catalogue);
    let reached = modules.reached(vec![&root]);
    check_pitfalls(&reached)?;
    let others: Vec<&Code<'_>> = reached.into_iter().filter(|code| code.path != root.path).collect();
    let mut engine = parsed(&others)?;
    let package = engine
        .add_policy(module.path.clone(), module.source.clone())
        .map_err(|error| CompileError::of(&module.path, &error))?;
    Ok((engine, package))
}

fn parsed(modules: &[&Code<'_>]) -> Result<regorus::Engine, CompileError> {
    let mut engine = regorus::Engine::new();
    for code in modules {
        engine
            .add_policy(code.path.to_owned(), code.text.to_owned())
            .map_err(|error| CompileError::of(code.path, &error))?;
    }
    Ok(engine)
}

/// Text of the Rego rules that give a policy's results together.
fn wrapper(engine: &regorus::Engine, policy: &Policy) -> Result<String, CompileError> {
    let has = |rule: &str| {
        let declared = engine.has_declared_rule_rooted_at(&policy.path, rule);
        declared.map_err(|error| CompileError::of(&policy.path, &error))
    };
    for rule in ["subjects", "violations"] {
        if !has(rule)? {
            return Err(CompileError::new(&policy.path, format!("it has no rule `{rule}`")));
        }
    }
    // The rules are named in full: what is taken from an imported package makes regorus evaluate all of its rules.
    let rule = |name: &str| format!("data.{}.{name}", policy.package);
    let unknowns = if has("unknowns")? { rule("unknowns") } else { "set()".to_owned() };
    Ok(format!(
        "package {}\n\noutput := {{\"subjects\": {}, \"violations\": {}, \"unknowns\": {unknowns}}}\n",
        entry_package(policy),
        rule("subjects"),
        rule("violations"),
    ))
}

/// Text of the Rego rule that gives the results of several policies together, by their ids.
fn family_wrapper(family: &[&Policy], first: &Policy) -> String {
    let outputs = family.iter().map(|policy| format!("\t\"{}\": {},\n", policy.id, entry_point(policy)));
    let outputs: String = outputs.collect();
    format!("package {}\n\noutput := {{\n{outputs}}}\n", family_package(first))
}

fn family_package(first: &Policy) -> String {
    format!("hadr_family.{}", first.id.replace('-', "_"))
}

pub(super) fn family_entry_point(first: &Policy) -> String {
    format!("data.{}.output", family_package(first))
}

fn entry_package(policy: &Policy) -> String {
    format!("hadr_entry.{}", policy.id.replace('-', "_"))
}

pub(super) fn entry_point(policy: &Policy) -> String {
    format!("data.{}.output", entry_package(policy))
}

fn entry_path(policy: &Policy) -> String {
    format!("entry/{}", policy.path)
}
