# METADATA
# title: Resilience Hub finds that the application cannot keep what its policy promises
# description: |
#   Somebody wrote down how long the application may be away, and an assessment came to the result that it would be away
#   for longer, or lose more. Those who read the promise and not the assessment count on it.
#
#   Applications with a policy are judged, by their last assessment. One that was never assessed, that has changed since,
#   or whose last assessment is older than `maximum_days` is worth knowing only: nobody says that it breaks its promise.
#   What Resilience Hub estimates is its own; a finding here repeats it, and other policies say what is missing. An
#   application without a policy has promised nothing there.
#
#   The verdict is unknown where the result was not returned.
# scope: package
# related_resources:
# - description: Understanding resiliency assessments, in the AWS Resilience Hub User Guide
#   ref: https://docs.aws.amazon.com/resilience-hub/latest/userguide/run-assessment.html
# custom:
#   severity:
#     mission-critical: high
#     business-critical: medium
#     general: low
#     non-production: none
#   concern: governance
#   scenarios: [zone, region, deletion]
#   resource_types: [AWS::ResilienceHub::App]
#   requires: [resiliencehub:ListApps]
#   parameters:
#     maximum_days:
#       default: 92
#       description: Days from one assessment to the next, at most.
#   controls:
#     aws-well-architected: [REL13-BP03]
#     nist-800-53: [CP-2, CP-4]
#     iso-22301: [8.5]
#     soc2: [A1.3]
#   practices: [strategy-per-tier]
#   remediation:
#   - argv:
#     - aws
#     - resiliencehub
#     - list-app-assessments
#     - --app-arn={{params.application}}
#     - --region={{region}}
#     effect: lists the assessments with what each of them found; nothing is changed
#     risk: safe
#     verify:
#     - aws
#     - resiliencehub
#     - describe-app
#     - --app-arn={{params.application}}
#     - --query=app.[complianceStatus,lastAppComplianceEvaluationTime]
#     - --region={{region}}
#     cost: none
#   - argv:
#     - aws
#     - resiliencehub
#     - start-app-assessment
#     - --app-arn={{params.application}}
#     - --app-version=release
#     - --assessment-name={{choose.assessment_name}}
#     - --region={{region}}
#     effect: assesses the application as it was published last; it reads what the application consists of
#     risk: safe
#     undo:
#     - aws
#     - resiliencehub
#     - delete-app-assessment
#     - --assessment-arn={{choose.assessment_arn}}
#     - --region={{region}}
#     verify:
#     - aws
#     - resiliencehub
#     - describe-app
#     - --app-arn={{params.application}}
#     - --query=app.[complianceStatus,lastAppComplianceEvaluationTime]
#     - --region={{region}}
#     cost: Resilience Hub bills each application by the month once it was assessed
#   since: 0.1.0
package hadr.resiliencehub.application_breaches_policy

import data.hadr.lib.instant

_days := data.parameters["resiliencehub-application-breaches-policy"].maximum_days

# Results of an assessment that is no longer about the application as it is.
_outdated := {
	"ChangesDetected": "has changed since it was assessed",
	"NotAssessed": "was never assessed",
}

_known := {"ChangesDetected", "NotAssessed", "PolicyBreached", "PolicyMet"}

# Those that have promised something, or may have.
_applications := [application |
	some application in input.resources["AWS::ResilienceHub::App"]
	not application.attributes.compliance_status in {"MissingPolicy", "NotApplicable"}
]

subjects contains application.arn if {
	some application in _applications
}

unknowns contains application.arn if {
	some application in _applications
	not application.attributes.compliance_status in _known
}

violations contains violation if {
	some application in _applications
	application.attributes.compliance_status == "PolicyBreached"
	violation := {
		"resource": application.arn,
		"message": sprintf("%s cannot keep its objectives, by what Resilience Hub finds", [application.name]),
		"evidence": _evidence(application),
		"params": {"application": application.arn},
		"discriminator": "breached",
	}
}

violations contains violation if {
	some application in _applications
	words := _outdated[application.attributes.compliance_status]
	violation := {
		"resource": application.arn,
		"message": sprintf("%s %s", [application.name, words]),
		"evidence": _evidence(application),
		"params": {"application": application.arn},
		"discriminator": "outdated",
		"at_most": "info",
	}
}

violations contains violation if {
	some application in _applications
	application.attributes.compliance_status == "PolicyMet"
	age := instant.age(application.attributes.last_app_compliance_evaluation_time)
	age > _days * 86400
	violation := {
		"resource": application.arn,
		"message": sprintf("%s was assessed %d days ago, and %d are allowed", [
			application.name,
			floor(age / 86400),
			_days,
		]),
		"evidence": _evidence(application),
		"params": {"application": application.arn},
		"discriminator": "outdated",
		"at_most": "info",
	}
}

_evidence(application) := {
	"compliance_status": application.attributes.compliance_status,
	"last_app_compliance_evaluation_time": application.attributes.last_app_compliance_evaluation_time,
	"policy_arn": application.attributes.policy_arn,
}
