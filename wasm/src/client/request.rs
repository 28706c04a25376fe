//! What create and get do with a page's request before anything is shown.

use serde::de::DeserializeOwned;

use super::caller::PageRequest;
use super::error::{Error, HostFault, NotServed, PageFault};

/// The options of a request that is to be served now, in a window.
pub(super) fn options<T: DeserializeOwned>(request: PageRequest) -> Result<T, Error> {
    match request.mediation.as_deref() {
        None | Some("optional" | "required") => {}
        // L3 §5.1.3 step 19, L3 §5.1.4.1 step 3: deviates. Conditional requests are left to the browser for now; so are silent ones.
        Some(_) => return Err(Error::NotServed(NotServed::Mediation)),
    }
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
