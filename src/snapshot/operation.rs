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
    /// API name, or a longer one where two operations of the service have the same.
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

const fn global(service: &'static str, name: &'static str, lists: &'static [&'static str]) -> Operation {
    Operation { service, name, action: name, reach: Reach::Global, lists }
}

const fn regional(service: &'static str, name: &'static str, lists: &'static [&'static str]) -> Operation {
    Operation { service, name, action: name, reach: Reach::Regional, lists }
}

const fn of_resource(service: &'static str, name: &'static str, lists: &'static [&'static str]) -> Operation {
    Operation { service, name, action: name, reach: Reach::Resource, lists }
}

impl Operation {
    /// The same with an action that has another name, or none.
    const fn allowed_by(self, action: &'static str) -> Self {
        Self { action, ..self }
    }
}

/// All of them, by service.
pub const OPERATIONS: &[Operation] = &[
    global("account", "ListRegions", &[]),
    regional(
        "application-autoscaling",
        "DescribeScalableTargets",
        &["AWS::ApplicationAutoScaling::ScalableTarget"],
    ),
    of_resource("arc-region-switch", "GetPlanEvaluationStatus", &[]),
    of_resource("arc-region-switch", "ListPlanExecutions", &["AWS::ARCRegionSwitch::PlanExecution"]),
    global("arc-region-switch", "ListPlans", &["AWS::ARCRegionSwitch::Plan"]),
    regional("arc-zonal-shift", "ListManagedResources", &["AWS::ARCZonalShift::ManagedResource"]),
    of_resource("arc-zonal-shift", "ListZonalShifts", &["AWS::ARCZonalShift::ZonalShift"]),
    regional("autoscaling", "DescribeAutoScalingGroups", &["AWS::AutoScaling::AutoScalingGroup"]),
    regional("backup", "DescribeRegionSettings", &["AWS::Backup::RegionSettings"]),
    of_resource("backup", "GetBackupPlan", &[]),
    of_resource("backup", "GetBackupSelection", &[]),
    regional("backup", "ListBackupJobs", &["AWS::Backup::BackupJob"]),
    regional("backup", "ListBackupPlans", &["AWS::Backup::BackupPlan"]),
    of_resource("backup", "ListBackupSelections", &[]),
    regional("backup", "ListBackupVaults", &["AWS::Backup::BackupVault"]),
    regional("backup", "ListCopyJobs", &["AWS::Backup::CopyJob"]),
    regional("backup", "ListProtectedResources", &["AWS::Backup::ProtectedResource"]),
    of_resource("backup", "ListRecoveryPointsByBackupVault", &[]),
    regional("backup", "ListRestoreJobs", &["AWS::Backup::RestoreJob"]),
    regional("backup", "ListRestoreTestingPlans", &["AWS::Backup::RestoreTestingPlan"]),
    of_resource("backup", "ListRestoreTestingSelections", &[]),
    regional("cloudformation", "DescribeStacks", &["AWS::CloudFormation::Stack"]),
    // One call for all kinds of events, each of which is asked for where the scan has found what it would be about.
    of_resource("cloudtrail", "LookupDatabaseEvents", &["AWS::CloudTrail::Event"]).allowed_by("LookupEvents"),
    of_resource("cloudtrail", "LookupHealthCheckEvents", &["AWS::CloudTrail::Event"])
        .allowed_by("LookupEvents"),
    of_resource("cloudtrail", "LookupRoutingControlEvents", &["AWS::CloudTrail::Event"])
        .allowed_by("LookupEvents"),
    of_resource("cloudtrail", "LookupTableEvents", &["AWS::CloudTrail::Event"]).allowed_by("LookupEvents"),
    regional("cloudwatch", "DescribeAlarms", &["AWS::CloudWatch::Alarm"]),
    of_resource("cloudwatch", "GetBucketMetricData", &["AWS::CloudWatch::Metric"])
        .allowed_by("GetMetricData"),
    of_resource("cloudwatch", "GetDatabaseMetricData", &["AWS::CloudWatch::Metric"])
        .allowed_by("GetMetricData"),
    of_resource("cloudwatch", "GetFunctionMetricData", &["AWS::CloudWatch::Metric"])
        .allowed_by("GetMetricData"),
    of_resource("cloudwatch", "GetHealthCheckMetricData", &["AWS::CloudWatch::Metric"])
        .allowed_by("GetMetricData"),
    regional("dlm", "GetLifecyclePolicies", &["AWS::DLM::LifecyclePolicy"]),
    of_resource("dlm", "GetLifecyclePolicy", &[]),
    of_resource("drs", "DescribeJobs", &["AWS::DRS::Job"]),
    regional("drs", "DescribeSourceServers", &["AWS::DRS::SourceServer"]),
    // Tables are listed by name only; what a table is comes with its own call.
    regional("dynamodb", "ListTables", &["AWS::DynamoDB::Table"]),
    of_resource("dynamodb", "DescribeTable", &[]),
    of_resource("dynamodb", "DescribeContinuousBackups", &[]),
    regional("dynamodb", "ListGlobalTables", &["AWS::DynamoDB::GlobalTable"]),
    regional("ec2", "DescribeAvailabilityZones", &["AWS::EC2::AvailabilityZone"]),
    regional("ec2", "DescribeImages", &["AWS::EC2::Image"]),
    regional("ec2", "DescribeInstances", &["AWS::EC2::Instance"]),
    regional("ec2", "DescribeLaunchTemplateVersions", &["AWS::EC2::LaunchTemplate"]),
    regional("ec2", "DescribeNatGateways", &["AWS::EC2::NatGateway"]),
    regional("ec2", "DescribeRouteTables", &["AWS::EC2::RouteTable"]),
    regional("ec2", "DescribeSnapshots", &["AWS::EC2::Snapshot"]),
    regional("ec2", "DescribeSubnets", &["AWS::EC2::Subnet"]),
    regional("ec2", "DescribeVolumes", &["AWS::EC2::Volume"]),
    regional("ec2", "DescribeVpcEndpoints", &["AWS::EC2::VPCEndpoint"]),
    regional("ec2", "DescribeVpnConnections", &["AWS::EC2::VPNConnection"]),
    of_resource("elasticfilesystem", "DescribeBackupPolicy", &[]),
    regional("elasticfilesystem", "DescribeFileSystems", &["AWS::EFS::FileSystem"]),
    of_resource("elasticfilesystem", "DescribeReplicationConfigurations", &[]),
    // Two versions of one API have operations of the same name. Those about Classic Load Balancers, which are the older
    // ones, are told from the others here by a name of their own, because either can fail without the other.
    regional(
        "elasticloadbalancing",
        "DescribeClassicLoadBalancers",
        &["AWS::ElasticLoadBalancing::LoadBalancer"],
    )
    .allowed_by("DescribeLoadBalancers"),
    of_resource("elasticloadbalancing", "DescribeClassicLoadBalancerAttributes", &[])
        .allowed_by("DescribeLoadBalancerAttributes"),
    regional("elasticloadbalancing", "DescribeLoadBalancers", &["AWS::ElasticLoadBalancingV2::LoadBalancer"]),
    of_resource("elasticloadbalancing", "DescribeLoadBalancerAttributes", &[]),
    regional("elasticloadbalancing", "DescribeTargetGroups", &["AWS::ElasticLoadBalancingV2::TargetGroup"]),
    of_resource("elasticloadbalancing", "DescribeTargetGroupAttributes", &[]),
    of_resource("elasticloadbalancing", "DescribeTargetHealth", &[]),
    of_resource("fis", "GetExperiment", &[]),
    of_resource("fis", "ListExperimentResolvedTargets", &[]),
    of_resource("fis", "ListExperimentTemplates", &["AWS::FIS::ExperimentTemplate"]),
    regional("fis", "ListExperiments", &["AWS::FIS::Experiment"]),
    global("iam", "ListAccountAliases", &[]),
    of_resource("kms", "DescribeKey", &[]),
    regional("kms", "ListKeys", &["AWS::KMS::Key"]),
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
    regional("rds", "DescribeEvents", &["AWS::RDS::Event"]),
    of_resource("rds", "DescribeDBClusterParameters", &["AWS::RDS::DBClusterParameterGroup"]),
    of_resource("resiliencehub", "DescribeApp", &[]),
    of_resource("resiliencehub", "ListAppAssessments", &["AWS::ResilienceHub::AppAssessment"]),
    of_resource("resiliencehub", "ListAppVersionResources", &[]),
    regional("resiliencehub", "ListApps", &["AWS::ResilienceHub::App"]),
    of_resource("resiliencehub", "ListResiliencyPolicies", &["AWS::ResilienceHub::ResiliencyPolicy"]),
    global("route53", "ListHealthChecks", &["AWS::Route53::HealthCheck"]),
    global("route53", "ListHostedZones", &["AWS::Route53::HostedZone"]),
    of_resource("route53", "ListResourceRecordSets", &["AWS::Route53::RecordSet"]),
    global("route53-recovery-control-config", "ListClusters", &[]),
    of_resource("route53-recovery-control-config", "ListControlPanels", &[]),
    of_resource(
        "route53-recovery-control-config",
        "ListRoutingControls",
        &["AWS::Route53RecoveryControl::RoutingControl"],
    ),
    global("s3", "ListBuckets", &["AWS::S3::Bucket"]).allowed_by("ListAllMyBuckets"),
    // The Region of a bucket is in the header of the answer even where the answer is a refusal. Asking for the
    // permission (s3:ListBucket) would allow to list the objects, which is no business of a scan.
    of_resource("s3", "HeadBucket", &[]).allowed_by(""),
    of_resource("s3", "GetBucketVersioning", &[]),
    of_resource("s3", "GetBucketReplication", &[]).allowed_by("GetReplicationConfiguration"),
    of_resource("s3", "GetBucketLifecycleConfiguration", &[]).allowed_by("GetLifecycleConfiguration"),
    of_resource("s3", "GetObjectLockConfiguration", &[]).allowed_by("GetBucketObjectLockConfiguration"),
    of_resource("s3", "GetBucketEncryption", &[]).allowed_by("GetEncryptionConfiguration"),
    regional("secretsmanager", "ListSecrets", &["AWS::SecretsManager::Secret"]),
    // Allowed to every principal, even under an explicit deny.
    global("sts", "GetCallerIdentity", &[]).allowed_by(""),
    // The same call with another filter: by a tag instead of by types.
    regional(
        "tag",
        "GetAutomationResources",
        &["AWS::Lambda::Function", "AWS::SSM::Document", "AWS::StepFunctions::StateMachine"],
    )
    .allowed_by("GetResources"),
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
