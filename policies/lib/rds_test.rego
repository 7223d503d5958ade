package hadr.lib.rds_test

import data.hadr.lib.rds
import data.hadr.lib.test

_listed := {"rds:DescribeGlobalClusters": {"eu-west-1": "collected"}}

_copies(arn, known) := {"copies": {arn: {"known": known, "unseen": []}}}

# The database, whose snapshots were not listed in a Region.
_hiding(database, region) := test.derived(database, {"copies": {database.arn: {
	"known": [],
	"unseen": [test.unseen(region, "rds:DescribeDBSnapshots")],
}}})

test_an_engine_is_of_a_family if {
	rds.runs(test.db_instance("orders", {"engine": "sqlserver-ee"}), "sqlserver-")
	not rds.runs(test.db_instance("orders", {"engine": "postgres"}), "sqlserver-")
	not rds.runs(test.db_instance("orders", {"engine": null}), "sqlserver-")
}

test_sources_hold_their_data_themselves if {
	document := test.input_with(
		[
			test.db_instance("orders", {}),
			test.db_instance("replica", {"role": "read_replica"}),
			test.db_instance("reader", {"role": "aurora_member"}),
			test.db_instance("new", {"db_instance_status": "creating"}),
			test.db_cluster("ledger", {}),
			test.db_cluster("secondary", {}),
			test.docdb_cluster("documents", {}),
		],
		{"relations": {"reads_from": {test.arn("cluster:secondary"): [test.arn("cluster:ledger")]}}},
	)
	sources := {source.arn | some source in rds.sources} with input as document
	sources == {test.arn("db:orders"), test.arn("cluster:ledger")}
}

test_a_replica_in_another_region_is_elsewhere if {
	orders := test.db_instance("orders", {})
	far := test.derived(orders, _copies(orders.arn, [test.copy("replica", "eu-central-1", null)]))
	rds.lives_elsewhere(far) with input as test.input_of([far])
}

test_a_replica_in_the_same_region_and_a_backup_are_not_elsewhere if {
	orders := test.db_instance("orders", {})
	copies := [test.copy("replica", "eu-west-1", null), test.copy("manual_snapshot", "eu-central-1", 60)]
	near := test.derived(orders, _copies(orders.arn, copies))
	not rds.lives_elsewhere(near) with input as test.input_of([near])
}

test_a_replica_of_a_replica_is_elsewhere if {
	orders := test.db_instance("orders", {})
	replica := test.db_instance("replica", {"role": "read_replica"})
	document := test.input_with([orders, replica], {
		"relations": {"replicates_to": {orders.arn: [replica.arn]}},
		"copies": {replica.arn: {"known": [test.copy("replica", "eu-central-1", null)], "unseen": []}},
	})
	rds.lives_elsewhere(orders) with input as document
}

test_a_global_cluster_of_two_regions_is_elsewhere if {
	ledger := test.db_cluster("ledger", {"global_cluster_identifier": "world"})
	global := test.global_cluster("world", {})
	relations := {"member_of": {ledger.arn: [global.arn]}}
	two := {"relations": relations, "placement": {global.arn: {"regions": ["eu-central-1", "eu-west-1"]}}}
	one := {"relations": relations, "placement": {global.arn: {"regions": ["eu-west-1"]}}}
	rds.lives_elsewhere(ledger) with input as test.input_with([ledger, global], two)
	not rds.lives_elsewhere(ledger) with input as test.input_with([ledger, global], one)
	not rds.elsewhere_unseen(ledger) with input as test.input_with([ledger, global], one)
}

test_only_listings_of_other_regions_hide_copies_elsewhere if {
	orders := test.db_instance("orders", {})
	denied := _hiding(orders, "eu-west-1")
	not rds.elsewhere_unseen(denied) with input as test.input_of([denied])

	far := _hiding(orders, "eu-central-1")
	rds.elsewhere_unseen(far) with input as test.input_of([far])
}

test_a_cluster_may_be_global_unless_global_clusters_were_listed if {
	ledger := test.db_cluster("ledger", {})
	rds.elsewhere_unseen(ledger) with input as test.input_of([ledger])
	not rds.elsewhere_unseen(ledger) with input as test.input_with([ledger], {"coverage": _listed})

	named := test.db_cluster("named", {"global_cluster_identifier": "world"})
	rds.elsewhere_unseen(named) with input as test.input_with([named], {"coverage": _listed})
}

test_a_multi_az_cluster_is_never_global if {
	trio := test.db_cluster("trio", {"family": "multi_az", "engine": "postgres"})
	not rds.elsewhere_unseen(trio) with input as test.input_of([trio])
}

test_the_least_of_numbers_is_not_that_of_texts if {
	rds.least([2678400, 900, 9000000]) == 900
	rds.least([7, 7]) == 7
	not rds.least([])
}

test_durations_in_words if {
	rds.words(0) == "0 minutes"
	rds.words(7199) == "119 minutes"
	rds.words(7200) == "2 hours"
	rds.words(172799) == "47 hours"
	rds.words(172800) == "2 days"
	rds.words(3456000) == "40 days"
}

test_a_snapshot_is_named_after_the_database_what_it_is_for_and_the_day if {
	document := test.input_of([])
	orders := test.db_instance("orders", {})
	ledger := test.db_cluster("ledger", {})
	of_instance := rds.snapshot_params(orders, "monthly") with input as document
	of_instance == {
		"snapshot": "orders-monthly-2026-11-22",
		"snapshot_arn": "arn:aws:rds:eu-west-1:123456789012:snapshot:orders-monthly-2026-11-22",
	}
	of_cluster := rds.snapshot_params(ledger, "own-key") with input as document
	of_cluster.snapshot_arn == "arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:ledger-own-key-2026-11-22"
}
