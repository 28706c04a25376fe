use super::*;

#[test]
fn only_success_verifies() {
    let outcome = |result| Outcome::from(judge(result));
    assert_eq!(outcome(Ok(())), Outcome::Verified);
    assert_eq!(outcome(Err(Error::Authentication)), Outcome::Failed);
    assert_eq!(outcome(Err(Error::Exhausted)), Outcome::Failed);
    assert_eq!(outcome(Err(Error::UserCanceled)), Outcome::Cancelled);
    assert_eq!(outcome(Err(Error::SystemCanceled)), Outcome::Cancelled);
    assert_eq!(outcome(Err(Error::Timeout)), Outcome::TimedOut);
    for error in
        [Error::Unavailable, Error::NotEnrolled, Error::PasscodeNotSet, Error::DisabledByPolicy, Error::Unknown]
    {
        assert_eq!(outcome(Err(error)), Outcome::Unavailable);
    }
}

#[test]
fn the_words_name_the_site() {
    assert_eq!(words(Reason::MakeCredential { rp_id: "example.com" }), "make a passkey for example.com");
    assert_eq!(words(Reason::GetAssertion { rp_id: "example.com" }), "sign in to example.com");
    assert_eq!(words(Reason::Management), "look after your passkeys");
}
