use super::*;

fn name(error: Error) -> &'static str {
    match Reply::from(error) {
        Reply::Error(error) => error.name.as_str(),
        Reply::Native => "native",
        Reply::Credential(_) => "credential",
        Reply::Saved { .. } | Reply::Capabilities(_) | Reply::Done => "an answer to another call",
    }
}

#[test]
fn every_fault_has_its_exception() {
    for (error, expected) in [
        (Error::Page(PageFault::Options), "TypeError"),
        (Error::Page(PageFault::UserHandleLength), "TypeError"),
        (Error::Page(PageFault::OriginNotADomain), "SecurityError"),
        (Error::Page(PageFault::RpIdNotADomain), "SecurityError"),
        (Error::Page(PageFault::RpIdIsPublicSuffix), "SecurityError"),
        (Error::Page(PageFault::NoPublicKeyType), "NotSupportedError"),
        (Error::User(UserChoice::Cancelled), "NotAllowedError"),
        (Error::User(UserChoice::TimedOut), "NotAllowedError"),
        (Error::User(UserChoice::AlreadyRegistered), "InvalidStateError"),
        (Error::Host(HostFault::BrokeContract("anything")), "UnknownError"),
        (Error::NotServed(NotServed::NothingHeld), "native"),
        (Error::NotServed(NotServed::HostGone), "native"),
    ] {
        assert_eq!(name(error.clone()), expected, "{error:?}");
    }
}

#[test]
fn cancelled_and_timed_out_look_alike_to_the_page() {
    assert_eq!(Reply::from(Error::User(UserChoice::Cancelled)), Reply::from(Error::User(UserChoice::TimedOut)));
}

#[test]
fn statuses_of_the_authenticator() {
    for (status, expected) in [
        (StatusCode::CredentialExcluded, "InvalidStateError"),
        (StatusCode::UnsupportedAlgorithm, "NotSupportedError"),
        (StatusCode::UnsupportedOption, "ConstraintError"),
        (StatusCode::OperationDenied, "NotAllowedError"),
        (StatusCode::NoCredentials, "NotAllowedError"),
        (StatusCode::PinAuthInvalid, "NotAllowedError"),
        (StatusCode::UvBlocked, "NotAllowedError"),
        (StatusCode::UvInvalid, "NotAllowedError"),
        (StatusCode::KeyStoreFull, "UnknownError"),
        (StatusCode::Unknown(0xf3), "UnknownError"),
    ] {
        assert_eq!(name(Error::Host(HostFault::Status(status))), expected, "{status}");
    }
}
