# METADATA
# description: |
#   Which of two instance classes is the smaller. Only sizes of one family are compared: between families, memory,
#   processors and network go different ways, and Serverless v2 has no size at all.
package hadr.lib.class

# Both sizes of one family are known.
comparable(left, right) if {
	_family(left) == _family(right)
	is_number(_rank(left))
	is_number(_rank(right))
}

# Both are of one family, and the first is the smaller. Undefined where the two cannot be compared.
smaller(left, right) if {
	comparable(left, right)
	_rank(left) < _rank(right)
}

# The class without its size: `db.r6g` of `db.r6g.large`, and `db.r5.tpc2.mem2x` of `db.r5.large.tpc2.mem2x`.
_family(class) := [array.slice(parts, 0, 2), array.slice(parts, 3, count(parts))] if {
	is_string(class)
	parts := split(class, ".")
}

_rank(class) := _ranks[split(class, ".")[2]] if is_string(class)

_ranks := {size: rank |
	some rank, size in _sizes
}

_sizes := [
	"nano", "micro", "small", "medium", "large", "xlarge", "2xlarge", "3xlarge", "4xlarge", "6xlarge", "8xlarge",
	"9xlarge", "10xlarge", "12xlarge", "16xlarge", "18xlarge", "24xlarge", "32xlarge", "48xlarge",
]
