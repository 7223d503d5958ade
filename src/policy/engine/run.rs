//! Runs of compiled policies on a document: of families whose policies judge each resource by itself on some resources
//! after the others, and of the rest on all of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use rayon::prelude::*;
use regorus::Value;
use regorus::rvm::{Program, RegoVM};

use super::program::{Family, Member};
use super::{Document, Engine, EvaluationError, Part, convert};
use crate::policy::Output;

/// Instructions after which a policy is given up. A pass takes some dozens for each subject, so this is far
/// beyond any account, and a policy that does not end costs minutes rather than the night.
const MAX_INSTRUCTIONS: usize = 4_000_000_000;

/// Threads up to which the policies of a family are run together. That saves a quarter of the work, and keeps the others
/// waiting for the longest of few runs where there are many to share them.
const MOST_THREADS_TOGETHER: usize = 4;

/// Outputs of the policies of a family, in their order; `None` where one of them failed.
type Outputs = Option<Vec<Output>>;

impl Engine {
    /// Evaluates every policy on one account, in parallel, and hands each output to `conclude` on one of the threads. The
    /// results are in the order of the catalogue.
    pub fn evaluate<T: Send>(
        &self,
        document: &Document,
        conclude: impl Fn(&str, Result<Output, EvaluationError>) -> T + Sync,
    ) -> Vec<T> {
        let (separable, others): (Vec<&Family>, Vec<&Family>) =
            self.families.iter().partition(|family| family.separable.is_some());
        let of_parts = self.run_on_parts(&separable, document);
        let of_whole = self.run_on_whole(&others, &document.whole);
        let results: BTreeMap<&str, T> = of_parts
            .chain(of_whole)
            .map(|(policy, output)| (policy.id.as_str(), conclude(&policy.id, output.map(Output::in_order))))
            .collect();
        // The catalogue has them in the order of their ids.
        results.into_values().collect()
    }

    fn run_on_whole<'f>(
        &'f self,
        families: &[&'f Family],
        input: &'f Value,
    ) -> impl ParallelIterator<Item = (&'f Member, Result<Output, EvaluationError>)> {
        let is_apart = rayon::current_num_threads() > MOST_THREADS_TOGETHER;
        let runs: Vec<_> = families.iter().flat_map(|family| family.runs(is_apart)).collect();
        // One by one, as one of them may take longer than all others.
        runs.into_par_iter().with_max_len(1).flat_map_iter(|(family, policies)| {
            let start = Instant::now();
            let outputs = self.run(family, policies, input);
            let milliseconds = start.elapsed().as_millis();
            tracing::trace!(policies = policies.len(), milliseconds, "evaluated {}", family.name);
            policies.iter().zip(outputs)
        })
    }

    fn run_on_parts<'f>(
        &'f self,
        families: &[&'f Family],
        document: &'f Document,
    ) -> impl ParallelIterator<Item = (&'f Member, Result<Output, EvaluationError>)> {
        let start = Instant::now();
        let machines = || families.iter().map(|family| self.machine(&family.program)).collect::<Vec<_>>();
        let run = |machines: &mut Vec<Result<RegoVM, EvaluationError>>, (number, part): (usize, &Part)| {
            let run = |(family, machine): (&&Family, &mut Result<RegoVM, EvaluationError>)| {
                // What every part gives, the first does.
                let has_more = number == 0 || family.separable.as_ref()?.have(&part.types);
                if has_more {
                    run_together(family, machine.as_mut().ok()?, &part.input)
                } else {
                    Some(Vec::new())
                }
            };
            families.iter().zip(machines).map(run).collect()
        };
        // What a part gave is read where it was made, which is where it is freed at the least cost.
        let parts = document.parts.par_iter().enumerate();
        let outputs = parts.map_init(machines, run).reduce(Vec::new, added);
        let milliseconds = start.elapsed().as_millis();
        tracing::trace!(parts = document.parts.len(), milliseconds, "evaluated what is separable");
        let outputs: Vec<_> = families.iter().copied().zip(outputs).collect();
        outputs.into_par_iter().flat_map(|(family, outputs)| {
            let policies = family.policies.as_slice();
            let outputs: Vec<_> = match outputs {
                Some(outputs) => outputs.into_iter().map(Ok).collect(),
                // What fails on some resources is found out on all of them.
                None => self.run(family, policies, &document.whole),
            };
            policies.par_iter().zip(outputs)
        })
    }

    /// Outputs of policies of a family, in their order. If one of several fails, so does the run, and the others are run
    /// without it.
    fn run(
        &self,
        family: &Family,
        policies: &[Member],
        input: &Value,
    ) -> Vec<Result<Output, EvaluationError>> {
        if policies.len() > 1
            && let Ok(mut machine) = self.machine(&family.program)
            && let Ok(outputs @ Value::Object(_)) = execute(&mut machine, family.entry_point, input)
        {
            return policies.iter().map(|policy| output(&outputs[policy.id.as_str()])).collect();
        }
        let run = |policy: &Member| {
            output(&execute(&mut self.machine(&family.program)?, policy.entry_point, input)?)
        };
        policies.iter().map(run).collect()
    }

    fn machine(&self, program: &Arc<Program>) -> Result<RegoVM, EvaluationError> {
        let mut machine = RegoVM::new();
        machine.load_program(Arc::clone(program));
        machine.set_max_instructions(MAX_INSTRUCTIONS);
        machine.set_data(self.data.clone()).map_err(|error| EvaluationError(error.to_string()))?;
        Ok(machine)
    }
}

/// Outputs of all policies of a family on some resources.
fn run_together(family: &Family, machine: &mut RegoVM, input: &Value) -> Outputs {
    let outputs = execute(machine, family.entry_point, input).ok()?;
    let outputs = outputs.as_object().is_ok().then_some(&outputs)?;
    family.policies.iter().map(|policy| output(&outputs[policy.id.as_str()]).ok()).collect()
}

/// What families gave for some resources and for others.
fn added(mut outputs: Vec<Outputs>, others: Vec<Outputs>) -> Vec<Outputs> {
    if outputs.is_empty() {
        return others;
    }
    for (outputs, others) in outputs.iter_mut().zip(others) {
        match (outputs.as_mut(), others) {
            (Some(outputs), Some(others)) if outputs.is_empty() => *outputs = others,
            (Some(outputs), Some(others)) => {
                outputs.iter_mut().zip(others).for_each(|(output, other)| output.add(other));
            }
            _ => *outputs = None,
        }
    }
    outputs
}

fn execute(machine: &mut RegoVM, entry_point: usize, input: &Value) -> Result<Value, EvaluationError> {
    machine.set_input(input.clone());
    machine.execute_entry_point_by_index(entry_point).map_err(|error| EvaluationError(error.to_string()))
}

fn output(value: &Value) -> Result<Output, EvaluationError> {
    convert::output(value).map_err(|error| EvaluationError(error.to_string()))
}
