//! Paths of snapshots as findings point at them.

use std::env;
use std::path::{Component, Path, PathBuf};

/// The path relative to the root of the git repository that the working directory is in, which is what code
/// scanning expects; as given if the file is not in it, or there is none.
pub(crate) fn in_repository(path: &Path) -> String {
    with_slashes(relative_to_root(path).as_deref().unwrap_or(path))
}

fn relative_to_root(path: &Path) -> Option<PathBuf> {
    let here = env::current_dir().ok()?.canonicalize().ok()?;
    let root = here.ancestors().find(|folder| folder.join(".git").exists())?;
    path.canonicalize().ok()?.strip_prefix(root).map(Path::to_owned).ok()
}

fn with_slashes(path: &Path) -> String {
    let parts = path.components().filter(|part| !matches!(part, Component::CurDir));
    let parts = parts.map(|part| match part {
        Component::RootDir => "".into(),
        part => part.as_os_str().to_string_lossy(),
    });
    parts.collect::<Vec<_>>().join("/")
}
