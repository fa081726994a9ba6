//! Who has access to what: reads a real tenant and changes nothing.
//!
//! ```sh
//! export ENTRA_TENANT=contoso.onmicrosoft.com ENTRA_CLIENT_ID=… ENTRA_CLIENT_SECRET=…
//! cargo run -p entitlement-examples --features network --example who_has_access
//! ```
//!
//! The application needs the application permission `EntitlementManagement.Read.All`, with an administrator's consent.
//! `ENTRA_CLOUD` may be `global` (unless said), `usgov`, `usgov-dod` or `china`.

use std::env;
use std::error::Error;
use std::process::ExitCode;

use entitlement_core::assignment::{Assignment, AssignmentState};
use entitlement_core::odata::{Filter, Query};
use entitlement_core::package::AccessPackage;
use entitlement_graph::GraphClient;
use entitlement_graph::auth::authority::Authority;
use entitlement_graph::auth::client_credentials::ClientCredentials;
use entitlement_graph::cloud::Cloud;
use entitlement_graph::error::ServiceError;
use entitlement_graph::transport::reqwest::ReqwestTransport;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let Err(error) = run().await else {
        return ExitCode::SUCCESS;
    };
    eprintln!("{error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        eprintln!("  because {error}");
        cause = error.source();
    }
    let service = error
        .downcast_ref::<entitlement_graph::Error>()
        .and_then(entitlement_graph::Error::service);
    if let Some(advice) = service.and_then(ServiceError::advice) {
        eprintln!("{advice}");
    }
    ExitCode::FAILURE
}

async fn run() -> Result<(), Box<dyn Error>> {
    let client = sign_in()?;
    Ok(report(&client).await?)
}

/// A client for the application that the environment names.
fn sign_in() -> Result<GraphClient, Box<dyn Error>> {
    let variable = |name: &str| env::var(name).map_err(|_missing| format!("{name} is not set"));
    let cloud = match env::var("ENTRA_CLOUD").as_deref() {
        Ok("usgov") => Cloud::us_government(),
        Ok("usgov-dod") => Cloud::us_government_dod(),
        Ok("china") => Cloud::china(),
        Ok("global") | Err(_) => Cloud::global(),
        Ok(other) => return Err(format!("ENTRA_CLOUD is {other:?}, which is no cloud").into()),
    };
    let network = ReqwestTransport::builder()
        .application("who-has-access/0.1")
        .build()?;
    let authority = Authority::new(network.clone(), &cloud, &variable("ENTRA_TENANT")?)?;
    let secret = variable("ENTRA_CLIENT_SECRET")?;
    let app = ClientCredentials::with_secret(&authority, variable("ENTRA_CLIENT_ID")?, secret);
    Ok(GraphClient::builder(network)
        .cloud(&cloud)
        .token_provider(app)
        .build())
}

/// Prints every package with the people who hold it.
async fn report(client: &GraphClient) -> Result<(), entitlement_graph::Error> {
    let mut packages = client
        .entitlement()
        .packages()
        .list_with(Query::new().expand("catalog"));
    while let Some(package) = packages.next().await? {
        let catalog = package.catalog.loaded();
        let catalog = catalog.and_then(|catalog| catalog.display_name.as_deref());
        println!(
            "{} / {}",
            catalog.unwrap_or("?"),
            package.display_name.as_deref().unwrap_or("?")
        );
        for assignment in holders(client, &package).await? {
            let person = assignment.target.loaded();
            let name = person.and_then(|person| person.display_name.as_deref());
            match assignment.end() {
                Some(end) => println!("    {} until {end}", name.unwrap_or("?")),
                None => println!("    {}", name.unwrap_or("?")),
            }
        }
    }
    Ok(())
}

/// The assignments of a package that are in force.
async fn holders(
    client: &GraphClient,
    package: &AccessPackage,
) -> Result<Vec<Assignment>, entitlement_graph::Error> {
    let delivered = Filter::field("state").eq(AssignmentState::Delivered);
    let of_package = Filter::field("accessPackage/id").eq(&package.id);
    let query = Query::new()
        .filter(delivered.and(of_package))
        .expand("target");
    let assignments = client.entitlement().assignments().list_with(query);
    assignments.try_collect().await
}
