//! The collector on large accounts and on an API that refuses, on the stub: pages, refusals and rates.

mod backups;
mod faults;
mod files;
mod history;
mod listed;
mod pages;
mod rates;
mod recovery_control;
mod refusals;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use aws_sdk_rds::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use hadr_scan::snapshot::{Kind, Outcome, Snapshot};
use serde_json::Value;

use crate::support::gateway::Gateway;
use crate::support::program::{Program, read};
use crate::support::seed::TOKYO;
use crate::support::stub::{ACCOUNT, Regional, Size, Stub, account, id};

/// An account in one Region.
fn in_tokyo(regional: Regional, others: Size) -> Stub {
    Stub::new(Size { regions: vec![(TOKYO, regional)], ..others })
}

/// What a scan has found, by ARN.
struct Found {
    snapshot: Snapshot,
    by_arn: BTreeMap<String, Value>,
}

impl Found {
    /// Scans the account behind a gateway, with more arguments.
    fn behind(gateway: &Gateway, regions: &[&str], arguments: &[&str]) -> Self {
        let program = Program::on(&account(gateway));
        let mut all = vec!["collect", "-o", "snapshot.json"];
        regions.iter().for_each(|region| all.extend(["--region", region]));
        all.extend(arguments);
        let run = program.run(&all);
        assert_eq!(run.code, 0, "{}", run.stderr);
        Self::of(read(&program.path("snapshot.json")))
    }

    fn of(snapshot: Snapshot) -> Self {
        let resources = snapshot.resources.iter();
        let by_arn = resources.map(|it| (it.arn.clone(), serde_json::to_value(it).unwrap())).collect();
        Self { snapshot, by_arn }
    }

    /// The value at a path of a resource.
    #[track_caller]
    fn value(&self, arn: &str, path: &str) -> &Value {
        let resource = self.by_arn.get(arn).unwrap_or_else(|| panic!("{arn} is not there"));
        resource.pointer(path).unwrap_or_else(|| panic!("{arn} has no {path}: {resource}"))
    }

    /// Asserts that there are so many resources of a type and no others, by ARN.
    #[track_caller]
    fn has_all(&self, kind: Kind, number: usize, arn: impl Fn(&str) -> String) {
        let resources = self.snapshot.resources.iter().filter(|resource| resource.kind == kind);
        let found: BTreeSet<&str> = resources.map(|resource| resource.arn.as_str()).collect();
        let expected: BTreeSet<String> = (0..number).map(|number| arn(&id(number))).collect();
        let missing: Vec<_> = expected.iter().filter(|arn| !found.contains(arn.as_str())).collect();
        let others: Vec<_> = found.iter().filter(|arn| !expected.contains(**arn)).collect();
        assert!(missing.is_empty() && others.is_empty(), "missing {missing:?}, others {others:?}");
    }

    /// What became of a call: its outcome, its code and its number of items.
    #[track_caller]
    fn call(&self, operation: &str, region: &str) -> (Outcome, Option<&str>, u64) {
        let mut calls = self.snapshot.coverage.iter();
        let call = calls.find(|call| call.operation == operation && call.region == region);
        let call = call.unwrap_or_else(|| panic!("{operation} in {region} is not in the coverage"));
        (call.outcome, call.code.as_deref(), call.items)
    }

    /// The calls that did not end with an answer.
    fn missed(&self) -> Vec<(&str, &str, Outcome)> {
        let calls = self.snapshot.coverage.iter();
        let missed = calls.filter(|call| call.outcome != Outcome::Collected);
        missed.map(|call| (call.service.as_str(), call.operation.as_str(), call.outcome)).collect()
    }

    /// The gaps of a resource.
    #[track_caller]
    fn gaps(&self, arn: &str) -> Vec<(&str, Outcome, Option<&str>)> {
        let resource = self.snapshot.resources.iter().find(|resource| resource.arn == arn);
        let resource = resource.unwrap_or_else(|| panic!("{arn} is not there"));
        let gaps = resource.gaps.iter();
        gaps.map(|gap| (gap.operation.as_str(), gap.outcome, gap.code.as_deref())).collect()
    }
}

/// The ARN of something in Tokyo.
fn tokyo(service: &str, resource: &str) -> String {
    format!("arn:aws:{service}:{TOKYO}:{ACCOUNT}:{resource}")
}

/// The ARN of a load balancer in Tokyo, of which those with an odd number are Network Load Balancers.
fn balancer(number: usize) -> String {
    let kind = if number.is_multiple_of(2) { "app" } else { "net" };
    let id = id(number);
    tokyo("elasticloadbalancing", &format!("loadbalancer/{kind}/web-{id}/0f0f0f0f0{id}"))
}

/// Status and code of a call that has to fail.
fn failure<T: Debug, E>(result: Result<T, SdkError<E, HttpResponse>>) -> (u16, String)
where
    E: ProvideErrorMetadata + Debug,
{
    let error = result.unwrap_err();
    let status = error.raw_response().map_or(0, |raw| raw.status().as_u16());
    (status, error.code().unwrap_or("").to_owned())
}
