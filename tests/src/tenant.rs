//! Web servers that other people wrote, as processes of their own, for a [`World`](crate::world::World) to lead to.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use crate::browser::Error;

/// A running server; it ends with this value.
pub struct Tenant {
    child: Child,
    port: u16,
}

impl Tenant {
    /// Starts `tests/sites/<script>` with Node, or with the Python of `build.sh` where it ends in `.py`. Its first line of output is
    /// its port.
    ///
    /// # Errors
    /// It did not name a port within 30 seconds. What it had to say is on standard error.
    pub fn start(script: &str, argument: &str) -> Result<Self, Error> {
        let program = match script.ends_with(".py") {
            true => std::env::var("KEYSTOW_PYTHON").map_err(|_| "KEYSTOW_PYTHON is not set. Run ./build.sh test.")?,
            false => "node".to_owned(),
        };
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("sites").join(script);
        let mut child = Command::new(&program)
            .arg(&script)
            .arg(argument)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{program} did not start: {error}. Run ./build.sh setup."))?;
        let mut output = BufReader::new(child.stdout.take().ok_or("the output is piped")?);
        let mut tenant = Self { child, port: 0 };
        let (sender, first_line) = mpsc::channel();
        std::thread::spawn(move || {
            let mut line = String::new();
            let _ = output.read_line(&mut line);
            let _ = sender.send(line);
            let _ = std::io::copy(&mut output, &mut std::io::stderr());
        });
        let line = first_line.recv_timeout(Duration::from_secs(30)).unwrap_or_default();
        tenant.port = line.trim().parse().map_err(|_| format!("{} named no port", script.display()))?;
        Ok(tenant)
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }
}

impl Drop for Tenant {
    fn drop(&mut self) {
        // Django's folder goes away with a process that may end itself.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        for _ in 0..50 {
            if matches!(self.child.try_wait(), Ok(Some(_))) {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
