//! The tenant for strangers: on an address of one's choice, and with limits.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use entitlement_graph::clock::{Clock, SystemClock};
use entitlement_graph::transport::{Request, Response};
use http::header::CONNECTION;
use http::{HeaderValue, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream, ToSocketAddrs};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::decoding::too_long;
use super::front::{Front, Reach, most_bytes};
use crate::router::refusal::Refusal;

/// Serves a tenant on an address of one's choice to whoever calls.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use entitlement_mock::Tenant;
/// use entitlement_mock::server::{Front, Listener};
///
/// let listener = Listener::bind("127.0.0.1:0").await?;
/// println!("listening on http://{}", listener.address());
/// let stop = async {}; // Ctrl-C, for example
/// listener.serve(&Front::new(&Tenant::new()), stop).await;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Listener {
    socket: TcpListener,
    address: SocketAddr,
    limits: Limits,
    remote_control: bool,
}

/// What a [`Listener`] puts up with. Bodies of calls to Graph have at most 4 MiB, those to the control plane 256 MiB.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How many connections there may be at a time; who comes later waits. 512 unless said.
    pub connections: usize,
    /// How long a connection may take to send the head of a request, or do nothing at all. 30 seconds unless said.
    pub head_time: Duration,
    /// How long it may take to send the body. 30 seconds unless said.
    pub body_time: Duration,
    /// How many bytes a head may have, 64 KiB unless said and at least 8 KiB; of its headers there may be 100.
    pub head_bytes: usize,
    /// How long a connection may live in all; then it may finish what it is at. 10 minutes unless said.
    pub connection_time: Duration,
    /// How long whatever has to end may take to finish. 5 seconds unless said.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            head_time: Duration::from_secs(30),
            body_time: Duration::from_secs(30),
            head_bytes: 64 << 10,
            connection_time: Duration::from_secs(600),
            grace: Duration::from_secs(5),
        }
    }
}

impl Listener {
    /// Listens on an address, such as `127.0.0.1:0` for any free port of this machine.
    ///
    /// # Errors
    ///
    /// If there is no such address, or it is taken.
    pub async fn bind(address: impl ToSocketAddrs) -> io::Result<Self> {
        let socket = TcpListener::bind(address).await?;
        Ok(Self {
            address: socket.local_addr()?,
            socket,
            limits: Limits::default(),
            remote_control: false,
        })
    }

    /// The same with other limits.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Lets callers on other machines use the control plane, which is for those on this one unless said.
    pub fn allow_remote_control(mut self) -> Self {
        self.remote_control = true;
        self
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves a tenant until it is told to stop, and then lets calls finish that are under way.
    pub async fn serve(self, front: &Front, stop: impl Future<Output = ()>) {
        let room = Arc::new(Semaphore::new(self.limits.connections.max(1)));
        let (stopping, stopped) = watch::channel(());
        let mut connections = JoinSet::new();
        let mut stop = pin!(stop);
        loop {
            let (stream, peer, place) = tokio::select! {
                () = stop.as_mut() => break,
                Some(_) = connections.join_next() => continue,
                next = self.next(&room) => next,
            };
            let reach = self.reach(peer.ip());
            let connection = Connection {
                front: front.clone(),
                reach,
                limits: self.limits.clone(),
            };
            connections.spawn(connection.run(stream, stopped.clone(), place));
        }
        drop(stopping);
        let rest = async { while connections.join_next().await.is_some() {} };
        // Twice, since a connection has the time itself.
        let _in_time = timeout(self.limits.grace * 2, rest).await;
    }

    /// Waits for room and for somebody to come.
    async fn next(
        &self,
        room: &Arc<Semaphore>,
    ) -> (TcpStream, SocketAddr, Option<OwnedSemaphorePermit>) {
        let place = Arc::clone(room).acquire_owned().await.ok();
        loop {
            match self.socket.accept().await {
                Ok((stream, peer)) => return (stream, peer, place),
                // Who has left again is no trouble; when the system has no room, there will be some later.
                Err(_) => SystemClock.sleep(Duration::from_millis(20)).await,
            }
        }
    }

    fn reach(&self, peer: IpAddr) -> Reach {
        if self.remote_control || peer.to_canonical().is_loopback() {
            Reach::Everything
        } else {
            Reach::Graph
        }
    }
}

struct Connection {
    front: Front,
    reach: Reach,
    limits: Limits,
}

/// Nothing comes back: the connection is closed.
#[derive(Debug)]
struct HangUp;

impl fmt::Display for HangUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no answer comes back")
    }
}

impl std::error::Error for HangUp {}

/// What came of reading a body.
enum Sent {
    Whole(Bytes),
    TooLong,
    TooSlow,
}

impl Connection {
    async fn run(
        self,
        stream: TcpStream,
        mut stopped: watch::Receiver<()>,
        _place: Option<OwnedSemaphorePermit>,
    ) {
        // Answers are written at once.
        let _slower_then = stream.set_nodelay(true);
        let service = service_fn(|request| self.respond(request));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.head_time)
            .max_headers(100)
            .max_buf_size(self.limits.head_bytes.max(8 << 10))
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = pin!(connection);
        tokio::select! {
            // Whatever was wrong with it, it is over.
            _ended = connection.as_mut() => return,
            _ = stopped.changed() => {}
            () = SystemClock.sleep(self.limits.connection_time) => {}
        }
        connection.as_mut().graceful_shutdown();
        let _in_time = timeout(self.limits.grace, connection).await;
    }

    async fn respond(
        &self,
        request: http::Request<Incoming>,
    ) -> Result<http::Response<Full<Bytes>>, HangUp> {
        let most = most_bytes(&request, self.reach);
        let (parts, body) = request.into_parts();
        let sent = timeout(self.limits.body_time, read(body, most)).await;
        let sent = sent.unwrap_or(Ok(Sent::TooSlow))?;
        let mut request = Request::from_parts(parts, Bytes::new());
        let response = match sent {
            Sent::Whole(body) => {
                *request.body_mut() = body;
                self.front.answer(request, self.reach).ok_or(HangUp)?
            }
            Sent::TooLong => last(self.front.refuse(&request, too_long(most))),
            Sent::TooSlow => {
                let message = "The request body did not come in time.";
                let refusal = Refusal::new(StatusCode::REQUEST_TIMEOUT, "RequestTimeout", message);
                last(self.front.refuse(&request, refusal))
            }
        };
        Ok(response.map(Full::new))
    }
}

/// How many times the longest body is listened to before the connection is closed on who sends it: clients look at the
/// answer only when they have sent all.
const PATIENCE: usize = 8;

/// Reads a body, and keeps it if it is not too long.
async fn read(mut body: Incoming, most: usize) -> Result<Sent, HangUp> {
    let patience = most.saturating_mul(PATIENCE).min(64 << 20).max(most);
    let announced = body.size_hint().lower();
    if announced > u64::try_from(patience).unwrap_or(u64::MAX) {
        return Ok(Sent::TooLong);
    }
    let (mut kept, mut seen) = (BytesMut::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_broken| HangUp)?.into_data() else {
            continue;
        };
        seen = seen.saturating_add(data.len());
        if seen <= most {
            kept.extend_from_slice(&data);
        } else if seen <= patience {
            kept.clear();
        } else {
            break;
        }
    }
    Ok(if seen <= most {
        Sent::Whole(kept.freeze())
    } else {
        Sent::TooLong
    })
}

/// The same as the last answer of its connection, of which nobody knows where the next request begins.
fn last(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
