//! The handle that tests hold.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::{Arc, atomic::Ordering, mpsc},
    thread::{self, JoinHandle},
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::{runtime, sync::oneshot};

use crate::{
    AccessKey, Call, Device, Fault, IssuedSession, Role, SignIn, Times, User, federation,
    model::{ACCOUNT, StoredUser},
    server::{self, Shared},
    totp,
};

/// A running sandbox. It ends when it is dropped.
///
/// Methods panic on what is a mistake in a test, such as a second user of the same name.
#[derive(Debug)]
pub struct Sandbox {
    shared: Arc<Shared>,
    address: SocketAddr,
    runtime: runtime::Handle,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts a sandbox on a free port of 127.0.0.1, in a thread of its own.
    pub fn start() -> Sandbox {
        Sandbox::start_on(0)
    }

    /// Starts a sandbox on this port.
    pub fn start_on(port: u16) -> Sandbox {
        let (listener, address) = listen(port);
        let shared = Arc::new(Shared::default());
        let (stop, stopped) = oneshot::channel();
        let (report, reported) = mpsc::channel();
        let served = Arc::clone(&shared);
        let thread = thread::spawn(move || {
            let runtime = runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime can be built");
            report.send(runtime.handle().clone()).ok();
            runtime.block_on(async move {
                let listener = tokio::net::TcpListener::from_std(listener)
                    .expect("a listening socket can be polled");
                tokio::spawn(server::serve(listener, served));
                stopped.await.ok();
            });
        });
        Sandbox {
            shared,
            address,
            runtime: reported.recv().expect("the thread has a runtime"),
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// The address of the API, `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The federation endpoint of the console, `http://127.0.0.1:PORT/federation`.
    pub fn federation_url(&self) -> String {
        format!("{}{}", self.url(), federation::PATH)
    }

    /// The environment that points AWS's SDKs and tools to the sandbox, and to nothing else.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", self.url()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_DEFAULT_REGION", "us-east-1".to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            // Where a proxy is configured, SDKs would ask it even for loopback.
            ("NO_PROXY", "127.0.0.1".to_owned()),
        ]
    }

    /// Opens the control address, for programs outside the process, and returns it.
    ///
    /// Each path does what the method of the same purpose does: `/code`, `/advance`, `/age`,
    /// `/offset`, `/now`, `/misbehave`, `/behave`, `/calls`, `/connections`, `/log`, `/sessions`,
    /// `/sign-ins`, `/user`, `/device`, `/role`, `/key`, `/limit`, `/deny`, `/disable-region`.
    pub fn serve_control(&self) -> String {
        let (listener, address) = listen(0);
        let shared = Arc::clone(&self.shared);
        self.runtime.spawn(async move {
            let listener = tokio::net::TcpListener::from_std(listener)
                .expect("a listening socket can be polled");
            server::serve_control(listener, shared).await;
        });
        format!("http://{address}")
    }

    /// Adds a user to account 123456789012, with one active key and no device.
    pub fn add_user(&self, name: &str) -> User {
        self.add_user_in(ACCOUNT, "/", name)
    }

    /// Adds a user to account 123456789012 of this partition, `aws-cn` or `aws-us-gov`. Their
    /// requests are to be signed for a region of it.
    pub fn add_user_in_partition(&self, partition: &str, name: &str) -> User {
        self.shared.state().add_user(partition, ACCOUNT, "/", name)
    }

    /// Adds a user to this account under this path, which begins and ends with a slash.
    pub fn add_user_in(&self, account: &str, path: &str, name: &str) -> User {
        self.shared.state().add_user("aws", account, path, name)
    }

    /// The root user of account 123456789012, with a key.
    pub fn root(&self) -> User {
        self.shared.state().root(ACCOUNT)
    }

    /// Adds a key to a user. (IAM's limit of two is IAM's own to keep, not this method's.)
    pub fn add_key(&self, user: &User) -> AccessKey {
        self.shared.state().add_key(&user.arn)
    }

    /// Makes a long-term key active or inactive.
    pub fn set_key_status(&self, access_key_id: &str, active: bool) {
        let known = self.shared.state().set_key_status(access_key_id, active);
        assert!(known, "there is no key {access_key_id}");
    }

    /// Deletes a long-term key.
    pub fn delete_key(&self, access_key_id: &str) {
        let known = self.shared.state().delete_key(access_key_id);
        assert!(known, "there is no key {access_key_id}");
    }

    /// Gives a user a virtual device, `arn:PARTITION:iam::ACCOUNT:mfa/NAME`.
    pub fn add_virtual_device(&self, user: &User, name: &str) -> Device {
        self.shared.state().add_virtual_device(&user.arn, name)
    }

    /// Gives a user a hardware token with this number, such as `GAHT12345678`.
    pub fn add_hardware_device(&self, user: &User, serial: &str) -> Device {
        self.shared.state().add_code_device(&user.arn, serial)
    }

    /// Gives a user a FIDO key, which gives no codes, and returns its serial.
    pub fn add_fido_device(&self, user: &User, name: &str) -> String {
        self.shared.state().add_fido_device(&user.arn, name)
    }

    /// Gives a user codes by SMS, which STS does not take, and returns the serial.
    pub fn add_sms_device(&self, user: &User, name: &str) -> String {
        self.shared.state().add_sms_device(&user.arn, name)
    }

    /// Adds a role and returns its ARN.
    pub fn add_role(&self, role: Role) -> String {
        self.shared.state().add_role(role)
    }

    /// Sets or removes the alias of account 123456789012.
    pub fn set_account_alias(&self, alias: Option<&str>) {
        let aliases = &mut self.shared.state().aliases;
        match alias {
            Some(alias) => aliases.insert(ACCOUNT.to_owned(), alias.to_owned()),
            None => aliases.remove(ACCOUNT),
        };
    }

    /// The code that the device shows now, by the sandbox's clock, spent or not.
    pub fn code(&self, device: &Device) -> String {
        let code = totp::code(&device.seed, totp::step_at(self.now()));
        self.shared.state().codes.insert(code.clone());
        code
    }

    /// Every code that [`Sandbox::code`] and [`Sandbox::fresh_code`] have handed out.
    pub fn codes(&self) -> Vec<String> {
        self.shared.state().codes.iter().cloned().collect()
    }

    /// A code that the device would be accepted with now.
    ///
    /// That is the current one, or the next if that is spent; if both are, it sleeps until
    /// there is another, for up to 30 seconds.
    pub fn fresh_code(&self, device: &Device) -> String {
        loop {
            let code = self.shared.state().fresh_code(&device.serial);
            match code.expect("the device is one of this sandbox") {
                Ok(code) => {
                    self.shared.state().codes.insert(code.clone());
                    return code;
                }
                Err(wait) => thread::sleep(wait),
            }
        }
    }

    /// Denies a user everything past this MFA age and without MFA, as the company's policy does;
    /// `None` is no such rule, which is how users begin.
    pub fn set_mfa_age_limit(&self, user: &User, limit: Option<Duration>) {
        self.change_user(user, |user| user.mfa_age_limit = limit);
    }

    /// Denies a user one action, such as `iam:ListMFADevices`.
    pub fn deny(&self, user: &User, action: &str) {
        self.change_user(user, |user| {
            user.denied.insert(action.to_owned());
        });
    }

    fn change_user(&self, user: &User, change: impl FnOnce(&mut StoredUser)) {
        let mut state = self.shared.state();
        change(
            state
                .user_mut(&user.arn)
                .expect("the user is one of this sandbox"),
        );
    }

    /// Turns STS off in a region.
    pub fn disable_region(&self, region: &str) {
        self.shared
            .state()
            .disabled_regions
            .insert(region.to_owned());
    }

    /// Makes lists end after this many entries, with a marker for the rest.
    pub fn set_page_size(&self, entries: usize) {
        self.shared.state().page_size = Some(entries.max(1));
    }

    /// Lets time pass on the sandbox's clock.
    pub fn advance(&self, duration: Duration) {
        self.shared.state().clock.advance(duration);
    }

    /// Puts the sandbox's clock this many seconds after the real one, or before it if negative.
    pub fn set_clock_offset(&self, seconds: i64) {
        self.shared.state().clock.set_offset(seconds);
    }

    /// Makes everything in the sandbox older, and leaves its clock where it is.
    ///
    /// To a client it is the same as time passing. Spent codes grow old in whole steps of 30
    /// seconds, rounded down.
    pub fn age(&self, duration: Duration) {
        self.shared.state().age(duration);
    }

    /// The time on the sandbox's clock, in whole seconds.
    pub fn now(&self) -> DateTime<Utc> {
        self.shared.state().clock.now()
    }

    /// Plans a fault for an action; after those that are planned for it already.
    pub fn misbehave(&self, action: &str, fault: Fault, times: Times) {
        self.shared.state().faults.plan(action, fault, times);
    }

    /// Forgets all planned faults.
    pub fn behave(&self) {
        self.shared.state().faults.clear();
    }

    /// How many requests have named this action, whatever came of them.
    pub fn calls(&self, action: &str) -> usize {
        let state = self.shared.state();
        state
            .log
            .iter()
            .filter(|call| call.action == action)
            .count()
    }

    /// How many requests there have been.
    pub fn total_calls(&self) -> usize {
        self.shared.state().log.len()
    }

    /// How many connections have been accepted.
    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::Relaxed)
    }

    /// All temporary credentials that were given out, oldest first, expired ones included.
    pub fn sessions(&self) -> Vec<IssuedSession> {
        let state = self.shared.state();
        state
            .sessions
            .iter()
            .map(|session| session.issued.clone())
            .collect()
    }

    /// The temporary credentials of this id, `ASIA…`, as they were made.
    pub fn session(&self, access_key_id: &str) -> Option<IssuedSession> {
        let state = self.shared.state();
        state
            .session(access_key_id)
            .map(|session| session.issued.clone())
    }

    /// All tokens that the federation endpoint has given out, oldest first.
    pub fn sign_ins(&self) -> Vec<SignIn> {
        self.shared.state().sign_ins.clone()
    }

    /// All requests, oldest first.
    pub fn log(&self) -> Vec<Call> {
        self.shared.state().log.clone()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

fn listen(port: u16) -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .unwrap_or_else(|error| panic!("cannot listen on 127.0.0.1:{port}: {error}"));
    listener
        .set_nonblocking(true)
        .expect("a socket can be made non-blocking");
    let address = listener
        .local_addr()
        .expect("a bound socket has an address");
    (listener, address)
}
