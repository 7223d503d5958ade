//! Thresholds: the defaults of the metadata with the user's values over them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::catalogue::{Catalogue, UnknownPolicy};
use crate::config::Config;
use crate::index::Criticality;

/// Parameters by policy, then by name. A value that depends on criticality is an object with one for each.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub struct Parameters(BTreeMap<String, BTreeMap<String, Value>>);

/// Why the parameters of the configuration were refused.
#[derive(Debug, thiserror::Error, PartialEq)]
pub enum ParameterError {
    /// No policy has that id.
    #[error("[parameters.{}]: {_0}", .0.id)]
    UnknownPolicy(UnknownPolicy),
    /// The policy has no such parameter.
    #[error("[parameters.{id}]: the policy has no parameter {name}")]
    UnknownParameter {
        /// The policy.
        id: String,
        /// The parameter.
        name: String,
    },
    /// The value is of another type than the default.
    #[error("[parameters.{id}]: {name} must be {expected}, or a table with one for each criticality")]
    WrongType {
        /// The policy.
        id: String,
        /// The parameter.
        name: String,
        /// Type of the default.
        expected: &'static str,
    },
    /// The value is less than nothing, which no duration, number or share is.
    #[error("[parameters.{id}]: {name} must not be negative")]
    Negative {
        /// The policy.
        id: String,
        /// The parameter.
        name: String,
        /// The criticality, if the value is one of a table.
        criticality: Option<String>,
    },
}

impl ParameterError {
    /// Keys below `[parameters]` that lead to what is wrong.
    pub fn path(&self) -> Vec<&str> {
        match self {
            Self::UnknownPolicy(unknown) => vec![&unknown.id],
            Self::UnknownParameter { id, name } | Self::WrongType { id, name, .. } => vec![id, name],
            Self::Negative { id, name, criticality } => {
                [id, name].into_iter().chain(criticality).map(String::as_str).collect()
            }
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            Self::UnknownPolicy(unknown) => unknown.help(),
            Self::UnknownParameter { id, .. } | Self::WrongType { id, .. } | Self::Negative { id, .. } => {
                format!("`hadr-scan policy show {id}` lists its parameters")
            }
        }
    }
}

impl Parameters {
    /// Resolves the parameters of every policy of a catalogue. `known` holds all policies that there are, so
    /// that a selection of some does not make the configuration of the others wrong.
    pub fn resolve(
        catalogue: &Catalogue,
        known: &Catalogue,
        config: &Config,
    ) -> Result<Self, ParameterError> {
        for (id, values) in &config.parameters {
            let policy = known.require(id).map_err(ParameterError::UnknownPolicy)?;
            for (name, value) in values {
                let Some(parameter) = policy.metadata.custom.parameters.get(name) else {
                    return Err(ParameterError::UnknownParameter { id: id.clone(), name: name.clone() });
                };
                check(id, name, &parameter.default, value)?;
            }
        }
        let resolve = |policy: &super::Policy| {
            let configured = config.parameters.get(&policy.id);
            let values = policy.metadata.custom.parameters.iter().map(|(name, parameter)| {
                let value = configured.and_then(|values| values.get(name));
                (name.clone(), merge(&parameter.default, value))
            });
            (policy.id.clone(), values.collect())
        };
        Ok(Self(catalogue.iter().map(resolve).collect()))
    }
}

/// A value for all criticalities replaces a default by criticality; a table replaces only what it names.
fn merge(default: &Value, value: Option<&Value>) -> Value {
    match (default, value) {
        (_, None) => default.clone(),
        (Value::Object(by_criticality), Some(Value::Object(changes))) => {
            let mut merged = by_criticality.clone();
            merged.extend(changes.clone());
            Value::Object(merged)
        }
        (Value::Object(by_criticality), Some(one)) => Value::Object(
            by_criticality.keys().map(|criticality| (criticality.clone(), one.clone())).collect(),
        ),
        (_, Some(value)) => value.clone(),
    }
}

fn check(id: &str, name: &str, default: &Value, value: &Value) -> Result<(), ParameterError> {
    let wrong = |expected| ParameterError::WrongType { id: id.to_owned(), name: name.to_owned(), expected };
    let one = match default {
        Value::Object(by_criticality) => by_criticality.values().next().unwrap_or(default),
        one => one,
    };
    let expected = type_name(one);
    let values: Vec<(Option<&String>, &Value)> = match (default, value) {
        (Value::Object(_), Value::Object(changes)) => {
            let known = |key: &String| Criticality::ALL.iter().any(|criticality| criticality.as_str() == key);
            if !changes.keys().all(known) {
                return Err(wrong(expected));
            }
            changes.iter().map(|(criticality, value)| (Some(criticality), value)).collect()
        }
        (_, value) => vec![(None, value)],
    };
    // What is no number, such as `nan`, has become `null`.
    if values.iter().any(|(_, value)| type_name(value) != expected) {
        return Err(wrong(expected));
    }
    match values.into_iter().find(|(_, value)| is_negative(value)) {
        Some((criticality, _)) => Err(ParameterError::Negative {
            id: id.to_owned(),
            name: name.to_owned(),
            criticality: criticality.cloned(),
        }),
        None => Ok(()),
    }
}

/// Whether a number, or one in a list, is less than zero.
fn is_negative(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_f64().is_some_and(|number| number < 0.0),
        Value::Array(items) => items.iter().any(is_negative),
        _ => false,
    }
}

const fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a table",
    }
}
