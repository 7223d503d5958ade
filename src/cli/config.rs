//! `hadr-scan config`: the example of a configuration, and the one in effect.

use std::io::{self, Write};
use std::path::Path;

use clap::Subcommand;
use hadr_scan::config::{self, Origin};
use hadr_scan::text;

use super::args::{ConfigArgs, FolderArgs};
use super::exit::ExitStatus;
use super::failure::Failure;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Writes hadr-scan.toml with every key, commented out, to the working directory.
    Init {
        #[command(flatten)]
        folder: FolderArgs,
    },
    /// Shows the values in effect and where each came from.
    Show {
        #[command(flatten)]
        config: ConfigArgs,
        #[command(flatten)]
        folder: FolderArgs,
    },
}

pub(crate) fn run(args: &Args) -> Result<ExitStatus, Failure> {
    match &args.command {
        Command::Init { folder } => {
            let path = config::init(Path::new(""), &folder.load()?)?;
            writeln!(io::stdout().lock(), "wrote {}", path.display())?;
        }
        Command::Show { config, folder } => show(config, folder)?,
    }
    Ok(ExitStatus::Clean)
}

fn show(config: &ConfigArgs, folder: &FolderArgs) -> Result<(), Failure> {
    let (loaded, catalogue) = (config.load()?, folder.load()?);
    let effective = loaded.effective(&loaded.resolve(&catalogue, &catalogue)?).map_err(io::Error::from)?;
    let lines = effective.into_iter().map(|value| {
        let origin = match value.origin {
            Origin::Default => "default".to_owned(),
            Origin::File(place) => place,
        };
        (format!("{} = {}", value.path, value.value), origin)
    });
    let lines: Vec<_> = lines.collect();
    let widths = lines.iter().map(|(value, _)| console::measure_text_width(value));
    // One long value does not push the origins of all others out of sight.
    let width = widths.filter(|width| *width <= 72).max().unwrap_or(0);
    let mut out = io::stdout().lock();
    for (value, origin) in lines {
        writeln!(out, "{:<width$}  # {}", text::printable(&value), text::printable(&origin))?;
    }
    Ok(())
}
