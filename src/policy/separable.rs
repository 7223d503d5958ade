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

use std::cell::RefCell;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::reach::Code;
use super::rego::{rules, words};

/// Rules that a policy exports.
const EXPORTED: [&str; 3] = ["subjects", "violations", "unknowns"];

/// Words that stand between terms.
const KEYWORDS: [&str; 9] = ["contains", "default", "else", "every", "if", "in", "not", "some", "with"];

/// How what a rule gives for an account follows from what it gives for parts of the account.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Share {
    /// It is the same for each part.
    Same,
    /// It is the union of what it gives for the parts.
    Union,
    /// That cannot be told.
    Unknown,
}

/// Modules whose rules are looked through, each rule at most once.
pub(super) struct Separable<'m> {
    modules: FxHashMap<&'m str, Module<'m>>,
    known: RefCell<FxHashMap<(&'m str, &'m str), Share>>,
}

/// A module's rules, and what its imports mean.
#[derive(Default)]
struct Module<'m> {
    /// Definitions by the name of the rule.
    rules: FxHashMap<&'m str, Vec<Definition<'m>>>,
    /// Packages and rules, by the names that stand for them.
    imports: FxHashMap<&'m str, &'m str>,
}

/// One definition of a rule.
struct Definition<'m> {
    text: &'m str,
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
            let module = Module::of(code.bare());
            // Of a package in two files, neither says all. Without rules, nothing is told of it.
            if modules.insert(code.package, module).is_some() {
                modules.insert(code.package, Module::default());
            }
        }
        Self { modules, known: RefCell::default() }
    }

    /// Whether the policy of a package may be run on some resources at a time.
    pub(super) fn contains(&self, package: &'m str) -> bool {
        let Some(module) = self.modules.get(package) else { return false };
        let mut exported = EXPORTED.iter().filter_map(|rule| module.rules.get_key_value(rule)).peekable();
        exported.peek().is_some() && exported.all(|(rule, _)| self.rule(package, rule) == Share::Union)
    }

    fn rule(&self, package: &'m str, name: &'m str) -> Share {
        if let Some(share) = self.known.borrow().get(&(package, name)) {
            return *share;
        }
        // What a rule that needs itself finds; regorus refuses it anyway.
        self.known.borrow_mut().insert((package, name), Share::Unknown);
        let definitions = self.modules.get(package).and_then(|module| module.rules.get(name));
        let shares = definitions.into_iter().flatten().map(|definition| self.definition(package, definition));
        let share = shares.reduce(Share::and).unwrap_or(Share::Unknown);
        self.known.borrow_mut().insert((package, name), share);
        share
    }

    fn definition(&self, package: &'m str, definition: &Definition<'m>) -> Share {
        match self.mentions(package, definition) {
            Some(mentions) if mentions.is_empty() => Share::Same,
            Some(mentions) if definition.is_union(&mentions) => Share::Union,
            _ => Share::Unknown,
        }
    }

    /// Where a definition names resources; `None` if it does so in a way that cannot be followed.
    fn mentions(&self, package: &'m str, definition: &Definition<'m>) -> Option<Vec<Mention>> {
        let module = self.modules.get(package)?;
        let mut mentions = Vec::new();
        for (position, name) in definition.names() {
            let member =
                definition.has(position + 1, &["."]).then(|| definition.word(position + 2)).flatten();
            let (share, length) = match (name, member) {
                // A rule could be given a part as its input, and a text can have values put into it.
                ("with" | "$", _) => return None,
                ("input", Some("resources")) => (Share::Union, 3 + definition.key_length(position + 3)?),
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
                Share::Union => mentions.push(position..position + length),
                Share::Unknown => return None,
            }
        }
        Some(mentions)
    }
}

impl Share {
    /// That of a rule with two definitions. A set may have members that are the same for every part.
    fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Same, Self::Same) => Self::Same,
            _ => Self::Union,
        }
    }
}

impl<'m> Module<'m> {
    fn of(bare: &'m str) -> Self {
        let mut module = Self::default();
        for (_, text) in rules(bare) {
            let words: Vec<(usize, &str)> = words(text).collect();
            match words.first().copied() {
                None | Some((_, "package")) => {}
                Some((_, "import")) => {
                    let path = text.trim_start_matches("import").trim().trim_start_matches("data.");
                    let (path, name) = path.split_once(" as ").unwrap_or((path, path));
                    module.imports.insert(name.rsplit('.').next().unwrap_or(name).trim(), path.trim());
                }
                Some((_, name)) => {
                    let definition = Definition { text, words };
                    if definition.may_hide_another() {
                        return Self::default();
                    }
                    module.rules.entry(name).or_default().push(definition);
                }
            }
        }
        module
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
    use super::Separable;
    use crate::policy::catalogue::Module;
    use crate::policy::reach::Code;

    const LIBRARY: &str = "package hadr.lib.x\n\n\
        buckets := [bucket |\n\tsome bucket in input.resources[\"AWS::S3::Bucket\"]\n\tbucket.attributes.a\n]\n\n\
        names := {bucket.name | some bucket in buckets}\n\n\
        any if count(buckets) > 0\n\n\
        limit := input.config.limit\n\n\
        is_found(arn) if input.by_arn[arn]\n\n\
        is_named(name) if name in names\n";

    /// Whether a policy of these rules is separable, beside `subjects` that are.
    fn is_separable(rules: &str) -> bool {
        let policy = format!(
            "package hadr.a.b\n\nimport data.hadr.lib.x\nimport data.hadr.lib.x.buckets\n\n\
             subjects contains bucket.arn if some bucket in buckets\n\n{rules}\n"
        );
        let module = |path: &str, source: &str| Module { path: path.to_owned(), source: source.to_owned() };
        let modules = [module("lib/x.rego", LIBRARY), module("a/b.rego", &policy)];
        let codes = modules.each_ref().map(Code::of_module);
        Separable::of(codes.iter()).contains("hadr.a.b")
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
    fn nothing_is_told_of_a_package_in_two_files() {
        let module = |path: &str| Module {
            path: path.to_owned(),
            source: "package hadr.a.b\n\nsubjects contains b.arn if some b in input.resources[\"a\"]\n"
                .to_owned(),
        };
        let modules = [module("a/b.rego"), module("a/c.rego")];
        let codes = modules.each_ref().map(Code::of_module);
        assert!(Separable::of(codes.iter().take(1)).contains("hadr.a.b"));
        assert!(!Separable::of(codes.iter()).contains("hadr.a.b"));
    }
}
