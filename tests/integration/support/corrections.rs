//! Where moto is known to answer differently from AWS and a rule would take its answer for the truth.

use super::gateway::{Gateway, Reply, rds};

/// Corrects moto's answers behind the gateway.
pub(crate) fn apply(gateway: &Gateway) {
    // moto has no automated backups of clusters and fails with a page. These accounts have none.
    gateway.on(rds("DescribeDBClusterAutomatedBackups")).reply(Reply::xml(
        "<DescribeDBClusterAutomatedBackupsResponse xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\">\
         <DescribeDBClusterAutomatedBackupsResult><DBClusterAutomatedBackups/>\
         </DescribeDBClusterAutomatedBackupsResult>\
         <ResponseMetadata><RequestId>gateway</RequestId></ResponseMetadata>\
         </DescribeDBClusterAutomatedBackupsResponse>",
    ));
}
