//! The system's own question on a test's computer: a stand-in for polkitd, with a person at its prompt. It answers as polkitd was seen to
//! answer in `native-host/tests/polkitd.rs`; the host and all that it does with the answer are the real ones.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, MessageIterator};
use zbus::message::{Message, Type};
use zbus::zvariant::OwnedValue;

use crate::browser::Error;
use crate::machine::Machine;

/// polkitd, while this value lives.
pub struct Polkit {
    connection: Connection,
    prompts: Receiver<Message>,
}

/// A prompt on the screen.
pub struct Prompt(Connection, Message);

/// What the person at the prompt does.
#[derive(Clone, Copy)]
pub enum Person {
    /// Types the right password.
    Right,
    /// Types a wrong one, until polkit gives up.
    Wrong,
    /// Closes the window.
    Dismisses,
}

impl Polkit {
    /// Takes polkit's place on `machine`. Keystow's action is set up there as `native-host/polkit` has it: the user is asked, every time.
    pub fn start(machine: &Machine) -> Result<Self, Error> {
        let connection = Builder::address(machine.bus_address())?.build()?;
        let calls = MessageIterator::from(connection.clone());
        connection.request_name("org.freedesktop.PolicyKit1")?;
        let (sender, prompts) = channel();
        let serving = connection.clone();
        thread::spawn(move || {
            for call in calls.map_while(Result::ok).filter(|call| call.message_type() == Type::MethodCall) {
                // A caller that is gone takes no answer.
                let _ = serve(&serving, call, &sender);
            }
        });
        Ok(Self { connection, prompts })
    }

    /// The next prompt, which must open within seconds.
    pub fn prompt(&self) -> Result<Prompt, Error> {
        let call = self.prompts.recv_timeout(Duration::from_secs(20)).map_err(|_| "the system did not ask")?;
        Ok(Prompt(self.connection.clone(), call))
    }

    /// Whether a prompt has opened that nobody has turned to yet.
    pub fn has_asked(&self) -> bool {
        self.prompts.try_recv().is_ok()
    }
}

impl Prompt {
    /// What becomes of it.
    pub fn answer(self, person: Person) -> Result<(), Error> {
        let Self(connection, call) = self;
        match person {
            Person::Right => reply(&connection, &call, (true, false), HashMap::new()),
            Person::Wrong => reply(&connection, &call, (false, false), HashMap::new()),
            Person::Dismisses => {
                reply(&connection, &call, (false, false), HashMap::from([("polkit.dismissed", "true")]))
            }
        }
    }
}

impl Drop for Polkit {
    fn drop(&mut self) {
        // The name is free for the next one.
        let _ = self.connection.release_name("org.freedesktop.PolicyKit1");
        let _ = self.connection.clone().close();
    }
}

/// org.freedesktop.PolicyKit1.Authority.CheckAuthorization. Whoever only looks is told that the user would be asked.
fn serve(connection: &Connection, call: Message, prompts: &Sender<Message>) -> Result<(), Error> {
    let header = call.header();
    let body = call.body();
    let arguments: Result<Arguments, _> = body.deserialize();
    match (header.member().map(|name| name.as_str()), arguments) {
        (Some("CheckAuthorization"), Ok((_, action, _, flags, _))) if action == ACTION => {
            let may_ask = flags & 1 == 1;
            if may_ask {
                Ok(prompts.send(call.clone())?)
            } else {
                reply(connection, &call, (false, true), HashMap::new())
            }
        }
        _ => Ok(connection.reply_error(&header, "org.freedesktop.PolicyKit1.Error.Failed", &"no such action here")?),
    }
}

/// Whether the user is authorized; whether they would be asked.
fn reply(
    connection: &Connection,
    call: &Message,
    (authorized, challenge): (bool, bool),
    details: HashMap<&str, &str>,
) -> Result<(), Error> {
    Ok(connection.reply(&call.header(), &((authorized, challenge, details),))?)
}

/// Subject, action, details, flags, cancellation id.
type Arguments = ((String, HashMap<String, OwnedValue>), String, HashMap<String, String>, u32, String);

const ACTION: &str = "org.keystow.verify-user";
