use std::path::Path;

use super::Loaded;
use crate::config::Origin;
use crate::policy::Catalogue;

fn parse(text: &str) -> Result<Loaded, String> {
    Loaded::parse(Path::new("hadr-scan.toml"), text).map_err(|error| error.to_string())
}

#[test]
fn a_mistake_is_named_with_its_line() {
    let cases = [
        ("[accounts]\n\n[acounts.prod]\n", "hadr-scan.toml:3: unknown field `acounts`, expected one of"),
        ("[accounts.prod]\nprofil = \"x\"\n", "hadr-scan.toml:2: unknown field `profil`, expected one of"),
        (
            "[accounts.prod]\nregions = \"eu\"\n",
            "hadr-scan.toml:2: invalid type: string \"eu\", expected a sequence",
        ),
        ("[tiers.gold]\n", "hadr-scan.toml:1: unknown variant `gold`"),
        (
            "[tiers.general]\nrpo = \"1h\"\nrto = \"soon\"\nstrategy = \"pilot-light\"\n",
            "hadr-scan.toml:3: `soon` is not a duration such as 15m",
        ),
        (
            "[tiers.general]\nrpo = \"1h\"\nrto = 7\nstrategy = \"pilot\"\n",
            "hadr-scan.toml:4: unknown variant `pilot`",
        ),
        (
            "[business_hours]\ndays = [\"mon\",\n \"holiday\"]\nstart = \"09:00\"\nend = \"18:00\"\n",
            "hadr-scan.toml:3: unknown variant `holiday`",
        ),
        (
            "[[waivers]]\npolicy = \"a\"\nresource = \"*\"\nreason = \"b\"\nexpires = \"2026-02-30\"\n",
            "hadr-scan.toml:5: `2026-02-30` is not a date such as 2027-01-31",
        ),
        ("[[waivers]]\npolicy = \"a\"\n", "hadr-scan.toml:1: missing field `resource`"),
        ("[inputs]\ndr_region = \"eu\n", "hadr-scan.toml:2: invalid basic string"),
        ("inputs = {}\ninputs = {}\n", "hadr-scan.toml:2: duplicate key"),
    ];
    for (text, expected) in cases {
        let message = parse(text).unwrap_err();
        assert!(message.starts_with(expected), "{text}\n  {message}\n  {expected}");
    }
}

#[test]
fn durations_and_dates_are_read_as_toml_has_them_too() {
    let loaded = parse(
        "[tiers.general]\nrpo = 60\nrto = \"1h\"\nstrategy = \"pilot-light\"\n\
         [[waivers]]\npolicy = \"a\"\nresource = \"*\"\nreason = \"b\"\nexpires = 2027-01-31\n",
    )
    .unwrap();
    let expires = loaded.config.waivers.first().unwrap().expires.unwrap();
    assert_eq!(expires.0.to_string(), "2027-01-31");
    let general = loaded.config.tiers.values().last().unwrap();
    assert_eq!((general.rpo.0, general.rto.0), (60, 3600));
}

#[test]
fn policies_that_do_not_exist_are_named_with_their_line() {
    let catalogue = Catalogue::embedded().unwrap();
    let cases = [
        (
            "[[waivers]]\nresource = \"*\"\npolicy = \"rds-instance-single-as\"\nreason = \"b\"\n",
            "hadr-scan.toml:3: there is no policy rds-instance-single-as",
        ),
        (
            "[parameters.nowhere]\nlimit = 1\n",
            "hadr-scan.toml:1: [parameters.nowhere]: there is no policy nowhere",
        ),
        (
            "[parameters]\nrds-instance-single-az.depth = 1\n",
            "hadr-scan.toml:2: [parameters.rds-instance-single-az]: the policy has no parameter depth",
        ),
    ];
    for (text, expected) in cases {
        let error = parse(text).unwrap().resolve(&catalogue, &catalogue).unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert!(error.help().contains("hadr-scan policy"), "{}", error.help());
    }
}

#[test]
fn numbers_that_make_no_sense_are_named_with_their_line() {
    let catalogue = Catalogue::embedded().unwrap();
    let days = "[parameters.rds-backup-retention-short]\n";
    let number = "must be a number, or a table with one for each criticality";
    let cases = [
        (format!("{days}minimum_days = -1\n"), 2, "must not be negative"),
        (format!("{days}minimum_days = -0.5\n"), 2, "must not be negative"),
        (
            format!("{days}minimum_days.mission-critical = 1\nminimum_days.general = -1\n"),
            3,
            "must not be negative",
        ),
        (format!("{days}minimum_days = nan\n"), 2, number),
        (format!("{days}\nminimum_days = {{ general = inf }}\n"), 3, number),
    ];
    for (text, line, expected) in cases {
        let error = parse(&text).unwrap().resolve(&catalogue, &catalogue).unwrap_err();
        let place = format!("hadr-scan.toml:{line}: [parameters.rds-backup-retention-short]");
        assert_eq!(error.to_string(), format!("{place}: minimum_days {expected}"));
        assert_eq!(error.help(), "`hadr-scan policy show rds-backup-retention-short` lists its parameters");
    }
    assert!(parse(&format!("{days}minimum_days = 0\n")).unwrap().resolve(&catalogue, &catalogue).is_ok());
}

#[test]
fn inputs_that_no_command_takes_are_named_with_their_line_and_those_that_there_are() {
    let catalogue = Catalogue::embedded().unwrap();
    let refused = |text: &str| parse(text).unwrap().resolve(&catalogue, &catalogue).unwrap_err();
    let error = refused("[inputs]\nsns_topic_arn = \"a\"\ndr_regoin = \"eu-central-1\"\n");
    assert_eq!(
        error.to_string(),
        "hadr-scan.toml:3: [inputs]: no policy has a command with {{inputs.dr_regoin}}"
    );
    let help = error.help();
    assert!(help.starts_with("did you mean dr_region? the inputs are backup_role_arn, "), "{help}");
    let help = refused("inputs = { \"no such\" = \"a\" }\n").help();
    assert!(help.starts_with("the inputs are backup_role_arn, ") && help.contains(", dr_region, "), "{help}");
}

#[test]
fn values_say_where_they_came_from() {
    let catalogue = Catalogue::embedded().unwrap();
    let loaded = parse("[accounts.\"a.b\"]\nregions = [\"eu-west-1\"]\n").unwrap();
    let effective = loaded.effective(&loaded.resolve(&catalogue, &catalogue).unwrap()).unwrap();
    let origin = |path: &str| {
        let value = effective.iter().find(|value| value.path == path).unwrap();
        (value.value.to_string(), value.origin.clone())
    };
    assert_eq!(
        origin("accounts.\"a.b\".regions"),
        ("[\"eu-west-1\"]".to_owned(), Origin::File("hadr-scan.toml:2".to_owned()))
    );
    assert_eq!(origin("tiers.general.rto"), ("\"86400s\"".to_owned(), Origin::Default));
}
