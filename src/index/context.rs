//! What a resource is to the business: workload, tier, environment and role, each with where it came from.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::application::Application;
use super::environment;
use super::objective::Aspect;
use crate::config::{Config, DataRole, Environment, Tier};
use crate::snapshot::{Kind, Resource};

/// A value with its provenance, such as `tag hadr:tier`, `workload orders in the configuration` or `default`.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize)]
pub struct Attributed<T> {
    /// The value.
    pub value: T,
    /// Where it came from.
    pub source: Cow<'static, str>,
}

impl<T> Attributed<T> {
    pub(super) fn new(value: T, source: impl Into<Cow<'static, str>>) -> Self {
        Self { value, source: source.into() }
    }

    /// Whether nothing says it.
    pub(super) fn is_default(&self) -> bool {
        self.source.starts_with("default")
    }
}

/// What decides severities and thresholds: the tier of what serves the business, and one class for all else.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Criticality {
    /// Tier mission-critical.
    MissionCritical,
    /// Tier business-critical.
    BusinessCritical,
    /// Tier general, and whatever has no tier.
    General,
    /// What does not serve the business, whatever the tier.
    NonProduction,
}

impl Criticality {
    /// Every criticality, the highest first.
    pub const ALL: [Self; 4] =
        [Self::MissionCritical, Self::BusinessCritical, Self::General, Self::NonProduction];

    /// What follows from an environment and a tier.
    pub(super) const fn of(environment: Environment, tier: Tier) -> Self {
        match (environment, tier) {
            (Environment::Staging | Environment::NonProduction | Environment::Ephemeral, _) => {
                Self::NonProduction
            }
            (Environment::Production | Environment::DisasterRecovery, Tier::MissionCritical) => {
                Self::MissionCritical
            }
            (Environment::Production | Environment::DisasterRecovery, Tier::BusinessCritical) => {
                Self::BusinessCritical
            }
            (Environment::Production | Environment::DisasterRecovery, Tier::General) => Self::General,
        }
    }

    /// The word in metadata, configuration and reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissionCritical => "mission-critical",
            Self::BusinessCritical => "business-critical",
            Self::General => "general",
            Self::NonProduction => "non-production",
        }
    }
}

/// What a resource is to the business. Few differ in an account, so they can be kept once each.
#[derive(Clone, Debug, Eq, Hash, PartialEq, Serialize)]
pub struct Context {
    /// Workload that it belongs to; `null` if nothing says so.
    pub workload: Attributed<Option<String>>,
    /// Tier of it.
    pub tier: Attributed<Tier>,
    /// Environment of it.
    pub environment: Attributed<Environment>,
    /// What its data is.
    pub role: Attributed<DataRole>,
    /// Follows from tier and environment.
    pub criticality: Criticality,
    /// Seconds that it may be away; `null` for the account and its Regions.
    pub rto: Option<Attributed<u64>>,
    /// Seconds of its data that may be lost; `null` for the account and its Regions.
    pub rpo: Option<Attributed<u64>>,
    /// The environment, or production where somebody wants it to be asked for as much.
    #[serde(skip)]
    pub(super) judged_as: Environment,
}

/// What is said about a resource elsewhere than in its tags and the configuration.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Surroundings<'a> {
    /// Alias of its account.
    pub(super) alias: Option<&'a str>,
    /// The application of Resilience Hub that lists it.
    pub(super) application: Option<Application<'a>>,
    /// Name of the outermost stack that its own is nested in.
    pub(super) root_stack: Option<&'a str>,
}

impl Context {
    /// Context of what has neither tags nor an entry in the configuration: the account and its Regions.
    pub fn unattributed() -> Self {
        Self {
            workload: Attributed::new(None, "default"),
            tier: Self::unattributed_tier(),
            environment: Self::unattributed_environment(),
            role: Attributed::new(DataRole::Authoritative, "default"),
            criticality: Criticality::General,
            rto: None,
            rpo: None,
            judged_as: Environment::Production,
        }
    }

    pub(super) fn unattributed_tier() -> Attributed<Tier> {
        Attributed::new(Tier::General, "default")
    }

    pub(super) fn unattributed_environment() -> Attributed<Environment> {
        Attributed::new(Environment::Production, "default")
    }

    /// Context of a resource. `tagged` has its tags, and what the configuration says about that holds for the resource
    /// unless it says something about the resource itself.
    pub(super) fn of(
        resource: &Resource,
        tagged: &Resource,
        surroundings: &Surroundings<'_>,
        config: &Config,
    ) -> Self {
        let names = |arn: &str| {
            let workloads = &mut config.workloads.iter();
            workloads.find(|workload| workload.resources.iter().any(|arns| arns.matches(arn)))
        };
        let configured = names(&resource.arn).or_else(|| names(&tagged.arn));
        let source = configured.map(|workload| format!("workload {} in the configuration", workload.name));
        let configured = configured.zip(source);
        let workload = match &configured {
            Some((workload, source)) => Attributed::new(Some(workload.name.clone()), source.clone()),
            None => workload_from_tags(tagged, surroundings),
        };
        let tier = match &configured {
            Some((workload, source)) if workload.tier.is_some() => {
                Attributed::new(workload.tier.unwrap_or(Tier::General), source.clone())
            }
            _ => tier_from_tag(tagged, surroundings.application),
        };
        // What somebody has taken into a workload or a tier is no test because of its name.
        let is_unclaimed = workload.value.is_none() && tagged.tag(TIER).is_none();
        let environment = match &configured {
            Some((workload, source)) if workload.environment.is_some() => {
                Attributed::new(workload.environment.unwrap_or(Environment::Production), source.clone())
            }
            _ => environment::of(resource, tagged, surroundings.alias, is_unclaimed)
                .unwrap_or_else(|| Attributed::new(Environment::Production, default_source(tagged))),
        };
        let judged_as =
            if tagged.tag(PRODLIKE) == Some("true") { Environment::Production } else { environment.value };
        let criticality = Criticality::of(judged_as, tier.value);
        let objective = |aspect: Aspect| Some(aspect.of_resource(tagged, tier.value, None, config));
        let (rto, rpo) = (objective(Aspect::Rto), objective(Aspect::Rpo));
        let role = role(tagged, config);
        Self { workload, tier, environment, role, criticality, rto, rpo, judged_as }
    }
}

/// Tags that name what a resource is part of, the most specific first: those of this program, and of the application that
/// it was added to.
const WORKLOAD_TAGS: [&str; 2] = ["hadr:workload", "awsApplication"];

/// The tag of the stack that made a resource.
const STACK_TAG: &str = "aws:cloudformation:stack-name";

/// Tags that say it by the way: the stack or module that made it, and what people call such tags.
const GROUPING_TAGS: [&str; 8] =
    [STACK_TAG, "tf:module", "Application", "application", "App", "app", "Service", "service"];

fn workload_from_tags(resource: &Resource, surroundings: &Surroundings<'_>) -> Attributed<Option<String>> {
    let named = |keys: &[&'static str]| {
        keys.iter().find_map(|key| {
            let value = resource.tag(key).map(str::trim).filter(|value| !value.is_empty())?;
            // An application is named by the ARN of its group, `…:group/NAME/ID`.
            let name = match *key {
                "awsApplication" => value.split('/').nth(1).unwrap_or(value),
                _ => value,
            };
            Some(Attributed::new(Some(name.to_owned()), format!("tag {key}")))
        })
    };
    let listed = |application: Application<'_>| {
        Attributed::new(Some(application.name.to_owned()), "application of Resilience Hub")
    };
    // A workload that is made of nested stacks is the outermost one.
    let nested = |root: &str| {
        Attributed::new(Some(root.to_owned()), format!("outermost stack of that in tag {STACK_TAG}"))
    };
    named(&WORKLOAD_TAGS)
        .or_else(|| surroundings.application.map(listed))
        .or_else(|| surroundings.root_stack.map(nested))
        .or_else(|| named(&GROUPING_TAGS))
        .unwrap_or_else(|| Attributed::new(None, default_source(resource)))
}

fn default_source(resource: &Resource) -> &'static str {
    if resource.tags.is_some() { "default" } else { "default, since the tags were not collected" }
}

/// The tag that says the tier.
const TIER: &str = "hadr:tier";

/// The tag of what is judged as production although it is none.
const PRODLIKE: &str = "hadr:prodlike";

fn tier_from_tag(resource: &Resource, application: Option<Application<'_>>) -> Attributed<Tier> {
    match resource.tag(TIER).map(|text| (text, text.parse())) {
        Some((_, Ok(tier))) => Attributed::new(tier, "tag hadr:tier"),
        Some((text, Err(()))) => Attributed::new(
            Tier::General,
            format!("default, since tag hadr:tier has the unknown value {text:?}"),
        ),
        None => match application.and_then(|application| Some((application.name, application.tier?))) {
            Some((name, tier)) => {
                Attributed::new(tier, format!("policy of application {name} of Resilience Hub"))
            }
            None => Attributed::new(Tier::General, default_source(resource)),
        },
    }
}

/// Names that AWS services give the buckets that they make. What lies in them can be made again.
const MADE_BY_AWS: [(&str, DataRole); 8] = [
    ("aws-athena-query-results-", DataRole::Rebuildable),
    ("aws-cloudtrail-logs-", DataRole::Log),
    ("aws-glue-assets-", DataRole::Rebuildable),
    ("aws-waf-logs-", DataRole::Log),
    ("cdk-hnb659fds-assets-", DataRole::Rebuildable),
    ("cf-templates-", DataRole::Rebuildable),
    ("codepipeline-", DataRole::Rebuildable),
    ("elasticbeanstalk-", DataRole::Rebuildable),
];

fn role(resource: &Resource, config: &Config) -> Attributed<DataRole> {
    if let Some(role) = resource.tag("hadr:role").and_then(DataRole::parse) {
        return Attributed::new(role, "tag hadr:role");
    }
    let rule = config.roles.iter().find(|rule| rule.resources.iter().any(|arns| arns.matches(&resource.arn)));
    if let Some(rule) = rule {
        return Attributed::new(rule.role, "role in the configuration");
    }
    let made_by_aws = MADE_BY_AWS
        .iter()
        .find(|(prefix, _)| resource.kind == Kind::Bucket && resource.name.starts_with(prefix));
    match made_by_aws {
        Some((prefix, role)) => Attributed::new(*role, format!("name starts with {prefix}")),
        None => Attributed::new(DataRole::Authoritative, default_source(resource)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Attributed, Context, Criticality, Surroundings};
    use crate::config::{Config, DataRole, Environment, Tier};
    use crate::snapshot::{Attributes, Kind, Resource};

    fn bucket(name: &str, tags: Option<&[(&str, &str)]>) -> Resource {
        Resource {
            kind: Kind::Bucket,
            arn: format!("arn:aws:s3:::{name}"),
            name: name.to_owned(),
            region: "eu-west-1".to_owned(),
            zones: Vec::new(),
            tags: tags.map(|tags| {
                tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
            }),
            attributes: Attributes::Bucket(Box::default()),
            gaps: Vec::new(),
        }
    }

    fn context(tags: &[(&str, &str)]) -> Context {
        let bucket = bucket("orders", Some(tags));
        Context::of(&bucket, &bucket, &Surroundings::default(), &Config::default())
    }

    #[test]
    fn what_stands_by_matters_as_much_as_what_it_stands_by_for() {
        let of = |env| context(&[("env", env), ("hadr:tier", "mission-critical")]).criticality;
        assert_eq!(of("dr"), Criticality::MissionCritical);
        assert_eq!(of("staging"), Criticality::NonProduction);
    }

    #[test]
    fn what_is_like_production_can_be_judged_as_production_is() {
        let staging = context(&[("env", "staging"), ("hadr:prodlike", "true")]);
        assert_eq!(staging.criticality, Criticality::General);
        assert_eq!(staging.environment.value, Environment::Staging);
    }

    #[test]
    fn what_a_workload_has_claimed_is_no_test_because_of_its_name() {
        let of = |tags: &[(&str, &str)]| {
            let bucket = bucket("orders-test", Some(tags));
            Context::of(&bucket, &bucket, &Surroundings::default(), &Config::default()).environment
        };
        assert_eq!(of(&[]), Attributed::new(Environment::NonProduction, "its name"));
        let expected = Attributed::new(Environment::Production, "default");
        assert_eq!(of(&[("hadr:workload", "shop")]), expected);
    }

    #[test]
    fn an_unknown_tier_is_not_taken_silently() {
        let tier = context(&[("hadr:tier", "gold")]).tier;
        assert_eq!(tier.value, Tier::General);
        assert_eq!(tier.source, "default, since tag hadr:tier has the unknown value \"gold\"");
    }

    #[test]
    fn tags_that_were_not_collected_are_told_from_none() {
        let bucket = bucket("orders", None);
        let context = Context::of(&bucket, &bucket, &Surroundings::default(), &Config::default());
        assert_eq!(
            context.tier,
            Attributed::new(Tier::General, "default, since the tags were not collected")
        );
    }

    /// A record set is what its zone is, unless the configuration knows better.
    #[test]
    fn tags_can_be_those_of_another_resource() {
        let config: Config = toml::from_str(
            "[[workloads]]\nname = \"shop\"\nresources = [\"arn:aws:s3:::www\"]\ntier = \"mission-critical\"",
        )
        .unwrap();
        let zone = bucket("zone", Some(&[("hadr:tier", "business-critical")]));
        let tier = |name: &str| {
            Context::of(&bucket(name, None), &zone, &Surroundings::default(), &config).tier.value
        };
        assert_eq!(tier("api"), Tier::BusinessCritical);
        assert_eq!(tier("www"), Tier::MissionCritical);
    }

    #[test]
    fn the_configuration_comes_before_tags_and_a_tag_before_the_name() {
        let config: Config = toml::from_str(
            "[[workloads]]\nname = \"shop\"\nresources = [\"arn:aws:s3:::orders*\"]\ntier = \"mission-critical\"",
        )
        .unwrap();
        let general = bucket("orders", Some(&[("hadr:tier", "general")]));
        let context = Context::of(&general, &general, &Surroundings::default(), &config);
        assert_eq!(
            context.tier,
            Attributed::new(Tier::MissionCritical, "workload shop in the configuration")
        );
        assert_eq!(context.workload.value.as_deref(), Some("shop"));

        let tagged = bucket("cf-templates-x", Some(&[("hadr:role", "authoritative")]));
        assert_eq!(
            Context::of(&tagged, &tagged, &Surroundings::default(), &config).role,
            Attributed::new(DataRole::Authoritative, "tag hadr:role")
        );
        let untagged = bucket("cf-templates-x", Some(&[]));
        let expected = Attributed::new(DataRole::Rebuildable, "name starts with cf-templates-");
        assert_eq!(Context::of(&untagged, &untagged, &Surroundings::default(), &config).role, expected);
    }
}
