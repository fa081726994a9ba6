//! How fast time passes in a tenant of 100,000 assignments: five years in which all of them are reviewed every quarter and
//! end one after the other, memberships in groups with them.
//!
//! Counted are decisions of reviews and ends of access; the mails, requests and log entries that go with them are not.
//! `ESTATE=1000` takes another size. As a yardstick, the same run shows what part of that time it takes to write the audit
//! log as text.

use std::hint::black_box;
use std::time::Instant;

use entitlement_benches::estate::Estate;
use entitlement_core::policy::AssignmentPolicyDraft;
use entitlement_core::policy::review::ReviewSettings;
use entitlement_core::subject_set::SubjectSet;
use entitlement_core::time::IsoDuration;
use tokio::runtime::Builder;

const ASSIGNMENTS: usize = 100_000;
const YEARS: u32 = 5;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let runtime = Builder::new_current_thread().build()?;
    let size = std::env::var("ESTATE")
        .ok()
        .and_then(|size| size.parse().ok());
    runtime.block_on(years(size.unwrap_or(ASSIGNMENTS)))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark measures the time of this machine"
)]
async fn years(assignments: usize) -> Result<()> {
    let estate = Estate::granting_groups(assignments, |tenant, package| {
        let reviewer = tenant.person("reviewer").add();
        let first = IsoDuration::days(30).after(tenant.clock().now());
        let first = first.ok_or("a date")?;
        // Nobody answers, and everybody keeps what they have.
        let review = ReviewSettings::every_months(3, first, IsoDuration::days(14))
            .by(SubjectSet::user(&reviewer));
        Ok(AssignmentPolicyDraft::builder(package, "Reviewed")
            .review_settings(review)
            .build()?)
    })
    .await?;
    let tenant = &estate.tenant;
    let now = tenant.clock().now();
    let span = IsoDuration::days(YEARS * 365)
        .total_seconds()
        .ok_or("a length")?;
    let places = i64::try_from(assignments)?;
    let made = estate.hand_out_until(|place| {
        let share = span * i64::try_from(place).ok()? / places;
        IsoDuration::seconds(u32::try_from(share).ok()?).after(now)
    });
    assert_eq!(made, assignments, "everybody has what is theirs");

    let began = Instant::now();
    tenant.clock().advance(IsoDuration::days(YEARS * 365 + 1));
    // What is due happens before the next answer.
    tenant.app().client().entitlement().settings().get().await?;
    let took = began.elapsed();

    let ended = tenant.audit_log().len();
    let decided = decisions(&estate).await?;
    assert!(ended >= assignments, "all access has ended: {ended}");
    let events = decided + ended;
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    let rate = events as f64 / took.as_secs_f64();
    println!(
        "years/events: {decided} decisions and {ended} ends in {took:.2?}: {rate:.0} a second, of 500000"
    );

    let began = Instant::now();
    for entry in tenant.audit_log() {
        black_box(entry.to_string());
    }
    let text = began.elapsed();
    println!(
        "years/yardstick: their log as text takes {:.2} of that time",
        text.as_secs_f64() / took.as_secs_f64()
    );
    Ok(())
}

/// How many decisions all reviews of the tenant hold.
async fn decisions(estate: &Estate) -> Result<usize> {
    let client = estate.tenant.app().client();
    let reviews = client.access_reviews();
    let mut count = 0;
    for review in reviews.definitions().list().try_collect().await? {
        let instances = reviews.definition(&review.id).instances();
        for instance in instances.list().try_collect().await? {
            let decisions = reviews
                .definition(&review.id)
                .instance(&instance.id)
                .decisions();
            count += usize::try_from(decisions.count().await?)?;
        }
    }
    Ok(count)
}
