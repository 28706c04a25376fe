//! A polkit agent: where a desktop shows a window, it plays the person in front of it. The password goes to polkit's own helper,
//! which is setuid root and asks PAM.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use zbus::blocking::{Connection, MessageIterator};
use zbus::message::{Message, Type};
use zbus::zvariant::OwnedValue;
use zbus_polkit::policykit1::{AuthorityProxyBlocking, Subject};

/// What the person does.
#[derive(Clone, Copy)]
pub enum Person {
    /// Types this password.
    Types(&'static str),
    /// Closes the window.
    Dismisses,
    /// Does nothing.
    IsAway,
}

/// The agent of this process.
pub struct Agent {
    prompts: Arc<Mutex<Vec<String>>>,
}

impl Agent {
    /// Registers it, for this process alone, with German as its language.
    pub fn register(person: Person) -> Self {
        let connection = Connection::system().unwrap();
        let calls = MessageIterator::from(connection.clone());
        let subject = Subject::new_for_owner(std::process::id(), None, None).unwrap();
        let authority = AuthorityProxyBlocking::new(&connection).unwrap();
        authority.register_authentication_agent(&subject, "de_DE.UTF-8", "/agent").unwrap();
        let prompts = Arc::new(Mutex::new(Vec::new()));
        let shown = Arc::clone(&prompts);
        thread::spawn(move || {
            for call in calls.map_while(Result::ok).filter(|call| call.message_type() == Type::MethodCall) {
                if call.header().member().is_some_and(|name| name == "BeginAuthentication") {
                    begin(&connection, &call, person, &shown);
                }
            }
        });
        Self { prompts }
    }

    /// The messages of the prompts up to now.
    pub fn prompts(&self) -> Vec<String> {
        self.prompts.lock().unwrap().clone()
    }
}

fn begin(connection: &Connection, call: &Message, person: Person, shown: &Mutex<Vec<String>>) {
    let body = call.body();
    let (_, message, _, _, cookie, identities): Prompt = body.deserialize().unwrap();
    shown.lock().unwrap().push(message);
    let own = rustix::process::getuid().as_raw();
    let asked = identities.first().and_then(|(_, details)| details.get("uid")?.try_clone().ok());
    assert_eq!(asked.and_then(|uid| u32::try_from(uid).ok()), Some(own), "the user is asked for their own password");
    match person {
        Person::Types(password) => {
            type_into_helper(&cookie, password);
            connection.reply(&call.header(), &()).unwrap();
        }
        Person::Dismisses => {
            let cancelled = "org.freedesktop.PolicyKit1.Error.Cancelled";
            connection.reply_error(&call.header(), cancelled, &"dismissed").unwrap();
        }
        Person::IsAway => {}
    }
}

fn type_into_helper(cookie: &str, password: &str) {
    let mut helper = Command::new("/usr/lib/polkit-1/polkit-agent-helper-1")
        .arg(super::world::USER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = helper.stdin.take().unwrap();
    writeln!(input, "{cookie}").unwrap();
    for line in BufReader::new(helper.stdout.take().unwrap()).lines() {
        if line.unwrap().starts_with("PAM_PROMPT_ECHO_OFF") {
            writeln!(input, "{password}").unwrap();
        }
    }
    helper.wait().unwrap();
}

/// BeginAuthentication: action, message, icon, details, cookie, identities.
type Prompt = (String, String, String, HashMap<String, String>, String, Vec<(String, HashMap<String, OwnedValue>)>);
