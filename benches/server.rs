//! The tenant behind HTTP: how many calls it answers in a second, how long the slowest wait, how soon the program is up.
//!
//! The same call to each, in turns and in the same run: to the tenant in a `Server`, to the tenant behind a `Listener` as
//! in the program, and to bare `wiremock` that gives the same answer to everybody. The client is the same, too, and it is
//! on this machine, so the figures are worth something beside each other only.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use entitlement_mock::Tenant;
use entitlement_mock::server::{Front, Listener, Reach, Server};
use tokio::runtime::Builder;
use tokio::task::JoinSet;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const PATH: &str = "/v1.0/identityGovernance/entitlementManagement/catalogs";

/// How many turns each server has, of which the middle one counts.
const TURNS: usize = 5;
const CALLS: usize = 8_000;

/// What one turn came to.
#[derive(Debug, Clone, Copy)]
struct Turn {
    calls_a_second: f64,
    p99: Duration,
}

fn main() -> Result<(), Failure> {
    alone()?;
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure())?;
    start_up()
}

/// What the tenant takes for a call by itself, without any HTTP.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark measures the time of this machine"
)]
fn alone() -> Result<(), Failure> {
    let front = Front::new(&Tenant::new());
    let request = http::Request::get(PATH)
        .header("host", "localhost")
        .header("authorization", "Bearer app")
        .body(Bytes::new())?;
    let began = Instant::now();
    for _ in 0..CALLS {
        let answer = front.answer(request.clone(), Reach::Everything);
        assert_eq!(answer.map(|answer| answer.status().as_u16()), Some(200));
    }
    let each = began.elapsed().as_secs_f64() / f64::from(u32::try_from(CALLS)?);
    println!("the tenant by itself: {:.1} us a call", each * 1e6);
    Ok(())
}

async fn measure() -> Result<(), Failure> {
    let tenant = Tenant::new();
    let server = Server::start(&tenant).await;
    let open = listen(&tenant)?;
    let canned = client()?
        .get(format!("{}{PATH}", server.uri()))
        .bearer_auth("app");
    let canned = canned.send().await?.error_for_status()?.bytes().await?;
    let bare = MockServer::builder()
        .disable_request_recording()
        .start()
        .await;
    let template = ResponseTemplate::new(200).set_body_raw(canned.as_ref(), "application/json");
    Mock::given(any()).respond_with(template).mount(&bare).await;

    let servers = [
        ("wiremock", bare.uri()),
        ("server", server.uri()),
        ("listener", open),
    ];
    println!("GET catalogs, {} bytes of answer", canned.len());
    for connections in [1, 16] {
        let mut turns = [const { Vec::new() }; 3];
        for _ in 0..TURNS {
            for ((_, uri), turns) in servers.iter().zip(&mut turns) {
                turns.push(turn(uri, connections).await?);
            }
        }
        let middle = |turns: &mut Vec<Turn>| {
            turns.sort_by(|one, other| one.calls_a_second.total_cmp(&other.calls_a_second));
            turns[TURNS / 2]
        };
        let middles = turns.each_mut().map(middle);
        for ((name, _), turn) in servers.iter().zip(&middles) {
            println!(
                "{connections:2} connections, {name:8}: {:6.0} calls/s, p99 {:4} us, {:.2} of wiremock",
                turn.calls_a_second,
                turn.p99.as_micros(),
                turn.calls_a_second / middles[0].calls_a_second,
            );
        }
    }
    Ok(())
}

/// Serves the tenant as the program does, and like `wiremock` on a thread of its own, for as long as the process lives.
fn listen(tenant: &Tenant) -> Result<String, Failure> {
    let front = Front::new(tenant);
    let (tell, told) = mpsc::channel();
    let runtime = Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            let listener = Listener::bind("127.0.0.1:0").await.expect("a free port");
            tell.send(listener.address()).expect("somebody who waits");
            listener.serve(&front, std::future::pending()).await;
        });
    });
    Ok(format!("http://{}", told.recv()?))
}

fn client() -> Result<reqwest::Client, Failure> {
    Ok(reqwest::Client::builder().no_proxy().build()?)
}

/// Calls over and over, on so many connections at a time.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark measures the time of this machine"
)]
async fn turn(uri: &str, connections: usize) -> Result<Turn, Failure> {
    let url = format!("{uri}{PATH}");
    let mut callers = JoinSet::new();
    let began = Instant::now();
    for _ in 0..connections {
        // A client of its own is a connection of its own.
        let (client, url) = (client()?, url.clone());
        callers.spawn(async move {
            let mut waits = Vec::with_capacity(CALLS / connections);
            for _ in 0..CALLS / connections {
                let began = Instant::now();
                let answer = client.get(&url).bearer_auth("app").send().await?;
                answer.error_for_status()?.bytes().await?;
                waits.push(began.elapsed());
            }
            Ok::<_, Failure>(waits)
        });
    }
    let mut waits = Vec::with_capacity(CALLS);
    while let Some(caller) = callers.join_next().await {
        waits.extend(caller??);
    }
    let took = began.elapsed();
    waits.sort_unstable();
    let counted = u32::try_from(waits.len())?;
    Ok(Turn {
        calls_a_second: f64::from(counted) / took.as_secs_f64(),
        p99: waits[waits.len() * 99 / 100],
    })
}

/// From the start of the program to its first answer.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark measures the time of this machine"
)]
fn start_up() -> Result<(), Failure> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_unset| "cargo".to_owned());
    // With the benchmarks, so that whatever they are made of is not made again.
    let build = [
        "build",
        "--quiet",
        "--profile=bench",
        "--package=entitlement-benches",
        "--package=entitlement-mock",
        "--features=entitlement-mock/cli",
        "--bin=entitlement-mock",
    ];
    let status = Command::new(cargo).args(build).status()?;
    // Benchmarks are beside the programs of their profile, in `deps`.
    let own = std::env::current_exe()?;
    let folder = own.parent().and_then(|deps| deps.parent());
    let program = folder.ok_or("no target folder")?.join("entitlement-mock");
    if !status.success() {
        return Err("the program cannot be built".into());
    }
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let mut times = Vec::new();
    for _ in 0..21 {
        let client = client()?;
        let began = Instant::now();
        let mut command = Command::new(&program);
        let mut child = command
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().ok_or("no output")?;
        let mut first = String::new();
        BufReader::new(out).read_line(&mut first)?;
        let uri = first
            .trim()
            .strip_prefix("listening on ")
            .ok_or("not listening")?;
        let call = client.get(format!("{uri}{PATH}")).bearer_auth("app").send();
        let answered = runtime.block_on(call)?.error_for_status();
        times.push(began.elapsed());
        child.kill()?;
        child.wait()?;
        answered?;
    }
    times.sort_unstable();
    let middle = times[times.len() / 2];
    println!(
        "start-up of the program to its first answer: {:.1} ms",
        middle.as_secs_f64() * 1e3
    );
    Ok(())
}
