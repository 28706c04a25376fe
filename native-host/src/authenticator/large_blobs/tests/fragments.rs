use super::*;

/// A serialized array of over 600 bytes that is right, and the key of its one entry.
fn long(bench: &mut Bench) -> (Vec<u8>, Vec<u8>) {
    let (_, key) = with_blob_key(bench, 1);
    (serialize(vec![entry(&key, &[5; 600])]), key)
}

#[test]
fn an_array_is_written_and_read_in_fragments() {
    let mut bench = Bench::new();
    let (array, key) = long(&mut bench);
    for (n, fragment) in array.chunks(100).enumerate() {
        assert!(blob(&read(&mut bench), &key).is_none(), "not before it is whole");
        let length = (n == 0).then_some(array.len());
        bench.write_fragment(100 * n as u32, fragment, length, None).unwrap();
    }
    let mut back = Vec::new();
    loop {
        let fragment = bench.read_fragment(back.len() as i64, 64).unwrap();
        back.extend_from_slice(&fragment);
        if fragment.len() < 64 {
            break;
        }
    }
    assert_eq!(back.len(), array.len());
    assert_eq!(blob(&back, &key).unwrap(), [5; 600]);
}

#[test]
fn reading_ends_where_the_array_ends() {
    let mut bench = Bench::new();
    assert_eq!(bench.read_fragment(0, 0), Ok(Vec::new()));
    assert_eq!(bench.read_fragment(0, 10).unwrap().len(), 10);
    assert_eq!(bench.read_fragment(10, 100).unwrap().len(), 7);
    assert_eq!(bench.read_fragment(17, 100), Ok(Vec::new()));
    assert_eq!(bench.read_fragment(18, 100), Err(StatusCode::InvalidParameter));
    assert_eq!(bench.read_fragment(0, MAX_FRAGMENT as i64).unwrap().len(), 17);
    assert_eq!(bench.read_fragment(0, MAX_FRAGMENT as i64 + 1), Err(StatusCode::InvalidLength));
    assert_eq!(bench.read_fragment(0, -1), Err(StatusCode::InvalidLength));
}

#[test]
fn fragments_of_one_reading_are_of_one_array() {
    let mut bench = Bench::new();
    let (array, key) = long(&mut bench);
    bench.write_fragment(0, &array, Some(array.len()), None).unwrap();
    let first = bench.read_fragment(0, 300).unwrap();
    // Another host adds a passkey with a blob meanwhile.
    let (other, _) = with_blob_key(&mut bench, 2);
    let blob_of_other = crate::credential::LargeBlob { compressed: vec![1; 50], original_size: 100 };
    let set = |source: &mut crate::credential::PublicKeyCredentialSource| {
        source.extensions.large_blob = Some(blob_of_other);
    };
    bench.environment.vault().update(&other, set).unwrap();
    let rest = bench.read_fragment(300, 10_000).unwrap();
    assert_eq!(blob(&[first, rest].concat(), &key).unwrap(), [5; 600]);
    assert_eq!(deserialize(&read(&mut bench)).unwrap().len(), 2, "the next reading has it");
}

#[test]
fn a_fragment_goes_on_where_the_one_before_ended() {
    let mut bench = Bench::new();
    let (array, key) = long(&mut bench);
    assert_eq!(bench.write_fragment(100, &array[100..], None, None), Err(StatusCode::InvalidSeq), "nothing has begun");
    bench.write_fragment(0, &array[..100], Some(array.len()), None).unwrap();
    for offset in [99, 101, 200] {
        let refused = bench.write_fragment(offset, &array[offset as usize..], None, None);
        assert_eq!(refused, Err(StatusCode::InvalidSeq), "{offset}");
    }
    assert_eq!(bench.write_fragment(100, &array[100..], None, None), Ok(()), "the right one still does");
    assert_eq!(blob(&read(&mut bench), &key).unwrap(), [5; 600]);
    assert_eq!(bench.write_fragment(100, &array[100..], None, None), Err(StatusCode::InvalidSeq), "it is done");
}

#[test]
fn a_first_fragment_begins_anew() {
    let mut bench = Bench::new();
    let (array, key) = long(&mut bench);
    bench.write_fragment(0, &[0; 100], Some(5000), None).unwrap();
    bench.write_fragment(0, &array[..200], Some(array.len()), None).unwrap();
    bench.write_fragment(200, &array[200..], None, None).unwrap();
    assert_eq!(blob(&read(&mut bench), &key).unwrap(), [5; 600]);
}

#[test]
fn lengths_are_held_to() {
    let mut bench = Bench::new();
    let (array, _) = long(&mut bench);
    let first = &array[..100];
    let too_long = vec![0; MAX_FRAGMENT + 1];
    let cases = [
        (0, first, None, StatusCode::InvalidParameter), // the first tells the length of all
        (0, first, Some(16), StatusCode::InvalidParameter), // shorter than an empty array
        (0, first, Some(99), StatusCode::InvalidParameter), // shorter than what is sent
        (0, first, Some(MAX_SERIALIZED_ARRAY + 1), StatusCode::LargeBlobStorageFull),
        (100, &array[100..200], Some(array.len()), StatusCode::InvalidParameter), // a later one does not tell it
        (0, &too_long, Some(800_000), StatusCode::InvalidLength),
    ];
    for (offset, set, length, status) in cases {
        assert_eq!(bench.write_fragment(offset, set, length, None), Err(status), "{offset} {length:?}");
    }
    bench.write_fragment(0, first, Some(array.len()), None).unwrap();
    let too_much = [&array[100..], &[0]].concat();
    assert_eq!(bench.write_fragment(100, &too_much, None, None), Err(StatusCode::InvalidParameter));
}

#[test]
fn a_damaged_array_changes_nothing() {
    let mut bench = Bench::new();
    let (array, key) = long(&mut bench);
    bench.write_fragment(0, &array, Some(array.len()), None).unwrap();
    for at in [0, 100, array.len() - 1] {
        let mut damaged = array.clone();
        damaged[at] ^= 1;
        let answer = bench.write_fragment(0, &damaged, Some(array.len()), None);
        assert_eq!(answer, Err(StatusCode::IntegrityFailure), "byte {at}");
    }
    // {}: 17 bytes with a checksum that is right, and no array.
    let mut map = vec![0xa0];
    map.extend_from_slice(&Sha256::digest([0xa0])[..16]);
    assert_eq!(bench.write_fragment(0, &map, Some(17), None), Err(StatusCode::CborUnexpectedType));
    assert_eq!(blob(&read(&mut bench), &key).unwrap(), [5; 600]);
}

#[test]
fn each_fragment_is_proven_on_its_own() {
    let mut bench = Bench::new();
    let (array, key) = long(&mut bench);
    bench.switch_os_on(Outcome::Verified);
    let token = bench.token_by_uv(Two, LBW, None).unwrap();
    bench.write_fragment(0, &array[..100], Some(array.len()), Some(&token)).unwrap();
    assert_eq!(bench.write_fragment(100, &array[100..], None, None), Err(StatusCode::PuatRequired));
    let elsewhere = protocol::ctap::large_blobs::Request {
        set: Some(array[100..].to_vec()),
        offset: 100,
        pin_uv_auth: Some(super::super::super::testing::proof_of(&token, &authenticated_message(0, &array[100..]))),
        ..protocol::ctap::large_blobs::Request::default()
    };
    let answer = bench.command(Command::LargeBlobs, &elsewhere.to_bytes());
    assert_eq!(answer, Err(StatusCode::PinAuthInvalid), "proven for another offset");
    assert_eq!(bench.write_fragment(100, &array[100..], None, Some(&token)), Ok(()));
    assert_eq!(blob(&read(&mut bench), &key).unwrap(), [5; 600]);
}
