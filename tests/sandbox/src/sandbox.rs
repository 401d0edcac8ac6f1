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
    Call, Fault, IssuedSession, Role, SignIn, Times, federation,
    model::ACCOUNT,
    server::{self, Shared},
};

/// A running sandbox. It ends when it is dropped.
///
/// Methods panic on what is a mistake in a test, such as a second user of the same name.
#[derive(Debug)]
pub struct Sandbox {
    pub(crate) shared: Arc<Shared>,
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
    /// Each path does what the method of the same purpose does: `/code`, `/codes`, `/advance`,
    /// `/age`, `/offset`, `/now`, `/misbehave`, `/behave`, `/calls`, `/connections`, `/log`,
    /// `/sessions`, `/sign-ins`, `/user`, `/device`, `/devices`, `/role`, `/key`, `/keys`,
    /// `/key-delay`, `/limit`, `/deny`, `/disable-region`, `/group`, `/member`, `/groups`, `/policy`,
    /// `/attach`, `/inline-policy`, `/policies`, `/password`, `/root-device`.
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
