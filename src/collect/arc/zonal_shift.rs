//! What traffic can be shifted out of a zone, and where that was done.

use aws_sdk_arczonalshift::types;

use super::super::ledger::operation;
use super::super::scan::Scan;
use super::super::{Place, instant, text};
use crate::snapshot::arc::{ManagedResource, ZonalShift};
use crate::snapshot::operation::Operation;
use crate::snapshot::{Attributes, Kind, Resource};

const LIST_MANAGED_RESOURCES: &Operation = operation("arc-zonal-shift", "ListManagedResources");
const LIST_ZONAL_SHIFTS: &Operation = operation("arc-zonal-shift", "ListZonalShifts");

/// The calls that are made in each Region.
pub(in crate::collect) const OPERATIONS: [&Operation; 1] = [LIST_MANAGED_RESOURCES];

/// Items in a page: the most that the API allows.
const PAGE: i32 = 100;

/// Collects what can be shifted in a Region, and the shifts. Nothing was shifted where nothing can be.
pub(in crate::collect) async fn collect(scan: &Scan, place: &Place) -> Vec<Resource> {
    let (client, lane) = scan.session.zonal_shift(&place.region);
    let listing = scan
        .list(
            LIST_MANAGED_RESOURCES,
            &place.region,
            &lane,
            |marker| client.list_managed_resources().max_results(PAGE).set_next_token(marker).send(),
            |page| (page.next_token, Some(page.items)),
        )
        .await;
    if listing.items.is_empty() {
        let nothing = std::iter::empty();
        scan.ledger.enter_about(&[LIST_ZONAL_SHIFTS], &place.region, 0, nothing, listing.failure.as_ref());
        return Vec::new();
    }
    let mut found: Vec<Resource> =
        listing.items.into_iter().filter_map(|managed| managed_resource(place, managed)).collect();
    scan.ledger.plan(1);
    let shifts = scan
        .list(
            LIST_ZONAL_SHIFTS,
            &place.region,
            &lane,
            |marker| client.list_zonal_shifts().max_results(PAGE).set_next_token(marker).send(),
            |page| (page.next_token, page.items),
        )
        .await;
    found.extend(shifts.items.into_iter().filter_map(|shift| zonal_shift(place, shift)));
    found
}

fn managed_resource(place: &Place, managed: types::ManagedResourceSummary) -> Option<Resource> {
    let resource_arn = text(managed.arn)?;
    let arn = place.arn("arc-zonal-shift", &format!("managed-resource/{resource_arn}"));
    let name = text(managed.name).unwrap_or_else(|| resource_arn.clone());
    let attributes = ManagedResource {
        resource_arn,
        zonal_autoshift_status: managed.zonal_autoshift_status.map(|status| status.as_str().to_owned()),
        practice_run_status: managed.practice_run_status.map(|status| status.as_str().to_owned()),
    };
    let attributes = Attributes::ManagedResource(Box::new(attributes));
    Some(place.resource(Kind::ManagedResource, arn, name, attributes))
}

/// A shift. It has a comment, which is nobody's business.
fn zonal_shift(place: &Place, shift: types::ZonalShiftSummary) -> Option<Resource> {
    let id = text(Some(shift.zonal_shift_id))?;
    let attributes = ZonalShift {
        resource_arn: shift.resource_identifier,
        away_from: text(Some(shift.away_from)),
        shift_type: shift.shift_type.map(|kind| kind.as_str().to_owned()),
        status: text(Some(shift.status.as_str().to_owned())),
        practice_run_outcome: shift.practice_run_outcome.map(|outcome| outcome.as_str().to_owned()),
        start_time: instant(Some(shift.start_time)),
        expiry_time: instant(Some(shift.expiry_time)),
    };
    let arn = place.arn("arc-zonal-shift", &format!("zonal-shift/{id}"));
    Some(place.resource(Kind::ZonalShift, arn, id, Attributes::ZonalShift(Box::new(attributes))))
}
