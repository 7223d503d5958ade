//! Rego that the virtual machine evaluates to something else than the language says.
//!
//! regorus' machine gives up the whole rule where the interpreter goes on, so that a violation is silently none:
//!
//! - a rule or function with `else` whose body loops and finds nothing is undefined, whatever the `else` says;
//! - a comprehension without a loop whose condition does not hold is undefined, and not empty.
//!
//! Policies that have either are refused. A loop in a helper of its own, and an `else` instead of the comprehension, say
//! the same.

use super::rego::{rules, words};

/// What is wrong where the machine would be, for the author of a policy.
const LOOP_BEFORE_ELSE: &str =
    "a body that loops before an `else` is undefined on the virtual machine; give the loop a rule of its own";
const COMPREHENSION_WITHOUT_LOOP: &str =
    "a comprehension without `some` is undefined on the virtual machine where it should be empty; use `else`";

/// The first such place in bare Rego text: its line, counted from 1, and what is wrong there.
pub(super) fn find(text: &str) -> Option<(usize, &'static str)> {
    let line = |position: usize| 1 + text.get(..position).unwrap_or_default().matches('\n').count();
    let looped =
        rules(text).find_map(|(start, rule)| Some((start + loop_before_else(rule)?, LOOP_BEFORE_ELSE)));
    let empty = comprehension_without_loop(text).map(|position| (position, COMPREHENSION_WITHOUT_LOOP));
    let (position, message) = [looped, empty].into_iter().flatten().min_by_key(|(position, _)| *position)?;
    Some((line(position), message))
}

/// Where a rule with `else` loops in a body of its own.
fn loop_before_else(rule: &str) -> Option<usize> {
    // Whether each bracket that is open is that of a body.
    let mut open: Vec<bool> = Vec::new();
    let mut loops = None;
    let mut before = "";
    for (position, word) in words(rule) {
        match word {
            "{" | "[" | "(" => open.push(word == "{" && before == "if"),
            "}" | "]" | ")" => {
                open.pop();
            }
            "some" if open == [true] => loops = loops.or(Some(position)),
            "else" if open.is_empty() && loops.is_some() => return loops,
            _ => {}
        }
        before = word;
    }
    None
}

/// Where a comprehension begins that has no loop.
fn comprehension_without_loop(text: &str) -> Option<usize> {
    // Each bracket that is open: where it is, whether it is a body, and, behind a `|`, whether there was a loop.
    let mut open: Vec<(usize, bool, Option<bool>)> = Vec::new();
    let mut before = "";
    for (position, word) in words(text) {
        match word {
            "{" | "[" | "(" => {
                // Bodies follow `if`, `else` or the collection of `every`; the last ends with a word, too.
                let is_name =
                    before.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '_');
                let is_body = word == "(" || (word == "{" && (is_name || matches!(before, ")" | "]")));
                open.push((position, is_body, None));
            }
            "}" | "]" | ")" => {
                if let Some((start, _, Some(false))) = open.pop() {
                    return Some(start);
                }
            }
            "|" => {
                if let Some((_, false, has_loop)) = open.last_mut() {
                    has_loop.get_or_insert(false);
                }
            }
            "some" => {
                if let Some((_, _, Some(has_loop))) = open.last_mut() {
                    *has_loop = true;
                }
            }
            _ => {}
        }
        before = word;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{COMPREHENSION_WITHOUT_LOOP, LOOP_BEFORE_ELSE};
    use crate::policy::rego;

    fn find(source: &str) -> Option<(usize, &'static str)> {
        super::find(&rego::bare(source))
    }

    #[test]
    fn a_loop_before_an_else_is_found() {
        let source =
            "package a\n\n# some x in y\nf(list) := y if {\n\tsome y in list\n\ty > 5\n} else := 0\n";
        assert_eq!(find(source), Some((5, LOOP_BEFORE_ELSE)));
        let second = "package a\n\nf(x) := 1 if {\n\tx == 2\n} else := y if {\n\tsome y in x\n} else := 0\n";
        assert_eq!(find(second), Some((6, LOOP_BEFORE_ELSE)));
    }

    #[test]
    fn loops_elsewhere_are_fine() {
        for source in [
            "package a\n\nf(list) := y if {\n\tsome y in list\n}\n\ng(x) := 1 if x else := 0\n",
            "package a\n\nf(list) := 1 if {\n\tcount([y | some y in list; y > 5]) > 0\n} else := 0\n",
            "package a\n\nf(list) := 1 if {\n\tx(list)\n} else := y if {\n\tsome y in list\n}\n",
            "package a\n\nx := \"a { some b } else\"\n",
            "package a\n\nf(list) := [y | some y in list] if {\n\tlist\n} else := []\n",
        ] {
            assert_eq!(find(source), None, "{source}");
        }
    }

    #[test]
    fn a_comprehension_without_a_loop_is_found() {
        let source = "package a\n\nx(y) := concat(\"; \", [\"a\" | y == 0])\n";
        assert_eq!(find(source), Some((3, COMPREHENSION_WITHOUT_LOOP)));
        assert_eq!(find("package a\n\nx := {1: 2 | input.a}\n"), Some((3, COMPREHENSION_WITHOUT_LOOP)));
    }

    #[test]
    fn unions_and_comprehensions_with_a_loop_are_fine() {
        for source in [
            "package a\n\nx := {y | some y in input.a; y > [z | some z in y][0]}\n",
            "package a\n\nx contains y if {\n\tboth := _a | _b\n\tsome y in both\n}\n",
            "package a\n\nx := _a | _b\n",
            "package a\n\nx := f((_a | _b))\n",
            "package a\n\nx if {\n\tevery y in f(z) {\n\t\ty in _a | _b\n\t}\n}\n",
        ] {
            assert_eq!(find(source), None, "{source}");
        }
    }
}
