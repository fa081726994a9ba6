//! The tenant as what `wiremock` asks for answers.

use std::panic::resume_unwind;

use bytes::Bytes;
use entitlement_graph::transport::{Request, Response};
use url::Position;
use wiremock::{Respond, ResponseTemplate};

use super::front::{Front, Reach};

/// Answers every request, whatever it is.
pub(super) struct Responder(pub(super) Front);

impl Respond for Responder {
    fn respond(&self, request: &wiremock::Request) -> ResponseTemplate {
        match self.0.answer(translated(request), Reach::Everything) {
            Some(response) => template(&response),
            // `wiremock` hangs up on whoever is answered by unwinding, and unwinding like this is silent.
            None => resume_unwind(Box::new("a lost answer, as was asked for")),
        }
    }
}

fn translated(request: &wiremock::Request) -> Request {
    let mut translated = Request::new(Bytes::from(request.body.clone()));
    *translated.method_mut() = request.method.clone();
    let target = &request.url[Position::BeforePath..Position::AfterQuery];
    *translated.uri_mut() = target.parse().unwrap_or_default();
    translated.headers_mut().clone_from(&request.headers);
    translated
}

fn template(response: &Response) -> ResponseTemplate {
    let template = ResponseTemplate::new(response.status()).append_headers(
        response
            .headers()
            .iter()
            .map(|(name, value)| (name.clone(), value.clone())),
    );
    if response.body().is_empty() {
        template
    } else {
        template.set_body_bytes(response.body().as_ref())
    }
}
