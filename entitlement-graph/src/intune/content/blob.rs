//! The storage that takes the blocks: another origin, where the address is the permission and no token goes.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use entitlement_core::intune::content::StorageUri;
use http::{HeaderValue, StatusCode, header};
use jiff::Timestamp;

use super::progress::UploadFault;
use crate::client::GraphClient;
use crate::transport::{
    Presigned, Request, Transport, TransportError, TransportErrorKind, safe_url,
};

/// The most blocks that one file may have.
pub(super) const MOST_BLOCKS: u64 = 50_000;

/// Where blocks go, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Address {
    pub(super) uri: StorageUri,
    pub(super) expires: Option<Timestamp>,
}

/// The name of a block: six digits, as four would end at block 10,000. Six digits are base64 without `=`, which would
/// have to be escaped.
fn block_id(index: u32) -> String {
    STANDARD.encode(format!("{index:06}"))
}

/// Sends one block.
pub(super) async fn put_block(
    client: &GraphClient,
    address: &Address,
    index: u32,
    bytes: Bytes,
) -> Result<(), UploadFault> {
    let part = format!("comp=block&blockid={}", block_id(index));
    let kind = HeaderValue::from_static("application/octet-stream");
    put(client, address, &part, kind, bytes).await
}

/// Says which blocks the file is made of: all of them, in their order.
pub(super) async fn put_block_list(
    client: &GraphClient,
    address: &Address,
    blocks: u32,
) -> Result<(), UploadFault> {
    let mut list = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
    for index in 0..blocks {
        let _ = write!(list, "<Latest>{}</Latest>", block_id(index));
    }
    list.push_str("</BlockList>");
    let kind = HeaderValue::from_static("application/xml");
    put(client, address, "comp=blocklist", kind, list.into()).await
}

async fn put(
    client: &GraphClient,
    address: &Address,
    part: &str,
    kind: HeaderValue,
    body: Bytes,
) -> Result<(), UploadFault> {
    let request = request(address, part, kind, body).map_err(UploadFault::Unreachable)?;
    let answer = client.pipeline().send(request).await;
    let answer = answer.map_err(UploadFault::Unreachable)?;
    let status = answer.status();
    if status.is_success() {
        return Ok(());
    }
    Err(UploadFault::Storage(status, error_code(answer.body())))
}

/// The request, if the address is a place where a secret may go.
fn request(
    address: &Address,
    part: &str,
    kind: HeaderValue,
    body: Bytes,
) -> Result<Request, TransportError> {
    let uri = address.uri.as_str();
    let joint = if uri.contains('?') { '&' } else { '?' };
    // The cause would show the address, which is a secret.
    let invalid = |_shows_the_address| {
        TransportError::not_sent(TransportErrorKind::Refused)
            .with_message("the storage address is no URL")
    };
    let mut request = http::Request::put(format!("{uri}{joint}{part}"))
        .body(body)
        .map_err(invalid)?;
    safe_url(request.uri())?;
    let headers = request.headers_mut();
    headers.insert("x-ms-blob-type", HeaderValue::from_static("BlockBlob"));
    headers.insert(header::CONTENT_TYPE, kind);
    request.extensions_mut().insert(Presigned);
    Ok(request)
}

/// The code in an error of the storage, which is XML.
fn error_code(body: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    Some(code.trim().to_owned())
}

/// Whether another address may help.
pub(super) fn is_expired(fault: &UploadFault) -> bool {
    matches!(fault, UploadFault::Storage(status, _) if *status == StatusCode::FORBIDDEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(uri: &str) -> Address {
        Address {
            uri: serde_json::from_value(uri.into()).unwrap(),
            expires: None,
        }
    }

    fn asked(uri: &str) -> Result<Request, TransportError> {
        let kind = HeaderValue::from_static("x/y");
        request(
            &address(uri),
            "comp=block&blockid=MDAwMDAw",
            kind,
            Bytes::new(),
        )
    }

    #[test]
    fn blocks_have_names_of_one_length() {
        assert_eq!(block_id(0), "MDAwMDAw");
        let last = block_id(49_999);
        assert!(last.len() == 8 && !last.contains(['=', '+', '/']));
    }

    #[test]
    fn the_address_is_kept_as_it_is_and_only_safe_ones_are_used() {
        let request = asked("https://x.example/c/f.bin?sv=1&sig=a%2Fb%3D").unwrap();
        assert_eq!(
            request.uri(),
            "https://x.example/c/f.bin?sv=1&sig=a%2Fb%3D&comp=block&blockid=MDAwMDAw"
        );
        assert!(!request.headers().contains_key(header::AUTHORIZATION));
        assert!(asked("http://127.0.0.1:7/f?sig=s").is_ok());
        for wrong in [
            "http://x.example/f?sig=s3cret",
            "/f?sig=s3cret",
            "https://x y/?sig=s3cret",
        ] {
            let error = asked(wrong).unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Refused);
            assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
        }
    }

    #[test]
    fn errors_of_the_storage_have_a_code() {
        let xml = b"<?xml version=\"1.0\"?><Error><Code>InvalidBlockList</Code><Message>x</Message></Error>";
        assert_eq!(error_code(xml).as_deref(), Some("InvalidBlockList"));
        assert_eq!(error_code(b"<html>"), None);
    }
}
