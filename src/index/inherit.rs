//! What a resource takes over from what it is part of: a volume from its instance, and everything from its workload.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Resources;
use super::context::{Attributed, Context, Criticality};
use super::objective::Aspect;
use super::relation::{ATTACHED_TO, Relations};
use super::workload::Workload;
use crate::config::Config;

/// People tag instances and not their volumes. What a volume does not say itself, the first of its instances says that
/// says something.
pub(super) fn from_instances(resources: &Resources<'_>, relations: &Relations<'_>, contexts: &mut [Context]) {
    for (volume, hosts) in relations.get(ATTACHED_TO).into_iter().flatten() {
        let position = |arn: &str| resources.by_arn.get(arn).copied();
        let Some(volume) = position(volume) else { continue };
        for host in hosts.iter().filter_map(|host| position(host)) {
            let (name, said) = (&resources.all[host].0.name, contexts[host].clone());
            contexts[volume].take_over(name, &said);
        }
    }
}

/// A resource whose tier nobody has said has that of its workload, and what was promised for the workload holds for
/// everything in it that does not say otherwise.
pub(super) fn from_workloads(
    resources: &Resources<'_>,
    workloads: &BTreeMap<String, Workload<'_>>,
    config: &Config,
    contexts: &mut [Context],
) {
    contexts.par_iter_mut().zip(&resources.all).for_each(|(context, (resource, snapshot))| {
        let Some(name) = context.workload.value.as_deref() else { return };
        let Some(workload) = workloads.get(&snapshot.scope.workload_arn(name)) else { return };
        if context.tier.is_default() && !workload.tier.is_default() {
            let source = format!("workload {name}, {}", workload.tier.source);
            context.tier = Attributed::new(workload.tier.value, source);
            context.criticality = Criticality::of(context.judged_as, workload.tier.value);
        }
        let tagged = resources.tagged(resource);
        let objective =
            |aspect: Aspect| Some(aspect.of_resource(tagged, context.tier.value, Some(workload), config));
        (context.rto, context.rpo) = (objective(Aspect::Rto), objective(Aspect::Rpo));
    });
}

impl Context {
    /// Takes over what an instance says and the volume itself does not.
    fn take_over(&mut self, name: &str, instance: &Self) {
        if self.workload.is_default() && !instance.workload.is_default() {
            self.workload = instance.workload.of_instance(name);
        }
        if self.tier.is_default() && !instance.tier.is_default() {
            self.tier = instance.tier.of_instance(name);
        }
        if self.environment.is_default() && !instance.environment.is_default() {
            self.environment = instance.environment.of_instance(name);
            self.judged_as = instance.judged_as;
        }
        self.criticality = Criticality::of(self.judged_as, self.tier.value);
    }
}

impl<T: Clone> Attributed<T> {
    fn of_instance(&self, name: &str) -> Self {
        Self::new(self.value.clone(), format!("instance {name}, {}", self.source))
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, Environment, Tier};
    use crate::index::{Context, Criticality, Index};
    use crate::snapshot::ec2::{Attachment, Volume};
    use crate::snapshot::{Attributes, Kind, Resource, samples};

    const VOLUME: &str = "arn:aws:ec2:eu-west-1:123456789012:volume/vol-1";
    const BUCKET: &str = "arn:aws:s3:::orders";

    fn instance(tags: &[(&str, &str)]) -> Resource {
        let arn = "arn:aws:ec2:eu-west-1:123456789012:instance/i-1";
        samples::resource(Kind::Instance, arn, tags, Attributes::Instance(Box::default()))
    }

    fn volume(tags: &[(&str, &str)]) -> Resource {
        let attachment = Attachment { instance_id: "i-1".to_owned(), ..Attachment::default() };
        let volume = Volume { attachments: vec![attachment], ..Volume::default() };
        samples::resource(Kind::Volume, VOLUME, tags, Attributes::Volume(Box::new(volume)))
    }

    fn bucket(tags: &[(&str, &str)]) -> Resource {
        samples::resource(Kind::Bucket, BUCKET, tags, Attributes::Bucket(Box::default()))
    }

    fn context(resources: Vec<Resource>, arn: &str, config: &str) -> Context {
        let config: Config = toml::from_str(config).unwrap();
        let snapshot = samples::snapshot(resources);
        let index = Index::build(vec![&snapshot], &config);
        index.resource(arn).unwrap().1.clone()
    }

    #[test]
    fn a_volume_is_what_its_instance_is() {
        let tags = [
            ("hadr:workload", "shop"),
            ("hadr:tier", "mission-critical"),
            ("env", "prod"),
            ("hadr:rpo", "5m"),
        ];
        let of = |own: &[(&str, &str)]| context(vec![instance(&tags), volume(own)], VOLUME, "");
        let untagged = of(&[]);
        assert_eq!(untagged.workload.value.as_deref(), Some("shop"));
        assert_eq!(untagged.workload.source, "instance i-1, tag hadr:workload");
        assert_eq!(untagged.criticality, Criticality::MissionCritical);
        assert_eq!(untagged.environment.source, "instance i-1, tag env");
        assert_eq!(untagged.rpo.unwrap().value, 300);

        let tagged = of(&[("hadr:tier", "general"), ("env", "test")]);
        assert_eq!(tagged.tier.value, Tier::General);
        assert_eq!(tagged.environment.value, Environment::NonProduction);
        assert_eq!(tagged.criticality, Criticality::NonProduction);
    }

    #[test]
    fn a_workload_is_as_critical_as_one_of_its_resources_says() {
        let shop = ("hadr:workload", "shop");
        let critical = instance(&[shop, ("hadr:tier", "mission-critical")]);
        let untagged = context(vec![critical.clone(), bucket(&[shop])], BUCKET, "");
        assert_eq!(untagged.criticality, Criticality::MissionCritical);
        assert_eq!(untagged.tier.source, "workload shop, tag hadr:tier");
        let rpo = untagged.rpo.unwrap();
        assert_eq!((rpo.value, rpo.source.as_ref()), (900, "tier mission-critical"));

        let tagged = context(vec![critical.clone(), bucket(&[shop, ("hadr:tier", "general")])], BUCKET, "");
        assert_eq!(tagged.criticality, Criticality::General);
        let elsewhere = context(vec![critical, bucket(&[])], BUCKET, "");
        assert_eq!(elsewhere.criticality, Criticality::General);
    }

    #[test]
    fn what_was_promised_for_a_workload_holds_for_its_resources() {
        let shop = ("hadr:workload", "shop");
        let promised = instance(&[shop, ("hadr:rpo", "1m"), ("hadr:rto", "1h")]);
        let objectives = |tags: &[(&str, &str)], config: &str| {
            let context = context(vec![promised.clone(), bucket(tags)], BUCKET, config);
            let (rto, rpo) = (context.rto.unwrap(), context.rpo.unwrap());
            (rto.value, rpo.value, rpo.source.into_owned())
        };
        assert_eq!(objectives(&[shop], ""), (3600, 60, "workload shop, tag hadr:rpo of i-1".to_owned()));
        assert_eq!(objectives(&[shop, ("rpo", "P1D")], ""), (3600, 86400, "tag rpo".to_owned()));
        assert_eq!(objectives(&[], ""), (86400, 43200, "tier general".to_owned()));
        assert_eq!(objectives(&[("hadr:rpo", "15m")], ""), (86400, 900, "tag hadr:rpo".to_owned()));
        let config = "[[workloads]]\nname = \"shop\"\nresources = [\"arn:aws:s3:::*\"]\nrpo = \"30s\"";
        assert_eq!(
            objectives(&[("hadr:rpo", "15m")], config),
            (3600, 30, "workload shop in the configuration".to_owned())
        );
    }
}
