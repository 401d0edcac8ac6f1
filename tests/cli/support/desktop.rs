//! A private desktop: a session bus of its own with a real keychain on it, in a private home.

use std::{
    fs,
    io::Write,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use super::{Home, Invocation, is_there, set_mode, wait_until};

/// What unlocks the keychain.
const PASSWORD: &str = "keychain-password";

/// A home whose long-term key is in the keychain, and the desktop that the keychain belongs to.
///
/// Its daemons are ended when it is dropped, after a failed test too.
pub struct Desktop {
    pub home: Home,
    bus: Child,
    keychain: Option<Child>,
}

impl Desktop {
    /// A desktop whose keychain is open and holds the secret of the home's long-term key, unless a program
    /// for it is missing.
    pub fn new() -> Option<Self> {
        let mut desktop = Self::without_keychain("")?;
        desktop.start_keychain();
        let home = &desktop.home;
        desktop.store(&home.user.access_key_id, &home.user.secret_access_key);
        Some(desktop)
    }

    /// A desktop without a keychain. `script` is run when something asks the bus for one, unless empty.
    pub fn without_keychain(script: &str) -> Option<Self> {
        let needed = [
            "dbus-daemon",
            "dbus-send",
            "gnome-keyring-daemon",
            "secret-tool",
        ];
        if !needed.iter().all(|program| is_there(program)) {
            return None;
        }
        let home = Home::new();
        home.write_credentials("");
        home.write_config(&keychain_profile(&home));
        let runtime = home.path(".run");
        fs::create_dir(&runtime).expect("a runtime directory");
        set_mode(&runtime, 0o700);
        if !script.is_empty() {
            let path = home.path(".run/service.sh");
            fs::write(
                &path,
                format!("echo $$ > {0}.pid\n{script}\n", path.display()),
            )
            .expect("a script");
            let service = format!(
                "[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/sh {}\n",
                path.display()
            );
            fs::write(home.path(".run/secrets.service"), service).expect("a service");
        }
        fs::write(home.path(".run/bus.conf"), bus_configuration(&home)).expect("bus.conf");
        let bus = Command::new("dbus-daemon")
            .args(["--nofork", "--config-file"])
            .arg(home.path(".run/bus.conf"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon starts");
        let desktop = Desktop {
            home,
            bus,
            keychain: None,
        };
        wait_until("the bus is there", || desktop.socket().exists());
        Some(desktop)
    }

    /// Starts the keychain, or starts it again, and unlocks it.
    pub fn start_keychain(&mut self) {
        let mut child = self
            .home
            .program(
                "gnome-keyring-daemon",
                ["--foreground", "--components=secrets", "--unlock"],
            )
            .on(self)
            .command()
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("gnome-keyring-daemon starts");
        let mut stdin = child.stdin.take().expect("stdin");
        stdin.write_all(PASSWORD.as_bytes()).expect("a password");
        drop(stdin);
        self.keychain = Some(child);
        wait_until("the keychain is there", || {
            self.call(
                "org.freedesktop.DBus",
                "/",
                "org.freedesktop.DBus.NameHasOwner",
                "string:org.freedesktop.secrets",
            )
            .contains("boolean true")
        });
    }

    /// Locks the keychain, as a desktop does when its user goes away.
    pub fn lock(&self) {
        let answer = self.call(
            "org.freedesktop.secrets",
            "/org/freedesktop/secrets",
            "org.freedesktop.Secret.Service.Lock",
            "array:objpath:/org/freedesktop/secrets/collection/login",
        );
        assert!(answer.contains("collection/login"), "{answer}");
    }

    /// Ends the keychain, or sends it another signal.
    pub fn signal_keychain(&self, name: &str) {
        let id = self.keychain.as_ref().expect("a keychain").id();
        signal(id, name);
    }

    /// Ends the bus and leaves its socket behind.
    pub fn kill_bus(&mut self) {
        self.bus.kill().expect("the bus is killed");
        self.bus.wait().expect("the bus has ended");
        assert!(self.socket().exists());
    }

    /// Stores a text under the name of an entry of daypass's, as `secret-tool` does.
    pub fn store(&self, account: &str, secret: &str) {
        self.store_with(account, secret.as_bytes(), &[]);
    }

    /// The same with further attributes, which make it an entry of its own.
    pub fn store_with(&self, account: &str, secret: &[u8], more: &[&str]) {
        let mut words = vec![
            "store",
            "--label=daypass",
            "service",
            "daypass",
            "username",
            account,
        ];
        words.extend(more);
        let mut child = self
            .home
            .program("secret-tool", words)
            .on(self)
            .command()
            .stdin(Stdio::piped())
            .spawn()
            .expect("secret-tool starts");
        let mut stdin = child.stdin.take().expect("stdin");
        stdin.write_all(secret).expect("a secret");
        drop(stdin);
        assert!(child.wait().expect("secret-tool ends").success());
    }

    /// Removes an entry.
    pub fn clear(&self, account: &str) {
        let words = ["clear", "service", "daypass", "username", account];
        let run = self.home.program("secret-tool", words).on(self).run();
        assert_eq!(run.exit, 0, "{}", run.report());
    }

    /// The text of an entry.
    pub fn lookup(&self, account: &str) -> Option<String> {
        let words = ["lookup", "service", "daypass", "username", account];
        let run = self.home.program("secret-tool", words).on(self).run();
        (run.exit == 0).then_some(run.stdout)
    }

    /// The name of the entry with the session of the profile `work`.
    pub fn session_entry(&self) -> String {
        format!("session:{}:work-mfa", self.home.user.access_key_id)
    }

    /// A run of daypass on this desktop: with its bus, and without a display.
    pub fn daypass<'b>(&self, arguments: impl IntoIterator<Item = &'b str>) -> Invocation<'_> {
        self.home.daypass(arguments).on(self)
    }

    /// Everything that runs for this desktop.
    pub fn processes(&self) -> Vec<u32> {
        let mut ids = vec![self.bus.id()];
        ids.extend(self.keychain.as_ref().map(Child::id));
        ids.extend(self.service());
        ids
    }

    /// The script that the bus has started.
    fn service(&self) -> Option<u32> {
        let id = fs::read_to_string(self.home.path(".run/service.sh.pid")).ok()?;
        id.trim().parse().ok()
    }

    fn socket(&self) -> PathBuf {
        self.home.path(".run/bus")
    }

    fn call(&self, name: &str, object: &str, method: &str, argument: &str) -> String {
        let name = format!("--dest={name}");
        let words = [
            "--session",
            "--print-reply",
            &name,
            object,
            method,
            argument,
        ];
        self.home.program("dbus-send", words).on(self).run().stdout
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        if let Some(id) = self.service() {
            signal(id, "KILL");
        }
        for child in self.keychain.iter_mut().chain([&mut self.bus]) {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Invocation<'_> {
    /// Runs it on a desktop.
    pub fn on(self, desktop: &Desktop) -> Self {
        let runtime = desktop.home.path(".run").display().to_string();
        let data = desktop.home.path(".data").display().to_string();
        self.env("XDG_RUNTIME_DIR", &runtime)
            .env("XDG_DATA_HOME", &data)
            .env(
                "DBUS_SESSION_BUS_ADDRESS",
                &format!("unix:path={runtime}/bus"),
            )
    }
}

impl Home {
    /// Logs in with the keychain of this desktop.
    pub fn log_in_on(&self, desktop: &Desktop) {
        let code = self.code();
        let run = desktop.daypass(["login", "work", "--code", &code]).run();
        assert_eq!(run.exit, 0, "{}", run.report());
    }
}

/// A profile whose secret is in the keychain.
pub fn keychain_profile(home: &Home) -> String {
    let key = format!("daypass_access_key_id = {}\n", home.user.access_key_id);
    home.profile_section("work") + &key
}

/// A bus that starts nothing of the machine's own.
fn bus_configuration(home: &Home) -> String {
    let runtime = home.path(".run").display().to_string();
    format!(
        "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
         \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">\n\
         <busconfig><type>session</type><listen>unix:path={runtime}/bus</listen>\n\
         <auth>EXTERNAL</auth><servicedir>{runtime}</servicedir>\n\
         <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>\
         <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy></busconfig>\n"
    )
}

fn signal(id: u32, name: &str) {
    let status = Command::new("kill")
        .args(["-s", name, &id.to_string()])
        .stderr(Stdio::null())
        .status();
    assert!(status.is_ok(), "kill runs");
}
