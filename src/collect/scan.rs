//! One scan: makes calls in their lanes and before the deadline.

use std::error::Error as StdError;
use std::time::Duration;

use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use tokio::time::Instant;

use super::answer::{Failure, Unanswered, classify, root_cause};
use super::ledger::{Ledger, gap};
use super::limiter::Lane;
use super::session::Session;
use crate::snapshot::operation::Operation;
use crate::snapshot::{Gap, Outcome};

/// How often a call is made again that the SDK gave up on for the rate limit. Together with the SDK's own
/// attempts and the pauses below, a call is given up after some minutes of refusals.
const THROTTLED_ROUNDS: u32 = 8;

/// What the calls of a scan share.
#[derive(Debug)]
pub(super) struct Scan {
    /// Where the calls go.
    pub(super) session: Session,
    /// Where they are entered.
    pub(super) ledger: Ledger,
    /// When they must have ended.
    pub(super) deadline: Instant,
}

impl Scan {
    /// Makes a call. The call is made again for as long as it meets the rate limit, while it keeps its place in
    /// the lane: the fewer are in flight, the sooner the API has recovered.
    pub(super) async fn send<T, E, F>(&self, lane: &Lane, call: impl Fn() -> F) -> Result<T, Unanswered<E>>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let answered = async {
            let _permit = lane.enter().await;
            let mut round = 0;
            loop {
                match call().await {
                    Err(error)
                        if round < THROTTLED_ROUNDS
                            && classify(&error, &lane.region).outcome == Outcome::Throttled =>
                    {
                        round += 1;
                        tokio::time::sleep(Duration::from_secs(1 << round.min(4))).await;
                    }
                    Err(error) => {
                        let cause = root_cause(&error);
                        tracing::debug!(
                            region = lane.region,
                            code = error.code(),
                            cause,
                            "a call has failed"
                        );
                        return Err(error);
                    }
                    answer => return answer,
                }
            }
        };
        match tokio::time::timeout_at(self.deadline, answered).await {
            Ok(answer) => answer.map_err(|error| Unanswered::Error(Box::new(error))),
            Err(_) => Err(Unanswered::Deadline { throttled: lane.is_throttled() }),
        }
    }

    /// Makes a call about one resource and reports it as finished; the entry is made for all resources together.
    /// `judge` takes what was asked for from the answer, and knows which failures are answers.
    pub(super) async fn ask<T, A, E, F>(
        &self,
        operation: &'static Operation,
        lane: &Lane,
        call: impl Fn() -> F,
        judge: impl FnOnce(Result<A, Failure>) -> Result<T, Failure>,
    ) -> Result<T, Gap>
    where
        F: Future<Output = Result<A, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let answer = self.send(lane, call).await;
        let judged = judge(answer.map_err(|unanswered| unanswered.failure(&lane.region)));
        self.ledger.finish(operation, &lane.region, judged.as_ref().err());
        judged.map_err(|failure| gap(operation, failure))
    }

    /// Collects the pages of a listing and enters it. `region` is the entry's; `page` makes the call for the page
    /// after a marker, and `split` takes the marker and the items from an answer. The items of the pages before
    /// a failure are kept.
    pub(super) async fn list<T, P, E, F>(
        &self,
        operation: &'static Operation,
        region: &str,
        lane: &Lane,
        page: impl Fn(Option<String>) -> F,
        split: impl Fn(P) -> (Option<String>, Option<Vec<T>>),
    ) -> Listing<T>
    where
        F: Future<Output = Result<P, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let listing = self.pages(lane, page, split).await;
        self.ledger.list(operation, region, listing.items.len(), listing.failure.as_ref());
        listing
    }

    /// Collects the pages of a listing that has no entry of its own.
    pub(super) async fn pages<T, P, E, F>(
        &self,
        lane: &Lane,
        page: impl Fn(Option<String>) -> F,
        split: impl Fn(P) -> (Option<String>, Option<Vec<T>>),
    ) -> Listing<T>
    where
        F: Future<Output = Result<P, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + StdError + 'static,
    {
        let mut items = Vec::new();
        let mut marker = None;
        let failure = loop {
            match self.send(lane, || page(marker.clone())).await {
                Ok(answer) => {
                    let (next, more) = split(answer);
                    items.extend(more.into_iter().flatten());
                    let next = next.filter(|next| !next.is_empty());
                    if next.is_none() {
                        break None;
                    }
                    if next == marker {
                        // A server that hands out the same page forever would hold the scan until its deadline.
                        break Some(Failure::new(Outcome::Failed, "RepeatedMarker"));
                    }
                    marker = next;
                }
                Err(unanswered) => break Some(unanswered.failure(&lane.region)),
            }
        };
        Listing { items, failure }
    }
}

/// What a listing gave.
#[derive(Debug)]
pub(super) struct Listing<T> {
    /// Items of the pages that were answered.
    pub(super) items: Vec<T>,
    /// Why there may be more.
    pub(super) failure: Option<Failure>,
}
