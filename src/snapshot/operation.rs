//! The operations table: every API call that the collector can make.
//!
//! It is data of the contract, not of the collector, because a build without the collector still has to know
//! which calls a policy may require, which of them list the subjects of a policy, and which IAM action each of
//! them needs. A test asserts that every operation is read-only by its name.

/// Where a call is made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reach {
    /// Once for the account.
    Global,
    /// Once in each Region.
    Regional,
    /// Once for each resource, or some of them, that a listing gave.
    Resource,
}

/// One API operation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Operation {
    /// IAM prefix of the service; the SDK crate and the signing name may differ.
    pub service: &'static str,
    /// API name.
    pub name: &'static str,
    /// IAM action without the prefix. S3's actions differ from its operations.
    pub action: &'static str,
    /// Where it is made.
    pub reach: Reach,
    /// CloudFormation types of the resources that it lists.
    pub lists: &'static [&'static str],
}

impl Operation {
    /// `service:Operation`, as policies and gaps write it.
    pub fn id(&self) -> String {
        format!("{}:{}", self.service, self.name)
    }

    /// Whether `service:Operation` names this one.
    pub fn is(&self, id: &str) -> bool {
        id.split_once(':') == Some((self.service, self.name))
    }

    /// `prefix:Action`, as an IAM policy writes it; `None` where no permission is needed.
    pub fn permission(&self) -> Option<String> {
        (!self.action.is_empty()).then(|| format!("{}:{}", self.service, self.action))
    }
}

/// Finds an operation by `service:Operation`.
pub fn find(id: &str) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.is(id))
}

const fn regional(service: &'static str, name: &'static str, lists: &'static [&'static str]) -> Operation {
    Operation { service, name, action: name, reach: Reach::Regional, lists }
}

const fn of_resource(service: &'static str, name: &'static str) -> Operation {
    Operation { service, name, action: name, reach: Reach::Resource, lists: &[] }
}

const fn of_bucket(name: &'static str, action: &'static str) -> Operation {
    Operation { service: "s3", name, action, reach: Reach::Resource, lists: &[] }
}

const fn global(service: &'static str, name: &'static str, action: &'static str) -> Operation {
    Operation { service, name, action, reach: Reach::Global, lists: &[] }
}

const fn global_list(service: &'static str, name: &'static str, lists: &'static [&'static str]) -> Operation {
    Operation { service, name, action: name, reach: Reach::Global, lists }
}

/// All of them, by service.
pub const OPERATIONS: &[Operation] = &[
    global("account", "ListRegions", "ListRegions"),
    regional(
        "application-autoscaling",
        "DescribeScalableTargets",
        &["AWS::ApplicationAutoScaling::ScalableTarget"],
    ),
    // Tables are listed by name only; what a table is comes with its own call.
    regional("dynamodb", "ListTables", &["AWS::DynamoDB::Table"]),
    of_resource("dynamodb", "DescribeTable"),
    of_resource("dynamodb", "DescribeContinuousBackups"),
    regional("dynamodb", "ListGlobalTables", &["AWS::DynamoDB::GlobalTable"]),
    global("iam", "ListAccountAliases", "ListAccountAliases"),
    regional(
        "rds",
        "DescribeDBInstances",
        &["AWS::RDS::DBInstance", "AWS::DocDB::DBInstance", "AWS::Neptune::DBInstance"],
    ),
    regional(
        "rds",
        "DescribeDBClusters",
        &["AWS::RDS::DBCluster", "AWS::DocDB::DBCluster", "AWS::Neptune::DBCluster"],
    ),
    regional("rds", "DescribeGlobalClusters", &["AWS::RDS::GlobalCluster"]),
    regional("rds", "DescribeDBInstanceAutomatedBackups", &["AWS::RDS::DBInstanceAutomatedBackup"]),
    regional("rds", "DescribeDBClusterAutomatedBackups", &["AWS::RDS::DBClusterAutomatedBackup"]),
    regional("rds", "DescribeDBSnapshots", &["AWS::RDS::DBSnapshot"]),
    regional("rds", "DescribeDBClusterSnapshots", &["AWS::RDS::DBClusterSnapshot"]),
    regional("rds", "DescribeDBSubnetGroups", &["AWS::RDS::DBSubnetGroup"]),
    regional("rds", "DescribeEventSubscriptions", &["AWS::RDS::EventSubscription"]),
    global_list("route53", "ListHealthChecks", &["AWS::Route53::HealthCheck"]),
    global_list("route53", "ListHostedZones", &["AWS::Route53::HostedZone"]),
    Operation {
        service: "route53",
        name: "ListResourceRecordSets",
        action: "ListResourceRecordSets",
        reach: Reach::Resource,
        lists: &["AWS::Route53::RecordSet"],
    },
    Operation {
        service: "s3",
        name: "ListBuckets",
        action: "ListAllMyBuckets",
        reach: Reach::Global,
        lists: &["AWS::S3::Bucket"],
    },
    // The Region of a bucket is in the header of the answer even where the answer is a refusal. Asking for the
    // permission (s3:ListBucket) would allow to list the objects, which is no business of a scan.
    of_bucket("HeadBucket", ""),
    of_bucket("GetBucketVersioning", "GetBucketVersioning"),
    of_bucket("GetBucketReplication", "GetReplicationConfiguration"),
    of_bucket("GetBucketLifecycleConfiguration", "GetLifecycleConfiguration"),
    of_bucket("GetObjectLockConfiguration", "GetBucketObjectLockConfiguration"),
    of_bucket("GetBucketEncryption", "GetEncryptionConfiguration"),
    // Allowed to every principal, even under an explicit deny.
    global("sts", "GetCallerIdentity", ""),
    regional("tag", "GetResources", &[]),
];

#[cfg(test)]
mod tests {
    use super::{OPERATIONS, find};

    /// Invariant 4: the collector is read-only.
    #[test]
    fn every_operation_reads() {
        let verbs = ["Describe", "List", "Get", "Lookup", "Head", "Search", "BatchGet", "Select"];
        for operation in OPERATIONS {
            assert!(
                verbs.iter().any(|verb| operation.name.starts_with(verb)),
                "{} does not start with a reading verb",
                operation.id()
            );
        }
    }

    #[test]
    fn an_operation_is_in_the_table_once() {
        for operation in OPERATIONS {
            assert_eq!(find(&operation.id()), Some(operation));
        }
    }

    #[test]
    fn s3_actions_are_those_of_iam() {
        let action = |id| find(id).and_then(|operation| operation.permission());
        assert_eq!(action("s3:ListBuckets").as_deref(), Some("s3:ListAllMyBuckets"));
        assert_eq!(action("s3:HeadBucket"), None);
        assert_eq!(
            action("s3:GetObjectLockConfiguration").as_deref(),
            Some("s3:GetBucketObjectLockConfiguration")
        );
    }
}
