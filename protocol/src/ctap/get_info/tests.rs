use super::Response;
use crate::cbor;
use crate::testing::wire;

#[test]
fn response_bytes() {
    // a8               map of 8
    // 01 81 68..       versions: "FIDO_2_1"
    // 03 50 07..       aaguid
    // 04 a2 ..         options: "rk" true, "clientPin" false
    // 05 190400        maxMsgSize: 1024
    // 06 82 02 01      pinUvAuthProtocols: two, one
    // 09 81 68..       transports: "internal"
    // 0a 81 a2 ..      algorithms: -7 "public-key"
    // 0d 04            minPINLength
    let expected = wire(
        "
        a8
        01 81 684649444f5f325f31
        03 50 07070707070707070707070707070707
        04 a2 62726b f5 69636c69656e7450696e f4
        05 190400
        06 82 02 01
        09 81 68696e7465726e616c
        0a 81 a2 63616c67 26 6474797065 6a7075626c69632d6b6579
        0d 04
    ",
    );
    let response = Response {
        versions: vec!["FIDO_2_1".into()],
        aaguid: [7; 16],
        options: vec![("rk".into(), true), ("clientPin".into(), false)],
        max_msg_size: Some(1024),
        pin_uv_auth_protocols: vec![2, 1],
        transports: vec!["internal".into()],
        algorithms: vec![-7],
        min_pin_length: Some(4),
        ..Response::default()
    };
    assert_eq!(response.to_bytes(), expected);
    assert_eq!(Response::from_bytes(&expected).as_ref(), Ok(&response));
    assert_eq!(response.option("clientPin"), Some(false));
    assert_eq!(response.option("uv"), None);
}

fn whole() -> Response {
    Response {
        versions: ["FIDO_2_0", "FIDO_2_1", "FIDO_2_2"].map(String::from).to_vec(),
        extensions: ["credBlob", "hmac-secret"].map(String::from).to_vec(),
        aaguid: [7; 16],
        options: [("rk", true), ("credMgmt", true), ("clientPin", false)]
            .map(|(name, state)| (name.to_owned(), state))
            .to_vec(),
        max_msg_size: Some(65536),
        pin_uv_auth_protocols: vec![2, 1],
        max_credential_count_in_list: Some(1024),
        max_credential_id_length: Some(1023),
        transports: vec!["internal".into()],
        algorithms: vec![-7, -257],
        max_serialized_large_blob_array: Some(4096),
        force_pin_change: Some(true),
        min_pin_length: Some(4),
        firmware_version: Some(256),
        max_cred_blob_length: Some(32),
        max_rp_ids_for_set_min_pin_length: Some(8),
        remaining_discoverable_credentials: Some(1000),
        attestation_formats: ["packed", "none"].map(String::from).to_vec(),
        max_pin_length: Some(63),
    }
}

#[test]
fn response_bytes_with_every_member() {
    let expected = wire(
        "b3                             # map of 19
         01 83                          # versions: 3
            684649444f5f325f30          #   'FIDO_2_0'
            684649444f5f325f31          #   'FIDO_2_1'
            684649444f5f325f32          #   'FIDO_2_2'
         02 82                          # extensions: 2
            6863726564426c6f62          #   'credBlob'
            6b686d61632d736563726574    #   'hmac-secret'
         03 50 07070707070707070707070707070707 # aaguid
         04 a3                          # options: map of 3
            62726b f5                   #   'rk': true
            68637265644d676d74 f5       #   'credMgmt': true
            69636c69656e7450696e f4     #   'clientPin': false
         05 1a00010000                  # maxMsgSize: 65536
         06 82 02 01                    # pinUvAuthProtocols: two, one
         07 190400                      # maxCredentialCountInList: 1024
         08 1903ff                      # maxCredentialIdLength: 1023
         09 81 68696e7465726e616c       # transports: 'internal'
         0a 82                          # algorithms: 2
            a2 63616c67 26              #   'alg': -7
               6474797065 6a7075626c69632d6b6579 # 'type': 'public-key'
            a2 63616c67 390100          #   'alg': -257
               6474797065 6a7075626c69632d6b6579 # 'type': 'public-key'
         0b 191000                      # maxSerializedLargeBlobArray: 4096
         0c f5                          # forcePINChange: true
         0d 04                          # minPINLength: 4
         0e 190100                      # firmwareVersion: 256
         0f 1820                        # maxCredBlobLength: 32
         10 08                          # maxRPIDsForSetMinPINLength: 8
         14 1903e8                      # remainingDiscoverableCredentials: 1000
         16 82                          # attestationFormats: 2
            667061636b6564              #   'packed'
            646e6f6e65                  #   'none'
         181d 183f                      # maxPINLength: 63",
    );
    assert_eq!(whole().to_bytes(), expected);
    assert_eq!(Response::from_bytes(&expected), Ok(whole()));
}

#[test]
fn members_that_are_not_ours_are_ignored() {
    let bytes = wire(
        "a4                             # map of 4
         01 80                          # versions: none
         03 50 07070707070707070707070707070707 # aaguid
         12 02                          # uvModality
         181b f5                        # pinComplexityPolicy",
    );
    assert_eq!(Response::from_bytes(&bytes), Ok(Response { aaguid: [7; 16], ..Response::default() }));
}

#[test]
fn a_member_of_another_type_is_named() {
    let cbor::Value::Map(members) = cbor::decode(&whole().to_bytes()).expect("canonical") else { panic!("a map") };
    let names = [
        (0x01, "versions"),
        (0x04, "options"),
        (0x0b, "maxSerializedLargeBlobArray"),
        (0x0c, "forcePINChange"),
        (0x0f, "maxCredBlobLength"),
        (0x10, "maxRPIDsForSetMinPINLength"),
        (0x14, "remainingDiscoverableCredentials"),
        (0x16, "attestationFormats"),
        (0x1d, "maxPINLength"),
    ];
    for (key, name) in names {
        let mut members = members.clone();
        let (_, member) = members.iter_mut().find(|(member, _)| *member == key.into()).expect("a member");
        *member = "text".into();
        let bytes = cbor::encode(&cbor::Value::Map(members));
        assert_eq!(Response::from_bytes(&bytes), Err(cbor::Error::WrongType(name)));
    }
}
