//! One request through the gateway: read, logged, decided, answered or sent on.

use std::io;
use std::net::SocketAddr;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::http::request::Parts;
use hyper::{HeaderMap, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use super::rules::{self, Action};
use super::{Origin, Shared, Upstream, lock};
use crate::support::wire::{Protocol, Request, error_body};
use crate::support::{account, cbor};

/// An answer to a request.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Reply {
    /// Any answer.
    pub(crate) fn new(status: u16, content_type: &'static str, body: impl Into<Bytes>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        Self { status: StatusCode::from_u16(status).expect("a status of HTTP"), headers, body: body.into() }
    }

    /// A successful answer of a service that speaks XML.
    pub(crate) fn xml(body: impl Into<Bytes>) -> Self {
        Self::new(200, "text/xml", body)
    }

    /// A successful answer of a service that speaks JSON.
    pub(crate) fn json(body: &Value) -> Self {
        Self::new(200, "application/x-amz-json-1.1", body.to_string())
    }

    /// A successful answer of a service that speaks CBOR.
    pub(crate) fn cbor(body: &Value) -> Self {
        Self::new(200, "application/cbor", cbor::encode(body)).header("smithy-protocol", "rpc-v2-cbor")
    }

    /// The page of something that is not the API: a proxy, or a server that does not know the operation.
    pub(crate) fn html(status: u16) -> Self {
        let body = format!("<!doctype html>\n<html><title>{status}</title><h1>{status}</h1></html>\n");
        Self::new(status, "text/html; charset=utf-8", body)
    }

    /// An error in the spelling of the request's protocol.
    pub(crate) fn error(request: &Request, status: u16, code: &str, message: &str) -> Self {
        let (content_type, body) = error_body(request.protocol, code, message);
        let reply = Self::new(status, content_type, body);
        match request.protocol {
            Protocol::RestJson => reply.header("x-amzn-errortype", code),
            // Its errors had other names before it spoke CBOR, and callers are told those.
            Protocol::Cbor => reply
                .header("smithy-protocol", "rpc-v2-cbor")
                .header("x-amzn-query-error", &format!("{code};Sender")),
            _ => reply,
        }
    }

    /// The request denied as by a missing IAM permission. The JSON protocols of AWS deny with status 400.
    pub(crate) fn denied(request: &Request) -> Self {
        let message = format!(
            "User is not authorized to perform: {}:{} because no identity-based policy allows the action",
            request.service, request.operation
        );
        Self::denied_because(request, &message)
    }

    /// The request denied as by a service control policy of the organization.
    pub(crate) fn denied_by_organization(request: &Request) -> Self {
        let message = format!(
            "User is not authorized to perform: {}:{} with an explicit deny in a service control policy",
            request.service, request.operation
        );
        Self::denied_because(request, &message)
    }

    fn denied_because(request: &Request, message: &str) -> Self {
        let (status, code) = match request.protocol {
            Protocol::Query | Protocol::RestXml | Protocol::Cbor => (403, "AccessDenied"),
            Protocol::Ec2 => (403, "UnauthorizedOperation"),
            Protocol::Json => (400, "AccessDeniedException"),
            Protocol::RestJson => (403, "AccessDeniedException"),
        };
        Self::error(request, status, code, message)
    }

    /// The caller asks too often.
    pub(crate) fn throttled(request: &Request) -> Self {
        let (status, code) = match request.protocol {
            Protocol::Query | Protocol::Cbor => (400, "Throttling"),
            Protocol::Ec2 => (503, "RequestLimitExceeded"),
            Protocol::RestXml => (503, "SlowDown"),
            Protocol::Json => (400, "ThrottlingException"),
            Protocol::RestJson => (429, "TooManyRequestsException"),
        };
        Self::error(request, status, code, "Rate exceeded")
    }

    /// The caller's session has ended.
    pub(crate) fn expired_token(request: &Request) -> Self {
        let (status, code) = match request.protocol {
            Protocol::Query | Protocol::Cbor => (403, "ExpiredToken"),
            Protocol::Ec2 => (400, "RequestExpired"),
            Protocol::RestXml => (400, "ExpiredToken"),
            Protocol::Json => (400, "ExpiredTokenException"),
            Protocol::RestJson => (403, "ExpiredTokenException"),
        };
        Self::error(request, status, code, "The security token included in the request is expired")
    }

    /// The same answer with one more header.
    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, HeaderValue::from_str(value).expect("a header value"));
        self
    }

    fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.body).ok()
    }
}

impl From<Reply> for Response<Full<Bytes>> {
    fn from(reply: Reply) -> Self {
        let mut response = Self::new(Full::new(reply.body));
        *response.status_mut() = reply.status;
        *response.headers_mut() = reply.headers;
        response
    }
}

/// Counts a request as unanswered until it is dropped, which also happens when the client hangs up.
struct InFlight<'a> {
    shared: &'a Shared,
    key: (String, String),
}

impl<'a> InFlight<'a> {
    fn new(shared: &'a Shared, request: &Request) -> Self {
        let key = (request.service.clone(), request.region.clone());
        let mut loads = lock(&shared.in_flight);
        let load = loads.entry(key.clone()).or_default();
        load.now += 1;
        load.peak = load.peak.max(load.now);
        drop(loads);
        Self { shared, key }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        if let Some(load) = lock(&self.shared.in_flight).get_mut(&self.key) {
            load.now -= 1;
        }
    }
}

/// Answers one request. An error makes hyper close the connection without an answer.
pub(super) async fn answer(
    shared: &Shared,
    incoming: hyper::Request<Incoming>,
) -> io::Result<Response<Full<Bytes>>> {
    let (parts, body) = incoming.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let request = Request::parse(&parts, body);
    lock(&shared.log).push(request.clone());
    let _in_flight = InFlight::new(shared, &request);
    let decision = rules::decide(&shared.rules, &request);
    if !decision.delay.is_zero() {
        tokio::time::sleep(decision.delay).await;
    }
    let reply = match decision.action {
        Action::Forward | Action::Delay(_) => origin(shared, parts, &request).await,
        Action::Reply(reply) => reply(&request),
        Action::Rewrite(rewrite) => {
            let mut reply = origin(shared, parts, &request).await;
            if let (true, Some(text)) = (reply.status.is_success(), reply.text()) {
                reply.body = rewrite(&request, text.to_owned()).into();
            }
            reply
        }
        Action::HangUp => return Err(io::ErrorKind::ConnectionReset.into()),
    };
    Ok(reply.into())
}

async fn origin(shared: &Shared, parts: Parts, request: &Request) -> Reply {
    let (default, by_service) = match &shared.origin {
        Origin::Stub(handler) => return handler(request),
        Origin::Servers { default, by_service } => (default, by_service),
    };
    let upstream = *by_service.get(&request.service).unwrap_or(default);
    let reply = or_bad_gateway(forward(upstream, &parts, request, request.body.clone()).await);
    if request.service == "sts" && request.operation == "AssumeRole" {
        remember_session(&reply);
    }
    if request.service == "tagging" && request.operation == "GetResources" {
        let others: Vec<_> = by_service.iter().filter(|(_, other)| **other != upstream).collect();
        return with_tags_of(&others, reply, &parts, request).await;
    }
    reply
}

/// Sends a request on, with the key that the server knows the account by.
async fn forward(upstream: Upstream, parts: &Parts, request: &Request, body: Bytes) -> io::Result<Reply> {
    let mut sent = hyper::Request::new(Full::new(body));
    *sent.method_mut() = parts.method.clone();
    *sent.uri_mut() = parts.uri.clone();
    *sent.headers_mut() = parts.headers.clone();
    sent.headers_mut().remove(header::CONTENT_LENGTH);
    let account = account::account_of_key(&request.access_key).filter(|_| upstream.key_is_account);
    if let (Some(account), Some(signature)) = (account, sent.headers_mut().get_mut(header::AUTHORIZATION)) {
        let old = signature.to_str().unwrap_or_default();
        let credential = format!("Credential={}/", request.access_key);
        let new = old.replacen(&credential, &format!("Credential={account}/"), 1);
        *signature = HeaderValue::from_str(&new).map_err(io::Error::other)?;
    }
    let response = send(upstream.address, sent).await?;
    let (head, body) = response.into_parts();
    let mut headers = head.headers;
    for of_the_connection in [header::CONNECTION, header::TRANSFER_ENCODING, header::CONTENT_LENGTH] {
        headers.remove(of_the_connection);
    }
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    Ok(Reply { status: head.status, headers, body })
}

async fn send(address: SocketAddr, request: hyper::Request<Full<Bytes>>) -> io::Result<Response<Incoming>> {
    let stream = TcpStream::connect(address).await?;
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(io::Error::other)?;
    // It ends with the answer's body; an error of it shows in the answer.
    tokio::spawn(connection);
    sender.send_request(request).await.map_err(io::Error::other)
}

fn or_bad_gateway(answer: io::Result<Reply>) -> Reply {
    answer.unwrap_or_else(|error| Reply::new(502, "text/plain", format!("the server is gone: {error}")))
}

/// A scanner may assume roles itself: the key that it gets has to mean the same account on every server.
fn remember_session(reply: &Reply) {
    let text = reply.text().unwrap_or_default();
    let between = |start: &str, end: &str| {
        let (_, rest) = text.split_once(start)?;
        rest.split_once(end).map(|(inner, _)| inner)
    };
    if let (Some(key), Some(account)) =
        (between("<AccessKeyId>", "</AccessKeyId>"), between("<Arn>arn:aws:sts::", ":"))
    {
        account::remember_key(key, account);
    }
}

/// Tags are kept by the server that keeps the resource. The last page of the default server's answer also
/// gets what the other servers say about the services that are routed to them.
async fn with_tags_of(
    others: &[(&String, &Upstream)],
    reply: Reply,
    parts: &Parts,
    request: &Request,
) -> Reply {
    let (Some(mut answer), Ok(Value::Object(mut question))) =
        (successful_json(&reply), serde_json::from_slice(&request.body))
    else {
        return reply;
    };
    if answer["PaginationToken"].as_str().is_some_and(|token| !token.is_empty()) {
        return reply;
    }
    for (service, upstream) in others {
        question.remove("PaginationToken");
        loop {
            let body = Value::Object(question.clone()).to_string().into();
            let page = or_bad_gateway(forward(**upstream, parts, request, body).await);
            let Some(page_answer) = successful_json(&page) else { return page };
            let mappings = page_answer["ResourceTagMappingList"].as_array().cloned().unwrap_or_default();
            let mine = mappings.into_iter().filter(|mapping| {
                mapping["ResourceARN"].as_str().and_then(|arn| arn.split(':').nth(2))
                    == Some(service.as_str())
            });
            if let Some(list) = answer["ResourceTagMappingList"].as_array_mut() {
                list.extend(mine);
            }
            match page_answer["PaginationToken"].as_str() {
                Some(token) if !token.is_empty() => question.insert("PaginationToken".into(), token.into()),
                _ => break,
            };
        }
    }
    Reply { body: answer.to_string().into(), ..reply }
}

fn successful_json(reply: &Reply) -> Option<Value> {
    reply.status.is_success().then(|| serde_json::from_slice(&reply.body).ok()).flatten()
}
