//! Policies that judge each resource by itself, told from their text.
//!
//! What such a policy says about an account is the union of what it says about parts of it, so that it can be run on some
//! resources at a time, which stay in the cache of the processor while all such policies see them. A policy that counts
//! or looks up resources would be wrong about a part, which could be a false "ok". So nothing is taken for separable but
//! what is written in one of these ways, in which one `some` goes over a list of resources, or over a rule that is
//! separable itself, and nothing else does:
//!
//! - a comprehension, `name := [term | some x in input.resources["AWS::S3::Bucket"]; ...]`;
//! - `name := array.concat(one, other)`;
//! - a member of a set, `name contains term if { some x in buckets; ... }`.
//!
//! Whatever is the same for every part may be used in all places: every other member of `input`, the parameters, and the
//! functions and rules that read nothing but these.
//!
//! The types of the resources are told as well, where they are written out. A part without resources of these types has
//! nothing to add, beside what every part has.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::reach::Code;
use super::rego::{rules, words};

/// Rules that a policy exports.
const EXPORTED: [&str; 3] = ["subjects", "violations", "unknowns"];

/// Words that stand between terms.
const KEYWORDS: [&str; 9] = ["contains", "default", "else", "every", "if", "in", "not", "some", "with"];

/// How what a rule gives for an account follows from what it gives for parts of the account.
#[derive(Clone, Debug, PartialEq)]
enum Share {
    /// It is the same for each part.
    Same,
    /// It is the union of what it gives for the parts.
    Union(Types),
    /// That cannot be told.
    Unknown,
}

/// Types of resources.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Types {
    /// These.
    Of(BTreeSet<String>),
    /// That cannot be told.
    Any,
}

/// Modules whose rules are looked through, each rule at most once.
pub(super) struct Separable<'m> {
    modules: FxHashMap<&'m str, Module<'m>>,
    known: RefCell<FxHashMap<(&'m str, &'m str), Share>>,
}

/// A module's rules, and what its imports mean.
#[derive(Default)]
struct Module<'m> {
    /// Lines of its whole text.
    lines: Vec<&'m str>,
    /// Definitions by the name of the rule.
    rules: FxHashMap<&'m str, Vec<Definition<'m>>>,
    /// Packages and rules, by the names that stand for them.
    imports: FxHashMap<&'m str, &'m str>,
}

/// One definition of a rule.
struct Definition<'m> {
    text: &'m str,
    lines: Range<usize>,
    /// Its words with where they begin in the text. The first is the name of the rule.
    words: Vec<(usize, &'m str)>,
}

/// Words of a definition that stand for resources.
type Mention = Range<usize>;

impl<'m> Separable<'m> {
    /// Looks through modules as they are needed.
    pub(super) fn of<'c: 'm>(codes: impl Iterator<Item = &'m Code<'c>>) -> Self {
        let mut modules = FxHashMap::default();
        for code in codes {
            let module = Module::of(code.text, code.bare());
            // Of a package in two files, neither says all. Without rules, nothing is told of it.
            if modules.insert(code.package, module).is_some() {
                modules.insert(code.package, Module::default());
            }
        }
        Self { modules, known: RefCell::default() }
    }

    /// The types of resources that the policy of a package goes over; `None` if it may not be run on some of them at a time.
    pub(super) fn types(&self, package: &'m str) -> Option<Types> {
        let module = self.modules.get(package)?;
        let exported = EXPORTED.iter().filter_map(|rule| module.rules.get_key_value(rule));
        let types = exported.map(|(rule, _)| match self.rule(package, rule) {
            Share::Union(types) => Some(types),
            Share::Same | Share::Unknown => None,
        });
        Types::of_all(types)
    }

    fn rule(&self, package: &'m str, name: &'m str) -> Share {
        if let Some(share) = self.known.borrow().get(&(package, name)) {
            return share.clone();
        }
        // What a rule that needs itself finds; regorus refuses it anyway.
        self.known.borrow_mut().insert((package, name), Share::Unknown);
        let definitions = self.modules.get(package).and_then(|module| module.rules.get(name));
        let shares = definitions.into_iter().flatten().map(|definition| self.definition(package, definition));
        let share = shares.reduce(Share::and).unwrap_or(Share::Unknown);
        self.known.borrow_mut().insert((package, name), share.clone());
        share
    }

    fn definition(&self, package: &'m str, definition: &Definition<'m>) -> Share {
        match self.mentions(package, definition) {
            Some((mentions, _)) if mentions.is_empty() => Share::Same,
            Some((mentions, types)) if definition.is_union(&mentions) => Share::Union(types),
            _ => Share::Unknown,
        }
    }

    /// Where a definition names resources, and of which types; `None` if it does so in a way that cannot be followed.
    fn mentions(&self, package: &'m str, definition: &Definition<'m>) -> Option<(Vec<Mention>, Types)> {
        let module = self.modules.get(package)?;
        let mut mentions = Vec::new();
        let mut types = Types::Of(BTreeSet::new());
        for (position, name) in definition.names() {
            let member =
                definition.has(position + 1, &["."]).then(|| definition.word(position + 2)).flatten();
            let (share, length) = match (name, member) {
                // A rule could be given a part as its input, and a text can have values put into it.
                ("with" | "$", _) => return None,
                ("input", Some("resources")) => {
                    let key = position + 3;
                    (Share::Union(module.types(definition, key)), 3 + definition.key_length(key)?)
                }
                ("input", Some(_)) | ("data", Some("parameters")) => continue,
                ("input" | "data", _) => return None,
                _ if module.rules.contains_key(name) => (self.rule(package, name), 1),
                _ => match module.imports.get(name) {
                    None => continue,
                    Some(imported) if self.modules.contains_key(imported) => {
                        (self.rule(imported, member?), 3)
                    }
                    Some(imported) => {
                        let (package, rule) = imported.rsplit_once('.')?;
                        (self.rule(package, rule), 1)
                    }
                },
            };
            match share {
                Share::Same => {}
                Share::Union(more) => {
                    mentions.push(position..position + length);
                    types = types.and(more);
                }
                Share::Unknown => return None,
            }
        }
        Some((mentions, types))
    }
}

impl Share {
    /// That of a rule with two definitions. A set may have members that are the same for every part.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Same, share) | (share, Self::Same) => share,
            (Self::Union(types), Self::Union(others)) => Self::Union(types.and(others)),
        }
    }
}

impl Types {
    /// Those of all; `None` if there are none, or one of them is none.
    pub(super) fn of_all(types: impl Iterator<Item = Option<Self>>) -> Option<Self> {
        types.reduce(|one, other| Some(one?.and(other?))).flatten()
    }

    /// Whether one of these types may be among them.
    pub(super) fn have(&self, types: &[String]) -> bool {
        match self {
            Self::Of(own) => types.iter().any(|one| own.contains(one)),
            Self::Any => true,
        }
    }

    /// Those of both.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Of(mut types), Self::Of(others)) => {
                types.extend(others);
                Self::Of(types)
            }
            _ => Self::Any,
        }
    }
}

impl<'m> Module<'m> {
    fn of(source: &'m str, bare: &'m str) -> Self {
        let mut module = Self { lines: source.lines().collect(), ..Self::default() };
        let (mut position, mut line) = (0, 0);
        for (start, text) in rules(bare) {
            line += bare.get(position..start).unwrap_or_default().matches('\n').count();
            position = start;
            let words: Vec<(usize, &str)> = words(text).collect();
            match words.first().copied() {
                None | Some((_, "package")) => {}
                Some((_, "import")) => {
                    let path = text.trim_start_matches("import").trim().trim_start_matches("data.");
                    let (path, name) = path.split_once(" as ").unwrap_or((path, path));
                    module.imports.insert(name.rsplit('.').next().unwrap_or(name).trim(), path.trim());
                }
                Some((_, name)) => {
                    let definition =
                        Definition { text, words, lines: line..line + text.matches('\n').count().max(1) };
                    if definition.may_hide_another() {
                        return Self::default();
                    }
                    module.rules.entry(name).or_default().push(definition);
                }
            }
        }
        module
    }

    /// Types that the key of `input.resources` at a position of a definition may be. It is in quotes, or is each of a list
    /// of such; all that the definition names are taken, as one too many does no harm.
    fn types(&self, definition: &Definition<'m>, position: usize) -> Types {
        let lines = self.lines.get(definition.lines.clone()).unwrap_or_default();
        let is_written_out = match definition.word(position + 1) {
            Some(name) if is_name(name) => definition.is_one_of_quoted(name),
            _ => true,
        };
        // A type with an escape in it would not be seen.
        if !is_written_out || lines.iter().any(|line| line.contains('\\')) {
            return Types::Any;
        }
        let named = |line: &&'m str| {
            let parts = line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != ':');
            parts.filter(|part| part.starts_with("AWS::")).map(str::to_owned)
        };
        Types::Of(lines.iter().flat_map(named).collect())
    }
}

impl<'m> Definition<'m> {
    fn word(&self, position: usize) -> Option<&'m str> {
        self.words.get(position).map(|(_, word)| *word)
    }

    /// Whether these words stand there.
    fn has(&self, position: usize, words: &[&str]) -> bool {
        words.iter().enumerate().all(|(offset, word)| self.word(position + offset) == Some(*word))
    }

    /// Words that are no members of others, without the name of the rule.
    fn names(&self) -> impl Iterator<Item = (usize, &'m str)> {
        let names = self.words.iter().enumerate().skip(1).map(|(position, (_, word))| (position, *word));
        names.filter(|(position, _)| !self.has(position - 1, &["."]))
    }

    /// Whether another rule may begin in it: one that is indented, or on a line with what is before. Its name would be taken
    /// for that of a variable. A text in quotes leaves a gap.
    fn may_hide_another(&self) -> bool {
        self.top(1..self.words.len()).any(|(position, word)| {
            let (Some((start, before)), Some((next, _))) =
                (self.words.get(position - 1), self.words.get(position))
            else {
                return false;
            };
            let ends_term = matches!(*before, "}" | "]" | ")") || before.ends_with(char::is_alphanumeric);
            let follows = ends_term && !KEYWORDS.contains(before);
            is_name(word) && !KEYWORDS.contains(&word) && (follows || next - start - before.len() > 1)
        })
    }

    /// Words of `["AWS::S3::Bucket"]`, of which what is in quotes is not seen, or of `[kind]`.
    fn key_length(&self, position: usize) -> Option<usize> {
        let is_computed = self.word(position + 1).is_some_and(is_name);
        let length = if is_computed { 3 } else { 2 };
        (self.has(position, &["["]) && self.has(position + length - 1, &["]"])).then_some(length)
    }

    /// Whether a name stands for each member of a list that has only texts in quotes, and nowhere for anything else.
    fn is_one_of_quoted(&self, name: &str) -> bool {
        let is_quoted = |start: usize| {
            let has_only_texts =
                |closing: usize| (start + 1..closing).all(|position| self.has(position, &[","]));
            matches!(self.word(start), Some("[" | "{")) && self.closing(start).is_some_and(has_only_texts)
        };
        let mut bindings = self.names().filter(|(position, word)| {
            *word == name
                && (self.has(position - 1, &["some"])
                    || self.has(position + 1, &["in"])
                    || self.has(position + 1, &[":", "="]))
        });
        let (Some((binding, _)), None, Some(body)) = (bindings.next(), bindings.next(), self.body()) else {
            return false;
        };
        // Each `_` is another name.
        name != "_"
            && self.has(binding - 1, &["some", name, "in"])
            && self.top(body).any(|(position, _)| position == binding - 1)
            && is_quoted(binding + 2)
    }

    /// Whether it is written in one of the known ways, with the mentions of resources where they may be.
    fn is_union(&self, mentions: &[Mention]) -> bool {
        let is_concatenation =
            || self.has(1, &[":", "="]) && self.concatenation(3, mentions) == Some(self.words.len());
        let is_loop = || match (self.body(), mentions) {
            (Some(body), [mention]) => self.is_looped_over(mention, &body),
            _ => false,
        };
        is_loop() || is_concatenation()
    }

    /// The position behind a mention, or behind an `array.concat` of such.
    fn concatenation(&self, position: usize, mentions: &[Mention]) -> Option<usize> {
        if let Some(mention) = mentions.iter().find(|mention| mention.start == position) {
            return Some(mention.end);
        }
        let follows = |position: usize, word| self.has(position, &[word]).then_some(position + 1);
        let start = self.has(position, &["array", ".", "concat", "("]).then_some(position + 4)?;
        let next = follows(self.concatenation(start, mentions)?, ",")?;
        let end = self.concatenation(next, mentions)?;
        // The last may have a comma, too.
        follows(follows(end, ",").unwrap_or(end), ")")
    }

    /// Statements of a comprehension that is all of the rule, or of a rule that gives a member of a set.
    fn body(&self) -> Option<Range<usize>> {
        let length = self.words.len();
        if self.has(1, &["contains"]) {
            let start = 1 + self.top(1..length).find(|(_, word)| *word == "if")?.0;
            let is_braced = self.has(start, &["{"]) && self.closing(start) == Some(length - 1);
            return Some(if is_braced { start + 1..length - 1 } else { start..length });
        }
        let is_comprehension = self.has(1, &[":", "="])
            && matches!(self.word(3), Some("[" | "{"))
            && self.closing(3) == Some(length - 1);
        let (bar, _) = self.top(4..length).find(|(_, word)| *word == "|").filter(|_| is_comprehension)?;
        Some(bar + 1..length - 1)
    }

    /// Whether a statement of the body goes over the mention, and over no more than that.
    fn is_looped_over(&self, mention: &Mention, body: &Range<usize>) -> bool {
        let Some(start) = mention.start.checked_sub(3).filter(|start| body.contains(start)) else {
            return false;
        };
        self.has(start, &["some"])
            && self.word(start + 1).is_some_and(is_name)
            && self.has(start + 2, &["in"])
            && self.top(body.clone()).any(|(position, _)| position == start)
            && (mention.end == body.end || self.ends_statement(mention.end))
    }

    /// Whether the word before a position is the last of its statement.
    fn ends_statement(&self, position: usize) -> bool {
        let (Some((start, last)), Some((next, word))) =
            (self.words.get(position - 1), self.words.get(position))
        else {
            return true;
        };
        let is_new_line = self.text.get(start + last.len()..*next).is_some_and(|gap| gap.contains('\n'));
        let begins = is_name(word) && !["as", "else", "in", "with"].contains(word);
        *word == ";" || (is_new_line && begins)
    }

    /// Words of a range that are in no brackets which begin there.
    fn top(&self, range: Range<usize>) -> impl Iterator<Item = (usize, &'m str)> {
        let mut depth = 0_usize;
        let words = range.filter_map(|position| Some((position, self.word(position)?)));
        words.filter(move |(_, word)| {
            match *word {
                "{" | "[" | "(" => depth += 1,
                "}" | "]" | ")" => depth = depth.saturating_sub(1),
                _ => return depth == 0,
            }
            false
        })
    }

    /// The position of the bracket that closes the one at a position.
    fn closing(&self, position: usize) -> Option<usize> {
        let mut depth = 0_usize;
        (position..self.words.len()).find(|position| {
            match self.word(*position) {
                Some("{" | "[" | "(") => depth += 1,
                Some("}" | "]" | ")") => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        })
    }
}

fn is_name(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_alphabetic() || letter == '_')
}

#[cfg(test)]
mod tests {
    use super::{Separable, Types};
    use crate::policy::catalogue::Module;
    use crate::policy::reach::Code;

    const LIBRARY: &str = "package hadr.lib.x\n\n\
        buckets := [bucket |\n\tsome bucket in input.resources[\"AWS::S3::Bucket\"]\n\tbucket.attributes.a\n]\n\n\
        names := {bucket.name | some bucket in buckets}\n\n\
        any if count(buckets) > 0\n\n\
        limit := input.config.limit\n\n\
        is_found(arn) if input.by_arn[arn]\n\n\
        is_named(name) if name in names\n";

    /// The types of a policy of these rules, beside `subjects` that go over buckets; `None` if it is not separable.
    fn types(rules: &str) -> Option<Types> {
        let policy = format!(
            "package hadr.a.b\n\nimport data.hadr.lib.x\nimport data.hadr.lib.x.buckets\n\n\
             subjects contains bucket.arn if some bucket in buckets\n\n{rules}\n"
        );
        let module = |path: &str, source: &str| Module { path: path.to_owned(), source: source.to_owned() };
        let modules = [module("lib/x.rego", LIBRARY), module("a/b.rego", &policy)];
        let codes = modules.each_ref().map(Code::of_module);
        Separable::of(codes.iter()).types("hadr.a.b")
    }

    fn is_separable(rules: &str) -> bool {
        types(rules).is_some()
    }

    #[test]
    fn what_goes_over_resources_one_by_one_is_separable() {
        for rules in [
            "violations contains v if {\n\tsome bucket in buckets\n\tv := bucket.arn\n}",
            "violations contains v if { some bucket in x.buckets; x.is_found(bucket.arn); v := bucket.arn }",
            "violations contains {\"a\": b.arn} if {\n\tsome b in _all\n\tb.size > x.limit\n}\n\n\
             _all := array.concat(buckets, array.concat(_more, x.buckets),)\n\n\
             _more := [y |\n\tsome kind in [\"a\", \"b\"]\n\tsome y in input.resources[kind]\n]",
            "violations contains arn if {\n\tsome arn in subjects\n\tcount([1 | some z in input.workloads]) > 0\n}",
            "violations contains arn if {\n\tsome arn in subjects\n}\n\nviolations contains input.account.arn if input.config",
            "_set := {b | some b in buckets}\n\nviolations contains b.arn if some b in _set",
        ] {
            assert!(is_separable(rules), "{rules}");
        }
    }

    /// Each of these would say something else about a part than about the whole.
    #[test]
    fn what_looks_at_several_resources_is_not() {
        for rules in [
            "violations contains b.arn if {\n\tsome b in buckets\n\tcount(buckets) == 1\n}",
            "violations contains b.arn if {\n\tsome b in buckets\n\tnot x.any\n}",
            "violations contains b.arn if {\n\tsome b in buckets\n\tnot b.copy in x.names\n}",
            "violations contains b.arn if {\n\tsome b in buckets\n\tnot x.is_named(b.copy)\n}",
            "violations contains b.arn if {\n\tsome b in buckets\n\tsome c in buckets\n\tb != c\n}",
            "violations contains b.arn if {\n\tsome i, b in buckets\n\ti > 0\n}",
            "violations contains b.arn if {\n\tb := buckets[_]\n}",
            "violations contains b.arn if {\n\tsome b in buckets[0]\n}",
            "violations contains b if {\n\tsome b in [count(y) | some y in buckets]\n}",
            "violations contains b if {\n\tb := count([y | some y in buckets])\n}",
            "violations contains b.arn if {\n\tsome b in input.workloads\n\tevery c in buckets {\n\t\tc.size > 1\n\t}\n}",
            "violations contains input.account.arn if not input.resources[\"AWS::S3::Bucket\"][0]",
            "violations contains b if {\n\tsome kind, list in input.resources\n\tb := kind\n}",
            "violations contains b if {\n\tsome b in object.get(input, \"resources\", {})\n}",
            "violations contains b if {\n\tsome b in data.hadr.lib.x.names\n}",
            "violations contains b if {\n\tsome b in buckets | {1}\n}",
            "violations contains b if {\n\tsome b in buckets\n\t| {1}\n}",
            "violations contains count(buckets) if {\n\tsome b in buckets\n}",
            "violations contains input.account.arn if input.config",
            "_all := array.concat(buckets, [1])\n\nviolations contains b if some b in _all",
            "_all := [b | some b in buckets][0]\n\nviolations contains b if some b in _all",
            "_all := [b | some b in buckets] if input.config\n\nviolations contains b if some b in _all",
            "_all(y) := [b | some b in buckets; b.arn == y]\n\nviolations contains b if some b in _all(1)",
            "violations contains b if {\n\tsome b in x.missing\n}",
            "violations contains b if {\n\tsome b in x\n}",
            "limit := 5\n\n _hidden if count(buckets) == 1\n\nviolations contains b if {\n\tsome b in buckets\n\t_hidden\n}",
            "limit := 5 _hidden if count(buckets) == 1\n\nviolations contains b if {\n\tsome b in buckets\n\t_hidden\n}",
            "violations contains b.arn if {\n\tsome b in buckets\n\tx.any with input as b\n}",
            "violations contains b.arn if {\n\tsome b in buckets\n\tb.name == $\"{count(buckets)}\"\n}",
        ] {
            assert!(!is_separable(rules), "{rules}");
        }
    }

    #[test]
    fn types_are_told_where_they_are_written_out() {
        let table = "some y in input.resources[\"AWS::DynamoDB::Table\"]";
        for (rules, others) in [
            ("violations contains b.arn if some b in buckets".to_owned(), vec![]),
            (format!("violations contains y.arn if {{ {table} }}"), vec!["AWS::DynamoDB::Table"]),
            (
                format!("_of := [y |\n\t# \"AWS::EC2::Volume\"\n\t{table}\n]\n\nviolations contains y if some y in _of"),
                vec!["AWS::DynamoDB::Table", "AWS::EC2::Volume"],
            ),
            (
                "violations contains y if {\n\tsome kind in [\n\t\t\"AWS::A::B\",\n\t\t\"AWS::C::D\",\n\t]\n\t\
                 some y in input.resources[kind]\n}"
                    .to_owned(),
                vec!["AWS::A::B", "AWS::C::D"],
            ),
        ] {
            let expected = ["AWS::S3::Bucket"].into_iter().chain(others).map(str::to_owned).collect();
            assert_eq!(types(&rules), Some(Types::Of(expected)), "{rules}");
        }
    }

    /// A part that is left out by mistake would be a false "ok".
    #[test]
    fn types_that_are_computed_may_be_any() {
        let over = |binding: &str| {
            format!("violations contains y if {{\n\t{binding}\n\tsome y in input.resources[kind]\n}}")
        };
        for binding in [
            "some kind in input.config.kinds",
            "some kind in [input.config.kind, \"AWS::A::B\"]",
            "some kind in {concat(\"::\", [\"AWS\", \"A\", \"B\"])}",
            "some kind, _ in input.coverage",
            "some _, kind in {\"a\": \"AWS::A::B\"}",
            "kind := input.config.kind",
            "kind := \"AWS::A::B\"",
            "some kind in [\"AWS::A::B\"]\n\tcount([1 | some kind in input.config.kinds]) > 0",
            "some kind in [\"AWS::A\\u003a:B\"]",
            "[kind, _] := input.config.kinds\n\tcount([1 | some kind in [\"AWS::A::B\"]]) > 0",
        ] {
            assert_eq!(types(&over(binding)), Some(Types::Any), "{binding}");
        }
        let unnamed =
            "violations contains y if {\n\tsome _ in [\"AWS::A::B\"]\n\tsome y in input.resources[_]\n}";
        assert_eq!(types(unnamed), Some(Types::Any));
    }

    #[test]
    fn nothing_is_told_of_a_package_in_two_files() {
        let module = |path: &str| Module {
            path: path.to_owned(),
            source: "package hadr.a.b\n\nsubjects contains b.arn if some b in input.resources[\"a\"]\n"
                .to_owned(),
        };
        let modules = [module("a/b.rego"), module("a/c.rego")];
        let codes = modules.each_ref().map(Code::of_module);
        assert!(Separable::of(codes.iter().take(1)).types("hadr.a.b").is_some());
        assert!(Separable::of(codes.iter()).types("hadr.a.b").is_none());
    }
}
