//! Calls of services whose SDK crates would be compiled for the seeds alone. The servers behind take the
//! account and the service from the credential scope and check no signature, so none is made.

use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::support::account::Account;

/// A customer-managed key with an alias; gives its ARN.
pub(super) async fn kms_key(account: &Account, region: &str, alias: &str) -> String {
    let kms = async |operation: &str, body: Value| {
        let target = format!("TrentService.{operation}");
        call(account, "kms", region, ("x-amz-target", &target), body.to_string()).await
    };
    let created: Value =
        serde_json::from_str(&kms("CreateKey", serde_json::json!({})).await).expect("KMS answers in JSON");
    let arn = created["KeyMetadata"]["Arn"].as_str().expect("a key has an ARN").to_owned();
    kms("CreateAlias", serde_json::json!({ "AliasName": alias, "TargetKeyId": arn })).await;
    arn
}

async fn call(account: &Account, service: &str, region: &str, header: (&str, &str), body: String) -> String {
    let authority = account.endpoint.trim_start_matches("http://");
    let key = account.credentials.access_key_id();
    let scope = format!("{key}/20260101/{region}/{service}/aws4_request");
    let request = Request::builder()
        .method(Method::POST)
        .uri("/")
        .header("host", authority)
        .header(
            "authorization",
            format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none"),
        )
        .header(header.0, header.1)
        .body(Full::new(Bytes::from(body)))
        .expect("a valid request");
    let stream = TcpStream::connect(authority).await.expect("the endpoint listens");
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.expect("the endpoint speaks HTTP");
    tokio::spawn(connection);
    let answer = sender.send_request(request).await.expect("the endpoint answers");
    let status = answer.status();
    let text = answer.into_body().collect().await.expect("the answer is complete").to_bytes();
    let text = String::from_utf8(text.to_vec()).expect("the answer is text");
    assert!(status.is_success(), "{service} answered {status}: {text}");
    text
}
