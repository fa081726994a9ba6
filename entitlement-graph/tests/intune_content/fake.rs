//! As much of Intune and of the storage as an upload sees.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use entitlement_graph::GraphClient;
use entitlement_graph::auth::StaticToken;
use entitlement_graph::clock::Clock;
use entitlement_graph::intune::AppHandle;
use entitlement_graph::intune::content::encrypt::{ContentKeys, encrypt};
use entitlement_graph::intune::content::source::ContentFile;
use entitlement_graph::intune::content::upload::Upload;
use entitlement_graph::testing::{InstantClock, answer};
use entitlement_graph::transport::{
    Request, Response, Transport, TransportError, TransportErrorKind,
};
use http::{Method, StatusCode};
use serde_json::{Value, json};

/// How a call goes wrong.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    Status(u16, &'static str),
    Lost,
}

#[derive(Debug, Clone)]
struct Rule {
    call: &'static str,
    /// How many such calls go well before.
    after: usize,
    times: usize,
    fault: Fault,
}

#[derive(Debug)]
pub(crate) struct State {
    pub(crate) kind: &'static str,
    /// Method and path of each request; storage requests begin with `blob`.
    pub(crate) lines: Vec<String>,
    pub(crate) bodies: Vec<(String, Value)>,
    pub(crate) blocks: BTreeMap<String, Bytes>,
    pub(crate) blob: Option<Vec<u8>>,
    /// How often a state is pending before it is what it becomes.
    pub(crate) pending: usize,
    pub(crate) progress: String,
    pub(crate) final_commit: &'static str,
    pub(crate) signature: usize,
    pub(crate) valid_for: Duration,
    pub(crate) expires: Option<jiff::Timestamp>,
    pub(crate) files: usize,
    pub(crate) versions: usize,
    pub(crate) left_over: Option<Value>,
    pub(crate) committed: Option<String>,
    pub(crate) publishing: &'static str,
    /// How long sending a block takes.
    pub(crate) block_takes: Duration,
    looks: usize,
    rules: Vec<Rule>,
}

#[derive(Debug, Clone)]
pub(crate) struct Fake {
    state: Arc<Mutex<State>>,
    pub(crate) clock: InstantClock,
}

pub(crate) const SOURCE: &str = "https://storage.example/c/f.bin";

impl Fake {
    pub(crate) fn new(kind: &'static str) -> Self {
        Self {
            clock: InstantClock::default(),
            state: Arc::new(Mutex::new(State {
                kind,
                lines: Vec::new(),
                bodies: Vec::new(),
                blocks: BTreeMap::new(),
                blob: None,
                pending: 1,
                progress: String::new(),
                final_commit: "commitFileSuccess",
                signature: 0,
                valid_for: Duration::from_secs(3600),
                expires: None,
                files: 0,
                versions: 0,
                left_over: None,
                committed: None,
                publishing: "notPublished",
                block_takes: Duration::ZERO,
                looks: 0,
                rules: Vec::new(),
            })),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// From the call number `after` on, so many calls whose line contains `call` go wrong.
    pub(crate) fn fail(&self, call: &'static str, after: usize, times: usize, fault: Fault) {
        self.state().rules.push(Rule {
            call,
            after,
            times,
            fault,
        });
    }

    pub(crate) fn client(&self) -> GraphClient {
        GraphClient::builder(self.clone())
            .clock(self.clock.clone())
            .token_provider(StaticToken::new("the token"))
            .seed(7)
            .build()
    }

    pub(crate) fn app(&self) -> AppHandle {
        self.client().intune().app(&"a1".parse().unwrap())
    }

    pub(crate) fn upload(&self, file: &ContentFile) -> Upload {
        self.app().upload(file).block_size(1024).keys(keys())
    }

    /// The lines with `part` in them.
    pub(crate) fn count(&self, part: &str) -> usize {
        self.state()
            .lines
            .iter()
            .filter(|line| line.contains(part))
            .count()
    }

    fn answer(&self, request: &Request) -> Result<Response, TransportError> {
        let mut state = self.state();
        let uri = request.uri();
        let is_blob = uri.host() == Some("storage.example");
        let query = uri.query().unwrap_or_default();
        let place = if is_blob {
            let id = query.split_once("blockid=").map_or("", |(_, id)| id);
            let comp = if query.contains("comp=blocklist") {
                "list"
            } else {
                "block"
            };
            format!("blob {comp} {id}").trim_end().to_owned()
        } else {
            let path = uri.path().trim_start_matches("/v1.0/deviceAppManagement/");
            path.replace(&format!("microsoft.graph.{}", state.kind), "T")
        };
        let line = format!("{} {place}", request.method());
        state.lines.push(line.clone());
        if let Ok(body) = serde_json::from_slice(request.body()) {
            state.bodies.push((line.clone(), body));
        }
        let rule = state.rules.iter_mut().find(|rule| line.contains(rule.call));
        if let Some(rule) = rule {
            if rule.after > 0 {
                rule.after -= 1;
            } else if rule.times > 0 {
                rule.times -= 1;
                return match rule.fault {
                    Fault::Status(status, body) => {
                        Ok(answer(StatusCode::from_u16(status).unwrap(), body))
                    }
                    Fault::Lost => Err(TransportError::maybe_sent(TransportErrorKind::Interrupted)),
                };
            }
        }
        if is_blob {
            assert!(
                !request.headers().contains_key("authorization"),
                "a token leaks"
            );
            assert_eq!(request.headers()["x-ms-blob-type"], "BlockBlob");
            return Ok(state.storage(&line, query, request.body(), self.clock.now()));
        }
        assert_eq!(request.headers()["authorization"], "Bearer the token");
        Ok(state.graph(request.method(), &place, request.body(), self.clock.now()))
    }
}

#[async_trait]
impl Transport for Fake {
    async fn send(&self, request: Request) -> Result<Response, TransportError> {
        let outcome = self.answer(&request);
        let takes = self.state().block_takes;
        if request
            .uri()
            .query()
            .is_some_and(|query| query.contains("comp=block&"))
        {
            self.clock.advance(takes);
        }
        outcome
    }
}

fn json_answer(status: u16, body: &Value) -> Response {
    answer(StatusCode::from_u16(status).unwrap(), body.to_string())
}

impl State {
    fn storage(&mut self, line: &str, query: &str, body: &Bytes, now: jiff::Timestamp) -> Response {
        let current = format!("sig={}", self.signature);
        let expired = self.expires.is_some_and(|expires| now >= expires);
        if expired || !query.split('&').any(|part| part == current) {
            let xml = "<Error><Code>AuthenticationFailed</Code></Error>";
            return answer(StatusCode::FORBIDDEN, xml);
        }
        if let Some(id) = line.strip_prefix("PUT blob block ") {
            self.blocks.insert(id.to_owned(), body.clone());
            return answer(StatusCode::CREATED, "");
        }
        let list = String::from_utf8(body.to_vec()).unwrap();
        let ids = list
            .split("<Latest>")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap());
        let mut blob = Vec::new();
        for id in ids {
            let Some(block) = self.blocks.get(id) else {
                return answer(
                    StatusCode::BAD_REQUEST,
                    "<Error><Code>InvalidBlockList</Code></Error>",
                );
            };
            blob.extend_from_slice(block);
        }
        self.blob = Some(blob);
        answer(StatusCode::CREATED, "")
    }

    fn become_after_looks(&mut self, pending: &str) {
        pending.clone_into(&mut self.progress);
        self.looks = self.pending;
    }

    fn look(&mut self, now: jiff::Timestamp) {
        if self.looks > 0 {
            self.looks -= 1;
            return;
        }
        match self.progress.as_str() {
            "azureStorageUriRequestPending" | "azureStorageUriRenewalPending" => {
                self.progress = self.progress.replace("Pending", "Success");
                self.signature += 1;
                self.expires = Some(now + self.valid_for);
            }
            "commitFilePending" => self.final_commit.clone_into(&mut self.progress),
            _ => {}
        }
    }

    fn graph(
        &mut self,
        method: &Method,
        path: &str,
        body: &Bytes,
        now: jiff::Timestamp,
    ) -> Response {
        let segments: Vec<&str> = path.split('/').collect();
        match (method.as_str(), &segments[1..]) {
            ("GET", ["a1"]) => {
                if self.publishing == "processing" {
                    if self.looks == 0 {
                        self.publishing = "published";
                    }
                    self.looks = self.looks.saturating_sub(1);
                }
                json_answer(
                    200,
                    &json!({
                        "@odata.type": format!("#microsoft.graph.{}", self.kind), "id": "a1",
                        "publishingState": self.publishing, "committedContentVersion": self.committed,
                    }),
                )
            }
            ("PATCH", ["a1"]) => {
                let change: Value = serde_json::from_slice(body).unwrap();
                let version = change["committedContentVersion"].as_str().unwrap();
                self.committed = Some(version.to_owned());
                self.publishing = "processing";
                self.looks = self.pending;
                answer(StatusCode::NO_CONTENT, "")
            }
            ("POST", ["a1", "T", "contentVersions"]) => {
                if self.versions > 0 {
                    let message = "The mobile app content cannot be updated before the first content version is committed.";
                    return json_answer(
                        400,
                        &json!({"error": {"code": "BadRequest", "message": message}}),
                    );
                }
                self.versions += 1;
                json_answer(201, &json!({"id": "1"}))
            }
            ("GET", ["a1", "T", "contentVersions"]) => {
                json_answer(200, &json!({"value": [{"id": "1"}]}))
            }
            ("GET", ["a1", "T", "contentVersions", "1", "files"]) => json_answer(
                200,
                &json!({"value": self.left_over.iter().collect::<Vec<_>>()}),
            ),
            ("POST", ["a1", "T", "contentVersions", "1", "files"]) => {
                self.files += 1;
                self.become_after_looks("azureStorageUriRequestPending");
                json_answer(
                    201,
                    &json!({"id": format!("f{}", self.files), "uploadState": self.progress}),
                )
            }
            ("DELETE", ["a1", "T", "contentVersions", "1", "files", _]) => {
                answer(StatusCode::NO_CONTENT, "")
            }
            ("GET", ["a1", "T", "contentVersions", "1", "files", id]) => {
                if self.files == 0 || *id != format!("f{}", self.files) {
                    return json_answer(
                        404,
                        &json!({"error": {"code": "ResourceNotFound", "message": ""}}),
                    );
                }
                self.look(now);
                let address =
                    (self.signature > 0).then(|| format!("{SOURCE}?sv=1&sig={}", self.signature));
                json_answer(
                    200,
                    &json!({
                        "id": id, "uploadState": self.progress, "azureStorageUri": address,
                        "azureStorageUriExpirationDateTime": self.expires.map(|at| at.to_string()),
                        "isCommitted": self.progress == "commitFileSuccess",
                    }),
                )
            }
            ("POST", [.., "renewUpload"]) => {
                self.become_after_looks("azureStorageUriRenewalPending");
                answer(StatusCode::NO_CONTENT, "")
            }
            ("POST", [.., "commit"]) => {
                self.become_after_looks("commitFilePending");
                answer(StatusCode::OK, "")
            }
            other => panic!("{other:?}"),
        }
    }
}

pub(crate) fn keys() -> ContentKeys {
    ContentKeys::from_bytes([1; 32], [2; 32], [3; 16])
}

pub(crate) fn bytes(size: u32) -> Bytes {
    (0..size)
        .map(|number| (number % 251).to_le_bytes()[0])
        .collect()
}

/// What the storage should have of these bytes.
pub(crate) fn encrypted(plain: &[u8]) -> Vec<u8> {
    let mut whole = Cursor::new(Vec::new());
    encrypt(plain, &mut whole, &keys()).unwrap();
    whole.into_inner()
}

pub(crate) fn zip(size: u32) -> ContentFile {
    ContentFile::win32("MIP.zip", bytes(size))
}
