//! The record sets of a zone: those that every zone has, and weighted ones that share one name. The next page begins
//! with a name, a type and an identifier, and is asked for with all three.

use super::page::{Paging, Token, id, number_of};
use super::{Stub, asked, item};
use crate::support::gateway::Reply;
use crate::support::wire::Request;

const PAGING: Paging = Paging {
    size: "maxitems",
    sizes: 1..=300,
    token: "identifier",
    is: Token::First,
    refusal: "InvalidInput",
};

/// Answers with a page of the record sets of a zone.
pub(super) fn answer(stub: &Stub, request: &Request) -> Reply {
    let zone = request.target.split('/').nth(3).and_then(number_of);
    let Some(zone) = zone.filter(|zone| *zone < stub.size.zones) else {
        return Reply::error(request, 404, "NoSuchHostedZone", "No hosted zone found with that id");
    };
    let domain = format!("zone-{}.example.", id(zone));
    let start = ["name", "type"].map(|name| asked(request, name));
    let expected = asked(request, "identifier").map(|_| [format!("www.{domain}"), "A".to_owned()]);
    if start != expected.map_or([None, None], |start| start.map(Some)) {
        return Reply::error(request, 400, "InvalidInput", "The page begins with no such record set");
    }
    let page = match PAGING.page(request, stub.size.records_of_zone(zone), stub.size.most_in_a_page) {
        Ok(page) => page,
        Err(refusal) => return *refusal,
    };
    let items = page.items.clone().map(|number| {
        item(number)
            .flag("name_servers", number == 0)
            .flag("authority", number == 1)
            .flag("own", number > 1)
            .with("weight", number.min(255))
    });
    let values = page.values().with("domain", domain).items(items);
    stub.reply(request, include_str!("responses/route53/ListResourceRecordSets.xml"), values)
}
