//! CBOR as CloudWatch speaks it, from and to JSON, so that stubs, rules and corrections need to know JSON only.
//!
//! JSON has no times. One is an object with a single member, `{"$time": 1767323045}`, on either side.

use serde_json::{Map, Number, Value};

/// Name of the only member of a time.
const TIME: &str = "$time";

/// The tag of seconds since 1970.
const EPOCH: u64 = 1;

/// Writes a value.
pub(crate) fn encode(value: &Value) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(value, &mut bytes);
    bytes
}

/// Reads a value; `None` if these bytes are something else.
pub(crate) fn decode(bytes: &[u8]) -> Option<Value> {
    let mut rest = bytes;
    read(&mut rest).filter(|_| rest.is_empty())
}

fn write(value: &Value, bytes: &mut Vec<u8>) {
    match value {
        Value::Null => bytes.push(0xF6),
        Value::Bool(is_set) => bytes.push(if *is_set { 0xF5 } else { 0xF4 }),
        Value::Number(number) => match (number.as_u64(), number.as_i64()) {
            (Some(number), _) => head(0, number, bytes),
            (None, Some(number)) => head(1, number.unsigned_abs() - 1, bytes),
            (None, None) => {
                bytes.push(0xFB);
                bytes.extend(number.as_f64().unwrap_or_default().to_be_bytes());
            }
        },
        Value::String(text) => {
            head(3, length(text.len()), bytes);
            bytes.extend(text.as_bytes());
        }
        Value::Array(items) => {
            head(4, length(items.len()), bytes);
            items.iter().for_each(|item| write(item, bytes));
        }
        Value::Object(members) => {
            if let (1, Some(time)) = (members.len(), members.get(TIME)) {
                head(6, EPOCH, bytes);
                return write(time, bytes);
            }
            head(5, length(members.len()), bytes);
            for (name, member) in members {
                write(&Value::from(name.as_str()), bytes);
                write(member, bytes);
            }
        }
    }
}

fn length(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}

/// Writes the type of an item with its number, in the fewest bytes that hold it.
fn head(kind: u8, number: u64, bytes: &mut Vec<u8>) {
    let be = number.to_be_bytes();
    let (short, from) = match number {
        0..24 => (be[7], 8),
        24..0x100 => (24, 7),
        0x100..0x1_0000 => (25, 6),
        0x1_0000..0x1_0000_0000 => (26, 4),
        _ => (27, 0),
    };
    bytes.push(kind << 5 | short);
    bytes.extend(&be[from..]);
}

fn read(rest: &mut &[u8]) -> Option<Value> {
    let first = take(rest, 1)?[0];
    let (kind, short) = (first >> 5, first & 0x1F);
    // What has no length ends with a break, which is read as the number of items that never comes.
    let number = match short {
        0..24 => u64::from(short),
        24..28 => {
            let digits = take(rest, 1 << (short - 24))?;
            if kind == 7 {
                return float(digits);
            }
            digits.iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
        }
        31 => u64::MAX,
        _ => return None,
    };
    match kind {
        0 => Some(number.into()),
        1 => Some((-1 - i64::try_from(number).ok()?).into()),
        3 => {
            let text = take(rest, usize::try_from(number).ok()?)?;
            Some(std::str::from_utf8(text).ok()?.into())
        }
        4 => {
            let mut items = Vec::new();
            while goes_on(rest, items.len(), number)? {
                items.push(read(rest)?);
            }
            Some(items.into())
        }
        5 => {
            let mut members = Map::new();
            while goes_on(rest, members.len(), number)? {
                let name = read(rest)?.as_str()?.to_owned();
                members.insert(name, read(rest)?);
            }
            Some(members.into())
        }
        6 if number == EPOCH => Some(Map::from_iter([(TIME.to_owned(), read(rest)?)]).into()),
        7 => match short {
            20 => Some(false.into()),
            21 => Some(true.into()),
            22 | 23 => Some(Value::Null),
            _ => None,
        },
        _ => None,
    }
}

/// Whether there is one more item; takes the break after the last.
fn goes_on(rest: &mut &[u8], items: usize, number: u64) -> Option<bool> {
    if number != u64::MAX {
        return Some(length(items) < number);
    }
    if *rest.first()? != 0xFF {
        return Some(true);
    }
    take(rest, 1).map(|_| false)
}

fn float(digits: &[u8]) -> Option<Value> {
    let number = match digits.len() {
        4 => f64::from(f32::from_be_bytes(digits.try_into().ok()?)),
        8 => f64::from_be_bytes(digits.try_into().ok()?),
        _ => return None,
    };
    Number::from_f64(number).map(Value::Number)
}

fn take<'b>(rest: &mut &'b [u8], bytes: usize) -> Option<&'b [u8]> {
    let (taken, after) = rest.split_at_checked(bytes)?;
    *rest = after;
    Some(taken)
}
