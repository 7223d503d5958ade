//! DynamoDB tables.

use std::sync::Arc;

use super::Place;
use super::ledger::operation;
use super::scan::Scan;
use crate::snapshot::Resource;
use crate::snapshot::operation::Operation;

const LIST_TABLES: &Operation = operation("dynamodb", "ListTables");
const LIST_GLOBAL_TABLES: &Operation = operation("dynamodb", "ListGlobalTables");

/// The calls that are made in each Region.
pub(super) const OPERATIONS: [&Operation; 2] = [LIST_TABLES, LIST_GLOBAL_TABLES];

/// Collects the tables of a Region.
pub(super) async fn collect(_scan: &Arc<Scan>, _place: &Place) -> Vec<Resource> {
    Vec::new()
}
