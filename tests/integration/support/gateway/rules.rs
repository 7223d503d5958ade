//! The gateway's rules: which requests they are for, and what they do with them.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::exchange::Reply;
use super::lock;
use crate::support::wire::Request;

/// Which requests a rule or a count is for: those that agree with everything that is given.
#[derive(Debug, Clone, Default)]
pub(crate) struct Match {
    service: Option<String>,
    operation: Option<String>,
    region: Option<String>,
    bucket: Option<String>,
}

/// Every request.
pub(crate) fn anything() -> Match {
    Match::default()
}

/// Every request to a service, by its signing name.
pub(crate) fn service(name: &str) -> Match {
    Match { service: Some(name.into()), ..Match::default() }
}

/// An operation of RDS.
pub(crate) fn rds(operation: &str) -> Match {
    service("rds").operation(operation)
}

/// An operation of S3.
pub(crate) fn s3(operation: &str) -> Match {
    service("s3").operation(operation)
}

/// An operation of DynamoDB.
pub(crate) fn dynamodb(operation: &str) -> Match {
    service("dynamodb").operation(operation)
}

/// An operation of Route 53.
pub(crate) fn route53(operation: &str) -> Match {
    service("route53").operation(operation)
}

/// An operation of STS.
pub(crate) fn sts(operation: &str) -> Match {
    service("sts").operation(operation)
}

/// An operation of IAM.
pub(crate) fn iam(operation: &str) -> Match {
    service("iam").operation(operation)
}

/// An operation of the account service.
pub(crate) fn account(operation: &str) -> Match {
    service("account").operation(operation)
}

/// An operation of the tagging service.
pub(crate) fn tagging(operation: &str) -> Match {
    service("tagging").operation(operation)
}

impl Match {
    /// Only this operation.
    pub(crate) fn operation(self, name: &str) -> Self {
        Self { operation: Some(name.into()), ..self }
    }

    /// Only requests signed for this Region.
    pub(crate) fn region(self, name: &str) -> Self {
        Self { region: Some(name.into()), ..self }
    }

    /// Only requests about this bucket.
    pub(crate) fn bucket(self, name: &str) -> Self {
        Self { bucket: Some(name.into()), ..self }
    }

    pub(super) fn matches(&self, request: &Request) -> bool {
        let agrees = |wanted: &Option<String>, actual: &str| wanted.as_deref().is_none_or(|w| w == actual);
        agrees(&self.service, &request.service)
            && agrees(&self.operation, &request.operation)
            && agrees(&self.region, &request.region)
            && (self.bucket.is_none() || self.bucket == request.bucket)
    }
}

type Replier = dyn Fn(&Request) -> Reply + Send + Sync;
type Rewriter = dyn Fn(&Request, String) -> String + Send + Sync;

/// What a rule does with a request.
#[derive(Clone)]
pub(super) enum Action {
    Forward,
    Delay(Duration),
    Reply(Arc<Replier>),
    Rewrite(Arc<Rewriter>),
    HangUp,
}

pub(super) struct Rule {
    matching: Match,
    left: Option<usize>,
    action: Action,
}

/// What the rules decided for one request.
pub(super) struct Decision {
    pub(super) delay: Duration,
    pub(super) action: Action,
}

/// Goes through the rules in order and uses up those that are for a number of times.
pub(super) fn decide(rules: &Mutex<Vec<Rule>>, request: &Request) -> Decision {
    let mut delay = Duration::ZERO;
    for rule in lock(rules).iter_mut() {
        if rule.left == Some(0) || !rule.matching.matches(request) {
            continue;
        }
        if let Some(left) = &mut rule.left {
            *left -= 1;
        }
        match &rule.action {
            Action::Delay(time) => delay += *time,
            action => return Decision { delay, action: action.clone() },
        }
    }
    Decision { delay, action: Action::Forward }
}

/// A rule that still has to be told what to do. It stands behind the rules that are there already.
#[must_use = "a rule does nothing until it is told what to do"]
pub(crate) struct NewRule<'a> {
    rules: &'a Mutex<Vec<Rule>>,
    matching: Match,
    left: Option<usize>,
}

impl<'a> NewRule<'a> {
    pub(super) fn new(rules: &'a Mutex<Vec<Rule>>, matching: Match) -> Self {
        Self { rules, matching, left: None }
    }

    /// Only for the first `count` requests that reach it.
    pub(crate) fn times(self, count: usize) -> Self {
        Self { left: Some(count), ..self }
    }

    /// Sends the request on, whatever the rules behind this one say.
    pub(crate) fn forward(self) {
        self.act(Action::Forward);
    }

    /// Waits before the request goes on to the next rule.
    pub(crate) fn latency(self, time: Duration) {
        self.act(Action::Delay(time));
    }

    /// Answers with the same reply each time.
    pub(crate) fn reply(self, reply: Reply) {
        self.reply_with(move |_| reply.clone());
    }

    /// Answers with what a function makes of the request.
    pub(crate) fn reply_with(self, reply: impl Fn(&Request) -> Reply + Send + Sync + 'static) {
        self.act(Action::Reply(Arc::new(reply)));
    }

    /// Sends the request on, and answers with what a function makes of the body of a successful answer.
    pub(crate) fn rewrite(self, rewrite: impl Fn(&Request, String) -> String + Send + Sync + 'static) {
        self.act(Action::Rewrite(Arc::new(rewrite)));
    }

    /// Answers with an error in the spelling of the request's protocol.
    pub(crate) fn error(self, status: u16, code: &str, message: &str) {
        let (code, message) = (code.to_owned(), message.to_owned());
        self.reply_with(move |request| Reply::error(request, status, &code, &message));
    }

    /// Denies the request as a missing IAM permission does.
    pub(crate) fn deny(self) {
        self.reply_with(Reply::denied);
    }

    /// Denies the request as a service control policy does.
    pub(crate) fn deny_by_organization(self) {
        self.reply_with(Reply::denied_by_organization);
    }

    /// Answers that the caller asks too often.
    pub(crate) fn throttle(self) {
        self.reply_with(Reply::throttled);
    }

    /// Answers that the caller's session has ended.
    pub(crate) fn expired_token(self) {
        self.reply_with(Reply::expired_token);
    }

    /// Closes the connection instead of answering.
    pub(crate) fn hang_up(self) {
        self.act(Action::HangUp);
    }

    fn act(self, action: Action) {
        lock(self.rules).push(Rule { matching: self.matching, left: self.left, action });
    }
}
