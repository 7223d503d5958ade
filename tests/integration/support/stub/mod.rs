//! An AWS account of any size that is not kept anywhere: every answer follows from the request.
//!
//! It knows every operation of the collector in its own protocol, and gives lists out page by page as each API does.
//! It stands behind a [`Gateway`], whose rules delay, deny and throttle.
//!
//! ```ignore
//! let stub = Stub::new(Size { regions: vec![(TOKYO, Regional::each(250))], ..Size::default() });
//! let gateway = stub.gateway();
//! gateway.on(service("ec2")).times(1).throttle();
//! let snapshot = Program::on(&stub.account(&gateway)).collect(&[TOKYO]);
//! ```
//!
//! - [`size`] is how much there is. Things are numbered, in each Region from nought, and their names, ids and ARNs
//!   end with seven digits that say the number. What is set about one follows from the number, too.
//! - [`lists`] are the operations that list, [`page`] is how they give out what they list, and [`details`],
//!   [`alarms`], [`arc`], [`backups`], [`buckets`], [`faults`], [`files`], [`history`], [`hub`], [`records`] and [`tags`] are the
//!   others.
//! - [`template`] fills the answers, which are in the files of the folder `responses`. A name of a file is that of an
//!   operation, and the shape of the answer is that of the service model.

mod alarms;
mod arc;
mod backups;
mod buckets;
mod details;
mod faults;
mod files;
mod history;
mod hub;
mod lists;
mod page;
mod records;
mod size;
mod tags;
mod template;

use std::sync::Arc;

use serde_json::Value;

pub(crate) use self::page::id;
pub(crate) use self::size::{Regional, Size};
use self::template::Values;
use super::account::Account;
use super::gateway::{Gateway, Reply};
use super::wire::{Protocol, Request};

/// The id of every account that this makes.
pub(crate) const ACCOUNT: &str = "123456789012";

/// An account.
#[derive(Debug, Clone)]
pub(crate) struct Stub {
    size: Arc<Size>,
}

impl Stub {
    /// An account of a size.
    pub(crate) fn new(size: Size) -> Self {
        Self { size: Arc::new(size) }
    }

    /// A gateway to it.
    pub(crate) fn gateway(&self) -> Gateway {
        let stub = self.clone();
        Gateway::stub(move |request| stub.answer(request))
    }

    /// Answers a request as AWS does.
    pub(crate) fn answer(&self, request: &Request) -> Reply {
        let operation = operation(request);
        if let Some(list) = lists::find(&operation) {
            return self.list(request, &list);
        }
        if let Some(detail) = details::find(&operation) {
            return details::answer(self, request, &detail);
        }
        if let Some(reply) = backups::answer(self, request, &operation) {
            return reply;
        }
        if let Some(reply) = arc::answer(self, request).or_else(|| hub::answer(self, request)) {
            return reply;
        }
        if let Some(reply) = faults::answer(self, request).or_else(|| history::answer(self, request)) {
            return reply;
        }
        if let Some(reply) = files::answer(self, request) {
            return reply;
        }
        match (operation.as_str(), &request.bucket) {
            (_, Some(bucket)) => buckets::answer(self, request, bucket),
            ("DescribeAvailabilityZones", _) => {
                let zones = (0..3).map(item);
                let template = include_str!("responses/ec2/DescribeAvailabilityZones.xml");
                self.reply(request, template, Values::default().items(zones))
            }
            ("DescribeAlarms", _) => alarms::answer(self, request),
            ("DescribeRegionSettings", _) => {
                let template = include_str!("responses/backup/DescribeRegionSettings.json");
                self.reply(request, template, Values::default())
            }
            ("GetCallerIdentity", _) => {
                let template = include_str!("responses/account/GetCallerIdentity.xml");
                self.reply(request, template, Values::default())
            }
            ("GetResources", _) => tags::answer(self, request),
            ("ListResourceRecordSets", _) => records::answer(self, request),
            _ => Reply::html(404),
        }
    }

    fn list(&self, request: &Request, list: &lists::List) -> Reply {
        let regional = self.size.regional(&request.region);
        let number = (list.items)(&self.size, regional);
        let page = match &list.paging {
            Some(paging) => match paging.page(request, number, self.size.most_in_a_page) {
                Ok(page) => page,
                Err(refusal) => return *refusal,
            },
            None => page::Page::of_all(number),
        };
        let items =
            page.items.clone().map(|number| (list.of_item)(&self.size, regional, number, item(number)));
        // S3 says in which Region a bucket is only to those who ask for something.
        let asks = asked(request, "max-buckets").is_some();
        self.reply(request, list.template, page.values().items(items).flag("asks", asks))
    }

    /// An answer from a file.
    fn reply(&self, request: &Request, template: &str, values: Values) -> Reply {
        let content_type = match request.protocol {
            Protocol::Query | Protocol::Ec2 => "text/xml",
            Protocol::RestXml => "application/xml",
            Protocol::Json if request.service == "dynamodb" => "application/x-amz-json-1.0",
            Protocol::Json => "application/x-amz-json-1.1",
            Protocol::RestJson => "application/json",
            Protocol::Cbor => "application/cbor",
        };
        let values = values.with("account", ACCOUNT).with("region", &request.region);
        Reply::new(200, content_type, template::fill(template, &values))
    }
}

/// The account behind a gateway, for the program.
pub(crate) fn account(gateway: &Gateway) -> Account {
    Account::root(ACCOUNT, &gateway.endpoint())
}

/// What can be said of every item.
fn item(number: usize) -> Values {
    Values::default()
        .with("id", id(number))
        .with("number", number)
        .with("count", number + 1)
        .with("zone", ["a", "b", "c"][number % 3])
        .flag("odd", !number.is_multiple_of(2))
}

/// The name of the operation as the collector has it: two versions of one API share names.
fn operation(request: &Request) -> String {
    match request.parameter("Version") {
        Some("2012-06-01") => request.operation.replacen("Describe", "DescribeClassic", 1),
        _ => request.operation.clone(),
    }
}

/// The value of a parameter, in whichever protocol.
fn asked(request: &Request, name: &str) -> Option<String> {
    match request.json() {
        Some(Value::Object(members)) => {
            members.get(name).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        }
        _ => request.parameter(name).map(unescaped),
    }
}

/// The text that a form or a query has escaped.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let escaped = others.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match escaped.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &others[2..];
            }
            None => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
