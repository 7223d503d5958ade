# METADATA
# description: What several policies ask about databases.
package hadr.lib.rds

# A DB instance that RDS could give a standby in another zone. RDS Custom and storage outside the Region, on Outposts
# or in a Local Zone, have none. What is being created or deleted is judged once it is there.
can_have_standby(instance) if {
	settled(instance.attributes.db_instance_status)
	not startswith(instance.attributes.engine, "custom-")
	in_region(instance)
}

# Automated backups of an instance lie in its Region unless it says otherwise.
in_region(instance) if instance.attributes.backup_target in {null, "region"}

# A status in which the settings are those that will last.
settled(status) if not status in {"creating", "deleting"}
