package hadr.secretsmanager.secret_in_one_region_test

import data.hadr.lib.test
import data.hadr.lib.test_recovery
import data.hadr.lib.test_workload
import data.hadr.secretsmanager.secret_in_one_region as policy

_secret := test_recovery.secret("orders", {})

_coverage := test_recovery.answered(["secretsmanager:ListSecrets"])

_document(secrets) := _of(test_workload.workload("shop", {}), secrets)

_of(workload, secrets) := test_recovery.input_with(secrets, {
	"workloads": {workload.arn: workload},
	"coverage": _coverage,
})

_general(entry) := test.with_members(entry, {
	"tier": {"value": "general", "source": "default"},
	"criticality": "general",
})

_violated(document) := {violation.resource | some violation in policy.violations with input as document}

_limits(document) := {object.get(violation, "at_most", "none") |
	some violation in policy.violations with input as document
}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_violated_where_the_tier_asks_for_more if {
	document := _document([_secret])
	_violated(document) == {_secret.arn}
	_unknown(document) == set()
	_limits(document) == {"none"}
	some violation in policy.violations with input as document
	violation.message == "orders is in eu-west-1 alone"
	violation.evidence == {
		"region": "eu-west-1",
		"primary_region": null,
		"workload": "shop",
		"last_accessed_date": "2026-11-21T00:00:00Z",
	}
	violation.params == {"plain_secret": _secret.arn}
}

test_violated_where_the_workload_is_in_two_regions if {
	spread := test_workload.workload("shop", {"regions": ["eu-central-1", "eu-west-1"]})
	_violated(_of(spread, [_general(_secret)])) == {_secret.arn}
}

test_a_key_of_its_own_needs_another_one if {
	every key, params in {
		"arn:aws:kms:eu-west-1:123456789012:key/1": {"encrypted_secret": _secret.arn},
		"alias/aws/secretsmanager": {"plain_secret": _secret.arn},
	} {
		document := _document([test_recovery.secret("orders", {"kms_key_id": key})])
		{violation.params | some violation in policy.violations with input as document} == {params}
	}
}

test_low_where_nobody_reads_it if {
	every date, limit in {"2026-08-24T03:00:00Z": "none", "2026-08-23T00:00:00Z": "low"} {
		_limits(_document([test_recovery.secret("orders", {"last_accessed_date": date})])) == {limit}
	}
	_limits(_document([test_recovery.secret("orders", {"last_accessed_date": null})])) == {"low"}
}

test_satisfied_with_a_replica if {
	replicated := test_recovery.secret("orders", {"primary_region": "eu-west-1"})
	document := _document([replicated, test.moved_to(replicated, "eu-central-1")])
	_violated(document) == set()
	_unknown(document) == set()

	# The replica is not judged.
	_judged(document) == {replicated.arn}
}

test_satisfied_by_a_secret_of_the_same_name if {
	other := test.moved_to(_secret, "eu-central-1")
	document := _document([_secret, other])
	_violated(document) == set()
	_unknown(document) == set()
	_judged(document) == {_secret.arn, other.arn}
	different := test.moved_to(test_recovery.secret("users", {"owning_service": "rds"}), "eu-central-1")
	_violated(_document([_secret, different])) == {_secret.arn}
}

test_unknown_where_the_other_regions_were_not_listed if {
	denied := object.union(_document([_secret]), {"coverage": {"secretsmanager:ListSecrets": {"us-west-1": "denied"}}})
	_unknown(denied) == {_secret.arn}
	_violated(denied) == set()
	one := {"regions": [{"arn": "arn:aws:account::123456789012:region/eu-west-1", "name": "eu-west-1"}]}
	alone := object.union(_document([_secret]), one)
	_unknown(alone) == {_secret.arn}
	_violated(alone) == set()
	replicated := object.union(_document([test_recovery.secret("orders", {"primary_region": "eu-west-1"})]), one)
	_unknown(replicated) == set()
}

test_not_applicable_to_what_a_service_owns_or_one_region_suffices_for if {
	every secret in [test_recovery.secret("orders", {"owning_service": "rds"}), _general(_secret)] {
		_judged(_document([secret])) == set()
	}
	nobodys := test.with_members(_general(_secret), {"workload": {"value": null, "source": "default"}})
	_judged(_of(test_workload.workload("shop", {"regions": ["eu-central-1", "eu-west-1"]}), [nobodys])) == set()
}
