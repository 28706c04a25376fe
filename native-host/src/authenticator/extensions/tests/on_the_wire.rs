use protocol::ctap::response_parameters;

use super::*;

const MAKE: &str = "01                      # makeCredential
     a7                                  # map of 7
       01 58 20                          # clientDataHash: 32 bytes
         cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
       02 a1 62 6964 6b 6578616d706c652e636f6d # rp: id example.com
       03 a1 62 6964 41 07               # user: id 07
       04 81 a2 63 616c67 26 64 74797065 6a 7075626c69632d6b6579 # pubKeyCredParams: -7, public-key
       06 a5                             # extensions
         68 63726564426c6f62 43 010203   #   credBlob: 010203
         6b 6372656450726f74656374 02    #   credProtect: 2
         6b 686d61632d736563726574 f5    #   hmac-secret: true
         6c 6c61726765426c6f624b6579 f5  #   largeBlobKey: true
         71 74686972645061727479 5061796d656e74 f5 # thirdPartyPayment: true
       07 a1 62 726b f5                  # options: rk true
       0b 81 64 6e6f6e65                 # attestationFormatsPreference: none";

#[test]
fn make_credential_with_extensions() {
    let mut bench = Bench::new();
    let answer = bench.send(MAKE);
    let vault = bench.environment.vault();
    let source = vault.find(&"example.com".into()).unwrap().pop().unwrap();
    let point = source.public_key.to_public_bytes();
    let key = vault.open_secrets(&source).unwrap().cred_random.unwrap().derive_large_blob_key();
    let expected = [
        wire(
            "00                              # success
             a4                              # map of 4
               01 64 6e6f6e65                # fmt: none
               02 58 dc                      # authData: 220 bytes
                 a379a6f6eeafb9a55e378c118034e2751e682fab9f2d30ab13d2125586ce1947 # SHA-256 of example.com
                 c9                          # flags: UP, BE, AT, ED
                 00000000                    # sign count
                 8fbd00baea22421e855adb5d23b0ac05 # AAGUID
                 0020                        # length of the credential ID",
        ),
        source.credential_id.as_bytes().to_vec(),
        wire("a5 01 02 03 26 20 01 21 58 20  # COSE_Key: EC2, ES256, P-256, x"),
        point[1..33].to_vec(),
        wire("22 58 20                       # y"),
        point[33..].to_vec(),
        wire(
            "    a4                          # extensions
                   68 63726564426c6f62 f5    #   credBlob: true, it is kept
                   6b 6372656450726f74656374 02 # credProtect: 2
                   6b 686d61632d736563726574 f5 # hmac-secret: true
                   71 74686972645061727479 5061796d656e74 f5 # thirdPartyPayment: true
               03 a0                         # attStmt: empty
               05 58 20                      # largeBlobKey: 32 bytes",
        ),
        key.expose_secret().to_vec(),
    ];
    assert_eq!(answer, expected.concat());
}

#[test]
fn get_assertion_with_extensions() {
    let mut bench = Bench::new();
    bench.send(MAKE);
    let source = bench.environment.vault().find(&"example.com".into()).unwrap().pop().unwrap();
    let id: String = source.credential_id.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let answer = bench.send(&format!(
        "02                                  # getAssertion
         a4                                  # map of 4
           01 6b 6578616d706c652e636f6d      # rpId: example.com
           02 58 20                          # clientDataHash: 32 bytes
             cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
           03 81 a2 62 6964 58 20 {id}       # allowList: id, 32 bytes
             64 74797065 6a 7075626c69632d6b6579 # type: public-key
           04 a3                             # extensions
             68 63726564426c6f62 f5          #   credBlob: true
             6c 6c61726765426c6f624b6579 f5  #   largeBlobKey: true
             71 74686972645061727479 5061796d656e74 f5 # thirdPartyPayment: true"
    ));
    let response = get_assertion::Response::from_bytes(response_parameters(&answer).unwrap()).unwrap();
    let key = bench.environment.vault().open_secrets(&source).unwrap().cred_random.unwrap().derive_large_blob_key();
    let expected = [
        wire("00 a5 01 a2 62 6964 58 20      # success, map of 5, credential: id, 32 bytes"),
        source.credential_id.as_bytes().to_vec(),
        wire(
            "        64 74797065 6a 7075626c69632d6b6579 # type: public-key
               02 58 46                      # authData: 70 bytes
                 a379a6f6eeafb9a55e378c118034e2751e682fab9f2d30ab13d2125586ce1947 # SHA-256 of example.com
                 89                          # flags: UP, BE, ED
                 00000000                    # sign count
                 a2                          # extensions
                   68 63726564426c6f62 43 010203 # credBlob: 010203
                   71 74686972645061727479 5061796d656e74 f5 # thirdPartyPayment: true
               03 58                         # signature",
        ),
        vec![u8::try_from(response.signature.len()).unwrap()],
        response.signature,
        wire(
            "  04 a1 62 6964 41 07           # user: id 07
               07 58 20                      # largeBlobKey: 32 bytes",
        ),
        key.expose_secret().to_vec(),
    ];
    assert_eq!(answer, expected.concat());
}

#[test]
fn hmac_secret() {
    let mut bench = Bench::new();
    bench.register("example.com", 7);
    let (input, secret) = bench.salts(One, &[0x11; 32]);
    let point = input.key_agreement.to_public_bytes();
    let message = [
        wire(
            "02                              # getAssertion
             a3                              # map of 3
               01 6b 6578616d706c652e636f6d  # rpId: example.com
               02 58 20                      # clientDataHash: 32 bytes
                 cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd
               04 a1 6b 686d61632d736563726574 # extensions: hmac-secret
                 a3                          #   map of 3
                   01 a5                     #     keyAgreement: COSE_Key
                     01 02 03 38 18 20 01 21 58 20 # EC2, -25, P-256, x",
        ),
        point[1..33].to_vec(),
        wire("22 58 20                       # y"),
        point[33..].to_vec(),
        wire("02 58 20                       # saltEnc: 32 bytes"),
        input.salt_enc.clone(),
        wire("03 50                          # saltAuth: 16 bytes, by protocol one"),
        input.salt_auth.clone(),
    ];
    let answer = bench.authenticator.process(&mut bench.environment, &message.concat());
    let response = get_assertion::Response::from_bytes(response_parameters(&answer).unwrap()).unwrap();
    let expected = wire(
        "a379a6f6eeafb9a55e378c118034e2751e682fab9f2d30ab13d2125586ce1947 # SHA-256 of example.com
         89                                  # flags: UP, BE, ED
         00000000                            # sign count
         a1 6b 686d61632d736563726574 58 20  # extensions: hmac-secret, 32 bytes",
    );
    assert_eq!(response.auth_data[..expected.len()], expected);
    assert_eq!(response.auth_data.len(), expected.len() + 32);
    assert_eq!(secret.decrypt(&response.auth_data[expected.len()..]).unwrap().len(), 32);
}
