//! Each kind of key, made, attested and used.

use serde_json::{Value, json};

use crate::relying_party::RelyingParty;
use crate::world::{Act, World};
use crate::{credential, spoilt};

/// The options of a site that takes these algorithms, the first one rather than the others.
fn taking(site: &RelyingParty, algorithms: &[i64], with: Value) -> Value {
    let parameters: Vec<_> = algorithms.iter().map(|alg| json!({"type": "public-key", "alg": alg})).collect();
    let mut options = site.creation("ada", with);
    options["pubKeyCredParams"] = json!(parameters);
    options
}

fn registers_and_signs_in(algorithm: i64) {
    let world = World::new();
    let mut site = RelyingParty::new("example.com", "https://example.com");
    let options = taking(&site, &[algorithm], json!({"attestation": "direct"}));
    let made = credential(world.create(&site, options, [Act::Approve]));
    for member in ["attestationObject", "publicKey"] {
        assert!(site.clone().register(&spoilt(&made, member)).is_err(), "{member}");
    }
    let registered = site.register(&made).expect("accepted");
    assert_eq!((registered.algorithm, registered.format.as_str()), (algorithm, "packed"));
    let signed = credential(world.get(&site, site.request(json!({})), [Act::Approve]));
    assert!(site.authenticate(&spoilt(&signed, "signature")).is_err());
    site.authenticate(&signed).expect("accepted");
}

macro_rules! registers_and_signs_in {
    ($($name:ident = $number:literal;)*) => {$(
        #[test]
        fn $name() {
            registers_and_signs_in($number);
        }
    )*};
}

registers_and_signs_in! {
    es256 = -7;
    eddsa = -8;
    es384 = -35;
    rs256 = -257;
    ml_dsa_44 = -48;
    ml_dsa_65 = -49;
}

#[test]
fn the_first_that_keystow_has_is_taken() {
    let world = World::new();
    let mut site = RelyingParty::new("example.com", "https://example.com");
    for (algorithms, expected) in [
        (&[-65535, -37, -8, -7, -257][..], -8),
        (&[-7, -8][..], -7),
        (&[-49, -48, -7][..], -49),
        (&[-35, -35, -7][..], -35),
        (&[][..], -7),
    ] {
        let made = credential(world.create(&site, taking(&site, algorithms, json!({})), [Act::Approve]));
        assert_eq!(site.register(&made).expect("accepted").algorithm, expected, "{algorithms:?}");
    }
}
