//! One endpoint and one account, with each service on the server that gets it right: S3, DynamoDB, AWS Backup, alarms and
//! the Regions on ministack, the rest on moto, known differences from AWS corrected.

use super::account::Account;
use super::gateway::Gateway;
use super::server::{ministack, moto};
use super::{corrections, server};

/// An account of AWS as true as the servers together can be.
pub(crate) struct Cloud {
    /// What the scanner talks to. Rules that a test adds come after the corrections.
    pub(crate) gateway: Gateway,
    /// The account, through the gateway.
    pub(crate) account: Account,
}

impl Cloud {
    /// A fresh account.
    pub(crate) fn new() -> Self {
        Self::with_account(&Account::fresh_id())
    }

    /// The account of the given id, for fixtures whose account number is part of what they show.
    pub(crate) fn with_account(id: &str) -> Self {
        let gateway = routing();
        corrections::apply(&gateway);
        let account = moto().account_with_id(id).through(&gateway);
        Self { gateway, account }
    }
}

/// A gateway to both servers of this process, with nothing corrected.
pub(crate) fn routing() -> Gateway {
    let ministack: &server::Server = ministack();
    let services = ["s3", "account", "dynamodb", "backup", "monitoring"];
    Gateway::routing(moto(), services.map(|service| (service, ministack)))
}
