//! How much of everything an account has.

/// Declares how much of everything there is in a Region.
macro_rules! regional {
    ($($name:ident),* $(,)?) => {
        /// How much there is in one Region, by what the operations list.
        #[derive(Debug, Clone, Copy, Default)]
        pub(crate) struct Regional {
            $(pub(crate) $name: usize,)*
        }

        impl Regional {
            /// The same number of everything.
            pub(crate) fn each(number: usize) -> Self {
                Self { $($name: number,)* }
            }
        }
    };
}

regional! {
    alarms,
    automations,
    database_events,
    experiment_templates,
    experiments,
    failovers,
    file_systems,
    recovery_jobs,
    secrets,
    source_servers,
    stacks,
    // Assessments are of the applications by turns, and each application has so many parts.
    apps,
    app_assessments,
    app_resources,
    resiliency_policies,
    managed_resources,
    zonal_shifts,
    auto_scaling_groups,
    // Each vault has so many recovery points, and each plan so many selections.
    backup_plans,
    backup_selections,
    backup_vaults,
    recovery_points,
    failed_backups,
    failed_copies,
    protected_resources,
    restores,
    restore_testing_plans,
    restore_testing_selections,
    keys,
    lifecycle_policies,
    // The two versions of Elastic Load Balancing. Target groups with the number of a load balancer are used by it.
    classic_load_balancers,
    load_balancers,
    target_groups,
    global_tables,
    scalable_targets,
    tables,
    images,
    instances,
    launch_templates,
    nat_gateways,
    route_tables,
    snapshots,
    subnets,
    volumes,
    vpc_endpoints,
    vpn_connections,
    cluster_backups,
    cluster_snapshots,
    clusters,
    databases,
    database_backups,
    database_snapshots,
    event_subscriptions,
    global_clusters,
    subnet_groups,
}

/// How much an account has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Size {
    /// The Regions that are enabled, and what is there.
    pub(crate) regions: Vec<(&'static str, Regional)>,
    /// Buckets, which are in the Regions by turns.
    pub(crate) buckets: usize,
    /// Hosted zones.
    pub(crate) zones: usize,
    /// How many of the zones, the first of them, have records of their own.
    pub(crate) zones_in_use: usize,
    /// How many records of its own such a zone has.
    pub(crate) records: usize,
    pub(crate) health_checks: usize,
    /// Plans of Region switch, and how many runs each of their two Regions knows of each.
    pub(crate) plans: usize,
    pub(crate) plan_executions: usize,
    /// Clusters, how many panels each of them has, and how many routing controls each of these.
    pub(crate) clusters: usize,
    pub(crate) control_panels: usize,
    pub(crate) routing_controls: usize,
    /// The most that a page has, where that is less than was asked for. APIs may give less than that and go on.
    pub(crate) most_in_a_page: Option<usize>,
}

impl Size {
    /// What is in a Region.
    pub(super) fn regional(&self, name: &str) -> Regional {
        self.regions.iter().find(|(region, _)| *region == name).map(|(_, size)| *size).unwrap_or_default()
    }

    /// How many record sets a zone has, with the two that every zone has.
    pub(super) fn records_of_zone(&self, number: usize) -> usize {
        2 + if number < self.zones_in_use { self.records } else { 0 }
    }

    /// Where a bucket is.
    pub(super) fn region_of_bucket(&self, number: usize) -> &'static str {
        self.regions[number % self.regions.len()].0
    }
}
