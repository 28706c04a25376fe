//! What create and get do with a page's request before anything is shown.

use serde::de::DeserializeOwned;

use super::caller::PageRequest;
use super::error::{Error, HostFault, NotServed, PageFault};

/// Credential Management §2.3.2 `mediation`, as far as it is served.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Mediation {
    /// "optional" and "required": a window, now.
    Modal,
    /// "conditional": once the user wants it; in create, without a question.
    Conditional,
    /// "immediate": a window, now, or nothing.
    Immediate,
}

impl Mediation {
    /// What `request` wants.
    pub(super) fn of(request: &PageRequest) -> Result<Self, Error> {
        match request.mediation.as_deref() {
            None | Some("optional" | "required") => Ok(Self::Modal),
            Some("conditional") => Ok(Self::Conditional),
            Some("immediate") => Ok(Self::Immediate),
            // L3 §5.1.4.1 step 3: deviates. Silent requests, for which no passkey can be used, are the browser's to refuse.
            Some(_) => Err(Error::NotServed(NotServed::Mediation)),
        }
    }
}

/// The options of a request, in their JSON form.
pub(super) fn options<T: DeserializeOwned>(request: PageRequest) -> Result<T, Error> {
    serde_json::from_value(request.options).map_err(|_| Error::Page(PageFault::Options))
}

/// What the host answered while the user knows of nothing yet: a host that cannot be understood is as good as none.
pub(super) fn before_consent<T>(answer: Result<T, Error>) -> Result<T, Error> {
    match answer {
        Err(Error::Host(HostFault::BrokeContract(_) | HostFault::Status(_))) => {
            Err(Error::NotServed(NotServed::HostGone))
        }
        other => other,
    }
}

/// The same where the user is not to see anything but what can be used: a host that cannot serve holds nothing.
pub(super) fn before_silence<T>(answer: Result<T, Error>) -> Result<T, Error> {
    answer.map_err(|error| match error {
        Error::Host(_) => Error::NotServed(NotServed::HostGone),
        other => other,
    })
}
