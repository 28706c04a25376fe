//! What this machine is called, for the other devices' lists.

/// The machine's name without its domain, or `This device` where it has none.
pub(super) fn machine_name() -> String {
    let name = of_the_system();
    match name.split('.').next().unwrap_or_default().trim() {
        "" | "localhost" => "This device".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(unix)]
fn of_the_system() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

#[cfg(not(unix))]
fn of_the_system() -> String {
    std::env::var("COMPUTERNAME").unwrap_or_default()
}
