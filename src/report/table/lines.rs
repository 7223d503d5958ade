//! Lines of a terminal: the one place through which the table is printed, so that no text of an account
//! reaches the terminal as it is and no line is wider than it.

use std::borrow::Cow;
use std::io::{self, Write};

use console::{measure_text_width, truncate_str};

use crate::policy::Severity;
use crate::report::Options;
use crate::text::printable;

/// Stands for what was cut off.
const CUT: &str = "…";

/// Ends a line of a command that goes on.
const CONTINUED: &str = " \\";

/// How a text looks where colours are understood.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Style {
    /// A heading.
    Heading,
    /// What is there for those who want it.
    Dim,
    /// What has this severity.
    Severity(Severity),
}

impl Style {
    const fn code(self) -> &'static str {
        match self {
            Self::Heading => "1",
            Self::Dim => "2",
            Self::Severity(Severity::Critical) => "1;31",
            Self::Severity(Severity::High) => "31",
            Self::Severity(Severity::Medium) => "33",
            Self::Severity(Severity::Low) => "36",
            Self::Severity(Severity::Info) => "2",
        }
    }
}

/// Where the lines go.
pub(super) struct Lines<'a> {
    options: Options,
    out: &'a mut dyn Write,
}

impl<'a> Lines<'a> {
    pub(super) fn new(options: Options, out: &'a mut dyn Write) -> Self {
        Self { options, out }
    }

    /// A line.
    pub(super) fn plain(&mut self, text: &str) -> io::Result<()> {
        let line = self.fitted(text).into_owned();
        writeln!(self.out, "{}", line.trim_end())
    }

    /// A line in a style.
    pub(super) fn styled(&mut self, style: Style, text: &str) -> io::Result<()> {
        let line = self.fitted(text).into_owned();
        self.painted(style, &line)?;
        writeln!(self.out)
    }

    /// A line whose beginning is in a style.
    pub(super) fn led(&mut self, style: Style, lead: &str, rest: &str) -> io::Result<()> {
        let line = self.fitted(&format!("{lead}{rest}")).into_owned();
        match line.strip_prefix(lead) {
            Some(rest) => {
                self.painted(style, lead)?;
                writeln!(self.out, "{}", rest.trim_end())
            }
            None => writeln!(self.out, "{line}"),
        }
    }

    /// A text that goes on in further lines, which begin two columns further in.
    pub(super) fn paragraph(&mut self, style: Option<Style>, indent: &str, text: &str) -> io::Result<()> {
        for line in broken(indent, text, self.options.width) {
            self.line(style, &line)?;
        }
        Ok(())
    }

    /// A paragraph whose beginning is in a style.
    pub(super) fn led_paragraph(&mut self, style: Style, lead: &str, rest: &str) -> io::Result<()> {
        let mut lines = broken("", &format!("{lead}{rest}"), self.options.width).into_iter();
        if let Some(first) = lines.next() {
            // What follows the lead may stand in the next line, and so may a part of the lead itself.
            match [lead, lead.trim_end()].into_iter().find_map(|lead| Some((lead, first.strip_prefix(lead)?)))
            {
                Some((lead, rest)) => self.led(style, lead, rest)?,
                None => self.plain(&first)?,
            }
        }
        lines.try_for_each(|line| self.plain(&line))
    }

    /// Columns that are left beside others; `None` if lines may be as long as they are.
    pub(super) fn room_beside(&self, columns: usize) -> Option<usize> {
        self.options.width.map(|width| width.saturating_sub(columns))
    }

    fn line(&mut self, style: Option<Style>, text: &str) -> io::Result<()> {
        match style {
            Some(style) => self.styled(style, text),
            None => self.plain(text),
        }
    }

    /// An empty line.
    pub(super) fn gap(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    /// A label with a command after it that can be copied: it is never cut, but goes on in further lines like in
    /// a shell script. `false` if a word of it is wider than the terminal, and nothing was written.
    pub(super) fn command(&mut self, indent: usize, label: &str, words: &[String]) -> io::Result<bool> {
        let Some(lines) = wrapped(indent, label, words, self.options.width) else { return Ok(false) };
        for line in lines {
            self.painted(Style::Dim, &line)?;
            writeln!(self.out)?;
        }
        Ok(true)
    }

    /// The text as it can be printed, cut at the width.
    fn fitted<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let text = printable(text);
        match self.options.width {
            Some(width) if measure_text_width(&text) > width => {
                Cow::Owned(truncate_str(&text, width, CUT).into_owned())
            }
            _ => text,
        }
    }

    fn painted(&mut self, style: Style, text: &str) -> io::Result<()> {
        if self.options.color {
            write!(self.out, "\u{1b}[{}m{text}\u{1b}[0m", style.code())
        } else {
            write!(self.out, "{text}")
        }
    }
}

/// The lines of a paragraph. A word is broken where no line has room for it, so that nothing of it is lost.
fn broken(indent: &str, text: &str, width: Option<usize>) -> Vec<String> {
    let text = printable(text);
    let Some(width) = width else { return vec![format!("{indent}{text}")] };
    let further = format!("{indent}  ");
    // A letter has two columns at most. Where not even one fits, the line is cut.
    let can_break = measure_text_width(&further) + 2 <= width;
    let mut lines = Vec::new();
    let mut line = String::from(indent);
    let mut empty = true;
    for word in text.split(' ') {
        if !empty && measure_text_width(&line) + 1 + measure_text_width(word) > width {
            lines.push(std::mem::replace(&mut line, further.clone()).trim_end().to_owned());
            empty = true;
        }
        if !empty {
            line.push(' ');
        } else if word.is_empty() && !lines.is_empty() {
            continue;
        }
        empty = false;
        if !can_break || measure_text_width(&line) + measure_text_width(word) <= width {
            line.push_str(word);
            continue;
        }
        let mut columns = measure_text_width(&line);
        for letter in word.chars() {
            let more = measure_text_width(letter.encode_utf8(&mut [0; 4]));
            if columns + more > width {
                lines.push(std::mem::replace(&mut line, further.clone()));
                columns = measure_text_width(&line);
            }
            line.push(letter);
            columns += more;
        }
    }
    lines.push(line);
    lines
}

/// The lines of a command. Words hold no control characters: a value with one is refused before there is a
/// command.
fn wrapped(indent: usize, label: &str, words: &[String], width: Option<usize>) -> Option<Vec<String>> {
    let width = width.unwrap_or(usize::MAX);
    let mut lines = Vec::new();
    let mut line = format!("{:indent$}{label}", "");
    let mut columns = measure_text_width(&line);
    if columns > width {
        return None;
    }
    let mut empty = label.is_empty();
    for (at, word) in words.iter().enumerate() {
        if printable(word) != word.as_str() {
            return None;
        }
        let last = at + 1 == words.len();
        let after = if last { 0 } else { CONTINUED.len() };
        let space = usize::from(!empty);
        let more = measure_text_width(word);
        if columns + space + more + after > width {
            if !empty {
                line.push_str(if at == 0 { "" } else { CONTINUED });
                lines.push(std::mem::take(&mut line));
            }
            line = format!("{:indent$}  ", "");
            columns = line.len();
            if columns + more + after > width {
                return None;
            }
        } else if space == 1 {
            line.push(' ');
            columns += 1;
        }
        line.push_str(word);
        columns += more;
        empty = false;
    }
    lines.push(line);
    Some(lines)
}

/// The text filled up with spaces to a number of columns.
pub(super) fn padded(text: &str, columns: usize) -> String {
    let text = printable(text);
    let filling = columns.saturating_sub(measure_text_width(&text));
    format!("{text}{:filling$}", "")
}

#[cfg(test)]
mod tests {
    use super::{Lines, Style, broken, padded, wrapped};
    use crate::policy::Severity;
    use crate::report::Options;

    fn words(command: &str) -> Vec<String> {
        command.split(' ').map(str::to_owned).collect()
    }

    #[test]
    fn a_command_goes_on_like_in_a_script() {
        let command = words("aws rds modify-db-instance --multi-az --region=eu-west-1");
        let lines = wrapped(2, "fix:", &command, Some(40)).unwrap();
        assert_eq!(lines, ["  fix: aws rds modify-db-instance \\", "    --multi-az --region=eu-west-1"]);
        assert_eq!(wrapped(2, "fix:", &command, None).unwrap().len(), 1);
        assert_eq!(wrapped(2, "fix:", &command, Some(20)), None);
    }

    #[test]
    fn a_paragraph_goes_on_further_in() {
        let mut out = Vec::new();
        let options = Options { width: Some(16), color: false };
        Lines::new(options, &mut out).paragraph(None, "  ", "one two three four five").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "  one two three\n    four five\n");
    }

    #[test]
    fn a_word_that_is_wider_than_a_line_is_broken() {
        let arn = "arn:aws:account::123456789012:account";
        let lines = broken("  ", &format!("{arn} has データベース"), Some(20));
        assert_eq!(
            lines,
            ["  arn:aws:account::1", "    23456789012:acco", "    unt has", "    データベース"]
        );
        assert_eq!(broken("  ", "データベース", Some(9)), ["  データ", "    ベー", "    ス"]);
        assert_eq!(broken("  ", arn, Some(5)), [format!("  {arn}")]);
        assert_eq!(broken("  ", arn, None), [format!("  {arn}")]);
    }

    #[test]
    fn a_paragraph_can_have_a_lead() {
        let led = |width, color| {
            let mut out = Vec::new();
            let mut lines = Lines::new(Options { width: Some(width), color }, &mut out);
            lines.led_paragraph(Style::Severity(Severity::High), "high      ", "one-two  three").unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(led(40, true), "\u{1b}[31mhigh      \u{1b}[0mone-two  three\n");
        assert_eq!(led(18, false), "high      one-two\n  three\n");
        assert_eq!(led(12, true), "\u{1b}[31mhigh\u{1b}[0m\n  one-two\n  three\n");
    }

    #[test]
    fn a_line_is_cut_by_columns_and_not_by_letters() {
        let mut out = Vec::new();
        let options = Options { width: Some(8), color: false };
        Lines::new(options, &mut out).plain("データベース").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "データ…\n");
        assert_eq!(padded("データ", 8), "データ  ");
    }

    #[test]
    fn colours_are_around_the_lead_only() {
        let mut out = Vec::new();
        let options = Options { width: None, color: true };
        let style = Style::Severity(Severity::High);
        Lines::new(options, &mut out).led(style, "high", "  a\u{1b}b").unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "\u{1b}[31mhigh\u{1b}[0m  a\\u{1b}b\n");
    }
}
