//! Paging of IAM's lists: `MaxItems`, `Marker`, `IsTruncated`.

use super::Context;
use crate::{constraints::Constraints, error::ApiError, reply::Xml};

/// The part of a list that one answer carries.
pub(super) struct Page {
    start: usize,
    end: usize,
    total: usize,
}

impl Page {
    /// Finds the page that the request asks for in a list of `total` entries.
    pub(super) fn of(context: &Context, total: usize) -> Result<Page, ApiError> {
        let most = context.parameters.integer("MaxItems")?.unwrap_or(100);
        let mut constraints = Constraints::new();
        constraints.range("maxItems", most, 1, 1000);
        constraints.check()?;
        let start = match context.parameters.text("Marker") {
            None => 0,
            Some(marker) => marker
                .strip_prefix(MARKER)
                .and_then(|start| start.parse().ok())
                .filter(|start| *start <= total)
                .ok_or_else(|| ApiError::validation("Invalid Marker."))?,
        };
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        // IAM may always give fewer than were asked for, and tests make it do so.
        let most = context.state.page_size.map_or(most, |size| size.min(most));
        Ok(Page {
            start,
            end: total.min(start + most),
            total,
        })
    }

    /// The entries of this page.
    pub(super) fn cut<'a, T>(&self, entries: &'a [T]) -> &'a [T] {
        &entries[self.start..self.end]
    }

    /// Adds what tells whether there is more.
    pub(super) fn finish(&self, result: Xml) -> Xml {
        if self.end < self.total {
            result
                .text("IsTruncated", "true")
                .text("Marker", &format!("{MARKER}{}", self.end))
        } else {
            result.text("IsTruncated", "false")
        }
    }
}

/// Markers are opaque to clients; the beginning keeps them from looking like numbers.
const MARKER: &str = "AAE/sandbox+";
