//! A tenant for tests in any language: a server on this machine that behaves like Microsoft Graph, on a clock of its own.

mod banner;
mod coverage;
mod options;
mod state_file;

use std::fmt::Display;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use entitlement_mock::server::{Front, Listener};

use options::Options;

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Nobody listening is no reason to panic.
            let _unheard = writeln!(io::stderr(), "error: {message}");
            ExitCode::FAILURE
        }
    }
}

/// What is wrong, in words for whoever started the program.
fn wrong(what: &str, why: impl Display) -> String {
    format!("{what}: {why}")
}

fn run(options: &Options) -> Result<(), String> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| wrong("no runtime", error))?;
    if options.coverage {
        let table = runtime.block_on(coverage::table());
        return say(&table);
    }
    let tenant = options.tenant()?;
    runtime.block_on(async {
        let listener = Listener::bind(&options.listen);
        let listener = listener
            .await
            .map_err(|error| wrong(&format!("cannot listen on {}", options.listen), error))?;
        let listener = if options.allow_remote_control {
            listener.allow_remote_control()
        } else {
            listener
        };
        let front = Front::new(&tenant);
        let stop = stop()?;
        say(&banner::banner(&listener, &tenant, options))?;
        listener.serve(&front, stop).await;
        let panics = front.panics();
        if panics > 0 {
            say(&format!("{panics} calls panicked; please report them\n"))?;
        }
        if let Some(file) = &options.save {
            state_file::write(file, &tenant.snapshot())?;
            say(&format!("saved the state to {}\n", file.display()))?;
        }
        Ok(())
    })
}

/// Prints what somebody may read, or may not.
fn say(text: &str) -> Result<(), String> {
    let mut out = io::stdout().lock();
    let said = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    match said {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(wrong("cannot print", error))
        }
        _ => Ok(()),
    }
}

/// What waits until somebody wants the program to stop. It listens for that from the moment that it is made.
#[cfg(unix)]
fn stop() -> Result<impl Future<Output = ()>, String> {
    use tokio::signal::unix::{SignalKind, signal};
    let wrong = |error: io::Error| wrong("cannot listen for signals", error);
    let mut interrupted = signal(SignalKind::interrupt()).map_err(wrong)?;
    let mut terminated = signal(SignalKind::terminate()).map_err(wrong)?;
    Ok(async move {
        tokio::select! {
            _ = interrupted.recv() => {}
            _ = terminated.recv() => {}
        }
    })
}

/// What waits until somebody wants the program to stop.
#[cfg(windows)]
fn stop() -> Result<impl Future<Output = ()>, String> {
    let wrong = |error: io::Error| wrong("cannot listen for Ctrl-C", error);
    let mut interrupted = tokio::signal::windows::ctrl_c().map_err(wrong)?;
    Ok(async move {
        let _ctrl_c = interrupted.recv().await;
    })
}
