//! One resource of the account: its identity, where it is, its tags and its normalised settings.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use super::coverage::Gap;
use super::tag::Tags;
use super::{
    arc, automation, autoscaling, backup, cloudformation, cloudtrail, cloudwatch, drs, dynamodb, ec2, efs,
    elb, fis, kms, rds, resiliencehub, route53, s3, secretsmanager,
};

/// A resource. In the snapshot each of them is one line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Resource {
    /// CloudFormation type.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Amazon Resource Name; unique in the snapshot.
    pub arn: String,
    /// The name that AWS consoles and commands use.
    pub name: String,
    /// Region, or `global`.
    pub region: String,
    /// Availability Zones that the resource itself runs in, or that are enabled for it. Empty where the service does
    /// not say or where it follows from other resources: the zones of a cluster are those of its members, and `index`
    /// joins them.
    pub zones: Vec<Zone>,
    /// Tags; `null` if they could not be collected, which is not the same as none.
    pub tags: Option<Tags>,
    /// Settings, by type.
    pub attributes: Attributes,
    /// Calls about this resource that gave no answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
}

/// An Availability Zone.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Zone {
    /// Name such as `eu-west-1a`, which means another place in another account.
    pub name: String,
    /// Id such as `euw1-az2`, which means the same place in every account; `null` until it is known.
    pub id: Option<String>,
}

impl Zone {
    /// A zone of which only the name is known.
    pub fn named(name: impl Into<String>) -> Self {
        Self { name: name.into(), id: None }
    }
}

/// Declares the resource types: the variant, the CloudFormation name and the type of the settings.
macro_rules! kinds {
    ($($variant:ident $name:literal $attributes:ident($type:ty)),+ $(,)?) => {
        /// The types of resource that a snapshot can hold, by CloudFormation name. What CloudFormation has no
        /// type for (an automated backup, a snapshot of a database) is named as if it had.
        #[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, Ord, PartialEq, PartialOrd, Serialize)]
        pub enum Kind {
            $(#[doc = $name] #[serde(rename = $name)] $variant),+
        }

        impl Kind {
            /// Every type.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// CloudFormation name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            fn parse_attributes(self, json: &str) -> serde_json::Result<Attributes> {
                match self {
                    $(Self::$variant => parse_located::<$type>(json).map(Attributes::$attributes)),+
                }
            }

            fn attributes_schema(self, generator: &mut SchemaGenerator) -> Schema {
                match self { $(Self::$variant => generator.subschema_for::<$type>()),+ }
            }
        }
    };
}

kinds! {
    RegionSwitchPlan "AWS::ARCRegionSwitch::Plan" RegionSwitchPlan(Box<arc::RegionSwitchPlan>),
    PlanExecution "AWS::ARCRegionSwitch::PlanExecution" PlanExecution(Box<arc::PlanExecution>),
    ManagedResource "AWS::ARCZonalShift::ManagedResource" ManagedResource(Box<arc::ManagedResource>),
    ZonalShift "AWS::ARCZonalShift::ZonalShift" ZonalShift(Box<arc::ZonalShift>),
    ScalableTarget "AWS::ApplicationAutoScaling::ScalableTarget" ScalableTarget(Box<dynamodb::ScalableTarget>),
    AutoScalingGroup "AWS::AutoScaling::AutoScalingGroup" AutoScalingGroup(Box<autoscaling::AutoScalingGroup>),
    BackupJob "AWS::Backup::BackupJob" FailedJob(Box<backup::FailedJob>),
    BackupPlan "AWS::Backup::BackupPlan" BackupPlan(Box<backup::BackupPlan>),
    BackupSelection "AWS::Backup::BackupSelection" BackupSelection(Box<backup::BackupSelection>),
    BackupVault "AWS::Backup::BackupVault" BackupVault(Box<backup::BackupVault>),
    CopyJob "AWS::Backup::CopyJob" FailedJob(Box<backup::FailedJob>),
    ProtectedResource "AWS::Backup::ProtectedResource" ProtectedResource(Box<backup::ProtectedResource>),
    RecoveryPoint "AWS::Backup::RecoveryPoint" RecoveryPoint(Box<backup::RecoveryPoint>),
    RegionSettings "AWS::Backup::RegionSettings" RegionSettings(Box<backup::RegionSettings>),
    RestoreJob "AWS::Backup::RestoreJob" RestoreJob(Box<backup::RestoreJob>),
    RestoreTestingPlan "AWS::Backup::RestoreTestingPlan" RestoreTestingPlan(Box<backup::RestoreTestingPlan>),
    Stack "AWS::CloudFormation::Stack" Stack(Box<cloudformation::Stack>),
    TrailEvent "AWS::CloudTrail::Event" TrailEvent(Box<cloudtrail::TrailEvent>),
    Alarm "AWS::CloudWatch::Alarm" Alarm(Box<cloudwatch::Alarm>),
    Metric "AWS::CloudWatch::Metric" Metric(Box<cloudwatch::Metric>),
    LifecyclePolicy "AWS::DLM::LifecyclePolicy" LifecyclePolicy(Box<backup::LifecyclePolicy>),
    RecoveryJob "AWS::DRS::Job" RecoveryJob(Box<drs::RecoveryJob>),
    SourceServer "AWS::DRS::SourceServer" SourceServer(Box<drs::SourceServer>),
    DocDbCluster "AWS::DocDB::DBCluster" DbCluster(Box<rds::DbCluster>),
    DocDbInstance "AWS::DocDB::DBInstance" DbInstance(Box<rds::DbInstance>),
    GlobalTable "AWS::DynamoDB::GlobalTable" GlobalTable(Box<dynamodb::GlobalTable>),
    Table "AWS::DynamoDB::Table" Table(Box<dynamodb::Table>),
    AvailabilityZone "AWS::EC2::AvailabilityZone" AvailabilityZone(Box<ec2::AvailabilityZone>),
    Image "AWS::EC2::Image" Image(Box<ec2::Image>),
    Instance "AWS::EC2::Instance" Instance(Box<ec2::Instance>),
    LaunchTemplate "AWS::EC2::LaunchTemplate" LaunchTemplate(Box<ec2::LaunchTemplate>),
    NatGateway "AWS::EC2::NatGateway" NatGateway(Box<ec2::NatGateway>),
    RouteTable "AWS::EC2::RouteTable" RouteTable(Box<ec2::RouteTable>),
    VolumeSnapshot "AWS::EC2::Snapshot" VolumeSnapshot(Box<ec2::VolumeSnapshot>),
    Subnet "AWS::EC2::Subnet" Subnet(Box<ec2::Subnet>),
    VpcEndpoint "AWS::EC2::VPCEndpoint" VpcEndpoint(Box<ec2::VpcEndpoint>),
    VpnConnection "AWS::EC2::VPNConnection" VpnConnection(Box<ec2::VpnConnection>),
    Volume "AWS::EC2::Volume" Volume(Box<ec2::Volume>),
    FileSystem "AWS::EFS::FileSystem" FileSystem(Box<efs::FileSystem>),
    ClassicLoadBalancer "AWS::ElasticLoadBalancing::LoadBalancer" ClassicLoadBalancer(Box<elb::ClassicLoadBalancer>),
    LoadBalancer "AWS::ElasticLoadBalancingV2::LoadBalancer" LoadBalancer(Box<elb::LoadBalancer>),
    TargetGroup "AWS::ElasticLoadBalancingV2::TargetGroup" TargetGroup(Box<elb::TargetGroup>),
    Experiment "AWS::FIS::Experiment" Experiment(Box<fis::Experiment>),
    ExperimentTemplate "AWS::FIS::ExperimentTemplate" ExperimentTemplate(Box<fis::ExperimentTemplate>),
    Key "AWS::KMS::Key" Key(Box<kms::Key>),
    LambdaFunction "AWS::Lambda::Function" Automation(Box<automation::Automation>),
    NeptuneCluster "AWS::Neptune::DBCluster" DbCluster(Box<rds::DbCluster>),
    NeptuneInstance "AWS::Neptune::DBInstance" DbInstance(Box<rds::DbInstance>),
    DbCluster "AWS::RDS::DBCluster" DbCluster(Box<rds::DbCluster>),
    DbClusterAutomatedBackup "AWS::RDS::DBClusterAutomatedBackup" AutomatedBackup(Box<rds::AutomatedBackup>),
    DbClusterParameterGroup "AWS::RDS::DBClusterParameterGroup"
        DbClusterParameterGroup(Box<rds::DbClusterParameterGroup>),
    DbClusterSnapshot "AWS::RDS::DBClusterSnapshot" DbSnapshot(Box<rds::DbSnapshot>),
    DbInstance "AWS::RDS::DBInstance" DbInstance(Box<rds::DbInstance>),
    DbInstanceAutomatedBackup "AWS::RDS::DBInstanceAutomatedBackup" AutomatedBackup(Box<rds::AutomatedBackup>),
    DbSnapshot "AWS::RDS::DBSnapshot" DbSnapshot(Box<rds::DbSnapshot>),
    DbSubnetGroup "AWS::RDS::DBSubnetGroup" DbSubnetGroup(Box<rds::DbSubnetGroup>),
    DbEvent "AWS::RDS::Event" DbEvent(Box<rds::DbEvent>),
    EventSubscription "AWS::RDS::EventSubscription" EventSubscription(Box<rds::EventSubscription>),
    GlobalCluster "AWS::RDS::GlobalCluster" GlobalCluster(Box<rds::GlobalCluster>),
    App "AWS::ResilienceHub::App" App(Box<resiliencehub::App>),
    AppAssessment "AWS::ResilienceHub::AppAssessment" AppAssessment(Box<resiliencehub::AppAssessment>),
    ResiliencyPolicy "AWS::ResilienceHub::ResiliencyPolicy" ResiliencyPolicy(Box<resiliencehub::ResiliencyPolicy>),
    HealthCheck "AWS::Route53::HealthCheck" HealthCheck(Box<route53::HealthCheck>),
    HostedZone "AWS::Route53::HostedZone" HostedZone(Box<route53::HostedZone>),
    RecordSet "AWS::Route53::RecordSet" RecordSet(Box<route53::RecordSet>),
    RoutingControl "AWS::Route53RecoveryControl::RoutingControl" RoutingControl(Box<arc::RoutingControl>),
    Bucket "AWS::S3::Bucket" Bucket(Box<s3::Bucket>),
    AutomationDocument "AWS::SSM::Document" Automation(Box<automation::Automation>),
    Secret "AWS::SecretsManager::Secret" Secret(Box<secretsmanager::Secret>),
    StateMachine "AWS::StepFunctions::StateMachine" Automation(Box<automation::Automation>),
}

/// Settings of a resource. Which of them a resource has follows from its type.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "each variant only carries the type of its name, which is documented")]
pub enum Attributes {
    Alarm(Box<cloudwatch::Alarm>),
    App(Box<resiliencehub::App>),
    AppAssessment(Box<resiliencehub::AppAssessment>),
    AutoScalingGroup(Box<autoscaling::AutoScalingGroup>),
    AutomatedBackup(Box<rds::AutomatedBackup>),
    Automation(Box<automation::Automation>),
    AvailabilityZone(Box<ec2::AvailabilityZone>),
    BackupPlan(Box<backup::BackupPlan>),
    BackupSelection(Box<backup::BackupSelection>),
    BackupVault(Box<backup::BackupVault>),
    Bucket(Box<s3::Bucket>),
    ClassicLoadBalancer(Box<elb::ClassicLoadBalancer>),
    DbCluster(Box<rds::DbCluster>),
    DbClusterParameterGroup(Box<rds::DbClusterParameterGroup>),
    DbEvent(Box<rds::DbEvent>),
    DbInstance(Box<rds::DbInstance>),
    DbSnapshot(Box<rds::DbSnapshot>),
    DbSubnetGroup(Box<rds::DbSubnetGroup>),
    EventSubscription(Box<rds::EventSubscription>),
    Experiment(Box<fis::Experiment>),
    ExperimentTemplate(Box<fis::ExperimentTemplate>),
    FailedJob(Box<backup::FailedJob>),
    FileSystem(Box<efs::FileSystem>),
    GlobalCluster(Box<rds::GlobalCluster>),
    GlobalTable(Box<dynamodb::GlobalTable>),
    HealthCheck(Box<route53::HealthCheck>),
    HostedZone(Box<route53::HostedZone>),
    Image(Box<ec2::Image>),
    Instance(Box<ec2::Instance>),
    Key(Box<kms::Key>),
    LaunchTemplate(Box<ec2::LaunchTemplate>),
    LifecyclePolicy(Box<backup::LifecyclePolicy>),
    LoadBalancer(Box<elb::LoadBalancer>),
    ManagedResource(Box<arc::ManagedResource>),
    Metric(Box<cloudwatch::Metric>),
    NatGateway(Box<ec2::NatGateway>),
    PlanExecution(Box<arc::PlanExecution>),
    ProtectedResource(Box<backup::ProtectedResource>),
    RecordSet(Box<route53::RecordSet>),
    RecoveryJob(Box<drs::RecoveryJob>),
    RecoveryPoint(Box<backup::RecoveryPoint>),
    RegionSettings(Box<backup::RegionSettings>),
    RegionSwitchPlan(Box<arc::RegionSwitchPlan>),
    ResiliencyPolicy(Box<resiliencehub::ResiliencyPolicy>),
    RestoreJob(Box<backup::RestoreJob>),
    RestoreTestingPlan(Box<backup::RestoreTestingPlan>),
    RouteTable(Box<ec2::RouteTable>),
    RoutingControl(Box<arc::RoutingControl>),
    ScalableTarget(Box<dynamodb::ScalableTarget>),
    Secret(Box<secretsmanager::Secret>),
    SourceServer(Box<drs::SourceServer>),
    Stack(Box<cloudformation::Stack>),
    Subnet(Box<ec2::Subnet>),
    Table(Box<dynamodb::Table>),
    TargetGroup(Box<elb::TargetGroup>),
    TrailEvent(Box<cloudtrail::TrailEvent>),
    Volume(Box<ec2::Volume>),
    VolumeSnapshot(Box<ec2::VolumeSnapshot>),
    VpcEndpoint(Box<ec2::VpcEndpoint>),
    VpnConnection(Box<ec2::VpnConnection>),
    ZonalShift(Box<arc::ZonalShift>),
}

impl Attributes {
    /// The status in the word of the API, for types that have one.
    pub fn status(&self) -> Option<&str> {
        let status = match self {
            Self::AutoScalingGroup(group) => &group.status,
            Self::AutomatedBackup(backup) => &backup.status,
            Self::DbCluster(cluster) => &cluster.status,
            Self::DbInstance(instance) => &instance.db_instance_status,
            Self::DbSnapshot(snapshot) => &snapshot.status,
            Self::EventSubscription(subscription) => &subscription.status,
            Self::FileSystem(file_system) => &file_system.life_cycle_state,
            Self::GlobalCluster(cluster) => &cluster.status,
            Self::Image(image) => &image.state,
            Self::Instance(instance) => &instance.state,
            Self::NatGateway(gateway) => &gateway.state,
            Self::Stack(stack) => &stack.stack_status,
            Self::Subnet(subnet) => &subnet.state,
            Self::Table(table) => &table.table_status,
            Self::Volume(volume) => &volume.state,
            Self::VolumeSnapshot(snapshot) => &snapshot.state,
            Self::VpcEndpoint(endpoint) => &endpoint.state,
            Self::VpnConnection(connection) => &connection.state,
            Self::Alarm(_)
            | Self::App(_)
            | Self::AppAssessment(_)
            | Self::Automation(_)
            | Self::AvailabilityZone(_)
            | Self::BackupPlan(_)
            | Self::BackupSelection(_)
            | Self::BackupVault(_)
            | Self::Bucket(_)
            | Self::ClassicLoadBalancer(_)
            | Self::DbClusterParameterGroup(_)
            | Self::DbEvent(_)
            | Self::DbSubnetGroup(_)
            | Self::Experiment(_)
            | Self::ExperimentTemplate(_)
            | Self::FailedJob(_)
            | Self::GlobalTable(_)
            | Self::HealthCheck(_)
            | Self::HostedZone(_)
            | Self::Key(_)
            | Self::LaunchTemplate(_)
            | Self::LifecyclePolicy(_)
            | Self::LoadBalancer(_)
            | Self::ManagedResource(_)
            | Self::Metric(_)
            | Self::PlanExecution(_)
            | Self::ProtectedResource(_)
            | Self::RecordSet(_)
            | Self::RecoveryJob(_)
            | Self::RecoveryPoint(_)
            | Self::RegionSettings(_)
            | Self::RegionSwitchPlan(_)
            | Self::ResiliencyPolicy(_)
            | Self::RestoreJob(_)
            | Self::RestoreTestingPlan(_)
            | Self::RouteTable(_)
            | Self::RoutingControl(_)
            | Self::ScalableTarget(_)
            | Self::Secret(_)
            | Self::SourceServer(_)
            | Self::TargetGroup(_)
            | Self::TrailEvent(_)
            | Self::ZonalShift(_) => return None,
        };
        status.as_deref()
    }
}

/// The fields of a resource before its type has said how to read the settings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Untyped<'a> {
    #[serde(rename = "type")]
    kind: Kind,
    arn: String,
    name: String,
    region: String,
    zones: Vec<Zone>,
    tags: Option<Tags>,
    #[serde(borrow)]
    attributes: &'a RawValue,
    #[serde(default)]
    gaps: Vec<Gap>,
}

impl Resource {
    /// Value of a tag; `None` too if the tags were not collected.
    pub fn tag(&self, key: &str) -> Option<&str> {
        self.tags.as_ref()?.get(key)
    }

    /// Reads one resource from its JSON text. The message of the error starts with the path of what is wrong.
    pub(super) fn parse(json: &str) -> serde_json::Result<Self> {
        let untyped: Untyped<'_> = parse_located(json)?;
        let attributes = untyped
            .kind
            .parse_attributes(untyped.attributes.get())
            .map_err(|error| serde_json::Error::custom(format_args!("attributes.{error}")))?;
        Ok(Self {
            kind: untyped.kind,
            arn: untyped.arn,
            name: untyped.name,
            region: untyped.region,
            zones: untyped.zones,
            tags: untyped.tags,
            attributes,
            gaps: untyped.gaps,
        })
    }
}

/// Parses and puts the path of the offending value in front of the error.
fn parse_located<'de, T: Deserialize<'de>>(json: &'de str) -> serde_json::Result<T> {
    // The path is tracked only on the second try: most snapshots are right, and tracking costs time.
    serde_json::from_str(json).or_else(|_| {
        let mut deserializer = serde_json::Deserializer::from_str(json);
        serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            serde_json::Error::custom(format_args!("{}: {}", error.path(), without_position(error.inner())))
        })
    })
}

/// The message of a JSON error without the position, which counts from the start of a part of the file.
pub(super) fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rfind(" at line ") {
        Some(end) if error.line() > 0 => text[..end].to_owned(),
        _ => text,
    }
}

impl<'de> Deserialize<'de> for Resource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let json = Box::<RawValue>::deserialize(deserializer)?;
        Self::parse(json.get()).map_err(D::Error::custom)
    }
}

impl JsonSchema for Resource {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Resource".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let zones = generator.subschema_for::<Vec<Zone>>();
        let tags = generator.subschema_for::<Option<Tags>>();
        let gaps = generator.subschema_for::<Vec<Gap>>();
        let by_type: Vec<Schema> = Kind::ALL
            .iter()
            .map(|kind| {
                let attributes = kind.attributes_schema(generator);
                json_schema!({"properties": {"type": {"const": kind.as_str()}, "attributes": attributes}})
            })
            .collect();
        json_schema!({
            "type": "object",
            "required": ["type", "arn", "name", "region", "zones", "tags", "attributes"],
            "additionalProperties": false,
            "properties": {
                "type": {"enum": Kind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>()},
                "arn": {"type": "string"},
                "name": {"type": "string"},
                "region": {"type": "string"},
                "zones": zones,
                "tags": tags,
                "attributes": {"type": "object"},
                "gaps": gaps,
            },
            "oneOf": by_type,
        })
    }
}
