//! What a resource serves, from what people write into tags, aliases and names.

use super::context::Attributed;
use crate::config::Environment;
use crate::snapshot::Resource;

/// Tags that name an environment, the most specific first.
const ENVIRONMENT_TAGS: [&str; 8] =
    ["hadr:env", "env", "environment", "stage", "Env", "Environment", "Stage", "ENVIRONMENT"];

/// Tags that say when something will be removed.
const END_TAGS: [&str; 3] = ["hadr:ttl", "ttl", "TTL"];

/// Words that mark an environment. They are compared with whole words of the text, so that `latest` is not a test and
/// `devices` are not development.
const MARKS: [(Environment, &[&str]); 4] = [
    (Environment::Ephemeral, &["ephemeral", "preview", "review"]),
    (Environment::Staging, &["pre-production", "preprod", "preproduction", "stage", "staging", "stg"]),
    (
        Environment::NonProduction,
        &[
            "ci",
            "demo",
            "dev",
            "devel",
            "develop",
            "development",
            "integration",
            "lab",
            "nonprod",
            "nonproduction",
            "playground",
            "poc",
            "preview",
            "qa",
            "sandbox",
            "sbx",
            "test",
            "testing",
            "tmp",
            "tst",
            "uat",
        ],
    ),
    (Environment::DisasterRecovery, &["dr", "standby"]),
];

/// Beginnings that mark an environment although they contain the name of another.
const BEGINNINGS: [(Environment, &[&str]); 3] = [
    (Environment::Staging, &["pre-prod", "pre_prod"]),
    (Environment::NonProduction, &["non-prod", "non_prod", "not-prod"]),
    (Environment::DisasterRecovery, &["disaster-recovery", "disaster_recovery", "disasterrecovery"]),
];

/// Words that mark production, whatever else a name or an alias is made of.
const PRODUCTION: [&str; 4] = ["live", "prd", "prod", "production"];

/// Those that somebody can say that something is for.
const ALL: [Environment; 4] =
    [Environment::DisasterRecovery, Environment::Staging, Environment::NonProduction, Environment::Ephemeral];

/// What the tags of a resource say, else the alias of its account, else its own name if nobody has claimed it.
///
/// What stands by is asked for less and what comes and goes for nothing, and a name is no proof of either: neither that
/// of the resource nor the alias of a whole account.
pub(super) fn of(
    resource: &Resource,
    tagged: &Resource,
    alias: Option<&str>,
    is_unclaimed: bool,
) -> Option<Attributed<Environment>> {
    let from_name = || {
        let environment = named(&resource.name)?;
        is_unclaimed.then(|| Attributed::new(environment, "its name"))
    };
    // Tags that were not collected might have said that it is production.
    tagged.tags.as_ref()?;
    let environment = from_tags(tagged).or_else(|| from_alias(alias?)).or_else(from_name)?;
    Some(until_it_ends(environment, tagged))
}

/// A value that no list knows is production: judging a test system too hard is the smaller mistake.
fn from_tags(resource: &Resource) -> Option<Attributed<Environment>> {
    let (key, value) = ENVIRONMENT_TAGS.iter().find_map(|key| Some((key, resource.tag(key)?)))?;
    Some(Attributed::new(marked(value, &ALL).unwrap_or(Environment::Production), format!("tag {key}")))
}

fn from_alias(alias: &str) -> Option<Attributed<Environment>> {
    Some(Attributed::new(named(alias)?, format!("alias {alias} of the account")))
}

/// Which environment a name marks: none if it says that it is production, too.
fn named(name: &str) -> Option<Environment> {
    let environment = marked(name, &[Environment::Staging, Environment::NonProduction])?;
    let begins = BEGINNINGS.iter().any(|(_, marks)| marks.iter().any(|mark| starts_with(name, mark)));
    let is_production = || words(&name.to_ascii_lowercase()).any(|word| PRODUCTION.contains(&word));
    (begins || !is_production()).then_some(environment)
}

fn starts_with(text: &str, mark: &str) -> bool {
    text.get(..mark.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(mark))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_ascii_alphanumeric())
}

/// What is no production and says when it will be removed comes and goes.
fn until_it_ends(environment: Attributed<Environment>, resource: &Resource) -> Attributed<Environment> {
    let end = END_TAGS.iter().find(|key| resource.tag(key).is_some());
    match end {
        Some(key) if matches!(environment.value, Environment::Staging | Environment::NonProduction) => {
            Attributed::new(Environment::Ephemeral, format!("{} and tag {key}", environment.source))
        }
        _ => environment,
    }
}

/// Which of some environments a text marks.
fn marked(text: &str, among: &[Environment]) -> Option<Environment> {
    let text = text.to_ascii_lowercase();
    let words: Vec<&str> = words(&text).collect();
    let begins = BEGINNINGS.iter().filter(|(_, marks)| marks.iter().any(|mark| starts_with(&text, mark)));
    let has = MARKS.iter().filter(|(_, marks)| words.iter().any(|word| marks.contains(word)));
    let environments =
        begins.map(|(environment, _)| *environment).chain(has.map(|(environment, _)| *environment));
    environments.into_iter().find(|environment| among.contains(environment))
}

#[cfg(test)]
mod tests {
    use super::{ALL, marked, of};
    use crate::config::Environment;
    use crate::index::Attributed;
    use crate::snapshot::{Attributes, Kind, Resource, samples};

    fn bucket(name: &str, tags: &[(&str, &str)]) -> Resource {
        let arn = format!("arn:aws:s3:::{name}");
        samples::resource(Kind::Bucket, &arn, tags, Attributes::Bucket(Box::default()))
    }

    fn environment(
        name: &str,
        alias: Option<&str>,
        tags: &[(&str, &str)],
    ) -> Option<Attributed<Environment>> {
        let bucket = bucket(name, tags);
        of(&bucket, &bucket, alias, true)
    }

    #[test]
    fn whole_words_mark_an_environment() {
        for (expected, texts) in [
            (Some(Environment::DisasterRecovery), ["dr", "eu-DR", "disaster-recovery"]),
            (Some(Environment::Ephemeral), ["preview", "review-42", "ephemeral"]),
            (Some(Environment::NonProduction), ["eu-dev-2", "non-production", "QA"]),
            (Some(Environment::Staging), ["Staging", "pre-production", "preprod"]),
            (None, ["latest", "devices", "blue"]),
        ] {
            for text in texts {
                assert_eq!(marked(text, &ALL), expected, "{text}");
            }
        }
    }

    #[test]
    fn a_value_that_is_not_known_is_production() {
        let expected = Attributed::new(Environment::Production, "tag environment");
        assert_eq!(environment("orders-test", None, &[("environment", "blue")]), Some(expected));
    }

    #[test]
    fn an_alias_or_a_name_marks_what_nothing_else_tells_of() {
        let marked = |environment, source: &'static str| Some(Attributed::new(environment, source));
        let test = Environment::NonProduction;
        assert_eq!(
            environment("orders", Some("acme-dev"), &[]),
            marked(test, "alias acme-dev of the account")
        );
        assert_eq!(environment("orders-test", None, &[]), marked(test, "its name"));
        let claimed = bucket("orders-test", &[]);
        assert_eq!(of(&claimed, &claimed, None, false), None);
        let tagged = environment("orders", Some("acme-dev"), &[("env", "prod")]);
        assert_eq!(tagged, marked(Environment::Production, "tag env"));
        assert_eq!(environment("latest-orders", Some("acme-prod"), &[]), None);
    }

    #[test]
    fn nothing_is_told_of_what_may_have_tags() {
        let bucket = Resource { tags: None, ..bucket("orders-test", &[]) };
        assert_eq!(of(&bucket, &bucket, Some("acme-dev"), true), None);
    }

    /// Otherwise a name would be enough to be asked for less, and an alias to leave out a whole account.
    #[test]
    fn a_name_makes_nothing_a_standby_or_passing() {
        assert_eq!(environment("orders-dr", None, &[]), None);
        assert_eq!(environment("product-review", None, &[]), None);
        let by_name = environment("orders-preview", None, &[]).map(|environment| environment.value);
        assert_eq!(by_name, Some(Environment::NonProduction));
        assert_eq!(environment("orders", Some("standby-bank"), &[]), None);
        assert_eq!(environment("orders", Some("acme-review"), &[]), None);
    }

    #[test]
    fn a_name_that_says_production_is_no_other_environment() {
        for name in ["acme-preview-prod", "dev-tools-production", "PROD-test-1"] {
            assert_eq!(environment("orders", Some(name), &[]), None, "{name}");
            assert_eq!(environment(name, None, &[]), None, "{name}");
        }
        let non_production =
            environment("orders", Some("Non-Prod-acme"), &[]).map(|environment| environment.value);
        assert_eq!(non_production, Some(Environment::NonProduction));
    }

    /// A table may have a tag about the times to live of its items.
    #[test]
    fn only_what_is_no_production_comes_and_goes() {
        let of = |env: &'static str| environment("orders", None, &[("env", env), ("ttl", "3d")]);
        assert_eq!(of("dev"), Some(Attributed::new(Environment::Ephemeral, "tag env and tag ttl")));
        assert_eq!(of("prod"), Some(Attributed::new(Environment::Production, "tag env")));
        assert_eq!(environment("orders", None, &[("ttl", "3d")]), None);
    }
}
