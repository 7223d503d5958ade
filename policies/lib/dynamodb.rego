# METADATA
# description: What several policies ask about tables.
package hadr.lib.dynamodb

# Tables whose data cannot be made again. The replicas of a global table are tables of their own.
tables := [table |
	some table in input.resources["AWS::DynamoDB::Table"]
	not table.role.value in {"cache", "rebuildable"}
]

# A table that was listed only has no status, and its other settings are not known either.
is_undescribed(table) if table.attributes.table_status == null
