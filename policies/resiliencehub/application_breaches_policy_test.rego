package hadr.resiliencehub.application_breaches_policy_test

import data.hadr.lib.test
import data.hadr.resiliencehub.application_breaches_policy as policy

_arn := "arn:aws:resiliencehub:eu-west-1:123456789012:app/shop"

_policy_arn := "arn:aws:resiliencehub:eu-west-1:123456789012:resiliency-policy/gold"

_document(attributes) := test.input_with([_application(attributes)], {"resources": {
	"AWS::ResilienceHub::App": [_application(attributes)],
}})

_application(attributes) := test.resource("AWS::ResilienceHub::App", _arn, "shop", object.union(
	{
		"policy_arn": _policy_arn,
		"compliance_status": "PolicyMet",
		"drift_status": "NotDetected",
		"last_app_compliance_evaluation_time": "2026-11-01T03:00:00Z",
		"resources": [],
	},
	attributes,
))

_found(document) := {[violation.resource, violation.message, object.get(violation, "at_most", "none")] |
	some violation in policy.violations with input as document
}

_unknown(document) := {arn | some arn in policy.unknowns with input as document}

_judged(document) := {arn | some arn in policy.subjects with input as document}

test_satisfied_by_a_recent_assessment_that_met_the_policy if {
	document := _document({})
	_judged(document) == {_arn}
	_found(document) == set()
	_unknown(document) == set()
}

test_violated_where_the_policy_is_breached if {
	document := _document({"compliance_status": "PolicyBreached"})
	_found(document) == {[_arn, "shop cannot keep its objectives, by what Resilience Hub finds", "none"]}
	_unknown(document) == set()
	evidence := {violation.evidence | some violation in policy.violations} with input as document
	evidence == {{
		"compliance_status": "PolicyBreached",
		"last_app_compliance_evaluation_time": "2026-11-01T03:00:00Z",
		"policy_arn": _policy_arn,
	}}
}

test_an_assessment_that_is_missing_or_outdated_is_worth_knowing if {
	never := _document({"compliance_status": "NotAssessed", "last_app_compliance_evaluation_time": null})
	_found(never) == {[_arn, "shop was never assessed", "info"]}
	changed := _document({"compliance_status": "ChangesDetected"})
	_found(changed) == {[_arn, "shop has changed since it was assessed", "info"]}
	old := _document({"last_app_compliance_evaluation_time": "2026-08-21T03:00:00Z"})
	_found(old) == {[_arn, "shop was assessed 93 days ago, and 92 are allowed", "info"]}
	young := _document({"last_app_compliance_evaluation_time": "2026-08-22T03:00:00Z"})
	_found(young) == set()
}

test_not_applicable_without_a_promise if {
	every status in ["MissingPolicy", "NotApplicable"] {
		document := _document({"compliance_status": status})
		_judged(document) == set()
		_found(document) == set()
	}
}

test_unknown_where_the_result_is if {
	every status in [null, "Surprising"] {
		document := _document({"compliance_status": status})
		_found(document) == set()
		_unknown(document) == {_arn}
	}
}
