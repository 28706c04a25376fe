mod uses;

use protocol::ctap::pin_uv_auth::PinUvAuthProtocol;

use super::testing::{Bench, wire};
use super::*;

#[test]
fn get_info_on_the_wire() {
    let mut bench = Bench::new();
    let disk = u64::try_from(bench.info().remaining_discoverable_credentials.unwrap()).unwrap();
    let expected = [
        wire(
            "00                              # success
             b3                              # map of 19
               01 83 68 4649444f5f325f30 68 4649444f5f325f31 68 4649444f5f325f32 # versions: FIDO_2_0, FIDO_2_1, FIDO_2_2
               02 87                         # extensions
                 68 63726564426c6f62         #   credBlob
                 6b 6372656450726f74656374   #   credProtect
                 6b 686d61632d736563726574   #   hmac-secret
                 6e 686d61632d7365637265742d6d63 # hmac-secret-mc
                 6c 6c61726765426c6f624b6579 #   largeBlobKey
                 6c 6d696e50696e4c656e677468 #   minPinLength
                 71 7468697264506172747950 61796d656e74 # thirdPartyPayment
               03 50 8fbd00baea22421e855adb5d23b0ac05 # aaguid
               04 ae                         # options
                 62 726b f5                  #   rk: true
                 62 7570 f5                  #   up: true
                 62 7576 f4                  #   uv: false, the OS has not been asked to
                 64 706c6174 f5              #   plat: true
                 66 757641636667 f5          #   uvAcfg: true
                 68 616c776179735576 f4      #   alwaysUv: false
                 68 637265644d676d74 f5      #   credMgmt: true
                 69 617574686e72436667 f5    #   authnrCfg: true
                 69 636c69656e7450696e f4    #   clientPin: false, none is set
                 6a 6c61726765426c6f6273 f5  #   largeBlobs: true
                 6d 706572437265644d676d74524f f5 # perCredMgmtRO: true
                 6e 70696e557641757468546f6b656e f5 # pinUvAuthToken: true
                 6f 7365744d696e50494e4c656e677468 f5 # setMinPINLength: true
                 70 6d616b654372656455764e6f74527164 f5 # makeCredUvNotRqd: true
               05 1a 000aae60                # maxMsgSize: 700000
               06 82 02 01                   # pinUvAuthProtocols: two, one
               07 19 0400                    # maxCredentialCountInList: 1024
               08 19 03ff                    # maxCredentialIdLength: 1023
               09 82 68 696e7465726e616c 66 687962726964 # transports: internal, hybrid
               0a 86                         # algorithms, each { alg, type: public-key }
                 a2 63 616c67 26 64 74797065 6a 7075626c69632d6b6579     # ES256
                 a2 63 616c67 27 64 74797065 6a 7075626c69632d6b6579     # EdDSA
                 a2 63 616c67 3822 64 74797065 6a 7075626c69632d6b6579   # ES384
                 a2 63 616c67 390100 64 74797065 6a 7075626c69632d6b6579 # RS256
                 a2 63 616c67 382f 64 74797065 6a 7075626c69632d6b6579   # ML-DSA-44
                 a2 63 616c67 3830 64 74797065 6a 7075626c69632d6b6579   # ML-DSA-65
               0b 1a 00100000                # maxSerializedLargeBlobArray: 1 MiB
               0c f4                         # forcePINChange: false
               0d 04                         # minPINLength: 4
               0e 18 64                      # firmwareVersion: 100 for 0.1.0
               0f 19 0400                    # maxCredBlobLength: 1024
               10 18 20                      # maxRPIDsForSetMinPINLength: 32
               14                            # remainingDiscoverableCredentials",
        ),
        protocol::cbor::encode(&disk.into()),
        wire(
            "16 82 66 7061636b6564 64 6e6f6e65 # attestationFormats: packed, none
             18 1d 18 3f                     # maxPINLength: 63",
        ),
    ];
    assert_eq!(bench.send("04"), expected.concat());
}

#[test]
fn get_info_tells_whether_a_pin_is_set() {
    let mut bench = Bench::new();
    assert_eq!(bench.info().option("clientPin"), Some(false));
    bench.set_pin(PinUvAuthProtocol::Two, "1234").unwrap();
    assert_eq!(bench.info().option("clientPin"), Some(true));
}

#[test]
fn what_is_no_message_is_answered_by_its_status() {
    let mut bench = Bench::new();
    let cases = [
        ("", StatusCode::InvalidLength),
        ("07", StatusCode::NotAllowed),                 // reset, which nobody has typed
        ("09", StatusCode::InvalidCommand),             // bioEnrollment
        ("0a", StatusCode::MissingParameter),           // credentialManagement without parameters
        ("0a a1 01 08", StatusCode::InvalidSubcommand), // credentialManagement 8
        ("0d a1 01 01", StatusCode::InvalidParameter),  // authenticatorConfig 1, enterprise attestation
        ("ff", StatusCode::InvalidCommand),             // nothing at all
        ("01", StatusCode::MissingParameter),           // makeCredential without parameters
        ("01 a0", StatusCode::MissingParameter),        // an empty map
        ("01 80", StatusCode::CborUnexpectedType),      // an array
        ("01 bf ff", StatusCode::InvalidCbor),          // indefinite length
        ("01 a1", StatusCode::InvalidCbor),             // cut short
        ("01 a0 00", StatusCode::InvalidCbor),          // a byte too many
        ("01 a2 01 40 01 40", StatusCode::InvalidCbor), // one key twice
        ("01 a1 01 5b ffffffffffffffff", StatusCode::InvalidCbor), // a string of 2^64 bytes
        ("01 bb ffffffffffffffff", StatusCode::InvalidCbor), // a map of 2^64 members
        ("01 8181818181 00", StatusCode::InvalidCbor),  // nested deeper than 4
        ("02 a1 01 18 17", StatusCode::InvalidCbor),    // 23 in two bytes
        ("02 a1 01 01", StatusCode::CborUnexpectedType), // rpId is a number
        ("06 a1 02 18 63", StatusCode::InvalidSubcommand), // clientPIN 99
    ];
    for (message, status) in cases {
        assert_eq!(bench.send(message), [status.byte()], "{message}");
    }
}

#[test]
fn a_message_over_the_limit_is_refused() {
    let mut bench = Bench::new();
    let mut message = vec![0; MAX_MSG_SIZE + 1];
    message[0] = Command::MakeCredential.number();
    let answer = bench.authenticator.process(&mut bench.environment, &message);
    assert_eq!(answer, [StatusCode::RequestTooLarge.byte()]);
}
