use std::task::{Context, Poll, Waker};

use super::*;

type Task<T> = Pin<Box<dyn Future<Output = T>>>;

/// What is spawned, what is waited for, and where it is left.
struct Bench {
    spawned: Rc<RefCell<Option<Task<()>>>>,
    waiting: Option<Task<u8>>,
    work: Rc<Mailbox<u8>>,
    left: Rc<RefCell<Vec<u8>>>,
}

impl Bench {
    fn new() -> Self {
        let spawned: Rc<RefCell<Option<Task<()>>>> = Rc::default();
        let work: Rc<Mailbox<u8>> = Rc::default();
        let left: Rc<RefCell<Vec<u8>>> = Rc::default();
        let (spawn, working, leave) = (Rc::clone(&spawned), Rc::clone(&work), Rc::clone(&left));
        let waiting = Box::pin(to_the_end(
            move |task| *spawn.borrow_mut() = Some(task),
            async move { working.take().await },
            move |outcome| leave.borrow_mut().push(outcome),
        ));
        let mut bench = Self { spawned, waiting: Some(waiting), work, left };
        assert_eq!(bench.poll(), Poll::Pending);
        bench.run();
        bench
    }

    fn poll(&mut self) -> Poll<u8> {
        self.waiting.as_mut().expect("waited for").as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }

    fn run(&self) {
        let mut spawned = self.spawned.borrow_mut();
        let task = spawned.as_mut().expect("spawned");
        let _pending = task.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }

    fn left(&self) -> Vec<u8> {
        self.left.borrow().clone()
    }
}

#[test]
fn who_waits_gets_it_and_nothing_is_left() {
    let mut bench = Bench::new();
    bench.work.put(7);
    bench.run();
    assert_eq!(bench.poll(), Poll::Ready(7));
    bench.waiting = None;
    assert!(bench.left().is_empty());
}

#[test]
fn work_goes_on_after_nobody_waits_and_is_left_once_it_is_done() {
    let mut bench = Bench::new();
    bench.waiting = None;
    bench.run();
    assert!(bench.left().is_empty());
    bench.work.put(7);
    bench.run();
    assert_eq!(bench.left(), [7]);
}

#[test]
fn what_is_done_and_not_taken_is_left() {
    let mut bench = Bench::new();
    bench.work.put(7);
    bench.run();
    assert!(bench.left().is_empty());
    bench.waiting = None;
    assert_eq!(bench.left(), [7]);
}
