//! Between this program's types and regorus' values.
//!
//! Values are built straight from the types, without JSON text between them.

mod builder;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use regorus::Value;
use serde::Serialize;
use serde_json::Map;

use self::builder::{Alike, Builder};
pub(super) use self::builder::{ConvertError, Words};
use super::Part;
use crate::index::{Input, Relations, ResourceInput};
use crate::policy::{Output, Severity, Violation};

/// Any serialisable value.
pub(super) fn value(value: &impl Serialize) -> Value {
    Builder::default().build(value)
}

/// Resources that one thread converts in a row: enough that its texts are worth sharing, and few enough that the
/// last thread does not keep the others waiting.
const CHUNK: usize = 8192;

/// The policies' `input`, without the settings and relations whose names are not among the words. `by_arn` holds the
/// very values of `resources`.
pub(super) fn input(input: &Input<'_>, words: &Words) -> Value {
    let ((resources, by_arn), relations) =
        rayon::join(|| resources(input, words), || relations(input.relations, words));
    object([
        ("captured_at", value(&input.captured_at)),
        ("account", value(&input.account)),
        ("regions", value(&input.regions)),
        ("config", value(&input.config)),
        ("coverage", value(&input.coverage)),
        ("resources", resources),
        ("by_arn", by_arn),
        ("relations", relations),
        ("workloads", value(&input.workloads)),
        ("evidence", value(&input.evidence)),
        ("unreadable", value(&input.unreadable)),
    ])
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::from(
        members.into_iter().map(|(name, value)| (Value::from(name), value)).collect::<BTreeMap<_, _>>(),
    )
}

fn relations(relations: &Relations<'_>, words: &Words) -> Value {
    let named: BTreeMap<_, _> = relations.iter().filter(|(label, _)| words.contains(**label)).collect();
    value(&named)
}

/// `resources` and `by_arn`.
fn resources(input: &Input<'_>, words: &Words) -> (Value, Value) {
    let judged = input.resources.values().flatten();
    let entries: Vec<&ResourceInput<'_>> = judged.chain(&input.others).collect();
    let chunks = entries.par_chunks(CHUNK).map(|chunk| {
        let mut builder = Builder::keeping(words);
        let mut alike = Alike::default();
        chunk.iter().map(|entry| builder.resource(entry, &mut alike)).collect::<Vec<_>>()
    });
    let converted: Vec<(Value, Value)> = chunks.collect::<Vec<_>>().into_iter().flatten().collect();
    let by_type = by_type(input, &converted);
    (by_type, by_arn(converted))
}

/// The converted resources that are judged, which come first and in the order of the types.
fn by_type(input: &Input<'_>, converted: &[(Value, Value)]) -> Value {
    let mut rest = converted;
    let mut by_type = BTreeMap::new();
    for (kind, entries) in &input.resources {
        let (own, others) = rest.split_at(entries.len());
        let list: Vec<Value> = own.iter().map(|(_, resource)| resource.clone()).collect();
        by_type.insert(Value::from(kind.as_str()), Value::from(list));
        rest = others;
    }
    Value::from(by_type)
}

/// Several threads sort better than the map, which has one and only checks what is sorted.
fn by_arn(mut converted: Vec<(Value, Value)>) -> Value {
    converted.par_sort_by(|(one, _), (other, _)| one.cmp(other));
    Value::from(converted.into_iter().collect::<BTreeMap<_, _>>())
}

/// Inputs with some of the resources of one each, as many as are told, and all else of it.
pub(super) fn parts(input: &Value, size: usize) -> Vec<Part> {
    let (Ok(members), Ok(types)) = (input.as_object(), input["resources"].as_object()) else {
        return Vec::new();
    };
    let nothing = Value::from(Vec::new());
    let empty: BTreeMap<Value, Value> = types.keys().map(|kind| (kind.clone(), nothing.clone())).collect();
    let part = |resources: BTreeMap<Value, Value>, types| {
        let mut members = members.clone();
        members.insert(Value::from("resources"), Value::from(resources));
        Part { input: Value::from(members), types }
    };
    let (mut parts, mut next, mut present, mut room) = (Vec::new(), empty.clone(), Vec::new(), size);
    for (kind, list) in types.iter() {
        let mut rest = list.as_array().map_or(&[][..], |list| list.as_slice());
        while !rest.is_empty() {
            let (taken, left) = rest.split_at(room.min(rest.len()));
            next.insert(kind.clone(), Value::from(taken.to_vec()));
            present.extend(kind.as_string().map(|kind| kind.to_string()));
            room -= taken.len();
            rest = left;
            if room == 0 {
                parts.push(part(std::mem::replace(&mut next, empty.clone()), std::mem::take(&mut present)));
                room = size;
            }
        }
    }
    // Policies without resources have something to say, too.
    if room < size || parts.is_empty() {
        parts.push(part(next, present));
    }
    parts
}

/// Reads what the entry point of a policy gave, in the order in which it is there.
pub(super) fn output(value: &Value) -> Result<Output, ConvertError> {
    let member = |name: &str| match &value[name] {
        Value::Set(set) => Ok(set.iter()),
        Value::Undefined => Err(ConvertError(format!("`{name}` is undefined"))),
        other => Err(ConvertError(format!("`{name}` is not a set but {other}"))),
    };
    let subjects = member("subjects")?.map(|arn| text(arn, "subjects")).collect::<Result<_, _>>()?;
    let violations = member("violations")?.map(violation).collect::<Result<_, _>>()?;
    let unknowns = member("unknowns")?.map(|arn| text(arn, "unknowns")).collect::<Result<_, _>>()?;
    Ok(Output { subjects, violations, unknowns })
}

fn text(value: &Value, what: &str) -> Result<Arc<str>, ConvertError> {
    match value {
        Value::String(text) => Ok(Arc::clone(text)),
        other => Err(ConvertError(format!("`{what}` holds {other}, which is not a text"))),
    }
}

fn violation(value: &Value) -> Result<Violation, ConvertError> {
    let known = ["resource", "message", "evidence", "params", "discriminator", "at_most"];
    let fields =
        value.as_object().map_err(|_| ConvertError(format!("`violations` holds {value}, not an object")))?;
    if let Some(unknown) = fields.keys().find(|key| !known.iter().any(|known| **key == Value::from(*known))) {
        return Err(ConvertError(format!("a violation has the unknown member {unknown}")));
    }
    let object = |name: &str| match &value[name] {
        Value::Undefined => Ok(Map::new()),
        other => match serde_json::to_value(other) {
            Ok(serde_json::Value::Object(members)) => Ok(members),
            _ => Err(ConvertError(format!("`{name}` of a violation is not an object"))),
        },
    };
    let optional = |name: &str| match &value[name] {
        Value::Undefined => Ok(None),
        other => text(other, name).map(Some),
    };
    let at_most = optional("at_most")?.map(|word| {
        let unknown =
            |()| ConvertError(format!("`at_most` of a violation is {word:?}, which is no severity"));
        word.parse::<Severity>().map_err(unknown)
    });
    Ok(Violation {
        resource: text(&value["resource"], "resource")?,
        message: text(&value["message"], "message")?.to_string(),
        evidence: object("evidence")?,
        params: object("params")?,
        discriminator: optional("discriminator")?.map(|text| text.to_string()),
        at_most: at_most.transpose()?,
    })
}
