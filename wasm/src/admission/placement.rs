//! Where a window that asks may come up: over the tab that asked, and never in the way of what the user does elsewhere.

/// The window with the asking tab, as far as the browser tells. Lengths in pixels of the screen.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Over {
    /// Distance from the left edge of the screens.
    pub left: Option<i32>,
    /// Distance from the upper edge of the screens.
    pub top: Option<i32>,
    /// Its width.
    pub width: Option<i32>,
    /// Whether it has the keyboard.
    pub focused: bool,
    /// Whether it is minimized.
    pub minimized: bool,
}

/// Where the window goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Placement {
    /// Distance from the left edge of the screens; `None`: as the browser likes.
    pub left: Option<i32>,
    /// Distance from the upper edge of the screens.
    pub top: Option<i32>,
    /// Whether it takes the keyboard: only from the window that it is asked for in, so that what is typed elsewhere stays there.
    pub focused: bool,
}

/// Where a window of `width` goes that a tab asks for. `None` where the user does not see that tab: a browser refuses the call of a hidden
/// page, and a window for something that is out of sight could only be mistaken for something else.
pub fn placement(tab_is_shown: bool, over: Option<Over>, width: i32) -> Option<Placement> {
    // Where the browser has nothing to say of windows, there are none to be told apart.
    let over = over.unwrap_or(Over { focused: true, ..Over::default() });
    if !tab_is_shown || over.minimized {
        return None;
    }
    let left = over.left.zip(over.width).map(|(left, outer)| left + (outer - width) / 2);
    Some(Placement { left, top: over.top.map(|top| top + DROP), focused: over.focused })
}

/// How far below the upper edge of the asking window: its address bar stays to be seen.
const DROP: i32 = 64;

#[cfg(test)]
mod tests;
