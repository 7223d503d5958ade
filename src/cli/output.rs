//! Where reports go: stdout or files, which appear whole or not at all.

use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use hadr_scan::finding::Assessment;
use hadr_scan::report::{self, Format, Options};
use tempfile::NamedTempFile;

use super::failure::Failure;

/// Flags about reports.
#[derive(clap::Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct OutputArgs {
    /// File to write a report to, or - for stdout. Repeatable; without it, stdout.
    #[arg(short, long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// Format of every output: table, json or sarif. Without it, the extension of each file says, and stdout is a
    /// table.
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
}

/// Places for reports, which can be written to.
pub(crate) struct Outputs(Vec<(Sink, Format)>);

enum Sink {
    Stdout,
    /// A regular file: a temporary one beside it takes its place at the end.
    File {
        path: PathBuf,
        target: PathBuf,
        permissions: Option<Permissions>,
    },
    /// A device or pipe that is there and stays there.
    Device {
        path: PathBuf,
        file: File,
    },
}

impl Outputs {
    /// Checks that every place can be written to. Nothing is left there, should the program be interrupted.
    pub(crate) fn open(args: &OutputArgs) -> Result<Self, Failure> {
        if args.output.is_empty() {
            return Ok(Self(vec![(Sink::Stdout, args.format.unwrap_or(Format::Table))]));
        }
        let open = |path: &PathBuf| {
            if path.as_os_str() == "-" {
                return Ok((Sink::Stdout, args.format.unwrap_or(Format::Table)));
            }
            let format = args.format.or_else(|| Format::from_path(path)).ok_or_else(|| {
                Failure::usage(
                    format_args!("the name {} does not say which format to write", path.display()),
                    "name it .json or .sarif, or give --format",
                )
            })?;
            Ok((Sink::open(path).map_err(|error| unwritable(path, error))?, format))
        };
        args.output.iter().map(open).collect::<Result<_, Failure>>().map(Self)
    }

    /// Refuses to write a report over a file that is read.
    pub(crate) fn spare(&self, inputs: &[PathBuf]) -> Result<(), Failure> {
        let is_input = |target: &Path| {
            let same = |input: &PathBuf| fs::canonicalize(input).ok().zip(fs::canonicalize(target).ok());
            inputs.iter().filter_map(same).any(|(input, target)| input == target)
        };
        let spared = self.0.iter().find_map(|(sink, _)| match sink {
            Sink::File { path, target, .. } => is_input(target).then_some(path),
            Sink::Stdout | Sink::Device { .. } => None,
        });
        match spared {
            Some(path) => Err(Failure::usage(
                format_args!("the report would take the place of the snapshot {}", path.display()),
                "give the report another name",
            )),
            None => Ok(()),
        }
    }

    /// Whether a report goes to stdout.
    pub(crate) fn include_stdout(&self) -> bool {
        self.0.iter().any(|(sink, _)| matches!(sink, Sink::Stdout))
    }

    /// Writes every report and gives the paths of the files. No file appears before all are written.
    pub(crate) fn write(self, assessment: &Assessment) -> Result<Vec<String>, Failure> {
        let (mut written, mut complete) = (Vec::new(), Vec::new());
        for (sink, format) in self.0 {
            let path = match sink {
                Sink::Stdout => {
                    ignore_closed_pipe(render_to_stdout(format, assessment))?;
                    continue;
                }
                Sink::Device { path, file } => {
                    render_to_file(format, assessment, &file).map_err(|error| unwritable(&path, error))?;
                    path
                }
                Sink::File { path, target, permissions } => {
                    let render = || {
                        let temporary = beside(&target)?;
                        render_to_file(format, assessment, temporary.as_file())?;
                        if let Some(permissions) = permissions {
                            temporary.as_file().set_permissions(permissions)?;
                        }
                        Ok(temporary)
                    };
                    complete.push((render().map_err(|error| unwritable(&path, error))?, target));
                    path
                }
            };
            written.push(path.display().to_string());
        }
        for (temporary, target) in complete {
            temporary.persist(&target).map_err(|error| unwritable(&target, error.error))?;
        }
        Ok(written)
    }
}

impl Sink {
    fn open(path: &Path) -> io::Result<Self> {
        let path = path.to_owned();
        match fs::metadata(&path) {
            Ok(metadata) if metadata.is_file() => {
                // A link stays a link, and a file that may not be written is not replaced behind its owner's back.
                File::options().append(true).open(&path)?;
                let target = path.canonicalize()?;
                drop(beside(&target)?);
                Ok(Self::File { path, target, permissions: Some(metadata.permissions()) })
            }
            Ok(metadata) if metadata.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
            Ok(_) => Ok(Self::Device { file: File::options().write(true).open(&path)?, path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                drop(beside(&path)?);
                Ok(Self::File { target: path.clone(), path, permissions: None })
            }
            Err(error) => Err(error),
        }
    }
}

/// Checks that a snapshot could be written, before it costs a scan.
pub(crate) fn check(path: &Path) -> Result<(), Failure> {
    Sink::open(path).map(drop).map_err(|error| unwritable(path, error))
}

/// A temporary file in the folder of another, with the permissions that a new file there would have.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".hadr-scan-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder).map_err(without_path)
}

/// The error without the name of the temporary file, which nobody asked for.
fn without_path(error: io::Error) -> io::Error {
    if error.get_ref().is_some() { error.kind().into() } else { error }
}

fn render_to_file(format: Format, assessment: &Assessment, file: &File) -> io::Result<()> {
    let mut file = BufWriter::new(file);
    report::render(format, assessment, &Options { width: None, color: false }, &mut file)?;
    file.flush()
}

fn render_to_stdout(format: Format, assessment: &Assessment) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    report::render(format, assessment, &of_stdout(), &mut out)?;
    out.flush()
}

/// How a report for people looks on stdout.
pub(crate) fn of_stdout() -> Options {
    if io::stdout().is_terminal() {
        let width = console::Term::stdout().size_checked().map(|(_, columns)| usize::from(columns));
        Options { width, color: console::colors_enabled() }
    } else {
        Options { width: None, color: false }
    }
}

/// A reader that has seen enough has not failed, and the other outputs are still wanted.
fn ignore_closed_pipe(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

fn unwritable(path: &Path, error: io::Error) -> Failure {
    Failure::io(
        format_args!("cannot write {}", path.display()),
        error,
        "name a file in a folder that exists and that you may write to",
    )
}
