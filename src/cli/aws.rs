//! The only place of the command line that knows the collector, which a build may be without.

#[cfg(feature = "aws")]
pub(crate) use with_collector::{collect, request};
#[cfg(not(feature = "aws"))]
pub(crate) use without_collector::{collect, request};

#[cfg(feature = "aws")]
mod with_collector {
    use std::time::Duration;

    use hadr_scan::collect::{self, Progress, Request};
    use hadr_scan::config::{Account, AwsFiles, Loaded};
    use hadr_scan::snapshot::operation::Operation;
    use hadr_scan::snapshot::{Outcome, Snapshot};
    use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

    use crate::cli::args::{NetworkArgs, ScopeArgs};
    use crate::cli::failure::Failure;

    /// What to collect, from the command line over the configuration.
    pub(crate) fn request(
        scope: &ScopeArgs,
        network: &NetworkArgs,
        loaded: &Loaded,
    ) -> Result<Request, Failure> {
        let account = match &scope.account {
            Some(name) => loaded.account(name, &AwsFiles::from_environment())?,
            None => Account::default(),
        };
        Ok(Request {
            profile: account.profile,
            role_arn: account.role_arn,
            external_id: account.external_id,
            endpoint_url: network.endpoint_url.clone(),
            regions: if scope.regions.is_empty() { account.regions } else { scope.regions.clone() },
            deadline: Duration::from_secs(network.deadline.0),
            call_timeout: Duration::from_secs(network.call_timeout.0),
        })
    }

    /// Collects while a bar on stderr, if that is a terminal, shows how far it is.
    pub(crate) fn collect(request: &Request) -> Result<Snapshot, Failure> {
        let bar = Bar::new();
        let snapshot = collect::collect(request, &bar);
        bar.0.finish_and_clear();
        Ok(snapshot?)
    }

    struct Bar(ProgressBar);

    impl Bar {
        fn new() -> Self {
            // It draws nothing unless stderr is a terminal.
            let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} calls  {wide_msg}") {
                bar.set_style(style);
            }
            Self(bar)
        }
    }

    impl Progress for Bar {
        fn planned(&self, calls: u64) {
            self.0.inc_length(calls);
        }

        fn finished(&self, operation: &'static Operation, region: &str, outcome: Outcome) {
            tracing::debug!(operation = operation.id(), region, outcome = outcome.as_str(), "call ended");
            self.0.set_message(format!("{} {region}", operation.id()));
            self.0.inc(1);
        }
    }
}

#[cfg(not(feature = "aws"))]
mod without_collector {
    use std::convert::Infallible;

    use hadr_scan::config::Loaded;
    use hadr_scan::snapshot::Snapshot;

    use crate::cli::args::{NetworkArgs, ScopeArgs};
    use crate::cli::failure::Failure;

    /// Says that this build does not collect.
    pub(crate) fn request(
        _scope: &ScopeArgs,
        _network: &NetworkArgs,
        _loaded: &Loaded,
    ) -> Result<Infallible, Failure> {
        Err(Failure::usage(
            "this program was built without the collector",
            "build it with the default features; `hadr-scan evaluate FILE` judges a snapshot that is there",
        ))
    }

    pub(crate) fn collect(request: &Infallible) -> Result<Snapshot, Failure> {
        match *request {}
    }
}
