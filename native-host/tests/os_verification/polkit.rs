//! A stand-in for polkitd on a private bus. It takes what polkitd takes, refuses what polkitd refuses, and answers as polkitd 122 was
//! seen to answer; the rules of the machine and the person at the prompt are the test's to play.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use zbus::blocking::{Connection, MessageIterator, fdo::DBusProxy};
use zbus::message::{Message, Type};
use zbus::zvariant::OwnedValue;

/// What the machine says of Keystow's action to whoever asks. Real polkit says `Yes` to root whatever the rules.
#[derive(Clone, Copy, PartialEq)]
pub enum Rules {
    /// No file in /usr/share/polkit-1/actions.
    NoAction,
    /// `auth_self`: the user is asked, every time.
    AuthSelf,
    /// `auth_self_keep`: the user is asked, and the answer is good for minutes.
    AuthSelfKeep,
    /// `yes`, without asking.
    Yes,
    /// `no`, without asking.
    No,
}

/// Whether there is a window to ask in.
#[derive(Clone, Copy, PartialEq)]
pub enum Agent {
    /// The desktop's.
    Registered,
    /// None.
    Missing,
}

/// What the person at the prompt does.
pub enum Person {
    /// Types the right password.
    Right,
    /// Types a wrong one, until the agent gives up.
    Wrong,
    /// Closes the window.
    Dismisses,
}

/// polkitd, as far as this scene goes.
pub struct Polkit {
    stage: Arc<Stage>,
    prompts: Mutex<Receiver<Message>>,
}

struct Stage {
    connection: Connection,
    rules: Rules,
    agent: Agent,
    kept: AtomicBool,
    asked: AtomicUsize,
}

impl Polkit {
    /// Takes polkit's name on the system bus, and serves.
    pub fn start(rules: Rules, agent: Agent) -> Self {
        let connection = Connection::system().unwrap();
        let calls = MessageIterator::from(connection.clone());
        connection.request_name("org.freedesktop.PolicyKit1").unwrap();
        let stage = Stage { connection, rules, agent, kept: false.into(), asked: 0.into() };
        let stage = Arc::new(stage);
        let (prompts, shown) = channel();
        let serving = Arc::clone(&stage);
        thread::spawn(move || {
            for call in calls.map_while(Result::ok).filter(|call| call.message_type() == Type::MethodCall) {
                serving.serve(call, &prompts);
            }
        });
        Self { stage, prompts: Mutex::new(shown) }
    }

    /// The next prompt, which must open within seconds, is met by `person`.
    pub fn prompt(&self, person: &Person) {
        self.next_prompt().answer(person);
    }

    /// The next prompt, which must open within seconds, and stays open.
    pub fn next_prompt(&self) -> Prompt {
        let call = self.prompts.lock().unwrap().recv_timeout(Duration::from_secs(10)).expect("a prompt opens");
        Prompt { stage: Arc::clone(&self.stage), call }
    }

    /// Calls that asked for a prompt, up to now.
    pub fn asked(&self) -> usize {
        self.stage.asked.load(Ordering::SeqCst)
    }

    /// polkitd crashes.
    pub fn crash(self) {
        self.stage.connection.clone().close().unwrap();
    }
}

/// A prompt on the screen.
pub struct Prompt {
    stage: Arc<Stage>,
    call: Message,
}

impl Prompt {
    /// What becomes of it.
    pub fn answer(self, person: &Person) {
        let (authorized, details) = match person {
            Person::Right => (true, HashMap::new()),
            Person::Wrong => (false, HashMap::new()),
            Person::Dismisses => (false, HashMap::from([("polkit.dismissed", "true")])),
        };
        self.stage.kept.store(authorized && self.stage.rules == Rules::AuthSelfKeep, Ordering::SeqCst);
        self.stage.reply(&self.call, authorized, false, details);
    }

    /// polkit fails instead of asking.
    pub fn fail(self, error: &str) {
        self.stage.connection.reply_error(&self.call.header(), error, &"it went wrong").unwrap();
    }
}

impl Stage {
    /// org.freedesktop.PolicyKit1.Authority.CheckAuthorization.
    fn serve(&self, call: Message, prompts: &Sender<Message>) {
        let body = call.body();
        let read: Result<Arguments, _> = body.deserialize();
        let header = call.header();
        let (Some("CheckAuthorization"), Ok(arguments)) = (header.member().map(|name| name.as_str()), read) else {
            let unknown = "org.freedesktop.DBus.Error.UnknownMethod";
            return self.connection.reply_error(&header, unknown, &"no such method here").unwrap();
        };
        if let Err(reason) = self.admit(&call, &arguments) {
            let failed = "org.freedesktop.PolicyKit1.Error.Failed";
            return self.connection.reply_error(&header, failed, &reason).unwrap();
        }
        let interactive = arguments.3 & 1 == 1;
        self.asked.fetch_add(usize::from(interactive), Ordering::SeqCst);
        match self.rules {
            Rules::Yes => self.reply(&call, true, false, HashMap::new()),
            Rules::No => self.reply(&call, false, false, HashMap::new()),
            _ if self.kept.load(Ordering::SeqCst) => {
                self.reply(&call, true, false, HashMap::from([("polkit.temporary_authorization_id", "tmpauthz0")]));
            }
            _ if interactive && self.agent == Agent::Registered => prompts.send(call.clone()).unwrap(),
            Rules::AuthSelfKeep => {
                let details = HashMap::from([("polkit.retains_authorization_after_challenge", "1")]);
                self.reply(&call, false, true, details);
            }
            Rules::AuthSelf | Rules::NoAction => self.reply(&call, false, true, HashMap::new()),
        }
    }

    /// polkitd's own conditions: the subject is the caller's process, still the same and still the same user's; details are for root
    /// alone, and we pass none; the action is registered.
    fn admit(&self, call: &Message, (subject, action, details, _, cancellation_id): &Arguments) -> Result<(), String> {
        let bus = DBusProxy::new(&self.connection).unwrap();
        let caller = call.header().sender().unwrap().to_owned();
        let pid = bus.get_connection_unix_process_id(caller.clone().into()).unwrap();
        let uid = bus.get_connection_unix_user(caller.into()).unwrap();
        let told = |key: &str| subject.1.get(key).and_then(|value| value.try_clone().ok());
        assert_eq!(subject.0, "unix-process");
        assert_eq!(told("pid").and_then(|value| u32::try_from(value).ok()), Some(pid));
        assert_eq!(told("uid").and_then(|value| i32::try_from(value).ok()), i32::try_from(uid).ok());
        assert!(details.is_empty() && cancellation_id.is_empty());
        if told("start-time").and_then(|value| u64::try_from(value).ok()) != Some(start_time(pid)) {
            return Err(format!("process with PID {pid} has been replaced"));
        }
        if self.rules == Rules::NoAction || action != "org.keystow.verify-user" {
            return Err(format!("Action {action} is not registered"));
        }
        Ok(())
    }

    fn reply(&self, call: &Message, authorized: bool, challenge: bool, details: HashMap<&str, &str>) {
        // Who asked may be gone.
        let _ = self.connection.reply(&call.header(), &((authorized, challenge, details),));
    }
}

/// Subject, action, details, flags, cancellation id.
type Arguments = ((String, HashMap<String, OwnedValue>), String, HashMap<String, String>, u32, String);

/// The 22nd field of `/proc/PID/stat`, as polkitd reads it.
fn start_time(pid: u32) -> u64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat.rsplit_once(')').unwrap().1.split_whitespace().nth(19).unwrap().parse().unwrap()
}
