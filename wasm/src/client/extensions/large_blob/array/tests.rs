use super::*;

/// Computed with zlib: DEFLATE of 300 times `a`.
const COMPRESSED: [u8; 7] = [0x4b, 0x4c, 0x1c, 0x05, 0xc4, 0x02, 0x00];

#[test]
fn what_another_client_has_compressed_is_read() {
    let entry = Entry::encrypt(&[1; 32], [2; 12], &COMPRESSED, 300);
    assert_eq!(blob_of(&entry, &[1; 32]), Some(vec![b'a'; 300]));
    assert_eq!(blob_of(&entry, &[3; 32]), None);
}

#[test]
fn a_size_that_is_another_is_no_blob() {
    for size in [0, 299, 301, MAX_BLOB as u64 + 1, u64::MAX] {
        let entry = Entry::encrypt(&[1; 32], [2; 12], &COMPRESSED, size);
        assert_eq!(blob_of(&entry, &[1; 32]), None, "{size}");
    }
}

#[test]
fn little_that_would_become_much_stays_packed() {
    let much = compress_to_vec(&vec![0; MAX_BLOB + 1], COMPRESSION);
    assert!(much.len() < 10_000);
    let entry = Entry::encrypt(&[1; 32], [2; 12], &much, 1000);
    assert_eq!(blob_of(&entry, &[1; 32]), None);
}

#[test]
fn an_authenticator_that_says_little_takes_what_every_one_takes() {
    let limits = Limits::of(&get_info::Response::default());
    assert_eq!((limits.fragment, limits.array), (960, 1024));
    let info = get_info::Response {
        max_msg_size: Some(-1),
        max_serialized_large_blob_array: Some(0),
        ..get_info::Response::default()
    };
    assert_eq!(Limits::of(&info).fragment, 960);
    assert_eq!(Limits::of(&info).array, 1024);
}
