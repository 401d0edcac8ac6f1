//! The API's address: accepts, counts, misbehaves, answers.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context as TaskContext, Poll},
    time::Duration,
};

use http_body_util::{BodyExt, Limited};
use hyper::{
    Request, Response, StatusCode,
    body::{Body, Bytes, Frame, Incoming},
    header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, HOST},
    http::request::Parts,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpListener,
    time::{Sleep, sleep},
};

use crate::{
    Call, Fault,
    actions::{self, Context},
    caller,
    error::ApiError,
    federation,
    model::State,
    query::Parameters,
    random, reply, rules,
    service::Service,
    signature::{Authorization, SignedRequest},
};

/// The longest body that is read. The longest that a client has reason to send is a policy: 131,072
/// characters, each of which takes three to escape.
const LONGEST_BODY: usize = 512 * 1024;

/// The longest head of a request.
const LONGEST_HEAD: usize = 64 * 1024;

const PORTAL: &str = "<!DOCTYPE html>\n<html><head><title>Welcome to the Grand Hotel Wi-Fi</title>\
</head><body><h1>Please accept our terms of use</h1></body></html>\n";

/// What the server's thread and the owner of the sandbox both have in hand.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    state: Mutex<State>,
    pub(crate) connections: AtomicUsize,
}

impl Shared {
    /// A test that panicked while it held the lock has not made the state unusable for others.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves the API until the runtime ends.
pub(crate) async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // Out of file descriptors, most likely: others will be closed in a while.
            sleep(Duration::from_millis(10)).await;
            continue;
        };
        shared.connections.fetch_add(1, Ordering::Relaxed);
        let shared = Arc::clone(&shared);
        let service = service_fn(move |request| answer(Arc::clone(&shared), request));
        let connection = http1::Builder::new()
            // The date is part of what a client learns from AWS: it has to be the sandbox's.
            .auto_date_header(false)
            .max_buf_size(LONGEST_HEAD)
            .serve_connection(TokioIo::new(stream), service);
        // Connections that break are what clients are tested with, not an event to report.
        tokio::spawn(async move { connection.await.ok() });
    }
}

/// The request is left without an answer: hyper closes the connection.
#[derive(Debug)]
struct Dropped;

impl std::fmt::Display for Dropped {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("the connection is dropped")
    }
}

impl std::error::Error for Dropped {}

async fn answer(
    shared: Arc<Shared>,
    request: Request<Incoming>,
) -> Result<Response<Answer>, Dropped> {
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, LONGEST_BODY).collect().await {
        Ok(body) => body.to_bytes(),
        Err(_) => {
            let error = ApiError::new(413, "RequestEntityTooLarge", "Request body is too large");
            let outcome = Outcome::refused(Service::Sts, &error);
            return Ok(outcome.render(&shared, false));
        }
    };
    let (outcome, fault) = process(&mut shared.state(), &parts, &body);
    match fault {
        Some(Fault::Drop | Fault::DropAfter) => return Err(Dropped),
        Some(Fault::Slow(delay)) => sleep(delay).await,
        _ => {}
    }
    Ok(outcome.render(&shared, fault == Some(Fault::Truncated)))
}

/// What a request comes to, before it is put on the wire.
struct Outcome {
    status: u16,
    content_type: &'static str,
    body: Bytes,
    /// Empty where it is not AWS that answers.
    request_id: String,
    /// Headers besides those that every answer has.
    headers: Vec<(&'static str, String)>,
}

impl Outcome {
    /// A page of the federation endpoint.
    fn page(error: &ApiError) -> Outcome {
        Outcome {
            status: error.status,
            ..Outcome::ok(
                "text/html;charset=utf-8",
                federation::page(error),
                random::request_id(),
            )
        }
    }

    /// What the federation endpoint answers.
    fn federation(reply: federation::Reply, request_id: String) -> Outcome {
        match reply {
            federation::Reply::Token(json) => Outcome::ok("application/json", json, request_id),
            federation::Reply::SignedIn {
                destination,
                cookie,
            } => Outcome {
                status: 302,
                headers: vec![("location", destination), ("set-cookie", cookie)],
                ..Outcome::ok("text/html;charset=utf-8", "", request_id)
            },
        }
    }

    fn refused(service: Service, error: &ApiError) -> Outcome {
        let request_id = random::request_id();
        Outcome {
            status: error.status,
            content_type: "text/xml",
            body: reply::refusal(service, error, &request_id).into(),
            request_id,
            headers: Vec::new(),
        }
    }

    fn ok(content_type: &'static str, body: impl Into<Bytes>, request_id: String) -> Outcome {
        Outcome {
            status: 200,
            content_type,
            body: body.into(),
            request_id,
            headers: Vec::new(),
        }
    }

    fn render(self, shared: &Shared, truncated: bool) -> Response<Answer> {
        let date = shared.state().clock.now();
        let mut response = Response::new(Answer::new(self.body.clone(), truncated));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        let date = date.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        for (name, value) in [
            (DATE.as_str(), date),
            (CONTENT_TYPE.as_str(), self.content_type.to_owned()),
            (CONTENT_LENGTH.as_str(), self.body.len().to_string()),
            ("x-amzn-requestid", self.request_id),
        ]
        .into_iter()
        .chain(self.headers)
        .filter(|(_, value)| !value.is_empty())
        {
            if let (Ok(name), Ok(value)) = (
                hyper::header::HeaderName::from_bytes(name.as_bytes()),
                value.parse(),
            ) {
                headers.insert(name, value);
            }
        }
        response
    }
}

/// Carries a request out, unless a fault comes before, and logs it.
fn process(state: &mut State, parts: &Parts, body: &[u8]) -> (Outcome, Option<Fault>) {
    let query = parts.uri.query().unwrap_or_default();
    let is_form = parts.headers.get(CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    let form = if is_form { body } else { b"" };
    let parameters = Parameters::parse(&[query.as_bytes(), form]);
    let action = parameters
        .as_ref()
        .ok()
        .and_then(|parameters| parameters.text("Action"))
        .unwrap_or_default()
        .to_owned();
    let fault = state.faults.strike(&action);
    let request = SignedRequest {
        method: parts.method.as_str(),
        path: parts.uri.path(),
        query,
        headers: &parts.headers,
        body,
    };
    let service = match &parameters {
        Ok(parameters) if parameters.text("Version") == Some(Service::Iam.version()) => {
            Service::Iam
        }
        _ => Service::Sts,
    };
    let is_federation = parts.uri.path() == federation::PATH;
    let refused = |error: ApiError| {
        let outcome = if is_federation {
            Outcome::page(&error)
        } else {
            Outcome::refused(service, &error)
        };
        (outcome, error.code)
    };
    let request_id = random::request_id();
    let federated_id = parameters
        .as_ref()
        .ok()
        .filter(|_| is_federation)
        .and_then(|parameters| federation::access_key_id(state, parameters));
    let (outcome, logged) = match fault {
        Some(Fault::Drop) => (Outcome::ok("text/plain", "", request_id), "dropped"),
        Some(Fault::Status500) => refused(ApiError::internal_failure()),
        Some(Fault::Status503) => refused(ApiError::service_unavailable()),
        Some(Fault::Throttle) => refused(ApiError::throttling()),
        // Strangers do not know what AWS calls its requests.
        Some(Fault::Garbage) => (Outcome::ok("text/html", PORTAL, String::new()), "garbage"),
        Some(Fault::GarbageBinary) => {
            let mut bytes: Vec<u8> = (0..512).map(|_| fastrand::u8(128..)).collect();
            // This byte is in no UTF-8: without it, chance might make text of the rest.
            bytes[0] = 0xff;
            let kind = "application/octet-stream";
            (Outcome::ok(kind, bytes, String::new()), "garbage")
        }
        None | Some(Fault::DropAfter | Fault::Slow(_) | Fault::Truncated) => {
            match parameters.and_then(|given| act(state, &given, &request, request_id)) {
                Ok(outcome) => (outcome, "ok"),
                Err(error) => refused(error),
            }
        }
    };
    let (access_key_id, region) = match Authorization::read(&parts.headers) {
        Ok(read) => (read.access_key_id.to_owned(), read.region.to_owned()),
        Err(_) => (federated_id.unwrap_or_default(), String::new()),
    };
    let host = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
    state.log.push(Call {
        action,
        access_key_id,
        region,
        host: host.unwrap_or_default().to_owned(),
        outcome: logged.to_owned(),
    });
    (outcome, fault)
}

/// Does what a request asks of the federation endpoint or the API.
fn act(
    state: &mut State,
    parameters: &Parameters,
    request: &SignedRequest,
    request_id: String,
) -> Result<Outcome, ApiError> {
    if request.path == federation::PATH {
        let reply = federation::answer(state, parameters)?;
        return Ok(Outcome::federation(reply, request_id));
    }
    let action = actions::find(parameters)?;
    let result = carry_out(state, action, parameters, request)?;
    let body = reply::success(action.service, action.name, &result, &request_id);
    Ok(Outcome::ok("text/xml", body, request_id))
}

fn carry_out(
    state: &mut State,
    action: &actions::Action,
    parameters: &Parameters,
    request: &SignedRequest,
) -> Result<reply::Xml, ApiError> {
    if let Ok(authorization) = Authorization::read(request.headers) {
        state.settle_key(authorization.access_key_id);
    }
    let caller = caller::authenticate(state, action.service, request)?;
    state.record_use(&caller.access_key_id, action.service, &caller.region);
    let mut context = Context {
        now: state.clock.now(),
        state,
        caller: &caller,
        parameters,
    };
    let resource = (action.resource)(&context);
    rules::permit(context.state, &caller, action, &resource)?;
    (action.run)(&mut context)
}

/// The body of an answer, which may break off in its middle.
struct Answer {
    data: Option<Bytes>,
    /// Breaks the body off; set if that is to happen.
    breaks: Option<Pin<Box<Sleep>>>,
}

impl Answer {
    fn new(data: Bytes, truncated: bool) -> Answer {
        if !truncated {
            return Answer {
                data: Some(data),
                breaks: None,
            };
        }
        Answer {
            data: Some(data.slice(..data.len() / 2)),
            // A moment, so that the first half is on the wire before the connection closes.
            breaks: Some(Box::pin(sleep(Duration::from_millis(20)))),
        }
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = Dropped;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Dropped>>> {
        if let Some(data) = self.data.take() {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match &mut self.breaks {
            None => Poll::Ready(None),
            Some(breaks) => breaks.as_mut().poll(context).map(|()| Some(Err(Dropped))),
        }
    }
}

/// Serves the control address until the runtime ends.
pub(crate) async fn serve_control(listener: TcpListener, shared: Arc<Shared>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(Duration::from_millis(10)).await;
            continue;
        };
        let shared = Arc::clone(&shared);
        let service = service_fn(move |request: Request<Incoming>| {
            let shared = Arc::clone(&shared);
            async move {
                let query = request.uri().query().unwrap_or_default();
                let (status, text) =
                    match crate::control::answer(&shared, request.uri().path(), query).await {
                        Ok(text) => (StatusCode::OK, text),
                        Err(text) => (StatusCode::BAD_REQUEST, text),
                    };
                let mut response = Response::new(format!("{text}\n"));
                *response.status_mut() = status;
                Ok::<_, Infallible>(response)
            }
        });
        let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
        tokio::spawn(async move { connection.await.ok() });
    }
}
