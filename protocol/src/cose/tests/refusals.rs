use super::key;
use crate::cbor::{self, Value};
use crate::cose::CoseAlgorithmIdentifier::{self, EdDsa, Es256, Es384, MlDsa44, MlDsa65, Rs256};
use crate::cose::CoseKey;

const KTY: i64 = 1;
const ALG: i64 = 3;

/// What is read of a key of `algorithm` whose member `label` is another, or not there.
fn changed(algorithm: CoseAlgorithmIdentifier, label: i64, member: Option<Value>) -> Result<CoseKey, cbor::Error> {
    let Value::Map(mut members) = key(algorithm).to_value() else { panic!("a map") };
    members.retain(|(name, _)| *name != label.into());
    members.extend(member.map(|member| (label.into(), member)));
    CoseKey::from_value(Value::Map(members))
}

fn out_of_range(algorithm: CoseAlgorithmIdentifier, label: i64, member: impl Into<Value>, name: &'static str) {
    assert_eq!(
        changed(algorithm, label, Some(member.into())),
        Err(cbor::Error::OutOfRange(name)),
        "{algorithm}, {label}"
    );
}

#[test]
fn each_missing_member_is_named() {
    let point: &[_] = &[(KTY, "kty"), (ALG, "alg"), (-1, "crv"), (-2, "x"), (-3, "y")];
    let members = [
        (Es256, point),
        (Es384, point),
        (EdDsa, &[(KTY, "kty"), (ALG, "alg"), (-1, "crv"), (-2, "x")]),
        (Rs256, &[(KTY, "kty"), (ALG, "alg"), (-1, "n"), (-2, "e")]),
        (MlDsa44, &[(KTY, "kty"), (ALG, "alg"), (-1, "pub")]),
    ];
    for (algorithm, labels) in members {
        for (label, name) in labels {
            assert_eq!(changed(algorithm, *label, None), Err(cbor::Error::Missing(name)), "{algorithm}");
            let other = Some(Value::from("text"));
            assert_eq!(changed(algorithm, *label, other), Err(cbor::Error::WrongType(name)), "{algorithm}");
        }
    }
}

#[test]
fn another_key_type_is_refused() {
    for algorithm in CoseAlgorithmIdentifier::ALL {
        for kty in [0, 4, 6, -1] {
            out_of_range(*algorithm, KTY, kty, "kty");
        }
    }
}

#[test]
fn another_curve_is_refused() {
    for curve in [0, 3, 6, 8] {
        out_of_range(Es256, -1, curve, "crv");
        out_of_range(Es384, -1, curve, "crv");
    }
    for curve in [1, 2, 4, 5, 7] {
        out_of_range(EdDsa, -1, curve, "crv");
    }
}

/// L3 §5.8.5: an algorithm goes with one curve.
#[test]
fn an_algorithm_of_another_key_type_or_curve_is_refused() {
    for own in CoseAlgorithmIdentifier::ALL {
        for other in CoseAlgorithmIdentifier::ALL {
            let name = match (own, other) {
                (MlDsa44, MlDsa65) | (MlDsa65, MlDsa44) => "pub",
                _ => "alg",
            };
            if own != other {
                out_of_range(*own, ALG, other.number(), name);
            }
        }
        for unknown in [-36, -50, -65535, 0] {
            out_of_range(*own, ALG, unknown, "alg");
        }
    }
}

#[test]
fn a_curve_of_another_algorithm_is_refused() {
    out_of_range(Es256, -1, 2, "alg");
    out_of_range(Es384, -1, 1, "alg");
}

#[test]
fn members_of_another_size_are_refused() {
    for size in [0, 31, 33, 48] {
        out_of_range(Es256, -2, vec![1; size], "x");
        out_of_range(Es256, -3, vec![1; size], "y");
        out_of_range(EdDsa, -2, vec![1; size], "x");
    }
    for size in [0, 32, 47, 49] {
        out_of_range(Es384, -2, vec![1; size], "x");
        out_of_range(Es384, -3, vec![1; size], "y");
    }
    for size in [0, 1311, 1313, 1952] {
        out_of_range(MlDsa44, -1, vec![1; size], "pub");
    }
    for size in [0, 1312, 1951, 1953] {
        out_of_range(MlDsa65, -1, vec![1; size], "pub");
    }
}

#[test]
fn a_modulus_has_2048_to_16384_bits_and_no_leading_zero() {
    for size in [0, 128, 255, 2049] {
        out_of_range(Rs256, -1, vec![1; size], "n");
        assert_eq!(CoseKey::from_public_bytes(Rs256, &vec![1; size]), None);
    }
    let padded = [vec![0], vec![1; 256]].concat();
    assert_eq!(CoseKey::from_public_bytes(Rs256, &padded), None);
    out_of_range(Rs256, -1, padded, "n");
    for size in [256, 2048] {
        assert!(changed(Rs256, -1, Some(vec![1; size].into())).is_ok(), "{size} bytes");
    }
}

/// The bare bytes do not hold the exponent, so there must be one alone.
#[test]
fn another_exponent_than_65537_is_refused() {
    for exponent in [&[][..], &[3], &[0, 1, 0, 1], &[1, 0, 3]] {
        out_of_range(Rs256, -2, exponent.to_vec(), "e");
    }
}

#[test]
fn a_point_off_p256_is_refused() {
    out_of_range(Es256, -3, vec![2; 32], "point");
    out_of_range(Es256, -2, vec![0xff; 32], "point");
}

#[test]
fn bare_bytes_of_a_compressed_point_are_refused() {
    for algorithm in [Es256, Es384] {
        let mut point = key(algorithm).to_public_bytes();
        point[0] = 2;
        assert_eq!(CoseKey::from_public_bytes(algorithm, &point), None);
        point[0] = 4;
        assert_eq!(CoseKey::from_public_bytes(algorithm, &point), Some(key(algorithm)));
    }
}

#[test]
fn what_is_no_map_is_refused() {
    assert_eq!(CoseKey::from_value(vec![1_u8; 32].into()), Err(cbor::Error::WrongType("COSE_Key")));
}
