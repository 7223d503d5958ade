//! The serde serializer that makes values. Keys and short strings are shared: in a large account the same few
//! thousand words make up most of the document. What depends on a type alone (its keys, which of them are kept and
//! their order) is found out once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use regorus::Value;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::ser::{self, Serialize};

use crate::index::{Context, Placement, ResourceInput, Schedules};

/// Strings that are longer are seldom the same.
const LONGEST_SHARED: usize = 160;

/// Types of which an account has few different values, each of them many times. They are shared like texts, so that the
/// policies find them in the cache.
const REPEATED: [&str; 6] =
    ["Encryption", "Lifecycle", "ObjectLock", "PendingModifiedValues", "Versioning", "Zone"];

/// Member of a resource that holds its settings.
const ATTRIBUTES: &str = "attributes";

/// Why a value could not be converted.
#[derive(Debug)]
pub(in super::super) struct ConvertError(pub(super) String);

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

/// Words of the policies' text.
pub(in super::super) type Words = FxHashSet<String>;

/// Makes values, and remembers the texts that it has made.
#[derive(Default)]
pub(super) struct Builder<'w> {
    texts: FxHashSet<Arc<str>>,
    /// Keys of types, by where the program keeps their text.
    keys: FxHashMap<*const str, Key>,
    /// Positions of a type's members in the order of their keys, by the name of the type and how many there are.
    orders: FxHashMap<(*const str, usize), Vec<usize>>,
    /// Names of the settings to keep; all are kept if there are none.
    words: Option<&'w Words>,
    /// What comes next are the settings of a resource.
    at_attributes: bool,
    /// Values of the repeated types.
    repeated: BTreeSet<Value>,
    /// The list without items, which takes room like any other.
    empty: Option<Value>,
}

#[derive(Clone)]
struct Key {
    text: Value,
    /// Whether a policy names it.
    is_word: bool,
}

impl<'w> Builder<'w> {
    /// Leaves out the settings of resources whose names are not among the words.
    pub(super) fn keeping(words: &'w Words) -> Self {
        Self { words: Some(words), ..Self::default() }
    }

    /// What cannot be written as JSON becomes `null`; no type of this program is such.
    pub(super) fn build(&mut self, value: &(impl Serialize + ?Sized)) -> Value {
        value.serialize(self).unwrap_or(Value::Null)
    }

    /// The ARN of a resource and the resource.
    pub(super) fn resource<'i>(
        &mut self,
        entry: &ResourceInput<'i>,
        alike: &mut Alike<'i>,
    ) -> (Value, Value) {
        let mut members = Struct::new(self, "resource with what is derived", 20, false);
        // What cannot be written is left out, as in `build`; no type of this program is such.
        let _ = entry.serialize_own(&mut members);
        alike.add_derived(members.builder, entry, &mut members.entries);
        let resource = members.finish();
        (self.text(&entry.resource.arn), resource)
    }

    fn key(&mut self, name: &'static str) -> Key {
        if let Some(known) = self.keys.get(&std::ptr::from_ref(name)) {
            return known.clone();
        }
        let is_word = self.words.is_none_or(|words| words.contains(name));
        let key = Key { text: self.text(name), is_word };
        self.keys.insert(name, key.clone());
        key
    }

    /// The object of a type's members. It sorts them, which costs little if they are sorted, and takes as much room as it
    /// is told that there are.
    fn object(&mut self, name: &'static str, mut entries: Vec<(Value, Value)>) -> Value {
        let order = self.orders.entry((std::ptr::from_ref(name), entries.len())).or_insert_with(|| {
            let mut order: Vec<usize> = (0..entries.len()).collect();
            order.sort_by_key(|position| entries.get(*position).map(|(key, _)| key));
            order
        });
        let nothing = || (Value::Undefined, Value::Undefined);
        let take = |position: &usize| {
            entries.get_mut(*position).map_or_else(nothing, |entry| std::mem::replace(entry, nothing()))
        };
        Value::from(order.iter().map(take).collect::<BTreeMap<_, _>>())
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

/// Values of what few resources have to themselves, such as the rules of the one plan that has them all. Each is
/// converted once.
#[derive(Default)]
pub(super) struct Alike<'i> {
    /// Members of contexts, by where the index keeps them.
    contexts: FxHashMap<*const Context, Vec<(Value, Value)>>,
    placements: FxHashMap<&'i Placement<'i>, Value>,
    schedules: FxHashMap<&'i Schedules<'i>, Value>,
}

impl<'i> Alike<'i> {
    /// Adds the members of a resource that the index derives.
    fn add_derived(
        &mut self,
        builder: &mut Builder<'_>,
        entry: &ResourceInput<'i>,
        members: &mut Vec<(Value, Value)>,
    ) {
        let context = self.contexts.entry(std::ptr::from_ref(entry.context)).or_insert_with(|| {
            let context = builder.build(entry.context);
            context.as_object().map(|members| members.clone().into_iter().collect()).unwrap_or_default()
        });
        members.extend(context.iter().cloned());
        if let Some(age) = entry.age {
            members.push((builder.key("age").text, Value::from(age)));
        }
        if let Some(placement) = entry.placement() {
            let value = self.placements.entry(placement).or_insert_with(|| builder.build(placement));
            members.push((builder.key("placement").text, value.clone()));
        }
        if let Some(copies) = entry.copies() {
            members.push((builder.key("copies").text, builder.build(copies)));
        }
        if let Some(schedules) = entry.schedules() {
            let value = self.schedules.entry(schedules).or_insert_with(|| builder.build(schedules));
            members.push((builder.key("schedules").text, value.clone()));
        }
        if let Some(holds) = entry.holds() {
            members.push((builder.key("holds").text, builder.build(holds)));
        }
    }
}

/// Members of a list or an object that is being made.
pub(super) struct List<'b, 'w> {
    builder: &'b mut Builder<'w>,
    items: Vec<Value>,
}

pub(super) struct Object<'b, 'w> {
    builder: &'b mut Builder<'w>,
    entries: Vec<(Value, Value)>,
    key: Option<Value>,
}

/// Members of an object whose keys follow from its type.
pub(super) struct Struct<'b, 'w> {
    builder: &'b mut Builder<'w>,
    name: &'static str,
    entries: Vec<(Value, Value)>,
    /// Members that no policy names are left out.
    only_words: bool,
}

impl<'b, 'w> Struct<'b, 'w> {
    fn new(builder: &'b mut Builder<'w>, name: &'static str, length: usize, only_words: bool) -> Self {
        Self { builder, name, entries: Vec::with_capacity(length), only_words }
    }

    fn finish(self) -> Value {
        let value = self.builder.object(self.name, self.entries);
        if !REPEATED.contains(&self.name) {
            return value;
        }
        let repeated = &mut self.builder.repeated;
        repeated.get(&value).cloned().unwrap_or_else(|| {
            repeated.insert(value.clone());
            value
        })
    }
}

impl<'b, 'w> ser::Serializer for &'b mut Builder<'w> {
    type Ok = Value;
    type Error = ConvertError;
    type SerializeSeq = List<'b, 'w>;
    type SerializeTuple = List<'b, 'w>;
    type SerializeTupleStruct = List<'b, 'w>;
    type SerializeTupleVariant = ser::Impossible<Value, ConvertError>;
    type SerializeMap = Object<'b, 'w>;
    type SerializeStruct = Struct<'b, 'w>;
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

    fn serialize_seq(self, length: Option<usize>) -> Result<List<'b, 'w>, ConvertError> {
        Ok(List { builder: self, items: Vec::with_capacity(length.unwrap_or(0)) })
    }

    fn serialize_tuple(self, length: usize) -> Result<List<'b, 'w>, ConvertError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<List<'b, 'w>, ConvertError> {
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

    fn serialize_map(self, length: Option<usize>) -> Result<Object<'b, 'w>, ConvertError> {
        Ok(Object { builder: self, entries: Vec::with_capacity(length.unwrap_or(0)), key: None })
    }

    fn serialize_struct(self, name: &'static str, length: usize) -> Result<Struct<'b, 'w>, ConvertError> {
        let only_words = std::mem::take(&mut self.at_attributes);
        Ok(Struct::new(self, name, length, only_words))
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

impl ser::SerializeSeq for List<'_, '_> {
    type Ok = Value;
    type Error = ConvertError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConvertError> {
        self.items.push(value.serialize(&mut *self.builder)?);
        Ok(())
    }

    fn end(self) -> Result<Value, ConvertError> {
        if self.items.is_empty() {
            return Ok(self.builder.empty.get_or_insert_with(|| Value::from(Vec::new())).clone());
        }
        Ok(Value::from(self.items))
    }
}

impl ser::SerializeTuple for List<'_, '_> {
    type Ok = Value;
    type Error = ConvertError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConvertError> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Value, ConvertError> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeTupleStruct for List<'_, '_> {
    type Ok = Value;
    type Error = ConvertError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), ConvertError> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Value, ConvertError> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeMap for Object<'_, '_> {
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
        Ok(Value::from(self.entries.into_iter().collect::<BTreeMap<_, _>>()))
    }
}

impl ser::SerializeStruct for Struct<'_, '_> {
    type Ok = Value;
    type Error = ConvertError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), ConvertError> {
        self.builder.at_attributes = key == ATTRIBUTES;
        let key = self.builder.key(key);
        if key.is_word || !self.only_words {
            self.entries.push((key.text, value.serialize(&mut *self.builder)?));
        }
        Ok(())
    }

    fn end(self) -> Result<Value, ConvertError> {
        Ok(self.finish())
    }
}
