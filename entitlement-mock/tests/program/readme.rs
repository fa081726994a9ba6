//! What the README tells people to type.

use std::process::{Command, Stdio};

use crate::official_client::Python;
use crate::running::Running;

const README: &str = include_str!("../../../README.md");

/// The code of a language under the heading `From other languages`, for a program that is elsewhere.
fn snippet(language: &str, uri: &str) -> String {
    let (_, section) = README.split_once("## From other languages").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let blocks = section.split("```").skip(1).step_by(2);
    let found = blocks.filter_map(|block| block.strip_prefix(language));
    let code = found.last().unwrap_or_else(|| panic!("no {language}"));
    assert!(code.contains("http://127.0.0.1:8181"), "{code}");
    code.replace("http://127.0.0.1:8181", uri)
}

#[test]
fn curl_calls_the_tenant() {
    let is_there = |program: &str| {
        let mut command = Command::new(program);
        command.arg("--version").stdout(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if !is_there("curl") || !is_there("bash") {
        return;
    }
    let running = Running::with(&[]);
    let script = snippet("sh\n", &running.uri);
    let mut shell = Command::new("bash");
    shell
        .args(["-euo", "pipefail", "-c", &script])
        .stdin(Stdio::null());
    let output = shell.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complaints}");
    assert_eq!(
        said.matches(r#""displayName":"Devices""#).count(),
        2,
        "{said}"
    );
    assert!(said.contains("2026-01-31T00:00:00Z"), "{said}");
}

#[test]
fn python_calls_the_tenant() {
    let Some(python) = Python::find() else {
        return;
    };
    let running = Running::with(&[]);
    let output = python.run(&["-c", &snippet("python\n", &running.uri)]);
    let said = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complaints}");
    assert!(said.contains("Devices"), "{said}");
}
