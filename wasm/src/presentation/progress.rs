//! How far the user's decision on a question has come: what still counts once a button has been pressed.

use crate::client::prompt::Decision;

/// See above.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub enum Progress {
    /// Nothing is decided.
    #[default]
    Open,
    /// Approved, and the OS asks the user now: the ceremony can still be ended.
    Waiting,
    /// Decided.
    Decided,
}

impl Progress {
    /// What `decision` makes of it, `waits` being whether the OS asks after an approval; nothing where the decision does not count.
    pub fn after(self, decision: &Decision, waits: bool) -> Option<Self> {
        match (self, decision) {
            (Self::Open, Decision::Approve(_)) if waits => Some(Self::Waiting),
            (
                Self::Open,
                Decision::Approve(_)
                | Decision::UsePin
                | Decision::UseAnother
                | Decision::AlwaysUseAnother
                | Decision::Cancel,
            )
            | (Self::Waiting, Decision::UseAnother | Decision::AlwaysUseAnother | Decision::Cancel) => {
                Some(Self::Decided)
            }
            (Self::Waiting, Decision::Approve(_) | Decision::UsePin) | (Self::Decided, _) => None,
        }
    }
}

#[cfg(test)]
mod tests;
