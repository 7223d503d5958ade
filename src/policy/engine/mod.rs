//! Evaluation: the only place that names regorus, and where rayon works.
//!
//! Each policy becomes an entry point of a program for regorus' virtual machine, which gives its subjects, violations and
//! unknowns, and those that take the same lists of resources become one more, which gives all of them, so that what they
//! share is computed once. Such families run in parallel, each on a machine of its own; the input is shared, not copied.
//! Those whose policies judge each resource by itself run on some resources after the others, which are then in the cache
//! of the processor for all of them.

mod convert;
mod load;
mod program;
mod run;

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;
use rustc_hash::FxHashSet;

use self::convert::Words;
use self::program::Family;
use super::catalogue::{Catalogue, Module, Policy};
use super::output::Output;
use super::parameters::Parameters;
use super::reach::Modules;
use crate::index::Input;

/// Resources that separable policies are run on at a time: few enough that a processor's cache holds them, and enough that
/// starting the policies costs little beside.
const PART: usize = 256;

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

    /// Takes the place and the message out of the picture that regorus draws of an error. Inside a comprehension it draws
    /// one in another, of which the innermost says what is wrong.
    fn of(file: &str, error: &dyn std::fmt::Display) -> Self {
        let picture = error.to_string();
        let (mut place, mut found) = (None, None);
        for line in picture.lines().map(str::trim) {
            if let Some(named) = line.strip_prefix("--> ") {
                place = named.split_once(".rego:");
            }
            if let Some(message) = line.strip_prefix("error: ") {
                found = Some((place, message));
            }
        }
        match found {
            Some((Some((path, position)), message)) => Self {
                file: format!("{path}.rego"),
                position: format!(":{position}"),
                message: message.to_owned(),
            },
            Some((None, message)) => Self::new(file, message),
            None => Self::new(file, picture.trim()),
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
pub struct Document {
    whole: Value,
    parts: Vec<Part>,
}

/// The document with some of the resources.
struct Part {
    input: Value,
    /// Types that these are of.
    types: Vec<String>,
}

/// Compiled policies.
pub struct Engine {
    families: Vec<Family>,
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
        let families = program::compile(&modules, &policies)?;
        load::check_attributes(&codes)?;
        Ok(Self { families, data: data(parameters), words: words(&modules) })
    }

    /// Builds the document. Settings that no policy names are left out: half of an account's are such, and they
    /// would cost memory and time all the same. Evidence can therefore name settings, and not take all of them.
    pub fn document(&self, input: &Input<'_>) -> Document {
        self.document_in_parts(input, PART)
    }

    /// The document for policies that judge each resource by itself to be run on so many at a time. What they say does not
    /// depend on it.
    pub fn document_in_parts(&self, input: &Input<'_>, size: usize) -> Document {
        let whole = convert::input(input, &self.words);
        let parts = convert::parts(&whole, size.max(1));
        Document { whole, parts }
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
    engine.set_input(document.whole.clone());
    let interpret = |policy: &Policy| {
        let value = engine.eval_rule(load::entry_point(policy));
        let output = value
            .map_err(|error| error.to_string())
            .and_then(|value| convert::output(&value).map_err(|error| error.to_string()));
        output
            .map(|output| (policy.id.clone(), output.in_order()))
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

    use super::Engine;
    use super::convert::{self, Words};
    use crate::config::Config;
    use crate::index::Index;
    use crate::policy::catalogue::Module;
    use crate::policy::{Catalogue, Parameters};
    use crate::snapshot;

    /// What is said about the bucket policy with a condition in place of its own, in line 6 from the package.
    fn error(condition: &str) -> String {
        let subjects = "subjects contains arn if some arn, _ in input.by_arn\n";
        let rules = format!(
            "{subjects}\nviolations contains {{\"resource\": arn}} if {{\n\tsome arn in subjects\n\t{condition}\n}}\n"
        );
        let catalogue = Catalogue::embedded().unwrap();
        let (metadata, _) =
            catalogue.get("s3-bucket-unversioned").unwrap().source.split_once("\npackage ").unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("s3")).unwrap();
        let text = format!("{metadata}\npackage hadr.s3.bucket_odd\n\n{rules}");
        std::fs::write(folder.path().join("s3/bucket_odd.rego"), &text).unwrap();
        let catalogue = Catalogue::folder(folder.path()).unwrap();
        let parameters = Parameters::resolve(&catalogue, &catalogue, &Config::default()).unwrap();
        let error = Engine::compile(&catalogue, &parameters).err().unwrap().to_string();
        // Lines are counted from the package.
        let before = metadata.lines().count() + 1;
        let (file, rest) = error.split_once(".rego:").unwrap();
        match rest.split_once(':').and_then(|(line, rest)| Some((line.parse::<usize>().ok()?, rest))) {
            Some((line, rest)) => format!("{file}:{}:{rest}", line - before),
            None => format!("{file}:{rest}"),
        }
    }

    #[test]
    fn an_error_of_the_compiler_has_its_place_and_its_reason() {
        assert_eq!(error("cuont(arn) > 1"), "s3/bucket_odd:6:10: Unknown function: 'cuont'");
        // The place of a comprehension is not that of what is wrong in it.
        assert_eq!(
            error("count([y | some x in [arn]; y := cuont(x)]) > 1"),
            "s3/bucket_odd:6:43: Unknown function: 'cuont'"
        );
        assert_eq!(error("arn > > 1"), "s3/bucket_odd:6:11: expecting expression");
    }

    /// The machine would let the rule fail there, and the pattern would never be found.
    #[test]
    fn a_builtin_with_too_few_arguments_is_refused() {
        assert_eq!(error("startswith(arn)"), "s3/bucket_odd: `startswith` takes 2 arguments, and is given 1");
    }

    /// Whatever is taken for separable gives the same for one resource at a time as for all of them.
    #[test]
    fn policies_say_the_same_whatever_the_size_of_the_parts() {
        let catalogue = Catalogue::embedded().unwrap();
        let config = Config::default();
        let parameters = Parameters::resolve(&catalogue, &catalogue, &config).unwrap();
        let engine = Engine::compile(&catalogue, &parameters).unwrap();
        let separable = engine.families.iter().filter(|family| family.separable.is_some());
        let separable: Vec<&str> =
            separable.flat_map(|family| &family.policies).map(|policy| policy.id.as_str()).collect();
        for id in
            ["backup-copies-too-few", "backup-job-failing", "rds-instance-single-az", "s3-bucket-unversioned"]
        {
            assert!(separable.contains(&id), "{id}: {separable:?}");
        }
        assert!(!separable.contains(&"ec2-instance-alone"), "{separable:?}");
        for name in
            ["resilient", "single_region", "seed_architecture", "peer_mistakes", "restricted", "empty"]
        {
            let file = format!("{}/fixtures/accounts/{name}/snapshot.json", env!("CARGO_MANIFEST_DIR"));
            let snapshot = snapshot::read(Path::new(&file)).unwrap().snapshot;
            let index = Index::build(vec![&snapshot], &config);
            let input = index.input(&snapshot);
            let outputs = |size| {
                let document = engine.document_in_parts(&input, size);
                let output = |id: &str, output: Result<_, _>| (id.to_owned(), output.unwrap());
                (document.parts.len(), engine.evaluate(&document, output))
            };
            let (one, whole) = outputs(usize::MAX);
            assert_eq!(one, 1, "{name}");
            for size in [1, 7] {
                let (parts, given) = outputs(size);
                assert_eq!(
                    parts,
                    input.resources.values().map(Vec::len).sum::<usize>().div_ceil(size).max(1)
                );
                assert_eq!(given, whole, "{name}, {size} at a time");
            }
        }
    }

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

    /// Tests of policies give copies, and their library derives how far the newest are behind as the index does.
    #[test]
    fn the_tests_of_policies_derive_what_the_index_does() {
        let mut rules = Vec::new();
        for name in ["resilient", "peer_mistakes", "restricted"] {
            let file = format!("{}/fixtures/accounts/{name}/snapshot.json", env!("CARGO_MANIFEST_DIR"));
            let snapshot = snapshot::read(Path::new(&file)).unwrap().snapshot;
            let config = Config::default();
            let index = Index::build(vec![&snapshot], &config);
            let input = index.input(&snapshot);
            for entry in input.resources.values().flatten().filter(|entry| entry.copies().is_some()) {
                let mut resource = serde_json::to_value(entry).unwrap();
                let copies = resource.as_object_mut().unwrap().remove("copies").unwrap();
                let mut given = copies.clone();
                given.as_object_mut().unwrap().retain(|member, _| member != "newest" && member != "at_best");
                let (number, arn) = (rules.len(), &entry.resource.arn);
                rules.push(format!(
                    "test_{number} if test.derived({resource:#}, {{\"copies\": {{\"{arn}\": {given:#}}}}}).copies == {copies:#}"
                ));
            }
        }
        for member in ["at_best", "newest", "off_region_replica"] {
            assert!(rules.iter().any(|rule| rule.contains(&format!("\"{member}\""))), "{member}: {rules:?}");
        }
        let catalogue = Catalogue::embedded().unwrap();
        let parameters = Parameters::resolve(&catalogue, &catalogue, &Config::default()).unwrap();
        let module = Module {
            path: "lib/derived_test.rego".to_owned(),
            source: format!(
                "package hadr.lib.derived_test\n\nimport data.hadr.lib.test\n\n{}\n",
                rules.join("\n\n")
            ),
        };
        for result in super::test(&catalogue, &parameters, &module).unwrap() {
            let rule = rules.iter().find(|rule| rule.starts_with(&format!("{} ", result.name)));
            assert_eq!(result.failure, None, "{rule:?}");
        }
    }
}
