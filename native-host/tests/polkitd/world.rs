//! A world for polkitd: namespaces of its own in which the machine's actions, rules, users and system bus are others. Outside nothing
//! changes, and with the scene everything in it ends.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use keystow::secret::harden_process;
use keystow::verification::os::ACTION_FILE;

/// The user of this world.
pub const USER: &str = "keystow-test";
/// The user's password.
pub const PASSWORD: &str = "correct horse";

/// What is in place when the scene begins.
#[derive(Clone, Copy)]
pub struct World {
    pub action: Action,
    /// A rule of the machine's administrator for Keystow's action.
    pub rule: Option<Rule>,
    pub session: Session,
    pub played_as: As,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Action {
    AsShipped,
    Missing,
}

/// A member of `polkit.Result`.
#[derive(Clone, Copy)]
pub struct Rule(pub &'static str);

/// The user's login session, as logind would tell of it.
#[derive(Clone, Copy, PartialEq)]
pub enum Session {
    None,
    InFront,
    InTheBackground,
}

#[derive(Clone, Copy, PartialEq)]
pub enum As {
    User,
    Root,
}

impl World {
    /// The action as it ships, no rules, no session.
    pub fn of_a_user() -> Self {
        Self { action: Action::AsShipped, rule: None, session: Session::None, played_as: As::User }
    }

    /// Plays `play` in this world. The same binary runs three times: as the test, inside the namespaces as root, and as the player,
    /// which is hardened as the host is.
    pub fn play(self, name: &str, play: impl FnOnce()) {
        match env::var(STAGE).as_deref() {
            Err(_) => enter(name),
            Ok("inside") => self.furnish(name),
            Ok(_) => {
                harden_process();
                play();
            }
        }
    }

    fn furnish(self, name: &str) {
        let folder = tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o755)).tempdir().unwrap();
        let own = folder.path();
        self.furnish_polkit(own);
        furnish_users(own);
        self.furnish_run(own);
        let _services = start_services(own);
        // The user may not be let into the folder of the test.
        let player = own.join("player");
        fs::copy(env::current_exe().unwrap(), &player).unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", &self.becoming(own), "sh"]).arg(player).args(["--exact", name, "--nocapture"]);
        assert!(command.env(STAGE, "player").current_dir("/").status().unwrap().success());
    }

    /// The shell's way to the player: where there is a session, the process is in it.
    fn becoming(self, own: &Path) -> String {
        let mut steps = String::from("set -e; ");
        if self.session != Session::None {
            let group = "/user.slice/user-4242.slice/user@4242.service/app.slice";
            fs::write(own.join("cgroup"), format!("1:name=systemd:{group}\n0::{group}\n")).unwrap();
            steps += &format!("mount --bind {}/cgroup /proc/$$/cgroup; ", own.display());
        }
        steps
            + match self.played_as {
                As::User => "exec setpriv --reuid 4242 --regid 4242 --clear-groups \"$@\"",
                As::Root => "exec \"$@\"",
            }
    }

    /// Where the bus and logind have their files. polkit's helper looks for the bus here, whatever the environment says.
    fn furnish_run(self, own: &Path) {
        let run = own.join("run");
        fs::create_dir_all(run.join("dbus")).unwrap();
        for folder in ["sessions", "users", "seats", "machines"] {
            fs::create_dir_all(run.join("systemd").join(folder)).unwrap();
        }
        let (active, state) = match self.session {
            Session::None => return bind(&run, "/run"),
            Session::InFront => (1, "active"),
            Session::InTheBackground => (0, "online"),
        };
        let session = format!(
            "UID=4242\nUSER={USER}\nACTIVE={active}\nIS_DISPLAY=1\nSTATE={state}\nREMOTE=0\nTYPE=wayland\nCLASS=user\nSEAT=seat0\n"
        );
        let user = format!("NAME={USER}\nSTATE={state}\nDISPLAY=k1\nSESSIONS=k1\nSEATS=seat0\n");
        fs::write(run.join("systemd/sessions/k1"), session).unwrap();
        fs::write(run.join("systemd/users/4242"), user).unwrap();
        fs::write(run.join("systemd/seats/seat0"), "SESSIONS=k1\nUIDS=4242\n").unwrap();
        bind(&run, "/run");
    }

    fn furnish_polkit(self, own: &Path) {
        let (actions, rules) = (own.join("actions"), own.join("rules"));
        fs::create_dir(&actions).unwrap();
        fs::create_dir(&rules).unwrap();
        fs::copy(POLKIT_S_OWN, actions.join("org.freedesktop.policykit.policy")).unwrap();
        bind(&actions, ACTIONS);
        if self.action == Action::AsShipped {
            put_action_in_place(ACTION_FILE);
        }
        if let Some(Rule(result)) = self.rule {
            let rule = format!(
                "polkit.addRule(function(action) {{ if (action.id == 'org.keystow.verify-user') return polkit.Result.{result}; }});"
            );
            fs::write(rules.join("10-test.rules"), rule).unwrap();
        }
        bind(&rules, "/etc/polkit-1/rules.d");
    }
}

/// As the command that `keystow doctor` names.
pub fn put_action_in_place(text: &str) {
    fs::write(Path::new(ACTIONS).join("org.keystow.policy"), text).unwrap();
}

fn enter(name: &str) {
    assert!(rustix::process::getuid().is_root(), "a world of its own takes root");
    assert!(Path::new(POLKITD).exists(), "polkitd is missing. Install it with: sudo apt install polkitd");
    let mut inside = Command::new("unshare");
    inside.args(["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]).arg(env::current_exe().unwrap());
    inside.args(["--exact", name, "--nocapture"]).env(STAGE, "inside").env_remove("DBUS_SYSTEM_BUS_ADDRESS");
    assert!(inside.status().unwrap().success(), "the scene failed");
}

/// One more user in the lists of this world, with a password that PAM knows.
fn furnish_users(own: &Path) {
    for (file, line) in [
        ("passwd", format!("{USER}:x:4242:4242::/nonexistent:/bin/sh\n")),
        ("shadow", format!("{USER}:{PASSWORD_HASH}:19000:0:99999:7:::\n")),
    ] {
        let (there, here) = (Path::new("/etc").join(file), own.join(file));
        fs::copy(&there, &here).unwrap();
        fs::write(&here, fs::read_to_string(&there).unwrap() + &line).unwrap();
        bind(&here, there.to_str().unwrap());
    }
}

fn start_services(own: &Path) -> [Service; 2] {
    let config = own.join("bus.conf");
    fs::write(&config, CONFIG).unwrap();
    let bus = Service::start(Command::new("dbus-daemon").arg("--nofork").arg("--config-file").arg(config));
    until("the bus", || Path::new("/run/dbus/system_bus_socket").exists());
    let polkitd = Service::start(Command::new(POLKITD).arg("--no-debug"));
    let ask = ["--system", "--print-reply", "--dest=org.freedesktop.DBus", "/", "org.freedesktop.DBus.GetNameOwner"];
    until("polkitd", || {
        let mut look = Command::new("dbus-send");
        look.args(ask).arg("string:org.freedesktop.PolicyKit1").stdout(Stdio::null()).stderr(Stdio::null());
        look.status().expect("dbus-send is installed").success()
    });
    [bus, polkitd]
}

/// It ends with the scene.
struct Service(Child);

impl Service {
    fn start(command: &mut Command) -> Self {
        let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Self(command.spawn().expect("it is installed"))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn until(what: &str, ready: impl Fn() -> bool) {
    let began = Instant::now();
    while !ready() {
        assert!(began.elapsed() < Duration::from_secs(20), "{what} does not come up");
        thread::sleep(Duration::from_millis(50));
    }
}

fn bind(here: &Path, there: &str) {
    let mut mount = Command::new("mount");
    assert!(mount.arg("--bind").arg(here).arg(there).status().unwrap().success(), "mount over {there}");
}

const STAGE: &str = "KEYSTOW_TEST_STAGE";
const POLKITD: &str = "/usr/lib/polkit-1/polkitd";
const ACTIONS: &str = "/usr/share/polkit-1/actions";
const POLKIT_S_OWN: &str = "/usr/share/polkit-1/actions/org.freedesktop.policykit.policy";

/// crypt(3), SHA-512.
const PASSWORD_HASH: &str =
    "$6$keystowtest$O.WcgJJNk0oPsSmbaiU.oLINlVmh9sJuIMT6qI3O046pD86IGGSSd8RVgVljq1xXXQ9SHUO9XRXdahvo2JxpP.";

const CONFIG: &str = "<busconfig><type>system</type><listen>unix:path=/run/dbus/system_bus_socket</listen>\
    <auth>EXTERNAL</auth><policy context='default'><allow user='*'/><allow own='*'/>\
    <allow send_destination='*' eavesdrop='true'/><allow eavesdrop='true'/></policy></busconfig>";
