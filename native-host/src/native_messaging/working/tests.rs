use super::*;

fn at_work_on(id: u64) -> (Working, Interrupt) {
    let interrupt = Interrupt::default();
    let working = Working::new(interrupt.clone());
    working.begin(&Next::Ctap { id, message: vec![4], private: false, origin: None });
    (working, interrupt)
}

fn cancel(id: u64) -> Frame {
    Frame::Message(ToHost::Cancel { id })
}

#[test]
fn a_cancel_ends_the_question_of_the_message_it_names_and_no_other() {
    let (working, interrupt) = at_work_on(7);
    working.look_at(&cancel(8));
    assert!(!interrupt.is_raised());
    working.look_at(&cancel(7));
    assert!(interrupt.is_raised());
    working.begin(&Next::Ctap { id: 9, message: vec![4], private: false, origin: None });
    assert!(!interrupt.is_raised(), "the next message has questions of its own");
}

#[test]
fn the_end_of_the_pipe_ends_every_question() {
    let (working, interrupt) = at_work_on(7);
    working.look_at(&Frame::End);
    assert!(interrupt.is_raised());
    working.begin(&Next::Ctap { id: 8, message: vec![4], private: false, origin: None });
    assert!(interrupt.is_raised(), "nobody is there to answer");
}
