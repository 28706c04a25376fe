use std::sync::mpsc::{SyncSender, sync_channel};

use super::*;

fn queue() -> (SyncSender<Frame>, Queue) {
    let (sender, receiver) = sync_channel(1000);
    (sender, Queue::new(receiver))
}

fn ctap(id: u64) -> Frame {
    Frame::Message(ToHost::Ctap { id, message: vec![4], private: false, origin: None })
}

fn cancel(id: u64) -> Frame {
    Frame::Message(ToHost::Cancel { id })
}

fn cancelled(id: u64) -> Option<Next> {
    Some(Next::Reply(FromHost { id: Some(id), body: Body::Ctap(vec![0x2D]) }))
}

#[test]
fn messages_keep_their_order() {
    let (sender, mut queue) = queue();
    for id in 0..200 {
        sender.send(ctap(id)).unwrap();
    }
    for id in 0..200 {
        assert_eq!(queue.next(), Some(Next::Ctap { id, message: vec![4], private: false, origin: None }));
    }
}

#[test]
fn a_cancel_reaches_what_waits_and_nothing_else() {
    let (sender, mut queue) = queue();
    for frame in [ctap(1), ctap(2), ctap(3), cancel(2), cancel(9)] {
        sender.send(frame).unwrap();
    }
    assert_eq!(queue.next(), Some(Next::Ctap { id: 1, message: vec![4], private: false, origin: None }));
    sender.send(cancel(1)).unwrap();
    assert_eq!(queue.next(), cancelled(2));
    assert_eq!(queue.next(), Some(Next::Ctap { id: 3, message: vec![4], private: false, origin: None }));
}

#[test]
fn a_cancelled_manage_request_is_answered_as_cancelled() {
    let (sender, mut queue) = queue();
    sender.send(Frame::Message(ToHost::Manage { id: 5, request: manage::Request::Status {} })).unwrap();
    sender.send(cancel(5)).unwrap();
    let Some(Next::Reply(FromHost { id: Some(5), body: Body::Error(error) })) = queue.next() else {
        panic!("no error of id 5");
    };
    assert_eq!(error.code, ErrorCode::Cancelled);
}

#[test]
fn the_end_of_the_pipe_drops_what_waits() {
    let (sender, mut queue) = queue();
    for frame in [ctap(1), ctap(2), Frame::End] {
        sender.send(frame).unwrap();
    }
    assert_eq!(queue.next(), None);
    assert_eq!(queue.next(), None);
}

#[test]
fn a_reader_that_is_gone_is_the_end() {
    let (sender, mut queue) = queue();
    sender.send(ctap(1)).unwrap();
    drop(sender);
    assert_eq!(queue.next(), None);
}
