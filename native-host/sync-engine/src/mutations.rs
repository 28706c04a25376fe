//! What the simulator breaks on purpose, to see that it would notice (SYNC §16.2). Only the tests of this package compile the switch; in the
//! product every question is answered by a constant "no".

/// Something that the engine could get wrong.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mutation {
    /// Stamps are what the wall clock says.
    WallClock,
    /// What only a removed device's log held is not published again.
    NoAdoption,
    /// A removal makes no new vault key.
    KeyNotRotated,
    /// A head counts as read though one of its packs was not.
    ReadWithoutPack,
    /// What was made to be uploaded is gone after a crash.
    BytesNotKept,
    /// A device that finds its identity used elsewhere goes on under its name.
    OldNameGoesOn,
    /// Of several values those that came last are kept.
    NewestByArrival,
    /// Who was invited later may remove who was invited earlier.
    JuniorRemovesSenior,
    /// All that a removed device says stands.
    KeptListIgnored,
    /// Whoever signed a head, it is believed.
    SignatureNotChecked,
    /// Old packs are deleted before the head that does not name them is up.
    DeletedBeforeHead,
}

#[cfg(feature = "mutations")]
thread_local! {
    static BROKEN: std::cell::Cell<Option<Mutation>> = const { std::cell::Cell::new(None) };
}

/// From now on, on this thread, this is broken; or nothing.
#[cfg(feature = "mutations")]
pub fn break_on_purpose(mutation: Option<Mutation>) {
    BROKEN.set(mutation);
}

/// Whether this is broken on purpose.
#[cfg(feature = "mutations")]
pub(crate) fn is_broken(mutation: Mutation) -> bool {
    BROKEN.get() == Some(mutation)
}

/// Nothing is.
#[cfg(not(feature = "mutations"))]
pub(crate) const fn is_broken(_: Mutation) -> bool {
    false
}
