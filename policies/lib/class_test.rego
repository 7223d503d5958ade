package hadr.lib.class_test

import data.hadr.lib.class

test_sizes_grow_from_nano_to_multiples_of_xlarge if {
	class.smaller("db.t3.nano", "db.t3.micro")
	class.smaller("db.t4g.medium", "db.t4g.large")
	class.smaller("db.r6g.large", "db.r6g.xlarge")
	class.smaller("db.r6g.xlarge", "db.r6g.2xlarge")

	# By number, not by text.
	class.smaller("db.r6g.8xlarge", "db.r6g.12xlarge")
}

test_the_same_size_and_a_larger_one_are_not_smaller if {
	class.comparable("db.r6g.large", "db.r6g.large")
	not class.smaller("db.r6g.large", "db.r6g.large")
	not class.smaller("db.r6g.2xlarge", "db.r6g.large")
}

test_families_are_not_compared if {
	not class.comparable("db.r5.large", "db.r6g.large")
	not class.smaller("db.t3.medium", "db.r6g.large")
}

test_what_follows_the_size_belongs_to_the_family if {
	class.smaller("db.r5.2xlarge.tpc2.mem4x", "db.r5.4xlarge.tpc2.mem4x")
	not class.comparable("db.r5.2xlarge.tpc2.mem4x", "db.r5.4xlarge")
}

test_serverless_and_what_is_not_known_are_not_compared if {
	not class.comparable("db.serverless", "db.serverless")
	not class.comparable("db.r6g.large", "db.serverless")
	not class.comparable("db.r6g.large", null)
	not class.comparable(null, null)
	not class.comparable("db.r9z.gigantic", "db.r9z.large")
}
