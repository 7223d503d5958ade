//! `hadr-scan policy test`: runs `_test.rego` modules.

use std::io::{self, Write};

use hadr_scan::config::Config;
use hadr_scan::policy::{self, Catalogue, Parameters};

use crate::cli::exit::ExitStatus;
use crate::cli::failure::Failure;

pub(super) fn run(catalogue: &Catalogue, id: Option<&str>) -> Result<ExitStatus, Failure> {
    let parameters = Parameters::resolve(catalogue, catalogue, &Config::default())?;
    let modules: Vec<_> =
        catalogue.tests().iter().filter(|module| id.is_none_or(|id| module.tests_of(id))).collect();
    if modules.is_empty() {
        let id = id.unwrap_or("any policy");
        return Err(Failure::usage(
            format_args!("there is no test of {id}"),
            "`hadr-scan policy list` lists the policies; the test of SERVICE/PATTERN.rego is SERVICE/PATTERN_test.rego",
        ));
    }
    let mut out = io::stdout().lock();
    let (mut passed, mut failed) = (0_usize, 0_usize);
    for module in modules {
        for result in policy::test(catalogue, &parameters, module)? {
            match result.failure {
                None => passed += 1,
                Some(failure) => {
                    failed += 1;
                    writeln!(out, "FAILED {}: {}\n  {failure}", result.path, result.name)?;
                }
            }
        }
    }
    writeln!(out, "{passed} passed, {failed} failed")?;
    Ok(if failed == 0 { ExitStatus::Clean } else { ExitStatus::Findings })
}
