use super::Response;

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(text.replace([' ', '\n'], "").as_bytes()).expect("hex in a test")
}

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
    let expected = hex("
        a8
        01 81 684649444f5f325f31
        03 50 07070707070707070707070707070707
        04 a2 62726b f5 69636c69656e7450696e f4
        05 190400
        06 82 02 01
        09 81 68696e7465726e616c
        0a 81 a2 63616c67 26 6474797065 6a7075626c69632d6b6579
        0d 04
    ");
    let response = Response {
        versions: vec!["FIDO_2_1".into()],
        extensions: vec![],
        aaguid: [7; 16],
        options: vec![("rk".into(), true), ("clientPin".into(), false)],
        max_msg_size: Some(1024),
        pin_uv_auth_protocols: vec![2, 1],
        max_credential_count_in_list: None,
        max_credential_id_length: None,
        transports: vec!["internal".into()],
        algorithms: vec![-7],
        min_pin_length: Some(4),
        firmware_version: None,
        attestation_formats: vec![],
    };
    assert_eq!(response.to_bytes(), expected);
    assert_eq!(Response::from_bytes(&expected).as_ref(), Ok(&response));
    assert_eq!(response.option("clientPin"), Some(false));
    assert_eq!(response.option("uv"), None);
}
