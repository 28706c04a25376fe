//! Relying parties that other people wrote judge what the real client and the real host make, the host a process of its own.
//!
//! Every judge is also seen refusing: what is spoiled is one thing at a time, so that no acceptance here is an empty one.

use ciborium::Value as Cbor;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use tests::browser::Error;
use tests::host::{Client, Host, Person};
use tests::judge::{Judge, Policy, Script, WebauthnRs};
use tests::machine::Machine;
use wasm::client::prompt::Verification;

const RP_ID: &str = "example.com";
const ORIGIN: &str = "https://login.example.com";
/// The RP ID is right for this one too; the judge expects [`ORIGIN`].
const ANOTHER_ORIGIN: &str = "https://shop.example.com";
const PIN: &str = "open sesame 7";

type Outcome = Result<(), Error>;

/// The tests below, once for each judge.
macro_rules! judged_by {
    ($($judge:ident = $new:expr;)*) => {$(
        mod $judge {
            use super::*;

            fn judge() -> Result<impl Judge, Error> {
                $new
            }

            judged_by!(@tests
                accepts_a_registration accepts_every_kind_of_key accepts_self_attestation accepts_a_sign_in_with_verification
                accepts_a_sign_in_without_verification accepts_a_sign_in_by_a_discoverable_credential
                refuses_a_flipped_attestation_signature refuses_a_flipped_signature
                refuses_another_challenge refuses_another_origin refuses_missing_verification
            );
        }
    )*};
    (@tests $($test:ident)*) => {$(
        #[tokio::test]
        async fn $test() -> Outcome {
            super::$test(judge()?).await
        }
    )*};
}

judged_by! {
    webauthn_rs = WebauthnRs::new(RP_ID, ORIGIN);
    simplewebauthn_server = Script::simplewebauthn(RP_ID, ORIGIN);
    py_webauthn = Script::py_webauthn(RP_ID, ORIGIN);
}

async fn accepts_a_registration(mut judge: impl Judge) -> Outcome {
    let machine = Machine::start()?;
    let client = client(&machine)?;
    let options = judge.registration_options(Policy::new("ada", "required")).await?;
    let response = client.create(&options).await?;

    let accepted = judge.register(&response).await??;
    assert_eq!(accepted.user, "ada");
    assert!(accepted.user_verified);
    assert_eq!(accepted.sign_count, 0);
    assert_eq!(accepted.format.as_deref(), Some("none"));
    assert!(accepted.aaguid.is_none_or(|aaguid| aaguid == "8fbd00ba-ea22-421e-855a-db5d23b0ac05"));
    assert_eq!(client.asked()[0].verification, Verification::NewPin { min_length: 4 });
    Ok(())
}

/// Every algorithm that the judge can verify: attested, used, and seen refused.
async fn accepts_every_kind_of_key(mut judge: impl Judge) -> Outcome {
    let machine = Machine::start()?;
    let client = client(&machine)?;
    for algorithm in judge.algorithms() {
        let user = format!("ada with {algorithm}");
        let policy = Policy { attestation: "direct", algorithm: Some(*algorithm), ..Policy::new(&user, "discouraged") };
        let response = client.create(&judge.registration_options(policy).await?).await?;
        assert_eq!(response["response"]["publicKeyAlgorithm"], json!(algorithm));
        judge.register(&response).await?.map_err(|reason| format!("{user}: {reason}"))?;

        let response = client.get(&judge.sign_in_options(policy).await?).await?;
        let mut spoiled = response.clone();
        let mut signature = decoded(&response["response"]["signature"])?;
        flip_last(&mut signature);
        spoiled["response"]["signature"] = json!(BASE64URL_NOPAD.encode(&signature));
        assert!(judge.sign_in(&spoiled).await?.is_err(), "{user}");
        assert_eq!(judge.sign_in(&response).await?.map_err(|reason| format!("{user}: {reason}"))?.user, user);
    }
    Ok(())
}

async fn accepts_self_attestation(mut judge: impl Judge) -> Outcome {
    let machine = Machine::start()?;
    let client = client(&machine)?;
    let options =
        judge.registration_options(Policy { attestation: "direct", ..Policy::new("ada", "discouraged") }).await?;
    let response = client.create(&options).await?;

    let accepted = judge.register(&response).await??;
    assert_eq!(accepted.format.as_deref(), Some("packed"));
    assert!(!accepted.user_verified);
    Ok(())
}

async fn accepts_a_sign_in_with_verification(mut judge: impl Judge) -> Outcome {
    let machine = Machine::start()?;
    let client = registered(&machine, &mut judge, "required").await?;
    let options = judge.sign_in_options(Policy::new("ada", "required")).await?;
    let response = client.get(&options).await?;

    let accepted = judge.sign_in(&response).await??;
    assert_eq!((accepted.user.as_str(), accepted.user_verified, accepted.sign_count), ("ada", true, 0));
    Ok(())
}

async fn accepts_a_sign_in_without_verification(mut judge: impl Judge) -> Outcome {
    let machine = Machine::start()?;
    let client = registered(&machine, &mut judge, "discouraged").await?;
    let options = judge.sign_in_options(Policy::new("ada", "discouraged")).await?;
    let response = client.get(&options).await?;

    let accepted = judge.sign_in(&response).await??;
    assert_eq!((accepted.user.as_str(), accepted.user_verified, accepted.sign_count), ("ada", false, 0));
    assert!(client.asked().iter().all(|question| question.verification == Verification::None));
    Ok(())
}

async fn accepts_a_sign_in_by_a_discoverable_credential(mut judge: impl Judge) -> Outcome {
    let machine = Machine::start()?;
    let client = registered(&machine, &mut judge, "required").await?;
    // Nobody is signed in: the allow list is empty.
    let options = judge.sign_in_options(Policy::new("nobody", "required")).await?;
    assert!(options["allowCredentials"].as_array().is_none_or(Vec::is_empty), "{options}");
    let response = client.get(&options).await?;
    assert_eq!(judge.sign_in(&response).await??.user, "ada");
    Ok(())
}

async fn refuses_a_flipped_attestation_signature(mut judge: impl Judge) -> Outcome {
    let machine = Machine::start()?;
    let client = client(&machine)?;
    let options =
        judge.registration_options(Policy { attestation: "direct", ..Policy::new("ada", "discouraged") }).await?;
    let response = client.create(&options).await?;
    let mut spoiled = response.clone();
    spoiled["response"]["attestationObject"] =
        json!(with_flipped_signature(&response["response"]["attestationObject"])?);

    assert!(judge.register(&spoiled).await?.is_err());
    // The same response, whole, does: the flip was the reason.
    judge.register(&response).await??;
    Ok(())
}

async fn refuses_a_flipped_signature(mut judge: impl Judge) -> Outcome {
    let machine = Machine::start()?;
    let client = registered(&machine, &mut judge, "required").await?;
    let options = judge.sign_in_options(Policy::new("ada", "required")).await?;
    let response = client.get(&options).await?;
    let mut spoiled = response.clone();
    let mut signature = decoded(&response["response"]["signature"])?;
    flip_last(&mut signature);
    spoiled["response"]["signature"] = json!(BASE64URL_NOPAD.encode(&signature));

    assert!(judge.sign_in(&spoiled).await?.is_err());
    judge.sign_in(&response).await??;
    Ok(())
}

async fn refuses_another_challenge(mut judge: impl Judge) -> Outcome {
    let machine = Machine::start()?;
    let client = client(&machine)?;
    let policy = Policy::new("ada", "required");
    let options = judge.registration_options(policy).await?;
    let response = client.create(&options).await?;
    judge.registration_options(policy).await?;
    assert_refused_for(&["challenge"], judge.register(&response).await?);

    let options = judge.registration_options(policy).await?;
    judge.register(&client.create(&options).await?).await??;
    let options = judge.sign_in_options(policy).await?;
    let response = client.get(&options).await?;
    judge.sign_in_options(policy).await?;
    assert_refused_for(&["challenge"], judge.sign_in(&response).await?);
    Ok(())
}

async fn refuses_another_origin(mut judge: impl Judge) -> Outcome {
    let machine = Machine::start()?;
    let mut client = registered(&machine, &mut judge, "required").await?;
    client.on(ANOTHER_ORIGIN)?;
    let policy = Policy::new("grace", "required");
    let options = judge.registration_options(policy).await?;
    assert_refused_for(&["origin"], judge.register(&client.create(&options).await?).await?);
    let options = judge.sign_in_options(Policy::new("ada", "required")).await?;
    assert_refused_for(&["origin"], judge.sign_in(&client.get(&options).await?).await?);
    Ok(())
}

async fn refuses_missing_verification(mut judge: impl Judge) -> Outcome {
    let machine = Machine::start()?;
    let client = registered(&machine, &mut judge, "required").await?;
    let mut options = judge.sign_in_options(Policy::new("ada", "required")).await?;
    // A page that asks for less than its server wants.
    options["userVerification"] = json!("discouraged");
    let response = client.get(&options).await?;
    assert_refused_for(&["verif"], judge.sign_in(&response).await?);
    Ok(())
}

/// A person who declines: the real client gives no credential, so there is nothing for a judge.
#[tokio::test]
async fn nothing_is_made_without_consent() -> Outcome {
    let machine = Machine::start()?;
    let mut judge = WebauthnRs::new(RP_ID, ORIGIN)?;
    let client = Client::new(Host::start(&machine)?, ORIGIN, Person::Cancels)?;
    let options = judge.registration_options(Policy::new("ada", "required")).await?;
    let error = client.create(&options).await.expect_err("the user cancelled").to_string();
    assert!(error.contains("NotAllowedError"), "{error}");
    let list = machine.keystow(&["list"])?.output()?;
    assert!(!String::from_utf8_lossy(&list.stdout).contains("ada"), "{list:?}");
    Ok(())
}

fn client(machine: &Machine) -> Result<Client, Error> {
    Client::new(Host::start(machine)?, ORIGIN, Person::Consents { pin: PIN })
}

/// A client whose vault holds a passkey that the judge has accepted, for the account `ada`.
async fn registered(machine: &Machine, judge: &mut impl Judge, user_verification: &str) -> Result<Client, Error> {
    let client = client(machine)?;
    let options = judge.registration_options(Policy::new("ada", user_verification)).await?;
    judge.register(&client.create(&options).await?).await??;
    Ok(client)
}

fn assert_refused_for(words: &[&str], verdict: tests::judge::Verdict) {
    let reason = verdict.expect_err("the judge must refuse").to_lowercase();
    assert!(words.iter().any(|word| reason.contains(word)), "refused for another reason: {reason}");
}

/// An attestation object whose statement's signature has its last bit flipped; all else is as it was.
fn with_flipped_signature(object: &Value) -> Result<String, Error> {
    let mut object: Cbor = ciborium::from_reader(decoded(object)?.as_slice())?;
    let statement = member(&mut object, "attStmt").ok_or("no statement")?;
    let signature = member(statement, "sig").and_then(Cbor::as_bytes_mut).ok_or("no signature")?;
    flip_last(signature);
    let mut bytes = Vec::new();
    ciborium::into_writer(&object, &mut bytes)?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

fn member<'a>(map: &'a mut Cbor, name: &str) -> Option<&'a mut Cbor> {
    map.as_map_mut()?.iter_mut().find(|(key, _)| key.as_text() == Some(name)).map(|(_, value)| value)
}

fn flip_last(bytes: &mut [u8]) {
    if let Some(last) = bytes.last_mut() {
        *last ^= 1;
    }
}

fn decoded(text: &Value) -> Result<Vec<u8>, Error> {
    Ok(BASE64URL_NOPAD.decode(text.as_str().ok_or("not a text")?.as_bytes())?)
}
