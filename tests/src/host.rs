//! The real host, `keystow`, as a browser starts it, and the real client on top of it: everything between a page's call and the vault
//! but the browser.

use std::cell::RefCell;
use std::process::Stdio;
use std::time::Duration;

use protocol::ctap::{Command as Ctap, Options, PublicKeyCredentialUserEntity, make_credential};
use protocol::native_message::{Body, FromHost, ToHost};
use protocol::webauthn::ClientDataHash;
use protocol::{manage, native_message};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::sync::Mutex;
use wasm::client::prompt::{Approval, Decision, Kind, Pin, Question, Verification};
use wasm::client::{
    Ancestors, Caller, Claimed, Environment, Fetched, HostError, Origin, PageRequest, Reply, Saved, Tab,
};

use crate::browser::{Browser, Error};
use crate::machine::Machine;

/// How long the host may take for one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// A host process and the pipes to it. The process ends with this value.
pub struct Host {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    last_id: u64,
    child: Child,
}

impl Host {
    /// Starts `keystow` on `machine` with the arguments that Chromium gives a host.
    pub fn start(machine: &Machine) -> Result<Self, Error> {
        let origin = format!("chrome-extension://{}/", Browser::CHROMIUM_ID);
        let mut command = Command::from(machine.keystow(&[&origin])?);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true).spawn()?;
        let input = child.stdin.take().ok_or("the input is piped")?;
        let output = BufReader::new(child.stdout.take().ok_or("the output is piped")?);
        Ok(Self { input, output, last_id: 0, child })
    }

    /// The process id; `None` once it has ended.
    pub fn process_id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Sends the message that `with_id` makes, and waits for the answer with its id.
    pub async fn request(&mut self, with_id: impl FnOnce(u64) -> ToHost) -> Result<Body, Error> {
        self.last_id += 1;
        let id = self.last_id;
        self.send(&with_id(id).to_json()).await?;
        loop {
            let answer = self.receive().await?;
            if answer.id == Some(id) {
                return Ok(answer.body);
            }
        }
    }

    /// Makes `count` passkeys, three at a site, as the sites `<name>-0.example` and on would.
    pub async fn fill(&mut self, name: &str, count: u32) -> Result<(), Error> {
        for number in 0..count {
            let message = Ctap::MakeCredential.message(&creation(name, number).to_bytes());
            let answer = self.request(|id| ToHost::Ctap { id, message, private: false, origin: None }).await?;
            match answer {
                Body::Ctap(answer) if answer.first() == Some(&0) => {}
                other => return Err(format!("passkey {number}: {other:?}").into()),
            }
        }
        Ok(())
    }

    async fn send(&mut self, message: &Value) -> Result<(), Error> {
        let text = message.to_string();
        let length = u32::try_from(text.len())?;
        self.input.write_all(&length.to_ne_bytes()).await?;
        self.input.write_all(text.as_bytes()).await?;
        Ok(self.input.flush().await?)
    }

    async fn receive(&mut self) -> Result<FromHost, Error> {
        let frame = async {
            let mut length = [0; 4];
            self.output.read_exact(&mut length).await?;
            let mut text = vec![0; usize::try_from(u32::from_ne_bytes(length))?];
            self.output.read_exact(&mut text).await?;
            Ok(serde_json::from_slice(&text)?)
        };
        tokio::time::timeout(PATIENCE, frame).await.map_err(|_| "the host was silent for 20 seconds")?
    }
}

fn creation(name: &str, number: u32) -> make_credential::Request {
    make_credential::Request {
        client_data_hash: ClientDataHash([7; 32]),
        rp_id: format!("{name}-{}.example", number / 3).into(),
        rp_name: Some("A site".to_owned()),
        user: PublicKeyCredentialUserEntity {
            id: number.to_be_bytes().to_vec().into(),
            name: Some(format!("user-{number}@mail.example")),
            display_name: Some(format!("User {number}")),
        },
        algorithms: vec![-7],
        exclude_list: Vec::new(),
        extensions: None,
        options: Options { rk: Some(true), ..Options::default() },
        pin_uv_auth: None,
        enterprise_attestation: None,
        attestation_formats: vec!["none".to_owned()],
    }
}

/// The client of one site on `origin`, on a host, with a person before the window.
pub struct Client {
    host: Mutex<Host>,
    caller: Caller,
    person: Person,
    asked: RefCell<Vec<Question>>,
}

/// What the person before the window does with every question.
#[derive(Clone, Debug)]
pub enum Person {
    /// Consents, picks the first account, and types this PIN where one is asked for.
    Consents {
        /// The PIN, also the one to choose where none is set.
        pin: &'static str,
    },
    /// Cancels.
    Cancels,
}

impl Client {
    /// The client for a page of `origin`.
    pub fn new(host: Host, origin: &str, person: Person) -> Result<Self, Error> {
        let origin = Origin::from_sender(origin).map_err(|error| format!("{origin}: {error:?}"))?;
        let caller = Caller { origin, ancestors: Ancestors::SameOrigin, tab: Tab::default() };
        Ok(Self { host: Mutex::new(host), caller, person, asked: RefCell::default() })
    }

    /// The same client for a page of another origin.
    pub fn on(&mut self, origin: &str) -> Result<(), Error> {
        self.caller.origin = Origin::from_sender(origin).map_err(|error| format!("{origin}: {error:?}"))?;
        Ok(())
    }

    /// `navigator.credentials.create()`: the RegistrationResponseJSON.
    pub async fn create(&self, options: &Value) -> Result<Value, Error> {
        self.credential(wasm::client::create(&self.caller, request(options)?, self).await)
    }

    /// `navigator.credentials.get()`: the AuthenticationResponseJSON.
    pub async fn get(&self, options: &Value) -> Result<Value, Error> {
        self.credential(wasm::client::get(&self.caller, request(options)?, self).await)
    }

    fn credential(&self, reply: Reply) -> Result<Value, Error> {
        match reply {
            Reply::Credential(credential) => Ok(credential),
            other => {
                let last = self.asked().pop().map(|question| (question.verification, question.notice));
                Err(format!("{} after the question {last:?}", other.to_json()).into())
            }
        }
    }

    /// All questions that the window has shown so far.
    pub fn asked(&self) -> Vec<Question> {
        self.asked.borrow().clone()
    }
}

impl Environment for Client {
    async fn ctap(&self, message: Vec<u8>) -> Result<Vec<u8>, HostError> {
        match self.host.lock().await.request(|id| ToHost::Ctap { id, message, private: false, origin: None }).await {
            Ok(Body::Ctap(answer)) => Ok(answer),
            other => Err(refused(other)),
        }
    }

    async fn manage(&self, request: manage::Request) -> Result<manage::Response, HostError> {
        match self.host.lock().await.request(|id| ToHost::Manage { id, request }).await {
            Ok(Body::Ok(answer)) => Ok(answer),
            other => Err(refused(other)),
        }
    }

    async fn ask(&self, question: Question) -> Decision {
        self.asked.borrow_mut().push(question.clone());
        match self.person {
            Person::Consents { pin } => Decision::Approve(approval(&question, pin)),
            Person::Cancels => Decision::Cancel,
        }
    }

    async fn withdrawn(&self) -> Decision {
        std::future::pending().await
    }

    async fn fetch(&self, _: &str) -> Option<Fetched> {
        None
    }

    fn origin_of(&self, _: &str) -> Option<String> {
        None
    }

    /// No page of this client signals anything.
    fn tell(&self, _: manage::Request) -> Result<(), HostError> {
        Err(HostError::Gone)
    }

    /// Nobody signs in with a password first.
    async fn may_upgrade(&self) -> bool {
        false
    }

    async fn saved(&self, _: &Saved) {}

    async fn saved_before(&self) -> Option<Saved> {
        None
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    fn random(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the system has randomness");
    }
}

fn approval(question: &Question, pin: &str) -> Approval {
    let credential_id = match &question.kind {
        Kind::Get { accounts } => accounts.first().map(|account| account.credential_id.clone()),
        Kind::Create { .. } => None,
    };
    let pin = || Some(Pin::from(pin.to_owned()));
    match question.verification {
        Verification::None | Verification::BuiltIn { .. } => Approval { credential_id, pin: None, new_pin: None },
        Verification::Pin { .. } => Approval { credential_id, pin: pin(), new_pin: None },
        Verification::NewPin { .. } => Approval { credential_id, pin: None, new_pin: pin() },
    }
}

fn refused(answer: Result<Body, Error>) -> HostError {
    match answer {
        Ok(Body::Error(error)) => HostError::Refused(error),
        Ok(_) => HostError::Unintelligible,
        Err(error) => {
            HostError::Refused(native_message::Error::new(native_message::ErrorCode::Internal, error.to_string()))
        }
    }
}

fn request(options: &Value) -> Result<Claimed<PageRequest>, Error> {
    Ok(Claimed::new(serde_json::from_value(json!({ "options": options }))?))
}
