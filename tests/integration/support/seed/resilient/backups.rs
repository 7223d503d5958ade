//! The backups of `resilient`: a plan in each Region for everything that has the tag of the workload, with a copy in a
//! locked vault of the other one, what the plans have made so far, and proof that it can be restored.

use super::{DAYS, Place, SINGAPORE, TOKYO};
use crate::support::account::Account;
use crate::support::seed::backup::{self, Plan};

/// Name of the vaults, the plans and the restore testing.
const NAME: &str = "orders";

/// Days for which backups are kept: as long as the lock of the vaults wants them.
const KEEP: i64 = DAYS as i64;

/// Makes backups of the resources of each Region, which are given by ARN, and copies them to the other.
pub(super) async fn seed(account: &Account, places: [(&Place, &[String]); 2]) {
    for (place, _) in places {
        backup::vault(account, place.region, NAME, &place.key).await;
        backup::lock(account, place.region, NAME, KEEP).await;
    }
    for (place, resources) in places {
        let other = if place.region == TOKYO { SINGAPORE } else { TOKYO };
        let copy_to = account.arn("backup", other, &format!("backup-vault:{NAME}"));
        let plan = Plan {
            name: NAME,
            vault: NAME,
            // An hour, so that the least that may be lost is what the tier allows.
            schedule: "cron(0 * ? * * *)",
            days: KEEP,
            copy_to: Some(&copy_to),
        };
        let plan = backup::plan(account, place.region, plan).await;
        let selection = backup::by_tags(account, NAME, &[("hadr:workload", "orders")]);
        backup::select(account, place.region, &plan, selection).await;
        for resource in resources {
            let point = backup::back_up(account, place.region, (NAME, resource), 0, KEEP).await;
            backup::copy(account, place.region, (NAME, &point), &copy_to, KEEP).await;
        }
    }
    backup::test_restores(account, TOKYO, NAME, &["Aurora", "DynamoDB", "EBS", "RDS", "S3"]).await;
    backup::test_restores(account, SINGAPORE, NAME, &["Aurora", "DynamoDB", "RDS", "S3"]).await;
}
