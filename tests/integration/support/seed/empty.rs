//! `empty`: an account in which nobody has created anything.

use crate::support::account::Account;

/// Creates nothing. It is here so that every fixture is made in the same way.
pub(crate) async fn seed(_account: &Account) {}
