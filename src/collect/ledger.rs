//! Who was called and what became of it.

use std::collections::BTreeMap;
use std::sync::mpsc::Sender;
use std::sync::{Mutex, PoisonError};

use super::answer::Failure;
use crate::snapshot::operation::{OPERATIONS, Operation};
use crate::snapshot::{Call, Gap, Outcome, Resource};

/// Finds an operation of the table when the program is compiled, so that none can be called that is not in it.
pub(super) const fn operation(service: &str, name: &str) -> &'static Operation {
    let mut index = 0;
    while index < OPERATIONS.len() {
        let operation = &OPERATIONS[index];
        if equal(operation.service, service) && equal(operation.name, name) {
            return operation;
        }
        index += 1;
    }
    panic!("the operation is not in the table")
}

const fn equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// What the collector tells the caller while it runs.
#[derive(Debug)]
pub(super) enum Event {
    /// Calls that will be made, besides those that were planned before.
    Planned(u64),
    /// A planned call has ended.
    Finished(&'static Operation, String, Outcome),
}

/// The entries of a scan.
#[derive(Debug)]
pub(super) struct Ledger {
    calls: Mutex<Vec<Call>>,
    events: Sender<Event>,
}

impl Ledger {
    /// Without entries yet.
    pub(super) fn new(events: Sender<Event>) -> Self {
        Self { calls: Mutex::new(Vec::new()), events }
    }

    /// Announces calls. Each of them must be reported as finished once.
    pub(super) fn plan(&self, calls: usize) {
        self.tell(Event::Planned(u64::try_from(calls).unwrap_or(u64::MAX)));
    }

    /// Reports a planned call as finished.
    pub(super) fn finish(&self, operation: &'static Operation, region: &str, failure: Option<&Failure>) {
        self.tell(Event::Finished(operation, region.to_owned(), Failure::outcome(failure)));
    }

    /// Enters a listing and reports it as finished.
    pub(super) fn list(
        &self,
        operation: &'static Operation,
        region: &str,
        items: usize,
        failure: Option<&Failure>,
    ) {
        self.enter(operation, region, items, failure);
        self.finish(operation, region, failure);
    }

    /// Makes an entry.
    pub(super) fn enter(
        &self,
        operation: &'static Operation,
        region: &str,
        items: usize,
        failure: Option<&Failure>,
    ) {
        let call = Call {
            service: operation.service.to_owned(),
            operation: operation.name.to_owned(),
            region: region.to_owned(),
            outcome: Failure::outcome(failure),
            code: failure.and_then(|failure| failure.code.clone()),
            items: u64::try_from(items).unwrap_or(u64::MAX),
        };
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call);
    }

    /// Enters the calls about the single resources that a listing gave, one entry for each operation, also where there
    /// was nothing to ask about: that is an answer. Those that failed are gaps of the `resources`, of which fewer may be
    /// left than were `asked` about. After a listing that was cut short, nobody knows what else there is to ask about.
    pub(super) fn enter_about<'r>(
        &self,
        operations: &[&'static Operation],
        region: &str,
        asked: usize,
        resources: impl Iterator<Item = &'r Resource> + Clone,
        cut_short: Option<&Failure>,
    ) {
        for operation in operations {
            let gaps = resources.clone().flat_map(|resource| &resource.gaps);
            let failed: Vec<Failure> =
                gaps.filter(|gap| operation.is(&gap.operation)).map(Failure::from).collect();
            if cut_short.is_some() {
                let failure = Failure::incomplete_listing();
                self.enter(operation, region, asked.saturating_sub(failed.len()), Some(&failure));
            } else {
                self.enter_together(operation, region, asked, failed);
            }
        }
    }

    /// Makes one entry for calls about single resources: collected if any was answered, as the others are gaps of
    /// their resources, else what most of them ended with.
    pub(super) fn enter_together(
        &self,
        operation: &'static Operation,
        region: &str,
        asked: usize,
        failures: Vec<Failure>,
    ) {
        let answered = asked.saturating_sub(failures.len());
        let mut counts = BTreeMap::<Failure, usize>::new();
        for failure in failures {
            *counts.entry(failure).or_default() += 1;
        }
        let most = counts.into_iter().max_by_key(|(_, count)| *count).map(|(failure, _)| failure);
        let most = most.filter(|_| answered == 0);
        self.enter(operation, region, answered, most.as_ref());
    }

    /// Whether one of these listings of a Region was cut short, so that nobody knows what else there is to ask about.
    pub(super) fn is_cut_short(&self, listings: &[&'static Operation], region: &str) -> bool {
        let calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        calls.iter().any(|call| {
            call.outcome != Outcome::Collected
                && call.region == region
                && listings.iter().any(|listing| listing.is(&call.id()))
        })
    }

    /// The entries, sorted.
    pub(super) fn take(&self) -> Vec<Call> {
        let mut calls = std::mem::take(&mut *self.calls.lock().unwrap_or_else(PoisonError::into_inner));
        calls.sort_unstable();
        calls
    }

    fn tell(&self, event: Event) {
        // The receiver is gone when the caller has stopped listening, which it may.
        let _ = self.events.send(event);
    }
}

/// The entry of a failed call about one resource.
pub(super) fn gap(operation: &Operation, failure: Failure) -> Gap {
    Gap { operation: operation.id(), outcome: failure.outcome, code: failure.code }
}
