//! The program while it runs.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, ChildStdout, Command, Output, Stdio};

pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_entitlement-mock"));
    command.stdin(Stdio::null());
    command
}

/// What the program says that stops by itself.
pub(crate) fn output(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

/// A program that listens, and is ended with this value.
pub(crate) struct Running {
    child: Child,
    out: BufReader<ChildStdout>,
    /// Where it is: `http://127.0.0.1:49152`.
    pub(crate) uri: String,
}

impl Running {
    pub(crate) fn with(arguments: &[&str]) -> Self {
        let mut command = program();
        command.args(["--listen", "127.0.0.1:0"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        out.read_line(&mut first).unwrap();
        let uri = first.trim_end().strip_prefix("listening on ");
        let uri = uri.unwrap_or_else(|| panic!("the first line is {first:?}"));
        Self {
            uri: uri.to_owned(),
            child,
            out,
        }
    }

    /// Asks it to stop by a signal, and returns what it has said since it listens.
    #[cfg(unix)]
    pub(crate) fn stop(mut self, signal: &str) -> String {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status().unwrap();
        assert!(sent.success());
        let mut said = String::new();
        self.out.read_to_string(&mut said).unwrap();
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{status}: {said}");
        said
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have stopped by itself.
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}
