//! Takes JSON through the model, line by line, and says what it does not know.
//!
//! Standard input: a JSON object a line, `{"type": "accessPackage", "value": {…}}`, with the type's name in the Graph
//! schema, or `collection:accessPackage` for a list answer. Standard output, a line each:
//! `{"type": …, "value": <decoded and encoded again>, "unknown": […]}` or `{"type": …, "error": "…"}`.
//!
//! ```sh
//! echo '{"type": "accessPackageCatalog", "value": {"id": "c1", "colour": "green"}}' |
//!     cargo run -q --example inspect_json
//! ```

use std::io::{self, BufRead, Write};

use entitlement_core::inspect::inspect;
use serde_json::{Map, Value, json};

fn main() -> io::Result<()> {
    let mut output = io::stdout().lock();
    for line in io::stdin().lock().split(b'\n') {
        let line = line?;
        if !line.trim_ascii().is_empty() {
            writeln!(output, "{}", answer(&line))?;
        }
    }
    output.flush()
}

fn answer(line: &[u8]) -> Value {
    let mut request: Map<String, Value> = match serde_json::from_slice(line) {
        Ok(request) => request,
        Err(error) => {
            return json!({"type": null, "error": format!("the line is no JSON object: {error}")});
        }
    };
    let Some(Value::String(name)) = request.remove("type") else {
        return json!({"type": null, "error": "type is missing: name a type of the Graph schema"});
    };
    match inspect(&name, &request.remove("value").unwrap_or_default()) {
        Ok(inspection) => {
            json!({"type": name, "value": inspection.value, "unknown": inspection.unknown})
        }
        Err(error) => json!({"type": name, "error": error.to_string()}),
    }
}
