//! What stands in the way of asking the user, and the one thing to do about it.

use std::fmt;

use protocol::manage::Finding;

/// Why the OS cannot verify the user, though this platform has a way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Obstacle {
    /// No system bus, or no polkit on it.
    NoService,
    /// polkit has not said within seconds whether it would ask.
    NoAnswer,
    /// polkit does not know Keystow's action.
    NoAction,
    /// polkit says yes without asking: for root, by a rule, or because it keeps an earlier yes.
    AsksNobody,
    /// polkit says no without asking: the session is remote, or not the one in front of the screen; or a rule says so.
    Denied,
    /// polkit could not judge this process.
    Refused,
}

impl Obstacle {
    /// The finding that it is.
    pub fn code(self) -> Finding {
        match self {
            Self::NoService => Finding::PolkitMissing,
            Self::NoAnswer => Finding::PolkitSilent,
            Self::NoAction => Finding::PolkitActionMissing,
            Self::AsksNobody => Finding::PolkitAsksNobody,
            Self::Denied => Finding::PolkitDenies,
            Self::Refused => Finding::PolkitRefuses,
        }
    }

    /// What was found, in a sentence.
    pub fn finding(self) -> &'static str {
        match self {
            Self::NoService => "polkit does not answer.",
            Self::NoAnswer => "polkit has not answered for seconds.",
            Self::NoAction => "polkit does not know Keystow's action.",
            Self::AsksNobody => {
                "polkit says yes without asking: to root, by a rule, or because it keeps an earlier yes."
            }
            Self::Denied => "polkit asks nobody in this session: it is remote or in the background, or a rule says so.",
            Self::Refused => "polkit cannot tell who runs Keystow, as within a container.",
        }
    }

    /// The one thing to do about it.
    pub fn fix(self) -> &'static str {
        match self {
            Self::NoService => "sudo apt install polkitd, then log in to a desktop session",
            Self::NoAnswer => "sudo systemctl restart polkit",
            Self::NoAction => {
                "keystow polkit-action | sudo tee /usr/share/polkit-1/actions/org.keystow.policy >/dev/null"
            }
            Self::AsksNobody => {
                "run the browser as yourself, without a rule for org.keystow.verify-user in /etc/polkit-1/rules.d"
            }
            Self::Denied => "log in at the machine itself",
            Self::Refused => "run the browser outside of the container",
        }
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} To change that: {}", self.finding(), self.fix())
    }
}
