# METADATA
# description: File systems for the tests of policies. A test gives what matters to it; the rest is in order.
package hadr.lib.test_efs

import data.hadr.lib.test

arn_in(a_region, id) := sprintf("arn:aws:elasticfilesystem:%s:%s:file-system/%s", [a_region, test.account, id])

# A file system in all zones of one Region, which nothing backs up.
file_system(id, attributes) := test.resource(
	"AWS::EFS::FileSystem",
	arn_in(test.region, id),
	"home",
	object.union(_file_system, attributes),
)

_file_system := {
	"life_cycle_state": "available",
	"creation_time": "2025-01-01T00:00:00Z",
	"availability_zone_name": null,
	"size_in_bytes": 6144,
	"encrypted": true,
	"kms_key_id": null,
	"replication_overwrite_protection": "ENABLED",
	"replications": [],
	"automatic_backups": false,
}
