//! Evidence of drills: attested, listed, kept in a ledger, and what is wrong with it.

use std::fs;

use super::Workspace;

/// The database of the snapshot in a workload.
fn workspace() -> Workspace {
    let workspace = Workspace::new();
    let config = "[[workloads]]\nname = \"shop\"\nresources = [\"arn:aws:rds:*\"]\n\n\
                  [evidence]\nattestations = \"attestations\"\nledger = \"evidence.jsonl\"\n";
    workspace.write("hadr-scan.toml", config);
    fs::create_dir(workspace.path().join("attestations")).unwrap();
    workspace
}

#[track_caller]
fn succeeds(workspace: &Workspace, arguments: &[&str]) -> String {
    let output = workspace.run(arguments);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_drill_that_is_attested_is_listed() {
    let workspace = workspace();
    let attest = ["attest", "drill", "--workload", "shop", "--date", "2026-10-14"];
    let steps =
        ["--steps", "primary-stopped,traffic-moved", "--rto", "42m", "--report", "https://example.com/1"];
    let wrote = succeeds(&workspace, &[&attest[..], &steps].concat());
    assert_eq!(wrote, "wrote attestations/2026-10-14-shop-drill.toml\n");
    let listed = succeeds(&workspace, &["evidence", "snapshot.json"]);
    let expected = "Account 123456789012, captured 2026-11-22T03:00:00Z\n\nshop\n  drill, 39 days ago, strength C \
                    (primary-stopped, traffic-moved): attestations/2026-10-14-shop-drill.toml\n";
    assert_eq!(listed, expected);
}

#[test]
fn an_attestation_is_not_written_over() {
    let workspace = workspace();
    let attest = ["attest", "gameday", "--workload", "shop", "--date", "2026-10-14"];
    succeeds(&workspace, &attest);
    workspace.refuses(&attest, "cannot write the attestation attestations/2026-10-14-shop-gameday.toml");
}

#[test]
fn what_has_not_been_done_yet_is_not_attested() {
    let attest = ["attest", "gameday", "--workload", "shop", "--date", "2999-01-01"];
    workspace().refuses(&attest, "2999-01-01 has not come yet");
}

#[test]
fn a_step_that_there_is_none_of_is_refused() {
    let workspace = workspace();
    let attest = ["attest", "drill", "--workload", "shop", "--date", "2026-10-14", "--steps", "coffee"];
    let output = workspace.run(&attest);
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("`coffee` is not one of primary-stopped, traffic-moved"), "{stderr}");
}

/// What is wrong with one file is said where it is, and the others count.
#[test]
fn evidence_that_cannot_be_used_is_listed_with_its_place() {
    let workspace = workspace();
    let file = |name: &str, text: &str| workspace.write(&format!("attestations/{name}"), text);
    file("a.toml", "kind = \"gameday\"\nworkload = \"shop\"\ndate = \"2026-12-24\"\n");
    file("b.toml", "kind = \"gameday\"\nworkload = \"till\"\ndate = \"2026-10-14\"\n");
    file("c.toml", "kind = \"gameday\"\nworkload = \"shop\"\ndate = \"someday\"\n");
    file("d.toml", "kind = \"gameday\"\nworkload = \"shop\"\ndate = \"2026-10-14\"\n");
    workspace.write("evidence.jsonl", "{\"first_seen\":\"2026-");
    let listed = succeeds(&workspace, &["evidence", "snapshot.json"]);
    for line in [
        "shop\n  gameday, 39 days ago, strength D: attestations/d.toml",
        "attestations/a.toml:3: 2026-12-24T00:00:00Z is after the scan",
        "attestations/b.toml:2: nothing that was scanned belongs to the workload till",
        "attestations/c.toml:3: `someday` is not a date such as 2027-01-31",
        "attestations/d.toml:1: it names no report, so that nobody can check what it says",
        "evidence.jsonl:1: the line ends in the middle",
    ] {
        assert!(listed.contains(line), "{line} is not in\n{listed}");
    }
}

#[test]
fn the_first_attestation_makes_the_folder() {
    let workspace = workspace();
    fs::remove_dir(workspace.path().join("attestations")).unwrap();
    let nothing = "Account 123456789012, captured 2026-11-22T03:00:00Z\n\nshop\n  nothing\n";
    assert_eq!(succeeds(&workspace, &["evidence", "snapshot.json"]), nothing);
    succeeds(&workspace, &["attest", "gameday", "--workload", "shop", "--date", "2026-10-14"]);
    assert!(workspace.path().join("attestations/2026-10-14-shop-gameday.toml").is_file());
}

#[test]
fn a_file_in_place_of_the_folder_is_a_mistake() {
    let workspace = workspace();
    fs::remove_dir(workspace.path().join("attestations")).unwrap();
    workspace.write("attestations", "");
    workspace.refuses(&["evidence", "snapshot.json"], "cannot read the evidence in attestations");
}
