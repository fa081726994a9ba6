//! What a listener puts up with: whatever comes, it goes on for everybody else.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use entitlement_mock::Tenant;
use entitlement_mock::server::{Front, Limits, Listener};
use http::StatusCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::wire::{Answer, EM, client, raw, send};

/// A listener that runs until it is dropped or stopped.
struct Open {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Open {
    async fn with(limits: Limits) -> Self {
        let listener = Listener::bind("127.0.0.1:0").await.unwrap();
        Self::of(listener.limits(limits))
    }

    fn of(listener: Listener) -> Self {
        let address = listener.address();
        let (stop, stopped) = oneshot::channel::<()>();
        let front = Front::new(&Tenant::new());
        let running = tokio::spawn(async move {
            let stopped = async { stopped.await.unwrap_or_default() };
            listener.serve(&front, stopped).await;
        });
        Self {
            address,
            stop,
            running,
        }
    }

    async fn get(&self, path: &str) -> Answer {
        self.get_at(self.address.ip(), path).await
    }

    async fn get_at(&self, ip: IpAddr, path: &str) -> Answer {
        let url = format!("http://{}{path}", SocketAddr::new(ip, self.address.port()));
        send(client().get(url).bearer_auth("app")).await
    }

    async fn raw(&self, bytes: &[u8]) -> String {
        raw(&self.address.to_string(), bytes).await
    }

    async fn is_fine(&self) {
        self.get(&format!("{EM}/catalogs")).await.fine();
    }
}

/// Limits that are reached soon.
fn impatient() -> Limits {
    let mut limits = Limits::default();
    limits.head_time = Duration::from_secs(1);
    limits.body_time = Duration::from_secs(1);
    limits.grace = Duration::from_secs(1);
    limits
}

#[tokio::test]
async fn garbage_is_hung_up_on() {
    let open = Open::with(Limits::default()).await;
    let long = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(400 << 10));
    let header = format!(
        "GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n",
        "a".repeat(400 << 10)
    );
    let many = format!(
        "GET / HTTP/1.1\r\nHost: x\r\n{}\r\n",
        "X-One: 1\r\n".repeat(500)
    );
    for (garbage, status) in [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a greeting of TLS\r\n\r\n".to_vec(), "400"),
        (b"\r\n\r\n\0\0\0\0\r\n\r\n".to_vec(), "400"),
        (vec![0xff; 200 << 10], "4"),
        (long.into_bytes(), "4"),
        (header.into_bytes(), "431"),
        (many.into_bytes(), "431"),
        (b"GET /v1.0/users HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n".to_vec(), "400"),
        (b"GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n".to_vec(), "400"),
        (b"POST /v1.0/users HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab".to_vec(), "400"),
        (b"POST /v1.0/users HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n".to_vec(), ""),
    ] {
        let said = open.raw(&garbage).await;
        assert!(
            said.is_empty() && status.is_empty() || said.starts_with(&format!("HTTP/1.1 {status}")),
            "{status}: {said}"
        );
        open.is_fine().await;
    }
}

#[tokio::test]
async fn bodies_are_limited() {
    let open = Open::with(Limits::default()).await;
    let url = format!("http://{}{EM}/catalogs", open.address);
    let body = vec![b' '; (4 << 20) + 1];
    let answer = send(client().post(&url).bearer_auth("app").body(body)).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(answer.json["error"]["innerError"].is_object());
    // What is announced to be endless is not listened to.
    let said = open
        .raw(b"POST /v1.0/users HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
        .await;
    assert!(said.starts_with("HTTP/1.1 413"), "{said}");
    open.is_fine().await;
}

#[tokio::test]
async fn slow_connections_are_not_waited_for() {
    let open = Open::with(impatient()).await;
    // Nothing at all, half a head, half a body.
    let head = "POST /v1.0/users HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{";
    for said in ["", "GET /v1.0/users HTTP/1.1\r\nHost:", head] {
        let mut stream = TcpStream::connect(open.address).await.unwrap();
        stream.write_all(said.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        if said == head {
            assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        }
        open.is_fine().await;
    }
}

#[tokio::test]
async fn a_crowd_waits_and_is_served() {
    let mut limits = impatient();
    limits.connections = 4;
    let open = Open::with(limits).await;
    let mut crowd = Vec::new();
    for _ in 0..50 {
        crowd.push(TcpStream::connect(open.address).await.unwrap());
    }
    drop(crowd.split_off(25));
    // Those who were first say nothing and are sent away.
    open.is_fine().await;
}

#[tokio::test]
async fn connections_end_in_time() {
    let mut limits = Limits::default();
    limits.connection_time = Duration::from_millis(100);
    let open = Open::with(limits).await;
    let mut stream = TcpStream::connect(open.address).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    open.is_fine().await;
}

#[tokio::test]
async fn it_stops_when_told_to() {
    let open = Open::with(impatient()).await;
    open.is_fine().await;
    let idle = TcpStream::connect(open.address).await.unwrap();
    open.stop.send(()).unwrap();
    open.running.await.unwrap();
    assert!(TcpStream::connect(open.address).await.is_err());
    drop(idle);
}

/// An address of this machine that others reach it by, if it has one; nothing is sent to find out.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}

#[tokio::test]
async fn only_this_machine_controls_the_tenant() {
    let Some(ip) = own_address() else {
        return;
    };
    let everywhere = SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), 0);
    let open = Open::of(Listener::bind(everywhere).await.unwrap());
    let local = Ipv4Addr::LOCALHOST.into();
    open.get_at(local, "/mock/clock").await.fine();
    open.get_at(ip, &format!("{EM}/catalogs")).await.fine();
    for path in [
        "/mock/clock",
        "/mock",
        "//mock/clock",
        "/mock/../mock/clock",
        "/Mock/clock",
        "/%6Dock/clock",
    ] {
        let answer = open.get_at(ip, path).await;
        assert!(answer.status.is_client_error(), "{path}: {answer:?}");
    }
    assert_eq!(
        open.get_at(ip, "/mock/state").await.text_at("/error/code"),
        "accessDenied"
    );

    let listener = Listener::bind(everywhere).await.unwrap();
    let open = Open::of(listener.allow_remote_control());
    open.get_at(ip, "/mock/clock").await.fine();
}
