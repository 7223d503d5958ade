//! The program's own JSON: everything that was concluded, for programs that read it.

mod v1;

use std::io::{self, Write};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

use super::control::Controls;
use super::{Report, stream};
use crate::finding::Assessment;

pub use v1::{CONTROLS_SCHEMA_VERSION, SCHEMA_VERSION};

/// The JSON report.
pub(super) struct Json;

impl Report for Json {
    fn render(&self, assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
        stream::write_json(&v1::Report::of(assessment), out)
    }
}

/// Writes what the policies say about controls.
pub(super) fn controls(controls: &Controls<'_>, out: &mut dyn Write) -> io::Result<()> {
    stream::write_json(&v1::ControlReport::of(controls), out)
}

/// JSON Schema of the report as it is written: what can be `null` is there all the same.
pub fn schema() -> schemars::Schema {
    schema_of::<v1::Report<'static>>()
}

/// JSON Schema of the document about controls as it is written.
pub fn controls_schema() -> schemars::Schema {
    schema_of::<v1::ControlReport<'static>>()
}

fn schema_of<T: JsonSchema>() -> schemars::Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}
