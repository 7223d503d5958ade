//! Whose account it is.

use super::Error;
use super::ledger::operation;
use super::limiter::Service;
use super::scan::Scan;
use crate::snapshot::GLOBAL;
use crate::snapshot::arn::Arn;
use crate::snapshot::operation::Operation;

const GET_CALLER_IDENTITY: &Operation = operation("sts", "GetCallerIdentity");
const LIST_ACCOUNT_ALIASES: &Operation = operation("iam", "ListAccountAliases");

/// The account of the caller.
#[derive(Clone, Debug)]
pub(super) struct Account {
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub(super) partition: String,
    /// Twelve digits.
    pub(super) id: String,
}

/// Asks who the caller is. No policy can forbid this call, so that its failure is the end of the scan.
pub(super) async fn account(scan: &Scan) -> Result<Account, Error> {
    let (client, lane) = scan.session.sts(scan.session.home());
    let endpoint = || scan.session.endpoint(Service::Sts);
    let answer = scan
        .send(&lane, || client.get_caller_identity().send())
        .await
        .map_err(|unanswered| Error::of_identity(unanswered, endpoint(), scan.session.role()))?;
    let arn = answer.arn.unwrap_or_default();
    let account = Arn::parse(&arn)
        .zip(answer.account)
        .map(|(arn, id)| Account { partition: arn.partition.to_owned(), id });
    let account = account.ok_or_else(|| Error::NotAws {
        endpoint: endpoint(),
        cause: "it does not say whose the credentials are".to_owned(),
    })?;
    scan.ledger.enter(GET_CALLER_IDENTITY, GLOBAL, 1, None);
    scan.ledger.finish(GET_CALLER_IDENTITY, GLOBAL, None);
    Ok(account)
}

/// Reads the alias of the account. An account has one or none.
pub(super) async fn alias(scan: &Scan) -> Option<String> {
    let (client, lane) = scan.session.iam(scan.session.home());
    let listing = scan
        .list(
            LIST_ACCOUNT_ALIASES,
            GLOBAL,
            &lane,
            |marker| client.list_account_aliases().set_marker(marker).send(),
            |page| (page.marker.filter(|_| page.is_truncated), Some(page.account_aliases)),
        )
        .await;
    listing.items.into_iter().next()
}
