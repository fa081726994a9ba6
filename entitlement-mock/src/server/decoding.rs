//! Bodies as they come over the wire: compressed or not, and not too long.

use std::io::Read;

use bytes::Bytes;
use entitlement_graph::transport::Request;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use http::{HeaderMap, StatusCode};

use crate::router::refusal::Refusal;

/// The longest body of a call to Graph, also when it is taken out of its compression: 4 MiB.
pub(super) const MOST: usize = 4 << 20;

/// Takes the body out of its compression.
pub(super) fn decode(request: &mut Request, most: usize) -> Result<(), Refusal> {
    if request.body().len() > most {
        return Err(too_long(most));
    }
    for coding in codings(request.headers())?.into_iter().rev() {
        let plain = match coding {
            Coding::Gzip => inflate(MultiGzDecoder::new(request.body().as_ref()), most),
            Coding::Deflate => inflate(ZlibDecoder::new(request.body().as_ref()), most),
        };
        *request.body_mut() = plain?;
    }
    if request.headers_mut().remove(CONTENT_ENCODING).is_some() {
        request.headers_mut().remove(CONTENT_LENGTH);
    }
    Ok(())
}

pub(super) fn too_long(most: usize) -> Refusal {
    Refusal::new(
        StatusCode::PAYLOAD_TOO_LARGE,
        "RequestEntityTooLarge",
        format!("The request body is longer than {most} bytes."),
    )
}

#[derive(Debug, Clone, Copy)]
enum Coding {
    Gzip,
    Deflate,
}

/// The codings that were applied, in their order.
fn codings(headers: &HeaderMap) -> Result<Vec<Coding>, Refusal> {
    let values = headers.get_all(CONTENT_ENCODING).into_iter();
    let names = values.flat_map(|value| value.to_str().unwrap_or("?").split(','));
    let mut codings = Vec::new();
    for name in names.map(|name| name.trim().to_ascii_lowercase()) {
        match name.as_str() {
            "" | "identity" => {}
            "gzip" | "x-gzip" => codings.push(Coding::Gzip),
            "deflate" => codings.push(Coding::Deflate),
            // Clients that compress send the same again as it is.
            _ => {
                let message = "The content encoding of the request is not supported.";
                return Err(Refusal::new(
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    "UnsupportedMediaType",
                    message,
                )
                .because(format!("{name:?} is neither gzip nor deflate")));
            }
        }
    }
    Ok(codings)
}

fn inflate(decoder: impl Read, most: usize) -> Result<Bytes, Refusal> {
    let mut plain = Vec::new();
    let longest = u64::try_from(most).unwrap_or(u64::MAX);
    let mut decoder = decoder.take(longest.saturating_add(1));
    match decoder.read_to_end(&mut plain) {
        Ok(_) if plain.len() > most => Err(too_long(most)),
        Ok(_) => Ok(plain.into()),
        Err(error) => Err(Refusal::bad_request(
            "BadRequest",
            "Unable to read the compressed request payload.",
        )
        .because(error.to_string())),
    }
}
