//! Compiling policies for regorus' virtual machine.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::Program;
use rustc_hash::FxHashMap;

use super::{CompileError, load};
use crate::policy::catalogue::Policy;
use crate::policy::reach::{Code, Modules};
use crate::policy::separable::{Separable, Types};

/// Policies that are compiled together: the modules that several of them reach are parsed and analysed once, which is
/// most of the work. A program has room for some hundreds, but one core compiles it.
const POLICIES_IN_A_PROGRAM: usize = 24;

/// Policies that take the same lists of resources, or lists that are made of these, or some of very many such. They are run
/// together.
pub(super) struct Family {
    /// Library that the lists are in, or the service of policies that take none.
    pub name: String,
    /// Types of the resources that its policies judge one by one, so that they may be run on some of them at a time; `None` if
    /// one of the policies does not.
    pub separable: Option<Types>,
    pub program: Arc<Program>,
    /// Gives the outputs of all of its policies, by their ids.
    pub entry_point: usize,
    pub policies: Vec<Member>,
}

impl Family {
    /// Each of its policies, or all of them at once.
    pub(super) fn runs(&self, is_apart: bool) -> impl Iterator<Item = (&Self, &[Member])> {
        let length = if is_apart { 1 } else { self.policies.len().max(1) };
        self.policies.chunks(length).map(move |policies| (self, policies))
    }
}

/// A policy of a family.
pub(super) struct Member {
    pub id: String,
    /// Gives the output of this policy alone.
    pub entry_point: usize,
}

/// Compiles policies, in families that follow from the lists that they import.
pub(super) fn compile(modules: &Modules<'_>, policies: &[&Policy]) -> Result<Vec<Family>, CompileError> {
    let codes: FxHashMap<&str, &Code<'_>> = modules.iter().map(|code| (code.path, code)).collect();
    let separable = Separable::of(modules.iter());
    let makers = makers(modules);
    // Those with the same library are next to each other, and so in the same program as far as it has room.
    let mut families: BTreeMap<(&str, bool), Vec<&Policy>> = BTreeMap::new();
    for policy in policies {
        let libraries = codes.get(policy.path.as_str()).into_iter().flat_map(|code| code.list_libraries());
        // Lists of several libraries are made anew for it, but for those of its own service.
        let library = libraries.min_by_key(|library| *library != policy.service());
        let library = library.map_or(policy.service(), |library| maker(library, &makers));
        let is_separable = separable.types(&policy.package).is_some();
        families.entry((library, is_separable)).or_default().push(policy);
    }
    let mut programs: Vec<Vec<Named<'_>>> = Vec::new();
    let named = families.iter().flat_map(|((name, _), policies)| {
        policies.chunks(POLICIES_IN_A_PROGRAM).map(|policies| Named::of(name, policies, &separable))
    });
    for family in named {
        let has_room = |program: &&mut Vec<Named<'_>>| {
            let policies = program.iter().chain([&family]).map(|family| family.policies.len());
            policies.sum::<usize>() <= POLICIES_IN_A_PROGRAM
        };
        match programs.last_mut().filter(has_room) {
            Some(program) => program.push(family),
            None => programs.push(vec![family]),
        }
    }
    let compiled = programs.par_iter().map(|families| compile_families(modules, families));
    let compiled: Vec<_> = compiled.collect();
    Ok(compiled.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect())
}

/// Libraries that make lists out of those of others, by the others. Policies that take either are run together, as the
/// lists are made once for them.
fn makers<'m>(modules: &'m Modules<'_>) -> FxHashMap<&'m str, &'m str> {
    let libraries = modules.iter().filter_map(|code| Some((code, code.package.strip_prefix("hadr.lib.")?)));
    libraries.flat_map(|(code, maker)| code.list_libraries().map(move |library| (library, maker))).collect()
}

/// What makes lists out of those of a library, or out of lists that are made of these; else the library.
fn maker<'m>(library: &'m str, makers: &FxHashMap<&'m str, &'m str>) -> &'m str {
    let chain = std::iter::successors(Some(library), |library| makers.get(library).copied());
    // Libraries could name each other.
    chain.take(makers.len() + 1).last().unwrap_or(library)
}

/// A family that is not compiled yet.
struct Named<'p> {
    name: &'p str,
    separable: Option<Types>,
    policies: &'p [&'p Policy],
}

impl<'p> Named<'p> {
    fn of(name: &'p str, policies: &'p [&'p Policy], separable: &Separable<'p>) -> Self {
        let types = policies.iter().map(|policy| separable.types(&policy.package));
        Self { name, separable: Types::of_all(types), policies }
    }
}

/// Compiles families into one program.
fn compile_families(modules: &Modules<'_>, families: &[Named<'_>]) -> Result<Vec<Family>, CompileError> {
    let lists: Vec<&[&Policy]> = families.iter().map(|family| family.policies).collect();
    let policies = lists.concat();
    let Some(first) = policies.first() else { return Ok(Vec::new()) };
    let mut engine = load::with_families(modules, &lists)?;
    // Modules are analysed once, whichever entry point it is done for.
    let analysed = engine.compile_with_entrypoint(&load::entry_point(first).as_str().into());
    let analysed = analysed.map_err(|error| CompileError::of(&first.path, &error))?;
    let compile = |entry_points: &[String]| {
        let entry_points: Vec<&str> = entry_points.iter().map(String::as_str).collect();
        Compiler::compile_from_policy(&analysed, &entry_points)
    };
    let compile_alone = |policy: &Policy| compile(&[load::entry_point(policy)]);
    let of_families = lists.iter().filter_map(|family| family.first());
    let of_families = of_families.map(|first| load::family_entry_point(first));
    let of_policies = policies.iter().map(|policy| load::entry_point(policy));
    let program = compile(&of_families.chain(of_policies).collect::<Vec<_>>()).map_err(|error| {
        // Of several, the error does not say which it is about.
        let alone = policies.iter().find_map(|policy| Some((policy, compile_alone(policy).err()?)));
        let (policy, error) = alone.map_or((first, error), |(policy, alone)| (policy, alone));
        CompileError::of(&policy.path, &error)
    })?;
    if let Some(call) = miscalled(&program) {
        let is_in = |policy: &&&Policy| compile_alone(policy).is_ok_and(|alone| miscalled(&alone).is_some());
        let policy = policies.iter().find(is_in).unwrap_or(first);
        return Err(CompileError::new(&policy.path, call));
    }
    let program = Arc::new(lighten(Arc::unwrap_or_clone(program)));
    let mut entry_points = families.len()..;
    let mut member =
        |policy: &&Policy| Some(Member { id: policy.id.clone(), entry_point: entry_points.next()? });
    let families = families.iter().enumerate().map(|(entry_point, family)| Family {
        name: family.name.to_owned(),
        separable: family.separable.clone(),
        program: Arc::clone(&program),
        entry_point,
        policies: family.policies.iter().filter_map(&mut member).collect(),
    });
    Ok(families.collect())
}

/// A call of a builtin with fewer arguments than it takes; one more is what it is compared with. The machine lets the rule
/// fail there, so that a pattern would never be found.
fn miscalled(program: &Program) -> Option<String> {
    program.instruction_data.builtin_call_params.iter().find_map(|call| {
        let builtin = program.builtin_info_table.get(usize::from(call.builtin_index))?;
        let (taken, given) = (builtin.num_args, u16::from(call.num_args));
        let arguments = if taken == 1 { "argument" } else { "arguments" };
        (taken != given)
            .then(|| format!("`{}` takes {taken} {arguments}, and is given {given}", builtin.name))
    })
}

/// Drops what only a listing of the program shows. The machine copies the description of a rule at every reference to
/// it, before it looks whether the rule's value is known; names in it are most of what a call of a function costs.
fn lighten(mut program: Program) -> Program {
    for rule in &mut program.rule_infos {
        rule.name = String::new();
        if let Some(function) = &mut rule.function_info {
            function.param_names = Vec::new();
        }
        // Nothing in these lists is the same as no list.
        if rule.destructuring_blocks.iter().all(Option::is_none) {
            rule.destructuring_blocks = Vec::new();
        }
        if !rule.else_bodies.iter().flatten().any(|is_else| *is_else) {
            rule.else_bodies = Vec::new();
        }
    }
    program
}

#[cfg(test)]
mod tests {
    use rustc_hash::FxHashMap;

    use super::{compile, maker};
    use crate::policy::Catalogue;
    use crate::policy::catalogue::Policy;
    use crate::policy::reach::Modules;

    /// What holds data is told of databases, volumes and file systems, whose libraries have policies of their own.
    #[test]
    fn policies_whose_lists_are_made_of_the_same_are_one_family() {
        let catalogue = Catalogue::embedded().unwrap();
        let policies: Vec<&Policy> = catalogue.iter().collect();
        let families = compile(&Modules::of(&catalogue), &policies).unwrap();
        let ids = |name: &str| -> Vec<&str> {
            let families = families.iter().filter(|family| family.name == name && family.separable.is_some());
            families.flat_map(|family| &family.policies).map(|policy| policy.id.as_str()).collect()
        };
        let backup = ids("backup");
        for id in
            ["backup-copies-too-few", "ebs-no-copy-off-region", "efs-one-zone", "rds-no-copy-off-region"]
        {
            assert!(backup.contains(&id), "{id}: {backup:?}");
        }
        assert!(ids("s3").contains(&"s3-bucket-unversioned"), "{:?}", ids("s3"));
    }

    #[test]
    fn libraries_that_take_lists_of_each_other_have_a_maker() {
        let makers = FxHashMap::from_iter([("ec2", "backup"), ("backup", "rds"), ("rds", "backup")]);
        for library in ["ec2", "backup", "rds"] {
            assert!(["backup", "rds"].contains(&maker(library, &makers)), "{library}");
        }
        assert_eq!(maker("s3", &makers), "s3");
    }
}
