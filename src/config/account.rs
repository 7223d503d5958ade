//! Names that `--account` can have: accounts of the configuration and profiles of the AWS files.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::path::PathBuf;

use crate::text;

/// No account and no profile has that name.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("there is no account or AWS profile `{}`", text::printable(.name))]
pub struct UnknownAccount {
    /// The name.
    pub name: String,
    /// Accounts of the configuration.
    pub accounts: Vec<String>,
    /// Profiles of the AWS files.
    pub profiles: Vec<String>,
}

impl UnknownAccount {
    /// What to do about it.
    pub fn help(&self) -> String {
        let listed = |what: &str, names: &[String]| {
            (!names.is_empty()).then(|| format!("{what} are {}", text::printable(&names.join(", "))))
        };
        let known = [
            listed("the accounts of hadr-scan.toml", &self.accounts),
            listed("the AWS profiles", &self.profiles),
        ];
        let known: Vec<String> = known.into_iter().flatten().collect();
        if known.is_empty() {
            "neither hadr-scan.toml nor the AWS configuration has one; without --account the default credentials \
             are used"
                .to_owned()
        } else {
            known.join("; ")
        }
    }
}

/// The files that hold AWS profiles.
#[derive(Clone, Debug, Default)]
pub struct AwsFiles {
    /// `~/.aws/config`.
    pub config: Option<PathBuf>,
    /// `~/.aws/credentials`.
    pub credentials: Option<PathBuf>,
}

impl AwsFiles {
    /// The files that the AWS SDKs read.
    pub fn from_environment() -> Self {
        let path = |variable: &str, name: &str| {
            let named = env::var_os(variable).filter(|path| !path.is_empty()).map(PathBuf::from);
            named.or_else(|| Some(env::home_dir()?.join(".aws").join(name)))
        };
        Self {
            config: path("AWS_CONFIG_FILE", "config"),
            credentials: path("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
        }
    }

    /// Names of the profiles in the files. A file that cannot be read has none: the collector says why, should
    /// it need the file.
    pub fn profiles(&self) -> BTreeSet<String> {
        let text = |path: &Option<PathBuf>| {
            path.as_ref().and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default()
        };
        let (config, credentials) = (text(&self.config), text(&self.credentials));
        let in_config =
            sections(&config).filter_map(|section| match section.split_once(char::is_whitespace) {
                Some(("profile", name)) => Some(name.trim()),
                None if section == "default" => Some(section),
                _ => None,
            });
        in_config.chain(sections(&credentials)).map(str::to_owned).collect()
    }
}

/// Names in the brackets of an INI file.
fn sections(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| Some(line.trim().strip_prefix('[')?.split_once(']')?.0.trim()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::AwsFiles;
    use crate::config::{Account, Config, Loaded};

    #[test]
    fn profiles_are_told_from_other_sections() {
        let folder = tempfile::tempdir().unwrap();
        let (config, credentials) = (folder.path().join("config"), folder.path().join("credentials"));
        fs::write(
            &config,
            "[default]\n[profile prod]\nregion = eu-west-1\n[ profile  stage ]\n[sso-session x]\n",
        )
        .unwrap();
        fs::write(&credentials, "[legacy]\naws_access_key_id = A\n").unwrap();
        let files = AwsFiles { config: Some(config), credentials: Some(credentials) };
        assert_eq!(files.profiles().into_iter().collect::<Vec<_>>(), ["default", "legacy", "prod", "stage"]);

        let shop = Account { role_arn: Some("arn".to_owned()), ..Account::default() };
        let config = Config { accounts: [("prod".to_owned(), shop)].into(), ..Config::default() };
        let mut loaded = Loaded::default();
        loaded.config = config;
        assert_eq!(loaded.account("prod", &files).unwrap().role_arn.as_deref(), Some("arn"));
        assert_eq!(loaded.account("stage", &files).unwrap().profile.as_deref(), Some("stage"));
        let unknown = loaded.account("x", &files).unwrap_err();
        assert_eq!(
            unknown.help(),
            "the accounts of hadr-scan.toml are prod; the AWS profiles are default, legacy, prod, stage"
        );
    }
}
