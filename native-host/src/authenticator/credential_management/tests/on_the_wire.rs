use super::super::super::testing::wire;
use super::*;

const HASH_OF_EXAMPLE_COM: &str = "a379a6f6eeafb9a55e378c118034e2751e682fab9f2d30ab13d2125586ce1947";

/// The message, its pinUvAuthParam made by `token` over what CTAP §6.8 says.
fn proven(token: &PinUvAuthToken, head: &str, authenticated: &str) -> Vec<u8> {
    let param = token.authenticate(&wire(authenticated));
    assert_eq!(param.len(), 32);
    [wire(head), wire("04 58 20 # pinUvAuthParam: 32 bytes"), param].concat()
}

fn answer(bench: &mut Bench, message: &[u8]) -> Vec<u8> {
    bench.authenticator.process(&mut bench.environment, message)
}

#[test]
fn get_creds_metadata() {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    let token = managed(&mut bench);
    let message = proven(
        &token,
        "0a                                  # credentialManagement
         a3                                  # map of 3
           01 01                             # subCommand: getCredsMetadata
           03 02                             # pinUvAuthProtocol: two",
        "01                                  # the sub-command",
    );
    let expected = wire(
        "00                                  # success
         a2                                  # map of 2
           01 01                             # existingResidentCredentialsCount: 1
           02                                # maxPossibleRemainingResidentCredentialsCount",
    );
    let answer = answer(&mut bench, &message);
    assert_eq!(answer[..expected.len()], expected);
    assert!(answer.len() > expected.len());
}

#[test]
fn enumerate_rps() {
    let mut bench = Bench::new();
    bench.register("example.com", 1);
    let token = managed(&mut bench);
    let message = proven(
        &token,
        "0a                                  # credentialManagement
         a3                                  # map of 3
           01 02                             # subCommand: enumerateRPsBegin
           03 02                             # pinUvAuthProtocol: two",
        "02                                  # the sub-command",
    );
    let expected = wire(&format!(
        "00                                  # success
         a3                                  # map of 3
           03 a2                             # rp
             62 6964 6b 6578616d706c652e636f6d #   id: example.com
             64 6e616d65 67 4578616d706c65   #   name: Example
           04 58 20 {HASH_OF_EXAMPLE_COM}    # rpIDHash
           05 01                             # totalRPs: 1"
    ));
    assert_eq!(answer(&mut bench, &message), expected);
    assert_eq!(bench.send("0a a1 01 03 # enumerateRPsGetNextRP"), [StatusCode::NotAllowed.byte()]);
}

#[test]
fn enumerate_credentials() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 7);
    let point = bench.environment.vault().get(&id).unwrap().unwrap().public_key.to_public_bytes();
    let token = managed(&mut bench);
    let message = proven(
        &token,
        &format!(
            "0a                              # credentialManagement
             a4                              # map of 4
               01 04                         # subCommand: enumerateCredentialsBegin
               02 a1 01 58 20 {HASH_OF_EXAMPLE_COM} # subCommandParams: rpIDHash
               03 02                         # pinUvAuthProtocol: two"
        ),
        &format!("04 a1 01 58 20 {HASH_OF_EXAMPLE_COM} # the sub-command and its parameters"),
    );
    let expected = [
        wire(
            "00                              # success
             a6                              # map of 6
               06 a3                         # user
                 62 6964 41 07               #   id: 07
                 64 6e616d65 66 757365722037 #   name: user 7
                 6b 646973706c61794e616d65 66 557365722037 # displayName: User 7
               07 a2 62 6964 58 20           # credentialID: id, 32 bytes",
        ),
        id.as_bytes().to_vec(),
        wire(
            "        64 74797065 6a 7075626c69632d6b6579 # type: public-key
               08 a5 01 02 03 26 20 01 21 58 20 # publicKey: EC2, ES256, P-256, x",
        ),
        point[1..33].to_vec(),
        wire("          22 58 20             # y"),
        point[33..].to_vec(),
        wire(
            "  09 01                         # totalCredentials: 1
               0a 01                         # credProtect: 1
               0c f4                         # thirdPartyPayment: false",
        ),
    ];
    assert_eq!(answer(&mut bench, &message), expected.concat());
}

#[test]
fn delete_credential() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 7);
    let token = managed(&mut bench);
    let hex: String = id.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let parameters = format!(
        "a1 02 a2                            # credentialId
           62 6964 58 20 {hex}               #   id: 32 bytes
           64 74797065 6a 7075626c69632d6b6579 # type: public-key"
    );
    let message = proven(
        &token,
        &format!(
            "0a                              # credentialManagement
             a4                              # map of 4
               01 06                         # subCommand: deleteCredential
               02 {parameters}
               03 02                         # pinUvAuthProtocol: two"
        ),
        &format!("06 {parameters}"),
    );
    assert_eq!(answer(&mut bench, &message), [0x00], "success alone");
    assert_eq!(answer(&mut bench, &message), [0x2e], "CTAP2_ERR_NO_CREDENTIALS");
}

#[test]
fn update_user_information() {
    let mut bench = Bench::new();
    let id = bench.register("example.com", 7);
    let token = managed(&mut bench);
    let hex: String = id.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let parameters = format!(
        "a2 02 a2                            # credentialId
           62 6964 58 20 {hex}               #   id: 32 bytes
           64 74797065 6a 7075626c69632d6b6579 # type: public-key
         03 a2                               # user
           62 6964 41 07                     #   id: 07
           64 6e616d65 65 616c696365         #   name: alice"
    );
    let message = proven(
        &token,
        &format!(
            "0a                              # credentialManagement
             a4                              # map of 4
               01 07                         # subCommand: updateUserInformation
               02 {parameters}
               03 02                         # pinUvAuthProtocol: two"
        ),
        &format!("07 {parameters}"),
    );
    assert_eq!(answer(&mut bench, &message), [0x00], "success alone");
    let source = bench.environment.vault().get(&id).unwrap().unwrap();
    assert_eq!((source.user_name.as_str(), source.user_display_name.as_str()), ("alice", ""));
}
