//! Amazon Resource Names.

/// The parts of an ARN.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arn<'a> {
    /// `aws`, `aws-cn`, …
    pub(crate) partition: &'a str,
    /// Such as `rds`.
    pub(crate) service: &'a str,
    /// Empty for what is global.
    pub(crate) region: &'a str,
    /// Twelve digits, or empty.
    pub(crate) account: &'a str,
    /// The rest, such as `db:orders`.
    #[cfg_attr(not(feature = "aws"), expect(dead_code, reason = "only the collector looks at it"))]
    pub(crate) resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes an ARN apart; `None` if it is not one.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        if parts.next()? != "arn" {
            return None;
        }
        let (partition, service) = (parts.next()?, parts.next()?);
        let (region, account) = (parts.next()?, parts.next()?);
        Some(Self { partition, service, region, account, resource: parts.next()? })
    }

    /// ARN of a resource of the same service, Region and account.
    pub(crate) fn sibling(self, resource: &str) -> String {
        let Self { partition, service, region, account, .. } = self;
        format!("arn:{partition}:{service}:{region}:{account}:{resource}")
    }
}

/// Region in an ARN; `None` where it has none.
pub(crate) fn region_of(arn: &str) -> Option<&str> {
    Some(Arn::parse(arn)?.region).filter(|region| !region.is_empty())
}

/// Account in an ARN; `None` where it has none.
pub(crate) fn account_of(arn: &str) -> Option<&str> {
    Some(Arn::parse(arn)?.account).filter(|account| !account.is_empty())
}

/// ARN of the resource that `text` names next to the resource `beside`: in its Region and account, unless it is
/// an ARN already. The RDS API names what is in the same Region and gives an ARN for what is not.
pub(crate) fn beside(beside: &str, kind: &str, text: &str) -> Option<String> {
    if text.starts_with("arn:") {
        return Some(text.to_owned());
    }
    Some(Arn::parse(beside)?.sibling(&format!("{kind}:{text}")))
}

#[cfg(test)]
mod tests {
    use super::beside;

    #[test]
    fn a_name_is_next_to_the_resource_and_an_arn_is_where_it_says() {
        let orders = "arn:aws-cn:rds:cn-north-1:123456789012:db:orders";
        assert_eq!(
            beside(orders, "db", "orders-replica").as_deref(),
            Some("arn:aws-cn:rds:cn-north-1:123456789012:db:orders-replica")
        );
        let abroad = "arn:aws-cn:rds:cn-northwest-1:123456789012:db:orders-dr";
        assert_eq!(beside(orders, "db", abroad).as_deref(), Some(abroad));
        assert_eq!(beside("orders", "db", "x"), None);
    }
}
