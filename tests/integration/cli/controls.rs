//! `hadr-scan controls`: what it takes, what it writes, and how it ends.

use serde_json::Value;

use super::{SNAPSHOT, Workspace};

/// Judges by the one policy that the snapshot has all calls for.
const ONE_POLICY: [&str; 4] = ["controls", "snapshot.json", "--policy", "rds-instance-single-az"];

fn json(workspace: &Workspace, more: &[&str]) -> Value {
    let output = workspace.run(&[&ONE_POLICY[..], &["--format", "json"], more].concat());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_exit_code_says_whether_a_control_fails() {
    let workspace = Workspace::new();
    assert_eq!(workspace.status(&ONE_POLICY), Some(1));

    workspace.write("snapshot.json", &SNAPSHOT.replace("\"multi_az\":false", "\"multi_az\":true"));
    assert_eq!(workspace.status(&ONE_POLICY), Some(0));

    workspace.write("snapshot.json", &SNAPSHOT.replace("\"multi_az\":false", "\"multi_az\":null"));
    assert_eq!(workspace.status(&ONE_POLICY), Some(3));
    assert_eq!(workspace.status(&[&ONE_POLICY[..], &["--allow-incomplete"]].concat()), Some(0));
}

#[test]
fn what_is_waived_does_not_fail_and_is_told() {
    let workspace = Workspace::new();
    let waiver = "[[waivers]]\npolicy = \"rds-instance-single-az\"\nresource = \"*:db:orders\"\nreason = \"r\"\n\
                  owner = \"o\"\nexpires = 2026-11-22\n";
    workspace.write("hadr-scan.toml", waiver);
    assert_eq!(workspace.status(&ONE_POLICY), Some(0));
    let document = json(&workspace, &["--framework", "soc2"]);
    let control = &document["frameworks"][0]["controls"][0];
    assert_eq!((&control["id"], &control["result"]), (&Value::from("A1.2"), &Value::from("waived")));
    assert_eq!(control["counts"]["waived"], 1);
}

#[test]
fn only_the_frameworks_that_were_asked_for_decide() {
    let workspace = Workspace::new();
    let document = json(&workspace, &["--framework", "dora", "--framework", "iso-22301"]);
    let frameworks: Vec<&Value> =
        document["frameworks"].as_array().unwrap().iter().map(|result| &result["framework"]).collect();
    assert_eq!(frameworks, ["iso-22301", "dora"]);
    let args =
        ["controls", "snapshot.json", "--policy", "governance-waiver-ineffective", "--framework", "dora"];
    let output = workspace.run(&args);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.ends_with("No policy that was evaluated is mapped to a control.\n"), "{text}");
}

#[test]
fn a_wrong_command_line_is_refused() {
    let workspace = Workspace::new();
    for more in [&["--framework", "nist"][..], &["--format", "sarif"], &["--fail-on", "low"]] {
        assert_eq!(workspace.status(&[&ONE_POLICY[..], more].concat()), Some(2), "{more:?}");
    }
    workspace.refuses(&["controls", "none.json"], "cannot read the snapshot none.json");
    workspace.refuses(&["controls", "snapshot.json", "--policy", "none"], "there is no policy none");
}

#[test]
fn a_practice_or_control_that_does_not_exist_is_refused_with_its_line() {
    let workspace = Workspace::new();
    assert_eq!(workspace.status(&["policy", "new", "s3/bucket_new", "--policies", "mine"]), Some(0));
    let path = workspace.path().join("mine/s3/bucket_new.rego");
    let right = std::fs::read_to_string(path).unwrap();
    let line = right.lines().take_while(|line| !line.starts_with("#   since:")).count() + 1;
    let cases = [
        ("#   practices: [bucket-versioned]", line, "there is no practice `bucket-versioned`"),
        (
            "#   controls:\n#     dora: [Article 9]",
            line + 1,
            "`Article 9` is not an id of dora, such as 12(3)",
        ),
    ];
    for (block, line, message) in cases {
        workspace
            .write("mine/s3/bucket_new.rego", &right.replace("#   since:", &format!("{block}\n#   since:")));
        let expected = format!("s3/bucket_new.rego:{line}: {message}");
        workspace.refuses(&["policy", "list", "--policies", "mine"], &expected);
    }
}

#[test]
fn the_tables_of_a_folder_with_practices_need_their_place() {
    let workspace = Workspace::new();
    assert_eq!(workspace.status(&["policy", "new", "s3/bucket_new"]), Some(0));
    workspace.write(
        "policies/practices.yaml",
        "- section: Own\n  practices:\n  - {id: own, title: Own, asks: It.}\n",
    );
    workspace.write("policies/README.md", "<!-- catalogue -->\n<!-- /catalogue -->\n");
    workspace.refuses(&["policy", "docs"], "has no lines `<!-- practices -->` and `<!-- /practices -->`");
    let both = "<!-- practices -->\n<!-- /practices -->\n<!-- catalogue -->\n<!-- /catalogue -->\n";
    workspace.write("policies/README.md", both);
    assert_eq!(workspace.status(&["policy", "docs"]), Some(0));
    let readme = std::fs::read_to_string(workspace.path().join("policies/README.md")).unwrap();
    assert!(
        readme.contains("\n### Own\n") && readme.contains("| **Own.** It. | `own` | none yet |\n"),
        "{readme}"
    );
}
