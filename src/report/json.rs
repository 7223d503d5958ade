//! The program's own JSON: everything that was concluded, for programs that read it.

mod v1;

use std::io::{self, Write};

use schemars::generate::SchemaSettings;

use super::{Report, stream};
use crate::finding::Assessment;

pub use v1::SCHEMA_VERSION;

/// The JSON report.
pub(super) struct Json;

impl Report for Json {
    fn render(&self, assessment: &Assessment, out: &mut dyn Write) -> io::Result<()> {
        stream::write_json(&v1::Report::of(assessment), out)
    }
}

/// JSON Schema of the report as it is written: what can be `null` is there all the same.
pub fn schema() -> schemars::Schema {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<v1::Report<'static>>()
}
