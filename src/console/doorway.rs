//! Handing a secret address to a browser: a page on loopback sends it there, once.
//!
//! The address of the console's sign-in is as good as a password for a quarter of an hour, and the
//! command line of the browser is there for everybody on the machine to read. What stands there instead is
//! `http://127.0.0.1:PORT/RANDOM`. It answers one request, and only one of this user's own.

use std::{
    convert::Infallible,
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    ops::ControlFlow,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use hyper::{
    Method, Request, Response, StatusCode,
    body::Incoming,
    header::{ALLOW, CACHE_CONTROL, HeaderValue, LOCATION, REFERRER_POLICY},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    sync::Notify,
    time::{Instant, sleep, timeout},
};

use crate::secret::Secret;

mod peer;

/// How long a request may take to arrive.
const SLOWEST_REQUEST: Duration = Duration::from_secs(5);

/// The most that is read of a request, in bytes.
const LONGEST_REQUEST: usize = 16 * 1024;

/// A page that is not served yet.
pub struct Doorway {
    listener: TcpListener,
    address: String,
    page: Arc<Page>,
}

/// What the page is, for whoever asks for it.
struct Page {
    path: String,
    /// Until somebody has come for it.
    target: Mutex<Option<Secret>>,
    /// Told when the answer with the target is on its way.
    fetched: Notify,
}

/// How it ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ended<T> {
    /// The browser has come.
    Fetched,
    /// Nobody has come in time.
    TimedOut,
    /// It was given up.
    GivenUp(T),
}

impl Doorway {
    /// Opens a port on loopback for a page that leads to `target`.
    ///
    /// # Errors
    /// When the system gives no port or no random numbers.
    pub fn prepare(target: Secret) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let mut random = [0; 24];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let random: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let path = format!("/{random}");
        Ok(Doorway {
            address: format!("http://{}{path}", listener.local_addr()?),
            listener,
            page: Arc::new(Page {
                path,
                target: Mutex::new(Some(target)),
                fetched: Notify::new(),
            }),
        })
    }

    /// The address of the page, which is no secret: it leads nowhere the second time, and nobody else.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The target, if nobody has come for it.
    pub fn take_back(&self) -> Option<Secret> {
        self.page.take()
    }

    /// Serves the page until it has been fetched, or `patience` is over, or `watch`, which is called a few
    /// times a second, breaks it off.
    ///
    /// # Errors
    /// When the system does not let the port be used.
    pub fn serve<T>(
        &self,
        patience: Duration,
        mut watch: impl FnMut() -> ControlFlow<T>,
    ) -> io::Result<Ended<T>> {
        const TICK: Duration = Duration::from_millis(100);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let listener = self.listener.try_clone()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            tokio::spawn(accept(listener, Arc::clone(&self.page)));
            let deadline = Instant::now() + patience;
            loop {
                if timeout(TICK, self.page.fetched.notified()).await.is_ok() {
                    return Ok(Ended::Fetched);
                }
                if let ControlFlow::Break(reason) = watch() {
                    return Ok(Ended::GivenUp(reason));
                }
                if Instant::now() >= deadline {
                    return Ok(Ended::TimedOut);
                }
            }
        })
    }
}

impl Page {
    fn take(&self) -> Option<Secret> {
        self.target
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// The answer to a request. Only a GET of the path uses the page up: what looks ahead for a browser
    /// asks with HEAD, and what looks around on the machine does not know the path.
    fn answer<B>(&self, request: &Request<B>) -> Response<String> {
        if request.uri().path() != self.path {
            return plain(StatusCode::NOT_FOUND, "There is nothing here.\n");
        }
        if request.method() != Method::GET {
            let mut refusal = plain(StatusCode::METHOD_NOT_ALLOWED, "");
            refusal
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("GET"));
            return refusal;
        }
        let target = self.take().and_then(|target| {
            let mut value = HeaderValue::from_str(target.expose()).ok()?;
            value.set_sensitive(true);
            Some(value)
        });
        let Some(target) = target else {
            let used = "This address was used already. Run daypass console again.\n";
            return plain(StatusCode::GONE, used);
        };
        let mut answer = plain(StatusCode::FOUND, "");
        answer.headers_mut().insert(LOCATION, target);
        answer
    }
}

fn plain(status: StatusCode, text: &str) -> Response<String> {
    let mut response = Response::new(text.to_owned());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

async fn accept(listener: tokio::net::TcpListener, page: Arc<Page>) {
    loop {
        let Ok((stream, peer)) = listener.accept().await else {
            // Out of file descriptors, most likely: others will be closed in a while.
            sleep(Duration::from_millis(10)).await;
            continue;
        };
        let is_ours = match stream.local_addr() {
            Ok(SocketAddr::V4(local)) => peer::may_be_ours(peer, local),
            _ => false,
        };
        if is_ours {
            tokio::spawn(converse(TokioIo::new(stream), Arc::clone(&page)));
        }
    }
}

async fn converse(stream: TokioIo<tokio::net::TcpStream>, page: Arc<Page>) {
    let has_target = AtomicBool::new(false);
    let service = service_fn(|request: Request<Incoming>| {
        let answer = page.answer(&request);
        if answer.status() == StatusCode::FOUND {
            has_target.store(true, Ordering::Relaxed);
        }
        async move { Ok::<_, Infallible>(answer) }
    });
    let connection = http1::Builder::new()
        .keep_alive(false)
        .max_buf_size(LONGEST_REQUEST)
        .timer(TokioTimer::new())
        .header_read_timeout(SLOWEST_REQUEST)
        .serve_connection(stream, service);
    // A browser that hangs up early is no event to report.
    let _ = connection.await;
    if has_target.into_inner() {
        page.fetched.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::TcpStream,
        thread,
    };

    use super::*;

    const TARGET: &str = "https://signin.example.com/federation?SigninToken=secret";

    fn ask(address: &str, method: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(address).unwrap();
        let request = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn first_line(answer: &str) -> &str {
        answer.lines().next().unwrap_or_default()
    }

    #[test]
    fn only_a_get_of_the_right_path_uses_the_page_up_and_only_the_first() {
        let doorway = Doorway::prepare(Secret::new(TARGET)).unwrap();
        let address = doorway.listener.local_addr().unwrap().to_string();
        let path = doorway.page.path.clone();
        assert_eq!(doorway.address(), format!("http://{address}{path}"));
        let visitor = thread::spawn(move || {
            let nowhere = ask(&address, "GET", "/");
            assert_eq!(first_line(&nowhere), "HTTP/1.1 404 Not Found");
            let almost = ask(&address, "GET", &path[..path.len() - 1]);
            assert_eq!(first_line(&almost), "HTTP/1.1 404 Not Found");
            for method in ["HEAD", "POST", "OPTIONS"] {
                let ahead = ask(&address, method, &path);
                assert_eq!(first_line(&ahead), "HTTP/1.1 405 Method Not Allowed");
            }
            // Somebody who says nothing keeps nobody waiting.
            let silent = TcpStream::connect(&address).unwrap();
            let answer = ask(&address, "GET", &path);
            drop(silent);
            answer
        });
        let ended = doorway
            .serve(Duration::from_secs(20), || ControlFlow::<()>::Continue(()))
            .unwrap();
        assert_eq!(ended, Ended::Fetched);
        let answer = visitor.join().unwrap();
        assert_eq!(first_line(&answer), "HTTP/1.1 302 Found");
        for header in [
            &format!("location: {TARGET}\r\n"),
            "referrer-policy: no-referrer\r\n",
            "cache-control: no-store\r\n",
            "connection: close\r\n",
        ] {
            assert!(answer.contains(header), "{header} is not in {answer}");
        }
        assert!(doorway.take_back().is_none());
        let request = Request::get(&doorway.page.path).body(()).unwrap();
        assert_eq!(doorway.page.answer(&request).status(), StatusCode::GONE);
    }

    #[test]
    fn what_nobody_has_come_for_can_be_taken_back() {
        let doorway = Doorway::prepare(Secret::new(TARGET)).unwrap();
        let mut left = 2;
        let ended = doorway.serve(Duration::from_secs(20), || {
            left -= 1;
            if left == 0 {
                ControlFlow::Break("no browser")
            } else {
                ControlFlow::Continue(())
            }
        });
        assert_eq!(ended.unwrap(), Ended::GivenUp("no browser"));
        let ended = doorway.serve(Duration::ZERO, || ControlFlow::<()>::Continue(()));
        assert_eq!(ended.unwrap(), Ended::TimedOut);
        assert_eq!(doorway.take_back(), Some(Secret::new(TARGET)));
    }
}
