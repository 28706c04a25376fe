//! The real host beside a pure model of an authenticator, under random commands, with reopenings and kills between them.

#![allow(clippy::unwrap_used)] // A test fails by panicking.

#[path = "model/expected.rs"]
mod expected;
#[path = "model/real.rs"]
mod real;

use proptest::prelude::*;

use expected::Model;
use real::Real;

/// What a platform does, and what befalls the host in between.
#[derive(Clone, Debug)]
enum Step {
    Make {
        rp: u8,
        user: u8,
        discoverable: bool,
        protect: i64,
        exclude: Option<usize>,
        verified: bool,
    },
    Get {
        rp: u8,
        allow: Option<usize>,
        verified: bool,
    },
    GetNext,
    Enumerate {
        rp: u8,
    },
    Delete(usize),
    Rename {
        which: usize,
        name: u8,
    },
    /// A creation that the user is not asked for.
    MakeUnasked {
        rp: u8,
        user: u8,
    },
    /// The site signals that it does not know a passkey.
    Unknown {
        rp: u8,
        which: usize,
    },
    /// The site signals that it accepts this one of the account, and no other.
    Accept {
        rp: u8,
        user: u8,
        which: usize,
    },
    /// The site signals what the account is called now.
    Details {
        rp: u8,
        user: u8,
        name: u8,
    },
    /// The user brings a passkey, or its name, back.
    Restore(usize),
    /// The user calls a passkey something, or, at 0, nothing any more.
    Label {
        which: usize,
        label: u8,
    },
    /// The user looks at a passkey and at its history.
    Look(usize),
    /// The browser ends the host, and starts another.
    Reopen,
    /// The host is killed: what is on the disk at this moment is what the next one finds.
    Kill,
}

/// What came of a step. Passkeys are told by their number, in the order in which they were made.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Outcome {
    Refused(protocol::ctap::StatusCode),
    Made,
    /// Which passkey signed, whether the user was verified, and how many match.
    Signed(usize, bool, i64),
    /// The passkeys of a relying party, with their users' names.
    Listed(Vec<(usize, String)>),
    /// What the user calls a passkey that is here, and its uses, the last first: whether it signed, and whether the user was verified.
    Seen(Option<String>, Vec<(bool, bool)>),
    Done,
    /// There is nothing to bring back, to write on or to look at.
    Nothing,
}

fn step() -> impl Strategy<Value = Step> {
    let rp = || 0..3_u8;
    let which = || 0..12_usize;
    prop_oneof![
        5 => (rp(), 0..3_u8, prop::bool::weighted(0.8), 1..=3_i64, prop::option::weighted(0.3, which()), any::<bool>())
            .prop_map(|(rp, user, discoverable, protect, exclude, verified)| {
                Step::Make { rp, user, discoverable, protect, exclude, verified }
            }),
        5 => (rp(), prop::option::weighted(0.4, which()), any::<bool>())
            .prop_map(|(rp, allow, verified)| Step::Get { rp, allow, verified }),
        4 => Just(Step::GetNext),
        2 => rp().prop_map(|rp| Step::Enumerate { rp }),
        2 => which().prop_map(Step::Delete),
        1 => (which(), any::<u8>()).prop_map(|(which, name)| Step::Rename { which, name }),
        2 => (rp(), 0..4_u8).prop_map(|(rp, user)| Step::MakeUnasked { rp, user }),
        1 => (rp(), which()).prop_map(|(rp, which)| Step::Unknown { rp, which }),
        2 => (rp(), 0..4_u8, which()).prop_map(|(rp, user, which)| Step::Accept { rp, user, which }),
        2 => (rp(), 0..4_u8, 0..3_u8).prop_map(|(rp, user, name)| Step::Details { rp, user, name }),
        1 => which().prop_map(Step::Restore),
        2 => (which(), 0..3_u8).prop_map(|(which, label)| Step::Label { which, label }),
        3 => which().prop_map(Step::Look),
        1 => Just(Step::Reopen),
        1 => Just(Step::Kill),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_host_does_what_the_model_does(steps in prop::collection::vec(step(), 1..40)) {
        let mut model = Model::default();
        let mut real = Real::new();
        for step in &steps {
            prop_assert_eq!(real.take(step), model.take(step), "{:?} of {:?}", step, steps);
        }
    }
}
