//! Between this program's types and regorus' values.
//!
//! Values are built straight from the types, without JSON text between them. Keys and short strings are shared:
//! in a large account the same few thousand words make up most of the document.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;
use regorus::Value;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::ser::{self, Serialize};
use serde_json::Map;

use crate::index::{Context, Input, ResourceInput};
use crate::policy::{Output, Severity, Violation};

/// Strings that are longer are seldom the same.
const LONGEST_SHARED: usize = 160;

/// Why a value could not be converted.
#[derive(Debug)]
pub(super) struct ConvertError(String);

impl fmt::Display for ConvertError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ConvertError {}

impl ser::Error for ConvertError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Any serialisable value.
pub(super) fn value(value: &impl Serialize) -> Value {
    Builder::default().build(value)
}

/// Resources that one thread converts in a row: enough that its texts are worth sharing, and few enough that the
/// last thread does not keep the others waiting.
const CHUNK: usize = 8192;

/// The policies' `input`. `by_arn` holds the very values of `resources`.
pub(super) fn input(input: &Input<'_>) -> Value {
    let (resources, (relations, placement_and_copies)) = rayon::join(
        || resources(input),
        || rayon::join(|| value(input.relations), || (value(input.placement), value(input.copies))),
    );
    let (resources, by_arn) = resources;
    let (placement, copies) = placement_and_copies;
    object([
        ("captured_at", value(&input.captured_at)),
        ("account", value(&input.account)),
        ("regions", value(&input.regions)),
        ("config", value(&input.config)),
        ("coverage", value(&input.coverage)),
        ("resources", resources),
        ("by_arn", by_arn),
        ("relations", relations),
        ("placement", placement),
        ("copies", copies),
    ])
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::from(
        members.into_iter().map(|(name, value)| (Value::from(name), value)).collect::<BTreeMap<_, _>>(),
    )
}

/// `resources` and `by_arn`.
fn resources(input: &Input<'_>) -> (Value, Value) {
    let convert = |entries: &[ResourceInput<'_>]| -> Vec<(Value, Value)> {
        let chunks = entries.par_chunks(CHUNK).map(|chunk| {
            let mut builder = Builder::default();
            let mut contexts = FxHashMap::default();
            chunk.iter().map(|entry| builder.resource(entry, &mut contexts)).collect::<Vec<_>>()
        });
        chunks.collect::<Vec<_>>().into_iter().flatten().collect()
    };
    let mut by_arn = Vec::new();
    let mut by_type = BTreeMap::new();
    for (kind, entries) in &input.resources {
        let converted = convert(entries);
        let list: Vec<Value> = converted.iter().map(|(_, resource)| resource.clone()).collect();
        by_type.insert(Value::from(kind.as_str()), Value::from(list));
        by_arn.extend(converted);
    }
    by_arn.extend(convert(&input.others));
    (Value::from(by_type), Value::from(by_arn.into_iter().collect::<BTreeMap<_, _>>()))
}

/// Reads what the entry point of a policy gave.
pub(super) fn output(value: &Value) -> Result<Output, ConvertError> {
    let member = |name: &str| match &value[name] {
        Value::Set(set) => Ok(set.iter()),
        Value::Undefined => Err(ConvertError(format!("`{name}` is undefined"))),
        other => Err(ConvertError(format!("`{name}` is not a set but {other}"))),
    };
    let arns = |name: &str| -> Result<BTreeSet<Arc<str>>, ConvertError> {
        member(name)?.map(|arn| text(arn, name)).collect()
    };
    let violations = member("violations")?.map(violation).collect::<Result<_, _>>()?;
    Ok(Output { subjects: arns("subjects")?, violations, unknowns: arns("unknowns")? })
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

/// A serde serializer that makes values and remembers the texts that it has made.
#[derive(Default)]
struct Builder {
    texts: FxHashSet<Arc<str>>,
}

impl Builder {
    /// What cannot be written as JSON becomes `null`; no type of this program is such.
    fn build(&mut self, value: &(impl Serialize + ?Sized)) -> Value {
        value.serialize(self).unwrap_or(Value::Null)
    }

    /// The ARN of a resource and the resource. The context, which few resources have to themselves, is converted
    /// once for all that have it.
    fn resource<'c>(
        &mut self,
        entry: &ResourceInput<'c>,
        contexts: &mut FxHashMap<&'c Context, Vec<(Value, Value)>>,
    ) -> (Value, Value) {
        let context = contexts.entry(entry.context).or_insert_with(|| {
            let members = self.build(entry.context);
            members.as_object().map(|members| members.clone().into_iter().collect()).unwrap_or_default()
        });
        let mut members = Object { builder: self, entries: Vec::with_capacity(13), key: None };
        // What cannot be written is left out, as in `build`; no type of this program is such.
        let _ = entry.serialize_own(&mut members);
        members.entries.extend(context.iter().cloned());
        let resource = members.finish();
        (self.text(&entry.resource.arn), resource)
    }

    fn text(&mut self, text: &str) -> Value {
        if text.len() > LONGEST_SHARED {
            return Value::from(text);
        }
        if let Some(known) = self.texts.get(text) {
            return Value::String(Arc::clone(known));
        }
        let made: Arc<str> = Arc::from(text);
        self.texts.insert(Arc::clone(&made));
        Value::String(made)
    }
}

/// Members of a list or an object that is being made.
struct List<'b> {
    builder: &'b mut Builder,
    items: Vec<Value>,
}

struct Object<'b> {
    builder: &'b mut Builder,
    entries: Vec<(Value, Value)>,
    key: Option<Value>,
}

impl Object<'_> {
    fn finish(self) -> Value {
        Value::from(self.entries.into_iter().collect::<BTreeMap<_, _>>())
    }
}

impl<'b> ser::Serializer for &'b mut Builder {
    type Ok = Value;
    type Error = ConvertError;
    type SerializeSeq = List<'b>;
    type SerializeTuple = List<'b>;
    type SerializeTupleStruct = List<'b>;
    type SerializeTupleVariant = ser::Impossible<Value, ConvertError>;
    type SerializeMap = Object<'b>;
    type SerializeStruct = Object<'b>;
    type SerializeStructVariant = ser::Impossible<Value, ConvertError>;

    fn serialize_bool(self, value: bool) -> Result<Value, ConvertError> {
        Ok(Value::Bool(value))
    }

    fn serialize_i8(self, value: i8) -> Result<Value, ConvertError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Result<Value, ConvertError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Result<Value, ConvertError> {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Result<Value, ConvertError> {
        Ok(Value::from(value))
    }

    fn serialize_u8(self, value: u8) -> Result<Value, ConvertError> {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Result<Value, ConvertError> {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<Value, ConvertError> {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<Value, ConvertError> {
        Ok(Value::from(value))
    }

    fn serialize_f32(self, value: f32) -> Result<Value, ConvertError> {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Result<Value, ConvertError> {
        Ok(Value::from(value))
    }

    fn serialize_char(self, value: char) -> Result<Value, ConvertError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<Value, ConvertError> {
        Ok(self.text(value))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Value, ConvertError> {
        Err(ser::Error::custom("bytes have no JSON form"))
    }

    fn serialize_none(self) -> Result<Value, ConvertError> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, ConvertError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, ConvertError> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, ConvertError> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Value, ConvertError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value, ConvertError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, ConvertError> {
        let value = value.serialize(&mut *self)?;
        Ok(Value::from(BTreeMap::from([(self.text(variant), value)])))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<List<'b>, ConvertError> {
        Ok(List { builder: self, items: Vec::with_capacity(length.unwrap_or(0)) })
    }

    fn serialize_tuple(self, length: usize) -> Result<List<'b>, ConvertError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<List<'b>, ConvertError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, ConvertError> {
        Err(ser::Error::custom("no type of the input is a tuple variant"))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Object<'b>, ConvertError> {
        Ok(Object { builder: self, entries: Vec::with_capacity(length.unwrap_or(0)), key: None })
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Object<'b>, ConvertError> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, ConvertError> {
        Err(ser::Error::custom("no type of the input is a struct variant"))
    }
}

impl ser::SerializeSeq for List<'_> {
    type Ok = Value;
    type Error = ConvertError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConvertError> {
        self.items.push(value.serialize(&mut *self.builder)?);
        Ok(())
    }

    fn end(self) -> Result<Value, ConvertError> {
        Ok(Value::from(self.items))
    }
}

impl ser::SerializeTuple for List<'_> {
    type Ok = Value;
    type Error = ConvertError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConvertError> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Value, ConvertError> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeTupleStruct for List<'_> {
    type Ok = Value;
    type Error = ConvertError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConvertError> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Value, ConvertError> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeMap for Object<'_> {
    type Ok = Value;
    type Error = ConvertError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), ConvertError> {
        self.key = Some(key.serialize(&mut *self.builder)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConvertError> {
        let key = self.key.take().ok_or_else(|| ConvertError("a value without a key".to_owned()))?;
        self.entries.push((key, value.serialize(&mut *self.builder)?));
        Ok(())
    }

    fn end(self) -> Result<Value, ConvertError> {
        Ok(self.finish())
    }
}

impl ser::SerializeStruct for Object<'_> {
    type Ok = Value;
    type Error = ConvertError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), ConvertError> {
        let key = self.builder.text(key);
        self.entries.push((key, value.serialize(&mut *self.builder)?));
        Ok(())
    }

    fn end(self) -> Result<Value, ConvertError> {
        Ok(self.finish())
    }
}
