//! The identity of a finding, which has to outlive rewording, moving lines and new versions.

use std::fmt::Write;

use sha2::{Digest, Sha256};

/// SHA-256 over the policy, the resource and the discriminator, as 64 hexadecimal digits. Message, line, time
/// and severity are left out: a finding that they change is still the same finding.
pub(super) fn fingerprint(policy: &str, resource: &str, discriminator: Option<&str>) -> String {
    // NUL separates, since none of the parts can hold it: text from JSON that did would be refused by AWS.
    let identity = format!("hadr-finding/v1\0{policy}\0{resource}\0{}", discriminator.unwrap_or_default());
    let mut digits = String::with_capacity(64);
    for byte in Sha256::digest(identity.as_bytes()) {
        // A string takes all that is written to it.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::fingerprint;

    #[test]
    fn the_parts_do_not_run_together() {
        assert_ne!(fingerprint("a", "bc", None), fingerprint("ab", "c", None));
        assert_ne!(fingerprint("a", "b", Some("c")), fingerprint("a", "b", None));
    }

    /// Dashboards and baselines keep these ids, so they may never change.
    #[test]
    fn the_id_is_stable() {
        assert_eq!(
            fingerprint("rds-instance-single-az", "arn:aws:rds:eu-west-1:123456789012:db:orders", None),
            "16bda07ecbdcb2fe8c11efaa11bd0d73e79ed94a740a836b827109400cc01e7b"
        );
    }
}
