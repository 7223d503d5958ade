# METADATA
# description: What several policies ask about file systems.
package hadr.lib.efs

# File systems that hold their data themselves, and whose data nothing else makes again.
file_systems := [file_system |
	some file_system in input.resources["AWS::EFS::FileSystem"]
	not file_system.role.value in {"cache", "rebuildable"}
	not is_replica(file_system)
]

# Another file system is replicated to it, maybe one that was not scanned.
is_replica(file_system) if file_system.attributes.replication_overwrite_protection == "REPLICATING"

is_replica(file_system) if input.relations.reads_from[file_system.arn]

# What the API calls a file system, whatever its name is.
id(file_system) := split(file_system.arn, "/")[1]
