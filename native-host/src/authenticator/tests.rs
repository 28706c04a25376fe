use protocol::ctap::pin_uv_auth::PinUvAuthProtocol;

use super::testing::{Bench, wire};
use super::*;

#[test]
fn get_info_on_the_wire() {
    let expected = wire(
        "00                              # success
         ac                              # map of 12
           01 81 68 4649444f5f325f30     # versions: FIDO_2_0
           03 50 8fbd00baea22421e855adb5d23b0ac05  # aaguid
           04 a6                         # options
             62 726b f5                  #   rk: true
             62 7570 f5                  #   up: true
             64 706c6174 f5              #   plat: true
             69 636c69656e7450696e f4    #   clientPin: false, none is set
             6e 70696e557641757468546f6b656e f5      # pinUvAuthToken: true
             70 6d616b654372656455764e6f74527164 f5  # makeCredUvNotRqd: true
           05 1a 0016e360                # maxMsgSize: 1500000
           06 82 02 01                   # pinUvAuthProtocols: two, one
           07 19 0400                    # maxCredentialCountInList: 1024
           08 19 03ff                    # maxCredentialIdLength: 1023
           09 82 68 696e7465726e616c 66 687962726964 # transports: internal, hybrid
           0a 81 a2                      # algorithms
             63 616c67 26                #   alg: -7, ES256
             64 74797065 6a 7075626c69632d6b6579     # type: public-key
           0d 04                         # minPINLength: 4
           0e 18 64                      # firmwareVersion: 100 for 0.1.0
           16 82 66 7061636b6564 64 6e6f6e65         # attestationFormats: packed, none",
    );
    assert_eq!(Bench::new().send("04"), expected);
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
        ("07", StatusCode::InvalidCommand),                        // reset
        ("0a", StatusCode::InvalidCommand),                        // credential management
        ("0b", StatusCode::InvalidCommand),                        // selection
        ("ff", StatusCode::InvalidCommand),                        // nothing at all
        ("01", StatusCode::MissingParameter),                      // makeCredential without parameters
        ("01 a0", StatusCode::MissingParameter),                   // an empty map
        ("01 80", StatusCode::CborUnexpectedType),                 // an array
        ("01 bf ff", StatusCode::InvalidCbor),                     // indefinite length
        ("01 a1", StatusCode::InvalidCbor),                        // cut short
        ("01 a0 00", StatusCode::InvalidCbor),                     // a byte too many
        ("01 a2 01 40 01 40", StatusCode::InvalidCbor),            // one key twice
        ("01 a1 01 5b ffffffffffffffff", StatusCode::InvalidCbor), // a string of 2^64 bytes
        ("01 bb ffffffffffffffff", StatusCode::InvalidCbor),       // a map of 2^64 members
        ("01 8181818181 00", StatusCode::InvalidCbor),             // nested deeper than 4
        ("02 a1 01 18 17", StatusCode::InvalidCbor),               // 23 in two bytes
        ("02 a1 01 01", StatusCode::CborUnexpectedType),           // rpId is a number
        ("06 a1 02 18 63", StatusCode::InvalidSubcommand),         // clientPIN 99
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
