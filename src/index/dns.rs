//! Where the names of Route 53 lead, and what Route 53 chooses among.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::Resources;
use crate::snapshot::route53::RecordSet;
use crate::snapshot::{Attributes, Resource};

/// A record set as a resource and with its settings.
type Entry<'a> = (&'a Resource, &'a RecordSet);

/// Record sets by ARN, each with others by ARN.
type Edges<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

/// A name as resolvers see it: whether only VPCs do, the account if so, and the name. Public names are the same for
/// everyone; the private ones of two accounts need not meet.
type Name<'a> = (Option<bool>, Option<&'a str>, &'a str);

/// The record sets of the snapshots.
pub(super) struct Dns<'a> {
    entries: Vec<Entry<'a>>,
    by_name: FxHashMap<Name<'a>, Vec<usize>>,
    names: Vec<Name<'a>>,
    /// Load balancers by the name that records lead to.
    balancers: FxHashMap<&'a str, &'a str>,
}

impl<'a> Dns<'a> {
    /// Finds the record sets among the resources.
    pub(super) fn of(resources: &Resources<'a>) -> Self {
        let entries: Vec<Entry<'a>> = resources
            .iter()
            .filter_map(|resource| match &resource.attributes {
                Attributes::RecordSet(record) => Some((resource, &**record)),
                _ => None,
            })
            .collect();
        let names: Vec<Name<'a>> = entries.iter().map(|entry| name(entry, resources)).collect();
        let mut by_name: FxHashMap<Name<'a>, Vec<usize>> = FxHashMap::default();
        for (index, name) in names.iter().enumerate() {
            by_name.entry(*name).or_default().push(index);
        }
        let balancers = resources.iter().filter_map(|resource| match &resource.attributes {
            Attributes::LoadBalancer(balancer) => {
                Some((balancer.dns_name.as_deref()?, resource.arn.as_str()))
            }
            Attributes::ClassicLoadBalancer(balancer) => {
                Some((balancer.dns_name.as_deref()?, resource.arn.as_str()))
            }
            _ => None,
        });
        Self { entries, by_name, names, balancers: balancers.collect() }
    }

    /// Each record set with the others of its zone, name and type. A simple one has none.
    pub(super) fn alternatives(&self) -> Edges<'a> {
        let mut groups: FxHashMap<(&str, &str, Option<&str>), Vec<&'a str>> = FxHashMap::default();
        for (resource, record) in &self.entries {
            let key = (record.hosted_zone.as_str(), resource.name.as_str(), record.record_type.as_deref());
            groups.entry(key).or_default().push(&resource.arn);
        }
        let mut alternatives = Edges::new();
        for group in groups.values().filter(|group| group.len() > 1) {
            for arn in group {
                let others = group.iter().filter(|other| *other != arn).copied();
                alternatives.insert(*arn, others.collect());
            }
        }
        alternatives
    }

    /// Each record set with the record sets and load balancers that its alias or its `CNAME` leads to, and on to those
    /// that they lead to.
    pub(super) fn routes(&self) -> Edges<'a> {
        let mut routes = Edges::new();
        for (index, (resource, _)) in self.entries.iter().enumerate() {
            let mut seen = BTreeSet::new();
            let mut ends: BTreeSet<&'a str> = self.balancers(index).collect();
            let mut pending = self.next(index);
            while let Some(next) = pending.pop() {
                // Names that lead to each other end here.
                if next != index && seen.insert(next) {
                    pending.extend(self.next(next));
                    ends.extend(self.balancers(next));
                }
            }
            ends.extend(seen.into_iter().map(|next| self.entries[next].0.arn.as_str()));
            if !ends.is_empty() {
                routes.insert(resource.arn.as_str(), ends);
            }
        }
        routes
    }

    /// The record sets that one leads to directly. An alias answers with its target's records of its own type, a
    /// `CNAME` with those of any.
    fn next(&self, index: usize) -> Vec<usize> {
        let (_, record) = self.entries[index];
        let (private, account, _) = self.names[index];
        let found = targets(record).filter_map(|name| self.by_name.get(&(private, account, name)));
        let follows = |next: &&usize| {
            let (_, target) = self.entries[**next];
            is_cname(record) || is_cname(target) || target.record_type == record.record_type
        };
        found.flatten().filter(follows).copied().collect()
    }

    /// The load balancers that a record set leads to directly.
    fn balancers(&self, index: usize) -> impl Iterator<Item = &'a str> {
        targets(self.entries[index].1).filter_map(|name| self.balancers.get(name).copied())
    }
}

fn is_cname(record: &RecordSet) -> bool {
    record.record_type.as_deref() == Some("CNAME")
}

/// The names that an alias or a `CNAME` leads to.
fn targets(record: &RecordSet) -> impl Iterator<Item = &str> {
    let alias = record.alias_target.iter().map(|target| target.dns_name.as_str());
    alias.chain(record.values.iter().filter(|_| is_cname(record)).map(String::as_str))
}

fn name<'a>((resource, record): &Entry<'a>, resources: &Resources<'a>) -> Name<'a> {
    let zone = resources.get(&record.hosted_zone).map(|zone| &zone.attributes);
    let private = match zone {
        Some(Attributes::HostedZone(zone)) => zone.private_zone,
        _ => None,
    };
    let account = if private == Some(false) { None } else { resources.account(resource) };
    (private, account, &resource.name)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::config::Config;
    use crate::index::Index;
    use crate::snapshot::route53::{AliasTarget, HostedZone, RecordSet};
    use crate::snapshot::{Attributes, GLOBAL, Kind, Resource, Snapshot, read};

    fn resource(kind: Kind, arn: String, name: &str, attributes: Attributes) -> Resource {
        Resource {
            kind,
            arn,
            name: name.to_owned(),
            region: GLOBAL.to_owned(),
            zones: Vec::new(),
            tags: None,
            attributes,
            gaps: Vec::new(),
        }
    }

    fn zone(id: &str, private: bool) -> Resource {
        let zone = HostedZone { private_zone: Some(private), ..HostedZone::default() };
        resource(Kind::HostedZone, id.to_owned(), "example.com", Attributes::HostedZone(Box::new(zone)))
    }

    fn record(zone: &str, name: &str, kind: &str, change: impl FnOnce(&mut RecordSet)) -> Resource {
        let mut record = RecordSet {
            hosted_zone: zone.to_owned(),
            record_type: Some(kind.to_owned()),
            ..RecordSet::default()
        };
        change(&mut record);
        let mut arn = format!("{zone}/{name}/{kind}");
        arn.extend(record.set_identifier.iter().map(|identifier| format!("/{identifier}")));
        resource(Kind::RecordSet, arn, name, Attributes::RecordSet(Box::new(record)))
    }

    fn alias(zone: &str, name: &str, kind: &str, target: &str) -> Resource {
        let target = AliasTarget { dns_name: target.to_owned(), ..AliasTarget::default() };
        record(zone, name, kind, |record| record.alias_target = Some(target))
    }

    fn cname(zone: &str, name: &str, target: &str) -> Resource {
        record(zone, name, "CNAME", |record| record.values = vec![target.to_owned()])
    }

    fn one_of(zone: &str, name: &str, kind: &str, identifier: &str) -> Resource {
        record(zone, name, kind, |record| record.set_identifier = Some(identifier.to_owned()))
    }

    /// The ends of a relation of one record set, sorted.
    fn ends(resources: Vec<Resource>, label: &str, from: &str) -> Vec<String> {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/accounts/empty/snapshot.json");
        let snapshot = Snapshot { resources, ..read(Path::new(file)).unwrap().snapshot };
        let config = Config::default();
        let index = Index::build(vec![&snapshot], &config);
        index.relations[label].get(from).into_iter().flatten().map(|end| end.to_string()).collect()
    }

    #[test]
    fn alternatives_have_the_zone_the_name_and_the_type() {
        let resources = vec![
            one_of("z1", "www", "A", "1"),
            one_of("z1", "www", "A", "2"),
            one_of("z1", "www", "AAAA", "1"),
            one_of("z2", "www", "A", "1"),
        ];
        assert_eq!(ends(resources.clone(), "alternative_to", "z1/www/A/1"), ["z1/www/A/2"]);
        assert_eq!(ends(resources, "alternative_to", "z2/www/A/1"), [""; 0]);
    }

    #[test]
    fn names_are_followed_to_their_end() {
        let resources = vec![
            zone("z1", false),
            zone("z2", false),
            alias("z1", "www", "A", "app"),
            cname("z2", "app", "origin"),
            one_of("z2", "origin", "A", "1"),
            one_of("z2", "origin", "AAAA", "1"),
        ];
        let expected = ["z2/app/CNAME", "z2/origin/A/1", "z2/origin/AAAA/1"];
        assert_eq!(ends(resources, "routes_to", "z1/www/A"), expected);
    }

    #[test]
    fn an_alias_answers_with_its_own_type() {
        let resources = vec![
            alias("z1", "www", "A", "app"),
            one_of("z1", "app", "A", "1"),
            one_of("z1", "app", "AAAA", "1"),
        ];
        assert_eq!(ends(resources, "routes_to", "z1/www/A"), ["z1/app/A/1"]);
    }

    #[test]
    fn names_that_lead_to_each_other_end() {
        let resources = vec![cname("z1", "a", "b"), cname("z1", "b", "a"), cname("z1", "c", "c")];
        assert_eq!(ends(resources.clone(), "routes_to", "z1/a/CNAME"), ["z1/b/CNAME"]);
        assert_eq!(ends(resources, "routes_to", "z1/c/CNAME"), [""; 0]);
    }

    #[test]
    fn public_names_do_not_lead_to_private_ones() {
        let resources = vec![
            zone("z1", false),
            zone("z2", true),
            cname("z1", "www", "app"),
            one_of("z2", "app", "A", "1"),
        ];
        assert_eq!(ends(resources, "routes_to", "z1/www/CNAME"), [""; 0]);
    }
}
