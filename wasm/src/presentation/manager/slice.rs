//! Which rows of a long list are in the document: those in view, and a few around them.

use std::ops::Range;

/// The height of a row, in CSS pixels, as manager-parts.css has it.
pub const ROW: i32 = 60;

/// So many rows above and below are there too, so that scrolling shows no gap.
const AROUND: usize = 6;

/// The rows of `count` that are to be in the document where the list is scrolled by `top` and `height` high.
pub fn rows(count: usize, top: i32, height: i32) -> Range<usize> {
    let row = |pixels: i32| usize::try_from(pixels.max(0) / ROW).unwrap_or(0);
    let first = row(top).saturating_sub(AROUND).min(count);
    let end = (row(top.saturating_add(height)) + 1 + AROUND).min(count);
    first..end.max(first)
}

/// How far the list is to be scrolled so that row `index` is in view; `None` where it is already.
pub fn scrolled_to(index: usize, top: i32, height: i32) -> Option<i32> {
    let start = i32::try_from(index).unwrap_or(i32::MAX / ROW).saturating_mul(ROW);
    let end = start.saturating_add(ROW);
    if start < top {
        Some(start)
    } else if end > top.saturating_add(height) {
        Some(end - height)
    } else {
        None
    }
}

/// Where a key moves to from row `index` of `count`, with `page` rows in view. `None`: it is no such key, or there are no rows.
pub fn moved(key: &str, index: Option<usize>, count: usize, page: usize) -> Option<usize> {
    let last = count.checked_sub(1)?;
    let to = match (key, index) {
        ("ArrowDown" | "ArrowUp", None) | ("Home", _) => 0,
        ("End", _) => last,
        ("ArrowDown", Some(index)) => index + 1,
        ("ArrowUp", Some(index)) => index.saturating_sub(1),
        ("PageDown", _) => index.unwrap_or(0) + page,
        ("PageUp", _) => index.unwrap_or(0).saturating_sub(page),
        _ => return None,
    };
    Some(to.min(last))
}

#[cfg(test)]
mod tests;
