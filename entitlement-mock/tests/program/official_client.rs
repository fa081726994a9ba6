//! Microsoft's own client against the program: `official_client/journey.py` plays self-service local administrators.
//!
//! It needs Python, and the client from the Python package index, which is installed once below the target folder. Where
//! there is neither, the test says that it is skipped and passes, unless `ENTITLEMENT_REQUIRE_PYTHON` is set.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::OnceLock;

use crate::running::Running;

const REQUIREMENTS: &str = include_str!("official_client/requirements.txt");

/// Python with the official client.
pub(crate) struct Python {
    program: &'static str,
    packages: PathBuf,
}

impl Python {
    /// The one that is here; `None` where there is none and none has to be.
    pub(crate) fn find() -> Option<&'static Self> {
        static FOUND: OnceLock<Result<Python, String>> = OnceLock::new();
        match FOUND.get_or_init(Self::install) {
            Ok(python) => Some(python),
            Err(why) => {
                let required = std::env::var_os("ENTITLEMENT_REQUIRE_PYTHON").is_some();
                assert!(!required, "the official client is required: {why}");
                // Only what the print macros write is held back.
                let _unheard = writeln!(std::io::stderr(), "\nSKIPPED official client: {why}");
                None
            }
        }
    }

    fn install() -> Result<Self, String> {
        let works = |program: &&str| {
            let version = "import sys; sys.exit(sys.version_info < (3, 10))";
            let mut command = Command::new(program);
            command.args(["-c", version]).stderr(Stdio::null());
            command.status().is_ok_and(|status| status.success())
        };
        let program = ["python3", "python"].into_iter().find(works);
        let program = program.ok_or("there is no Python 3.10 or newer")?;
        let mut hasher = DefaultHasher::new();
        REQUIREMENTS.hash(&mut hasher);
        let folder = format!("official-client-{:016x}", hasher.finish());
        let packages = Path::new(env!("CARGO_TARGET_TMPDIR")).join(folder);
        let complete = packages.join("complete");
        if !complete.exists() {
            let mut pip = Command::new(program);
            pip.args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--no-compile",
                "--no-deps",
            ]);
            pip.args([
                "--only-binary=:all:",
                "--upgrade",
                "--disable-pip-version-check",
            ]);
            pip.arg("--target")
                .arg(&packages)
                .arg("-r")
                .arg(folder_of_client().join("requirements.txt"));
            let output = pip
                .stdin(Stdio::null())
                .output()
                .map_err(|error| error.to_string())?;
            if !output.status.success() {
                return Err(format!(
                    "pip cannot install it: {}",
                    String::from_utf8_lossy(&output.stderr)
                ));
            }
            std::fs::write(&complete, "").map_err(|error| error.to_string())?;
        }
        Ok(Self { program, packages })
    }

    /// Runs a program.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(self.program);
        command
            .env("PYTHONPATH", &self.packages)
            .stdin(Stdio::null());
        command.args(arguments).output().unwrap()
    }
}

fn folder_of_client() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/official_client")
}

#[test]
fn the_official_client_plays_the_journey() {
    let Some(python) = Python::find() else {
        return;
    };
    let running = Running::with(&["--page-size", "5"]);
    let journey = folder_of_client().join("journey.py");
    let output = python.run(&[journey.to_str().unwrap(), &running.uri]);
    let said = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complaints}");
    assert!(said.contains("answers understood whole"), "{said}");
}
