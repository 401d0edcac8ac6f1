//! The endpoint: a server for one path on a random port of 127.0.0.1.
//!
//! Everybody on this machine can connect to it. So it lets nobody in without the token, reads little
//! from whoever it has not let in, and closes the oldest connection where there are too many.

use std::{
    collections::VecDeque,
    convert::Infallible,
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    thread,
    time::Duration,
};

use http_body_util::Full;
use hyper::{
    Method, Request, Response, StatusCode,
    body::{Bytes, Incoming},
    header::{ALLOW, AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderValue},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use tokio::{runtime, sync::oneshot, task::AbortHandle, time};

use super::{served::Served, token::Token};
use crate::{credentials::TemporaryCredentials, secret::Secret, time::render_timestamp};

const PATH: &str = "/credentials";

/// How much of a request's head is read. A client's is a few hundred bytes; hyper takes no less.
const LARGEST_HEAD: usize = 8 * 1024;
const MOST_HEADERS: usize = 32;

/// How long a client may take for the head of its request.
const HEAD_TAKES: Duration = Duration::from_secs(2);

/// How long a connection may last altogether.
const CONNECTION_TAKES: Duration = Duration::from_secs(5);

/// How many connections there may be at once. A client needs one for a millisecond.
const MOST_CONNECTIONS: usize = 64;

/// How long a request waits for new credentials when the old ones have ended: less than the second after
/// which the SDK for JavaScript gives up.
const WAITS_FOR_RENEWAL: Duration = Duration::from_millis(800);

pub(super) struct Endpoint {
    address: SocketAddr,
    token: Arc<Token>,
    /// Closes the endpoint when it is dropped.
    open: Option<oneshot::Sender<Infallible>>,
}

impl Endpoint {
    /// Listens, and answers from `served` in a thread of its own.
    pub(super) fn open(token: Token, served: Arc<Served>) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()?;
        let token = Arc::new(token);
        let (open, closed) = oneshot::channel();
        let door = Arc::new(Door {
            address: address.to_string(),
            token: Arc::clone(&token),
            served,
        });
        thread::Builder::new()
            .name("endpoint".to_owned())
            .spawn(move || {
                runtime.block_on(async {
                    tokio::spawn(serve(listener, door));
                    let _ = closed.await;
                });
            })?;
        Ok(Endpoint {
            address,
            token,
            open: Some(open),
        })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}{PATH}", self.address)
    }

    pub(super) fn token(&self) -> &Secret {
        self.token.text()
    }

    /// Answers nobody any more.
    pub(super) fn close(&mut self) {
        self.open = None;
    }
}

async fn serve(listener: TcpListener, door: Arc<Door>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    let mut connections: VecDeque<AbortHandle> = VecDeque::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: others will be closed in a while.
            time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        connections.retain(|connection| !connection.is_finished());
        // Whoever has something to ask has asked at once: the oldest only keeps others out.
        if connections.len() >= MOST_CONNECTIONS
            && let Some(oldest) = connections.pop_front()
        {
            oldest.abort();
        }
        let door = Arc::clone(&door);
        let service = service_fn(move |request| {
            let door = Arc::clone(&door);
            async move { Ok::<_, Infallible>(door.answer(&request).await) }
        });
        let connection = http1::Builder::new()
            .keep_alive(false)
            .max_buf_size(LARGEST_HEAD)
            .max_headers(MOST_HEADERS)
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_TAKES)
            .serve_connection(TokioIo::new(stream), service);
        let task = tokio::spawn(async move {
            // A connection that breaks is its client's to mend.
            let _ = time::timeout(CONNECTION_TAKES, connection).await;
        });
        connections.push_back(task.abort_handle());
    }
}

/// Who is let in, and what they get.
struct Door {
    address: String,
    token: Arc<Token>,
    served: Arc<Served>,
}

impl Door {
    async fn answer(&self, request: &Request<Incoming>) -> Response<Full<Bytes>> {
        if let Some(refusal) = self.refusal(request) {
            return refusal;
        }
        let credentials = match self.served.good(render) {
            Some(credentials) => Some(credentials),
            None => {
                let new_ones = self.served.new_ones();
                let _ = time::timeout(WAITS_FOR_RENEWAL, new_ones).await;
                self.served.good(render)
            }
        };
        match credentials {
            Some(body) => respond(StatusCode::OK, body),
            None => refuse(
                StatusCode::SERVICE_UNAVAILABLE,
                "SessionEnded",
                &self.served.trouble(),
            ),
        }
    }

    /// What a request is told that gets nothing. The address comes first: a web page whose name was made
    /// to lead here learns nothing at all.
    fn refusal(&self, request: &Request<Incoming>) -> Option<Response<Full<Bytes>>> {
        let is_ours = |host: &[u8]| host == self.address.as_bytes();
        let mut hosts = request.headers().get_all(HOST).iter();
        let host = hosts.next();
        let authority = request.uri().authority();
        if !host.is_some_and(|host| is_ours(host.as_bytes()))
            || hosts.next().is_some()
            || !authority.is_none_or(|authority| is_ours(authority.as_str().as_bytes()))
        {
            let message =
                "requests are to be for the address in AWS_CONTAINER_CREDENTIALS_FULL_URI";
            return Some(refuse(StatusCode::FORBIDDEN, "WrongHost", message));
        }
        let mut tokens = request.headers().get_all(AUTHORIZATION).iter();
        let Some(token) = tokens.next() else {
            let message = "the Authorization header is to hold AWS_CONTAINER_AUTHORIZATION_TOKEN";
            return Some(refuse(StatusCode::UNAUTHORIZED, "NoToken", message));
        };
        if !self.token.is(token.as_bytes()) || tokens.next().is_some() {
            let message = "the token in the Authorization header is not that of this run";
            return Some(refuse(StatusCode::FORBIDDEN, "WrongToken", message));
        }
        if request.uri().path() != PATH {
            let message = "nothing but credentials is served here";
            return Some(refuse(StatusCode::NOT_FOUND, "NotFound", message));
        }
        if request.method() != Method::GET {
            let message = "credentials are to be asked for with GET";
            let mut response = refuse(StatusCode::METHOD_NOT_ALLOWED, "NotAllowed", message);
            response
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("GET"));
            return Some(response);
        }
        None
    }
}

/// Credentials as the SDKs expect them of a container's endpoint.
fn render(credentials: &TemporaryCredentials, account_id: Option<&str>) -> String {
    let mut body = json!({
        "AccessKeyId": credentials.access_key_id,
        "SecretAccessKey": credentials.secret_access_key.expose(),
        "Token": credentials.session_token.expose(),
        "Expiration": render_timestamp(credentials.expiration),
    });
    if let Some(account_id) = account_id {
        body["AccountId"] = account_id.into();
    }
    body.to_string()
}

/// Most SDKs read `code` and `message`; that for JavaScript reads them with capitals.
fn refuse(status: StatusCode, code: &str, message: &str) -> Response<Full<Bytes>> {
    let message = format!("daypass: {message}");
    let body = json!({
        "code": code,
        "message": message,
        "Code": code,
        "Message": message,
    });
    respond(status, body.to_string())
}

fn respond(status: StatusCode, body: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
