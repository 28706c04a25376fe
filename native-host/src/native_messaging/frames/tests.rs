use protocol::manage;

use super::*;

/// A frame of `length` and `payload`, which need not agree.
fn frame(length: u32, payload: &[u8]) -> Vec<u8> {
    [&length.to_ne_bytes(), payload].concat()
}

fn framed(payload: &[u8]) -> Vec<u8> {
    frame(u32::try_from(payload.len()).unwrap(), payload)
}

/// All that is read from `bytes`, to the end.
fn read_all(mut bytes: &[u8]) -> Vec<Frame> {
    let mut frames = Vec::new();
    loop {
        frames.push(read(&mut bytes).unwrap());
        if frames.last() == Some(&Frame::End) {
            return frames;
        }
    }
}

fn code(frame: &Frame) -> ErrorCode {
    match frame {
        Frame::Unreadable(FromHost { body: Body::Error(error), .. }) => error.code,
        other => panic!("{other:?} is no error"),
    }
}

fn status() -> Frame {
    Frame::Message(ToHost::Manage { id: 1, request: manage::Request::Status {} })
}

const STATUS: &[u8] = br#"{"id":1,"manage":{"status":{}}}"#;

#[test]
fn messages_are_read_one_by_one() {
    let bytes = [framed(STATUS), framed(br#"{"cancel":1}"#)].concat();
    assert_eq!(read_all(&bytes), [status(), Frame::Message(ToHost::Cancel { id: 1 }), Frame::End]);
}

#[test]
fn the_message_after_an_oversized_one_is_read() {
    let large = vec![b'x'; MAX_FROM_BROWSER + 1];
    let frames = read_all(&[framed(&large), framed(STATUS)].concat());
    assert_eq!(code(&frames[0]), ErrorCode::TooLarge);
    assert_eq!(frames[1..], [status(), Frame::End]);
}

#[test]
fn the_largest_message_is_read() {
    let mut padded = STATUS.to_vec();
    padded.resize(MAX_FROM_BROWSER, b' ');
    assert_eq!(read_all(&framed(&padded)), [status(), Frame::End]);
}

#[test]
fn the_message_after_one_that_is_not_utf_8_is_read() {
    let frames = read_all(&[framed(b"{\"id\":\xff}"), framed(STATUS)].concat());
    assert_eq!(code(&frames[0]), ErrorCode::BadMessage);
    assert_eq!(frames[1..], [status(), Frame::End]);
}

#[test]
fn a_truncated_message_is_an_error_and_then_the_end() {
    for bytes in [frame(100, STATUS), vec![1], vec![1, 0, 0], frame(1 << 24, STATUS)] {
        let frames = read_all(&bytes);
        assert_eq!(frames.len(), 2, "{frames:?}");
        assert!(matches!(code(&frames[0]), ErrorCode::BadMessage | ErrorCode::TooLarge));
    }
}

#[test]
fn an_answer_over_the_browsers_limit_becomes_an_error_of_its_id() {
    let mut written = Vec::new();
    write(&mut written, &FromHost { id: Some(7), body: Body::Ctap(vec![0; 1 << 20]) }).unwrap();
    let reply: FromHost = serde_json::from_slice(&written[4..]).unwrap();
    assert_eq!(reply.id, Some(7));
    assert!(matches!(reply.body, Body::Error(error) if error.code == ErrorCode::TooLarge));
}

#[test]
fn an_answer_is_one_frame_of_json() {
    let mut written = Vec::new();
    write(&mut written, &FromHost { id: Some(7), body: Body::Ctap(vec![0x2D]) }).unwrap();
    assert_eq!(written, framed(br#"{"id":7,"ctap":"LQ"}"#));
}
