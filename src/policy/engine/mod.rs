//! Evaluation: the only place that names regorus, and where rayon works.
//!
//! Each policy becomes one entry point of a program for regorus' virtual machine, which gives subjects, violations and
//! unknowns together, so that what the three share is computed once. Policies run in parallel, each on a machine of
//! its own; the input is shared, not copied.

mod convert;
mod load;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use regorus::Value;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::{Program, RegoVM};
use rustc_hash::FxHashSet;

use self::convert::Words;
use super::catalogue::{Catalogue, Module, Policy};
use super::output::Output;
use super::parameters::Parameters;
use super::reach::Modules;
use crate::index::Input;

/// Instructions after which a policy is given up. A pass takes some dozens for each subject, so this is far
/// beyond any account, and a policy that does not end costs minutes rather than the night.
const MAX_INSTRUCTIONS: usize = 4_000_000_000;

/// Policies that are compiled together: the modules that several of them reach are parsed and analysed once, which is
/// most of the work. A program has room for some hundreds, but one core compiles it.
const POLICIES_IN_A_PROGRAM: usize = 24;

/// Why policies could not be compiled. It is about a policy, never about an account.
#[derive(Debug, thiserror::Error)]
#[error("{file}{position}: {message}")]
pub struct CompileError {
    file: String,
    position: String,
    message: String,
}

impl CompileError {
    /// What to do about it.
    pub fn help(&self) -> String {
        "policies are Rego v1 and export `subjects` and `violations`; `hadr-scan policy test` tries them"
            .to_owned()
    }

    fn new(file: &str, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), position: String::new(), message: message.into() }
    }

    fn at(file: &str, line: usize, message: impl Into<String>) -> Self {
        Self { position: format!(":{line}"), ..Self::new(file, message) }
    }

    /// Takes the place and the message out of the picture that regorus draws of an error.
    fn of(file: &str, error: &dyn std::fmt::Display) -> Self {
        let picture = error.to_string();
        let place = picture.lines().find_map(|line| line.trim().strip_prefix("--> ")).map(|place| {
            let (path, position) = place.split_once(".rego:").unwrap_or((place, ""));
            (format!("{path}.rego"), format!(":{position}"))
        });
        let message = picture.lines().find_map(|line| line.trim().strip_prefix("error: ")).map(str::to_owned);
        let message = message.unwrap_or_else(|| picture.trim().to_owned());
        match place {
            Some((file, position)) => Self { file, position, message },
            None => Self::new(file, message),
        }
    }
}

/// Why a policy gave no verdicts.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the policy could not be evaluated: {0}")]
pub struct EvaluationError(String);

impl EvaluationError {
    /// The policy evaluated, but not to what policies have to give.
    pub(super) fn contract(message: String) -> Self {
        Self(message)
    }
}

/// The policies' `input` as the engine holds it: once, for every policy.
pub struct Document(Value);

/// A policy in the program that it shares with others.
struct Compiled {
    id: String,
    program: Arc<Program>,
    entry_point: usize,
}

/// Compiled policies.
pub struct Engine {
    policies: Vec<Compiled>,
    data: Value,
    words: Words,
}

impl Engine {
    /// Compiles every policy of a catalogue. Policies that read attributes that no resource has are refused.
    pub fn compile(catalogue: &Catalogue, parameters: &Parameters) -> Result<Self, CompileError> {
        let policies: Vec<&Policy> = catalogue.iter().collect();
        let modules = Modules::of(catalogue);
        let codes: Vec<_> = modules.iter().collect();
        load::check_pitfalls(&codes)?;
        let programs = policies.par_chunks(POLICIES_IN_A_PROGRAM).map(|policies| compile(&modules, policies));
        let mut policies = Vec::new();
        for program in programs.collect::<Vec<_>>() {
            policies.extend(program?);
        }
        load::check_attributes(&codes)?;
        Ok(Self { policies, data: data(parameters), words: words(&modules) })
    }

    /// Builds the document. Settings that no policy names are left out: half of an account's are such, and they
    /// would cost memory and time all the same. Evidence can therefore name settings, and not take all of them.
    pub fn document(&self, input: &Input<'_>) -> Document {
        Document(convert::input(input, &self.words))
    }

    /// Evaluates every policy on one account, in parallel, and hands each output to `conclude` on the thread that
    /// made it. The results are in the order of the catalogue.
    pub fn evaluate<T: Send>(
        &self,
        document: &Document,
        conclude: impl Fn(&str, Result<Output, EvaluationError>) -> T + Sync,
    ) -> Vec<T> {
        let results = self.policies.par_iter().map(|policy| {
            let start = Instant::now();
            let result = self.run(policy, document.0.clone());
            tracing::trace!(policy = policy.id, milliseconds = start.elapsed().as_millis(), "evaluated");
            conclude(&policy.id, result.map_err(|error| EvaluationError(error.to_string())))
        });
        results.collect()
    }

    fn run(
        &self,
        policy: &Compiled,
        input: Value,
    ) -> Result<Output, Box<dyn std::error::Error + Send + Sync>> {
        let mut machine = RegoVM::new();
        machine.load_program(Arc::clone(&policy.program));
        machine.set_max_instructions(MAX_INSTRUCTIONS);
        machine.set_data(self.data.clone())?;
        machine.set_input(input);
        Ok(convert::output(&machine.execute_entry_point_by_index(policy.entry_point)?)?)
    }
}

/// Evaluates with the interpreter instead, to compare the two.
pub fn interpret(
    catalogue: &Catalogue,
    parameters: &Parameters,
    document: &Document,
) -> Result<BTreeMap<String, Output>, CompileError> {
    let policies: Vec<&Policy> = catalogue.iter().collect();
    let mut engine = load::with_entries(&Modules::of(catalogue), &policies)?;
    engine.add_data(data(parameters)).map_err(|error| CompileError::of("parameters", &error))?;
    engine.set_input(document.0.clone());
    let interpret = |policy: &Policy| {
        let value = engine.eval_rule(load::entry_point(policy));
        let output = value
            .map_err(|error| error.to_string())
            .and_then(|value| convert::output(&value).map_err(|error| error.to_string()));
        output
            .map(|output| (policy.id.clone(), output))
            .map_err(|error| CompileError::new(&policy.path, error))
    };
    policies.into_iter().map(interpret).collect()
}

/// Result of one test rule.
#[derive(Clone, Debug, PartialEq)]
pub struct TestResult {
    /// Path of the test module.
    pub path: String,
    /// Name of the rule.
    pub name: String,
    /// Why it failed; `None` if it passed.
    pub failure: Option<String>,
}

/// Runs the rules of a test module whose names start with `test_`. The interpreter does it, because tests
/// replace the input with `with`.
pub fn test(
    catalogue: &Catalogue,
    parameters: &Parameters,
    module: &Module,
) -> Result<Vec<TestResult>, CompileError> {
    let (mut engine, package) = load::module(catalogue, module)?;
    engine.add_data(data(parameters)).map_err(|error| CompileError::of("parameters", &error))?;
    let names: BTreeSet<&str> = module
        .source
        .lines()
        .filter(|line| line.starts_with("test_"))
        .filter_map(|line| line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').next())
        .collect();
    if names.is_empty() {
        return Err(CompileError::new(&module.path, "it has no rule whose name starts with `test_`"));
    }
    let run = |name: &&str| {
        let failure = match engine.clone().eval_rule(format!("{package}.{name}")) {
            Ok(Value::Bool(true)) => None,
            Ok(Value::Undefined) => Some("it is undefined: a condition does not hold".to_owned()),
            Ok(value) => Some(format!("it is {value}, not true")),
            Err(error) => Some(error.to_string().trim().to_owned()),
        };
        TestResult { path: module.path.clone(), name: (*name).to_owned(), failure }
    };
    Ok(names.iter().map(run).collect())
}

/// Compiles policies into one program.
fn compile(modules: &Modules<'_>, policies: &[&Policy]) -> Result<Vec<Compiled>, CompileError> {
    let Some(first) = policies.first() else { return Ok(Vec::new()) };
    let mut engine = load::with_entries(modules, policies)?;
    // Modules are analysed once, whichever entry point it is done for.
    let analysed = engine.compile_with_entrypoint(&load::entry_point(first).as_str().into());
    let analysed = analysed.map_err(|error| CompileError::of(&first.path, &error))?;
    let program = |policies: &[&Policy]| {
        let entry_points: Vec<String> = policies.iter().map(|policy| load::entry_point(policy)).collect();
        Compiler::compile_from_policy(&analysed, &entry_points.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let program = program(policies).map_err(|error| {
        // Of several, the error does not say which it is about.
        let alone = policies.iter().find_map(|policy| Some((policy, program(&[*policy]).err()?)));
        let (policy, error) = alone.map_or((first, error), |(policy, alone)| (policy, alone));
        CompileError::of(&policy.path, &error)
    })?;
    let compiled = |(entry_point, policy): (usize, &&Policy)| Compiled {
        id: policy.id.clone(),
        program: Arc::clone(&program),
        entry_point,
    };
    Ok(policies.iter().enumerate().map(compiled).collect())
}

/// Every word of the rules, those in quotes too, so that no name that a policy could read is missing.
fn words(modules: &Modules<'_>) -> Words {
    let lines = modules.iter().flat_map(|code| code.text.lines()).filter(|line| !line.starts_with('#'));
    let words =
        lines.flat_map(|line| line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_'));
    let different: FxHashSet<&str> = words.filter(|word| !word.is_empty()).collect();
    different.into_iter().map(str::to_owned).collect()
}

/// The policies' `data`: `data.parameters["<id>"]`.
fn data(parameters: &Parameters) -> Value {
    convert::value(&BTreeMap::from([("parameters", parameters)]))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use regorus::Value;

    use super::convert::{self, Words};
    use crate::config::Config;
    use crate::index::Index;
    use crate::snapshot;

    /// The document is built without JSON between; what `--print-input` writes for other engines is the same, if
    /// every setting is named.
    #[test]
    fn the_input_is_the_one_that_is_printed() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/accounts/resilient/snapshot.json");
        let snapshot = snapshot::read(&file).unwrap().snapshot;
        let config = Config::default();
        let index = Index::build(vec![&snapshot], &config);
        let input = index.input(&snapshot);
        let printed = serde_json::to_string(&input).unwrap();
        let words: Words = printed.split('"').map(str::to_owned).collect();
        let printed = Value::from_json_str(&printed).unwrap();
        assert_eq!(convert::input(&input, &words), printed);
        assert!(printed["by_arn"].as_object().unwrap().len() > 20, "hardly anything was compared");
    }
}
