//! Pages: where one begins, where it ends, and by what the next one is asked for.

use std::ops::{Range, RangeInclusive};

use super::asked;
use super::template::Values;
use crate::support::gateway::Reply;
use crate::support::wire::Request;

/// How an operation gives its items out.
pub(super) struct Paging {
    /// The parameter with the size that the caller wants for a page.
    pub(super) size: &'static str,
    /// The sizes that the API allows. Without one, a page has the most.
    pub(super) sizes: RangeInclusive<usize>,
    /// The parameter with the token of the page before.
    pub(super) token: &'static str,
    /// What such a token is.
    pub(super) is: Token,
    /// The code for a parameter that makes no sense.
    pub(super) refusal: &'static str,
}

/// What tells one page from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A text that means nothing to the caller.
    Opaque,
    /// The name of the last item before the page.
    LastBefore,
    /// The id of the first item of the page.
    First,
}

/// A page.
pub(super) struct Page {
    /// The numbers of its items.
    pub(super) items: Range<usize>,
    /// What the next one is asked for with.
    pub(super) next: Option<String>,
}

impl Page {
    /// The only page of a list that knows no pages.
    pub(super) fn of_all(items: usize) -> Self {
        Self { items: 0..items, next: None }
    }

    /// What an answer says of its page.
    pub(super) fn values(&self) -> Values {
        let values = Values::default();
        match &self.next {
            Some(next) => values.with("next", next),
            None => values,
        }
    }
}

impl Paging {
    /// The page that a request asks for, of so many items; the API's error for a size or a token that it does not
    /// take. AWS cuts some sizes that are too large; asking for them is a mistake of the caller's all the same.
    pub(super) fn page(
        &self,
        request: &Request,
        items: usize,
        most_in_a_page: Option<usize>,
    ) -> Result<Page, Box<Reply>> {
        let refuse = |name: &str| {
            Box::new(Reply::error(request, 400, self.refusal, &format!("The {name} is invalid")))
        };
        let size = match asked(request, self.size) {
            None => *self.sizes.end(),
            Some(size) => {
                size.parse().ok().filter(|size| self.sizes.contains(size)).ok_or_else(|| refuse(self.size))?
            }
        };
        let start = match asked(request, self.token) {
            None => 0,
            Some(token) => self.start(request, &token, items).ok_or_else(|| refuse(self.token))?,
        };
        let end = items.min(start + size.min(most_in_a_page.unwrap_or(size)));
        let next = (end < items).then(|| match self.is {
            Token::Opaque => opaque(request, end),
            Token::LastBefore => id(end - 1),
            Token::First => id(end),
        });
        Ok(Page { items: start..end, next })
    }

    /// Where the page with a token begins. Nobody may have made up an opaque one, or taken it from elsewhere.
    fn start(&self, request: &Request, token: &str, items: usize) -> Option<usize> {
        let start = match self.is {
            Token::Opaque => {
                let start = token.strip_suffix("==")?.rsplit_once('+')?.1.parse().ok()?;
                (opaque(request, start) == token).then_some(start)?
            }
            Token::LastBefore => number_of(token)? + 1,
            Token::First => number_of(token)?,
        };
        (start < items).then_some(start)
    }
}

/// A token with characters that have to be escaped in a form, in a query and in a signature.
fn opaque(request: &Request, start: usize) -> String {
    format!("{}/{}+{start}==", request.region, request.operation)
}

/// The digits that the ids, names and ARNs of an item end with. In their order, items are in that of their names.
pub(crate) fn id(number: usize) -> String {
    format!("{number:07}")
}

/// The number of the item with an id, a name or an ARN.
pub(super) fn number_of(text: &str) -> Option<usize> {
    let digits = text.get(text.len().checked_sub(7)?..)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok()).flatten()
}
