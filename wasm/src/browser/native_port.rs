//! The one native port: every ceremony's messages to the host go through it, and answers find their way back by id.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use js_sys::Function;
use protocol::manage;
use protocol::native_message::{Body, MAX_ORIGIN_LENGTH, ToHost};
use serde_json::{Value, json};
use wasm_bindgen::prelude::*;

use super::runtime::{Port, json as json_of};
use super::timer;
use crate::admission::mailbox::{First, Mailbox, race};
use crate::client::HostError;

/// A host that is silent for so long is taken for dead: browsers drop what is not JSON without a word. Long enough for the user to
/// unlock the keychain when the desktop asks for it, and for the minute that the OS may leave the user to be verified.
const PATIENCE: Duration = Duration::from_secs(90);

/// For so long the host is kept after the last ceremony: a kept port answers in a millisecond, a new process takes tens of them.
const LINGER: Duration = Duration::from_secs(180);

#[derive(Default)]
struct Host {
    take_host: Option<Function>,
    port: Option<Port>,
    last_id: u64,
    waiting: HashMap<u64, Rc<Mailbox<Answer>>>,
    /// Ceremonies under way.
    users: usize,
    /// Counts the times that the last ceremony ended, so that only the newest time's rest leads to letting go.
    rests: u64,
}

/// What the host answered, without the id.
type Answer = Result<Value, HostError>;

thread_local! {
    static HOST: RefCell<Host> = RefCell::default();
}

/// Learns how a native port is opened.
pub fn start(take_host: Function) {
    HOST.with_borrow_mut(|host| host.take_host = Some(take_host));
}

/// Opens the port if it is not open. The process starts while the ceremony goes on; that there is none is told by the first message.
pub fn open() {
    HOST.with_borrow_mut(Host::open);
}

/// A ceremony under way; the host is let go some time after the last one.
pub struct InUse;

/// Begins a ceremony's use of the host.
pub fn in_use() -> InUse {
    HOST.with_borrow_mut(|host| {
        host.users += 1;
        host.open();
    });
    InUse
}

impl Drop for InUse {
    fn drop(&mut self) {
        let rest = HOST.with_borrow_mut(|host| {
            host.users -= 1;
            host.rests += 1;
            host.rests
        });
        wasm_bindgen_futures::spawn_local(async move {
            timer::sleep(LINGER).await;
            HOST.with_borrow_mut(|host| {
                if host.users == 0 && host.rests == rest {
                    host.close();
                }
            });
        });
    }
}

/// Sends a CTAP message: for a private tab, or for a caller of that origin, which the host may remember.
pub async fn ctap(message: Vec<u8>, private: bool, origin: Option<&str>) -> Result<Vec<u8>, HostError> {
    let origin = origin.filter(|origin| !private && origin.len() <= MAX_ORIGIN_LENGTH).map(str::to_owned);
    match body(request(|id| ToHost::Ctap { id, message, private, origin }.to_json()).await?)? {
        Body::Ctap(answer) => Ok(answer),
        Body::Error(error) => Err(HostError::Refused(error)),
        Body::Ok(_) => Err(HostError::Unintelligible),
    }
}

/// Sends a `manage` request.
pub async fn manage(request_: manage::Request) -> Result<manage::Response, HostError> {
    match body(request(|id| ToHost::Manage { id, request: request_ }.to_json()).await?)? {
        Body::Ok(answer) => Ok(answer),
        Body::Error(error) => Err(HostError::Refused(error)),
        Body::Ctap(_) => Err(HostError::Unintelligible),
    }
}

/// Sends a `manage` request of one of our own pages, and gives the answer, both as they are.
pub async fn relay(asked: Value) -> Result<Value, HostError> {
    let mut answer = request(|id| json!({"id": id, "manage": asked})).await?;
    match answer.get_mut("ok").map(Value::take) {
        Some(answer) => Ok(answer),
        None => match body(answer)? {
            Body::Error(error) => Err(HostError::Refused(error)),
            Body::Ok(_) | Body::Ctap(_) => Err(HostError::Unintelligible),
        },
    }
}

fn body(answer: Value) -> Result<Body, HostError> {
    serde_json::from_value(answer).map_err(|_| HostError::Unintelligible)
}

/// Sends a `manage` request at once, and sees to it that the host is kept until it has answered.
///
/// # Errors
/// [`HostError::Gone`] where there is no port to send it over.
pub fn tell(request: manage::Request) -> Result<(), HostError> {
    let pending =
        HOST.with_borrow_mut(|host| host.send(|id| ToHost::Manage { id, request }.to_json())).ok_or(HostError::Gone)?;
    let in_use = in_use();
    wasm_bindgen_futures::spawn_local(async move {
        let _answered = race(pending.answer.take(), timer::sleep(PATIENCE)).await;
        drop(in_use);
    });
    Ok(())
}

/// Sends a message and waits for its answer. Dropped before that, it tells the host that nobody waits any more.
async fn request(message: impl FnOnce(u64) -> Value) -> Answer {
    let pending = HOST.with_borrow_mut(|host| host.send(message)).ok_or(HostError::Gone)?;
    match race(pending.answer.take(), timer::sleep(PATIENCE)).await {
        First::Left(answer) => answer,
        First::Right(()) => Err(HostError::Gone),
    }
}

/// The host's answer (`native_message::FromHost`). What is not one of ours is dropped; the time-out sees to the rest.
pub fn message(port: &Port, message: JsValue) {
    let Some(Value::Object(mut message)) = json_of(message) else { return };
    let Some(id) = message.remove("id").and_then(|id| id.as_u64()) else { return };
    if !["ctap", "ok", "error"].iter().any(|name| message.contains_key(*name)) {
        return;
    }
    HOST.with_borrow_mut(|host| {
        if host.is_current(port)
            && let Some(waiting) = host.waiting.remove(&id)
        {
            waiting.put(Ok(Value::Object(message)));
        }
    });
}

/// The host is not there, or has ended.
pub fn gone(port: &Port) {
    HOST.with_borrow_mut(|host| {
        if host.is_current(port) {
            host.port = None;
            host.waiting.drain().for_each(|(_, waiting)| waiting.put(Err(HostError::Gone)));
        }
    });
}

/// A message under way.
struct Pending {
    id: u64,
    answer: Rc<Mailbox<Answer>>,
}

impl Drop for Pending {
    fn drop(&mut self) {
        HOST.with_borrow_mut(|host| {
            if host.waiting.remove(&self.id).is_some() {
                host.post(&ToHost::Cancel { id: self.id }.to_json());
            }
        });
    }
}

impl Host {
    fn open(&mut self) {
        if self.port.is_some() {
            return;
        }
        let opened = self.take_host.as_ref().map(|take_host| take_host.call0(&JsValue::NULL));
        if let Some(Ok(port)) = opened {
            self.port = Some(port.unchecked_into());
        }
    }

    fn close(&mut self) {
        if let Some(port) = self.port.take() {
            port.disconnect();
        }
    }

    fn is_current(&self, port: &Port) -> bool {
        self.port.as_ref().is_some_and(|current| current.is(port))
    }

    fn send(&mut self, message: impl FnOnce(u64) -> Value) -> Option<Pending> {
        self.open();
        self.port.as_ref()?;
        self.last_id += 1;
        let pending = Pending { id: self.last_id, answer: Rc::default() };
        self.waiting.insert(pending.id, Rc::clone(&pending.answer));
        self.post(&message(pending.id));
        Some(pending)
    }

    fn post(&self, message: &Value) {
        if let Some(port) = &self.port {
            port.post(message);
        }
    }
}
