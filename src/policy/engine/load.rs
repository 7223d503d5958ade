//! Giving Rego to regorus, which is refused first where it would not mean what it says.

use super::CompileError;
use crate::policy::catalogue::{Catalogue, Module, Policy};
use crate::policy::reach::{self, Source};
use crate::policy::{attributes, pitfalls};

/// The policies, each with its entry point, and what they reach.
pub(super) fn with_entries(
    catalogue: &Catalogue,
    policies: &[&Policy],
) -> Result<regorus::Engine, CompileError> {
    let roots = policies.iter().map(|policy| (policy.path.as_str(), policy.source.as_str()));
    let mut engine = parsed(&reach::reached(catalogue, roots))?;
    for policy in policies {
        let wrapper = wrapper(&engine, policy)?;
        engine
            .add_policy(entry_path(policy), wrapper)
            .map_err(|error| CompileError::of(&policy.path, &error))?;
    }
    for policy in policies {
        if let Some((line, name)) = attributes::unknown(&policy.source) {
            let message =
                format!("no resource has an attribute `{name}`; `hadr-scan schema snapshot` lists them");
            return Err(CompileError::at(&policy.path, line, message));
        }
    }
    Ok(engine)
}

/// A module with what it reaches, and its package below `data`. What the machine gets wrong is refused although tests
/// do not use it: tests that pass would say nothing.
pub(super) fn module(
    catalogue: &Catalogue,
    module: &Module,
) -> Result<(regorus::Engine, String), CompileError> {
    let root = (module.path.as_str(), module.source.as_str());
    let reached = reach::reached(catalogue, [root]);
    let others: Vec<Source<'_>> = reached.into_iter().filter(|source| *source != root).collect();
    let mut engine = parsed(&others)?;
    let package = engine
        .add_policy(module.path.clone(), module.source.clone())
        .map_err(|error| CompileError::of(&module.path, &error))?;
    Ok((engine, package))
}

fn parsed(sources: &[Source<'_>]) -> Result<regorus::Engine, CompileError> {
    let mut engine = regorus::Engine::new();
    for (path, source) in sources {
        if let Some((line, pitfall)) = pitfalls::find(source) {
            return Err(CompileError::at(path, line, pitfall));
        }
        engine
            .add_policy((*path).to_owned(), (*source).to_owned())
            .map_err(|error| CompileError::of(path, &error))?;
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

fn entry_package(policy: &Policy) -> String {
    format!("hadr_entry.{}", policy.id.replace('-', "_"))
}

pub(super) fn entry_point(policy: &Policy) -> String {
    format!("data.{}.output", entry_package(policy))
}

fn entry_path(policy: &Policy) -> String {
    format!("entry/{}", policy.path)
}
