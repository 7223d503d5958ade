//! What the vaults of AWS Backup hold. An account has many backups, and few kinds of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use super::{Context, Criticality, Resources};
use crate::snapshot::Attributes;

/// Backups of one vault that are alike in all of this.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Holding<'a> {
    /// `RDS`, `Aurora`, `DynamoDB`, `EBS`, `EC2`, `S3`, …
    pub resource_type: Option<&'a str>,
    /// What they are of; `null` if that was not collected, or is no more.
    pub source: Option<HeldSource<'a>>,
    /// Whether they are whole and not about to be deleted.
    pub is_restorable: bool,
    /// Whether they are encrypted.
    pub is_encrypted: Option<bool>,
    /// Key that encrypts them.
    pub encryption_key_arn: Option<&'a str>,
}

/// What is held of.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
pub struct HeldSource<'a> {
    /// Account.
    pub account: &'a str,
    /// Region.
    pub region: &'a str,
    /// What it is worth.
    pub criticality: Criticality,
}

/// What each vault holds, by its ARN. One that holds nothing is not there.
pub(super) fn holdings<'a>(
    resources: &Resources<'a>,
    contexts: &[Arc<Context>],
) -> FxHashMap<&'a str, BTreeSet<Holding<'a>>> {
    let source = |arn: &str| {
        let position = *resources.by_arn.get(arn)?;
        let (source, holder) = resources.all.get(position)?;
        let criticality = contexts.get(position)?.criticality;
        Some(HeldSource { account: &holder.scope.account, region: &source.region, criticality })
    };
    // Most are like one before, which hashing finds at once; the few that are left are put in order.
    let mut holdings = FxHashMap::<&str, FxHashSet<Holding<'a>>>::default();
    for resource in resources.iter() {
        let Attributes::RecoveryPoint(point) = &resource.attributes else { continue };
        holdings.entry(&point.backup_vault).or_default().insert(Holding {
            resource_type: point.resource_type.as_deref(),
            source: point.resource_arn.as_deref().and_then(source),
            is_restorable: matches!(point.status.as_deref(), Some("AVAILABLE" | "COMPLETED")),
            is_encrypted: point.is_encrypted,
            encryption_key_arn: point.encryption_key_arn.as_deref(),
        });
    }
    holdings.into_iter().map(|(vault, holds)| (vault, holds.into_iter().collect())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::config::Config;
    use crate::index::Index;
    use crate::snapshot::backup::RecoveryPoint;
    use crate::snapshot::{Attributes, Kind, Resource, samples};

    const CARTS: &str = "arn:aws:dynamodb:eu-west-1:123456789012:table/carts";
    const VAULT: &str = "arn:aws:backup:eu-west-1:123456789012:backup-vault:main";

    fn point(number: u8, settings: RecoveryPoint) -> Resource {
        let arn = format!("{VAULT}/{number}");
        samples::resource(Kind::RecoveryPoint, &arn, &[], Attributes::RecoveryPoint(Box::new(settings)))
    }

    fn of_table() -> RecoveryPoint {
        RecoveryPoint {
            resource_arn: Some(CARTS.to_owned()),
            resource_type: Some("DynamoDB".to_owned()),
            backup_vault: VAULT.to_owned(),
            status: Some("COMPLETED".to_owned()),
            is_encrypted: Some(true),
            encryption_key_arn: Some("arn:aws:kms:eu-west-1:123456789012:key/1".to_owned()),
            ..RecoveryPoint::default()
        }
    }

    #[test]
    fn a_vault_tells_what_it_holds_once() {
        let of_nothing = RecoveryPoint { resource_arn: Some("gone".to_owned()), ..of_table() };
        let expired = RecoveryPoint {
            status: Some("EXPIRED".to_owned()),
            is_encrypted: None,
            encryption_key_arn: None,
            ..of_table()
        };
        let snapshot = samples::snapshot(vec![
            samples::resource(Kind::Table, CARTS, &[], Attributes::Table(Box::default())),
            samples::resource(Kind::BackupVault, VAULT, &[], Attributes::BackupVault(Box::default())),
            point(1, of_table()),
            point(2, of_table()),
            point(3, of_nothing),
            point(4, expired),
        ]);
        let config = Config::default();
        let index = Index::build(vec![&snapshot], &config);
        let input = index.input(&snapshot);
        let vault = serde_json::to_value(input.resources[&Kind::BackupVault].first().unwrap()).unwrap();
        let source = json!({"account": "123456789012", "region": "eu-west-1", "criticality": "general"});
        let held = |source, is_restorable, is_encrypted, key| {
            json!({
                "resource_type": "DynamoDB",
                "source": source,
                "is_restorable": is_restorable,
                "is_encrypted": is_encrypted,
                "encryption_key_arn": key,
            })
        };
        let key = json!("arn:aws:kms:eu-west-1:123456789012:key/1");
        let expected = [
            held(json!(null), true, json!(true), key.clone()),
            held(source.clone(), false, json!(null), json!(null)),
            held(source, true, json!(true), key),
        ];
        assert_eq!(vault["holds"], json!(expected));
        let table = serde_json::to_value(input.resources[&Kind::Table].first().unwrap()).unwrap();
        assert_eq!(table.get("holds"), None);
    }
}
