//! Volumes and their snapshots as the snapshot has them.

use std::collections::HashMap;

use aws_sdk_ec2::types;

use super::super::{Place, instant, text};
use super::tags;
use crate::snapshot::ec2::{Attachment, Volume, VolumeSnapshot};
use crate::snapshot::{Attributes, Kind, Resource, Zone};

/// The volume that the API names for copies of snapshots. There is no such volume.
const NO_VOLUME: &str = "vol-ffffffff";

/// Normalises volumes.
pub(super) fn volumes(place: &Place, volumes: Vec<types::Volume>) -> Vec<Resource> {
    volumes.into_iter().filter_map(|it| volume(place, it)).collect()
}

fn volume(place: &Place, volume: types::Volume) -> Option<Resource> {
    let id = text(volume.volume_id)?;
    let zone = text(volume.availability_zone)
        .map(|name| Zone { name, id: text(volume.availability_zone_id.clone()) });
    let attached = volume.attachments.into_iter().flatten().filter_map(|attachment| {
        Some(Attachment {
            instance_id: text(attachment.instance_id)?,
            device: text(attachment.device),
            delete_on_termination: attachment.delete_on_termination,
        })
    });
    let mut attachments: Vec<Attachment> = attached.collect();
    attachments.sort_unstable_by(|one, other| one.instance_id.cmp(&other.instance_id));
    let attributes = Volume {
        state: text(volume.state.map(|state| state.as_str().to_owned())),
        size: volume.size,
        encrypted: volume.encrypted,
        kms_key_id: text(volume.kms_key_id),
        volume_type: volume.volume_type.map(|kind| kind.as_str().to_owned()),
        attachments,
        create_time: instant(volume.create_time),
    };
    Some(Resource {
        zones: zone.into_iter().collect(),
        tags: tags(volume.tags),
        ..place.resource(Kind::Volume, volume_arn(place, &id), id, Attributes::Volume(Box::new(attributes)))
    })
}

/// Normalises snapshots of volumes. Their ARNs have no account, though only that of the owner lists them here.
pub(super) fn snapshots(place: &Place, snapshots: Vec<types::Snapshot>) -> Vec<Resource> {
    // A server that ignores whose snapshots are asked for would show those of everyone.
    let own = snapshots.into_iter().filter(|snapshot| place.is_owner(snapshot.owner_id.as_deref()));
    own.filter_map(|it| snapshot(place, it)).collect()
}

fn snapshot(place: &Place, snapshot: types::Snapshot) -> Option<Resource> {
    let id = text(snapshot.snapshot_id)?;
    let source = snapshot.description.as_deref().and_then(copied_from);
    let volume = text(snapshot.volume_id).filter(|volume| volume != NO_VOLUME && source.is_none());
    let start_time = instant(snapshot.start_time);
    let attributes = VolumeSnapshot {
        state: text(snapshot.state.map(|state| state.as_str().to_owned())),
        is_copy: volume.is_none(),
        data_time: start_time.filter(|_| volume.is_some()),
        source_volume_arn: volume.map(|id| volume_arn(place, &id)),
        source_snapshot_arn: source.map(|(id, region)| snapshot_arn(&Place::new(&place.account, region), id)),
        start_time,
        encrypted: snapshot.encrypted,
        kms_key_id: text(snapshot.kms_key_id),
        storage_tier: text(snapshot.storage_tier.map(|tier| tier.as_str().to_owned())),
    };
    let arn = snapshot_arn(place, &id);
    let attributes = Attributes::VolumeSnapshot(Box::new(attributes));
    Some(Resource { tags: tags(snapshot.tags), ..place.resource(Kind::VolumeSnapshot, arn, id, attributes) })
}

/// Id and Region of the snapshot that another is a copy of, by the description that EC2 gives copies:
/// `[Copied snap-1 from eu-west-1] …`.
fn copied_from(description: &str) -> Option<(&str, &str)> {
    description.strip_prefix("[Copied ")?.split_once(']')?.0.split_once(" from ")
}

/// Follows copies of snapshots to the first, which tells the volume and the time, as far as the snapshots on the way
/// were collected.
pub(in super::super) fn trace_snapshots(resources: &mut [Resource]) {
    let snapshots: HashMap<String, VolumeSnapshot> = resources
        .iter()
        .filter_map(|resource| match &resource.attributes {
            Attributes::VolumeSnapshot(snapshot) => Some((resource.arn.clone(), (**snapshot).clone())),
            _ => None,
        })
        .collect();
    for resource in resources {
        if let Attributes::VolumeSnapshot(snapshot) = &mut resource.attributes {
            let mut copied = snapshot.source_snapshot_arn.as_ref();
            // A chain is no longer than there are snapshots, even if descriptions make one that bites its tail.
            for _ in 0..snapshots.len() {
                let Some(source) = copied.and_then(|arn| snapshots.get(arn)) else { break };
                if !source.is_copy {
                    snapshot.source_volume_arn.clone_from(&source.source_volume_arn);
                    snapshot.data_time = source.data_time;
                }
                copied = source.source_snapshot_arn.as_ref();
            }
        }
    }
}

fn volume_arn(place: &Place, id: &str) -> String {
    place.arn("ec2", &format!("volume/{id}"))
}

fn snapshot_arn(place: &Place, id: &str) -> String {
    format!("arn:{}:ec2:{}::snapshot/{id}", place.account.partition, place.region)
}

#[cfg(test)]
mod tests {
    use aws_sdk_ec2::primitives::DateTime;
    use aws_sdk_ec2::types;

    use super::super::super::Place;
    use super::super::super::identity::Account;
    use super::{snapshots, trace_snapshots};
    use crate::snapshot::ec2::VolumeSnapshot;
    use crate::snapshot::{Attributes, Resource};

    fn snapshot(region: &str, id: &str, volume: &str, description: &str) -> Resource {
        let account = Account { partition: "aws".to_owned(), id: "123456789012".to_owned() };
        let given = types::Snapshot::builder()
            .snapshot_id(id)
            .volume_id(volume)
            .description(description)
            .start_time(DateTime::from_secs(id.len() as i64));
        let mut found =
            snapshots(&Place::new(&account, region), vec![given.owner_id("123456789012").build()]);
        found.remove(0)
    }

    fn settings(resource: &Resource) -> &VolumeSnapshot {
        match &resource.attributes {
            Attributes::VolumeSnapshot(snapshot) => snapshot,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_copy_of_a_copy_is_of_the_volume_that_the_first_was_taken_of() {
        let mut found = [
            snapshot("us-east-1", "snap-3", "vol-ffffffff", "[Copied snap-2 from eu-central-1]"),
            snapshot("eu-central-1", "snap-2", "vol-ffffffff", "[Copied snap-1 from eu-west-1] nightly"),
            snapshot("eu-west-1", "snap-1", "vol-1", "nightly"),
        ];
        trace_snapshots(&mut found);
        for resource in &found {
            let volume = settings(resource).source_volume_arn.as_deref();
            assert_eq!(volume, Some("arn:aws:ec2:eu-west-1:123456789012:volume/vol-1"), "{}", resource.arn);
        }
        let copies: Vec<bool> = found.iter().map(|resource| settings(resource).is_copy).collect();
        assert_eq!(copies, [true, true, false]);
        let source = settings(&found[0]).source_snapshot_arn.as_deref();
        assert_eq!(source, Some("arn:aws:ec2:eu-central-1::snapshot/snap-2"));
    }

    #[test]
    fn a_copy_with_a_description_of_its_own_is_of_nobody_knows_what() {
        let copy = snapshot("us-east-1", "snap-2", "vol-ffffffff", "of orders");
        assert_eq!(settings(&copy).source_volume_arn, None);
        assert!(settings(&copy).is_copy);
    }
}
