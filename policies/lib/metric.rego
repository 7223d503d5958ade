# METADATA
# description: |
#   What several policies ask about the metrics that were read. One that is missing was not read, and one without a
#   value had no samples: neither says anything.
package hadr.lib.metric

# What the metric of a resource was, over its window. Undefined where that is not known.
value(arn, name) := found[0] if {
	found := [reading.value | some reading in readings(arn, name)]
	count(found) > 0
}

# Settings of each metric of a name that a resource has and that had samples: there may be several, as a bucket has one
# for each rule.
readings(arn, name) := [metric.attributes |
	some metric_arn in object.get(input.relations.measured_by, arn, [])
	metric := input.by_arn[metric_arn]
	metric.attributes.metric_name == name
	is_number(metric.attributes.value)
]
