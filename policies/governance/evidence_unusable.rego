# METADATA
# title: Evidence of a drill cannot be used
# description: |
#   Somebody practised recovery and wrote it down, and it counts for nothing: a file or a line cannot be read, the date
#   is after the scan, or nothing belongs to the workload that it names. A line of the ledger that was changed, or whose
#   predecessor was taken out, may also mean that somebody wants a drill to have happened.
#
#   The account is judged if evidence is kept or there is any. There is no command that mends it: correct the file, or
#   give the ledger back the lines that its history has. An attestation for a workload of another account is reported
#   where that account is not evaluated together with this one.
# scope: package
# related_resources:
# - description: Test disaster recovery implementation to validate the implementation, in the reliability pillar of the AWS Well-Architected Framework
#   ref: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_dr_tested.html
# custom:
#   severity:
#     mission-critical: low
#     business-critical: low
#     general: low
#     non-production: none
#   concern: governance
#   scenarios: []
#   resource_types: [AWS::Account]
#   requires: []
#   controls:
#     aws-well-architected: [REL13-BP03]
#     iso-22301: [8.5]
#   practices: [drill-quarterly]
#   since: 0.1.0
package hadr.governance.evidence_unusable

subjects contains input.account.arn if _is_kept

_is_kept if input.evidence.is_attested == true

_is_kept if is_number(input.evidence.watched)

_is_kept if count(input.evidence.records) > 0

_is_kept if count(input.evidence.unusable) > 0

violations contains violation if {
	some entry in input.evidence.unusable
	violation := {
		"resource": input.account.arn,
		"message": sprintf("%s has evidence in %s that counts for nothing: %s", [
			input.account.name,
			entry.place,
			entry.problem,
		]),
		"evidence": {"place": entry.place, "problem": entry.problem},
		"discriminator": _identity(entry.place),
	}
}

# The file without its folder, which is another one on another machine. An ARN is itself.
_identity(place) := place if startswith(place, "arn:")

_identity(place) := parts[count(parts) - 1] if {
	not startswith(place, "arn:")
	parts := split(place, "/")
}
