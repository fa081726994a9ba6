//! A server on this machine that gives every request the same answer, as fast as it can.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// Answers for as long as its runtime lives.
#[derive(Debug)]
pub struct Server {
    root: Url,
}

impl Server {
    /// Starts a server that answers every request with this JSON.
    ///
    /// # Panics
    ///
    /// If there is no free port.
    pub async fn answering(json: Vec<u8>) -> Self {
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            json.len()
        );
        let reply: Arc<[u8]> = [head.into_bytes(), json].concat().into();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&reply)));
            }
        });
        let root = format!("http://{address}/v1.0");
        Self {
            root: root.parse().expect("a URL"),
        }
    }

    /// The service root.
    pub fn root(&self) -> Url {
        self.root.clone()
    }
}

/// Answers the requests of one connection, which have no bodies.
async fn serve(mut stream: TcpStream, reply: Arc<[u8]>) {
    let mut received = Vec::new();
    while matches!(stream.read_buf(&mut received).await, Ok(1..)) {
        if received.ends_with(b"\r\n\r\n") {
            received.clear();
            if stream.write_all(&reply).await.is_err() {
                return;
            }
        }
    }
}
