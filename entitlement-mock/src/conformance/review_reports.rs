//! Reports about reviews of the past (5.9).

use entitlement_core::access_review::history::{
    HistoryDefinitionDraft, HistoryScheduleSettings, HistoryStatus,
};
use entitlement_core::access_review::scope::Scope;
use entitlement_core::time::{Date, IsoDuration, Timestamp};
use entitlement_graph::error::ServiceError;
use http::StatusCode;

use super::backend::Backend;
use super::fixture::new_group;

/// Reports run once or in a rhythm; their files are kept for 30 days.
pub async fn reports_are_written_and_kept(backend: &impl Backend) {
    let admin = backend.admin();
    let reviews = admin.access_reviews();
    let now = new_group(&admin, "now").await.created_date_time;
    let now: Timestamp = now.expect("a date");
    let scope = || Scope::query("/identityGovernance/accessReviews/definitions");
    let past = Timestamp::UNIX_EPOCH;
    let draft = HistoryDefinitionDraft::between("So far", past, now)
        .scope(scope())
        .build()
        .expect("a draft");
    let reports = reviews.history_definitions();
    let report = reports.create(&draft).await.expect("a report");
    assert_eq!(report.status, Some(HistoryStatus::Requested));
    let report = reports.get(&report.id).await.expect("the report");
    assert_eq!(report.status, Some(HistoryStatus::Done));
    let handle = reviews.history_definition(&report.id);
    let runs = handle
        .instances()
        .list()
        .try_collect()
        .await
        .expect("the runs");
    let [run] = &runs[..] else {
        panic!("it runs once: {runs:?}");
    };
    assert!(run.download_uri.is_none(), "an address is made on demand");
    let run = handle.instance(&run.id);
    let addressed = run.generate_download_uri().await.expect("an address");
    let address = addressed.download_uri.expect("an address");
    assert!(address.secret().starts_with("https://"));
    backend.advance(IsoDuration::days(30));
    let late = run
        .generate_download_uri()
        .await
        .expect_err("30 days are over");
    let status = late.service().map(ServiceError::status);
    assert_eq!(status, Some(StatusCode::BAD_REQUEST));

    let first: Date = days_later(now, 40).parse().expect("a day");
    let monthly = HistoryScheduleSettings::every_months(1, first);
    let draft = HistoryDefinitionDraft::recurring("Monthly", monthly)
        .scope(scope())
        .build()
        .expect("a draft");
    let report = reports.create(&draft).await.expect("a report");
    let handle = reviews.history_definition(&report.id);
    for (days, runs) in [(0, 0), (10, 1), (31, 2), (31, 3)] {
        backend.advance(IsoDuration::days(days));
        let all = handle.instances().list().try_collect().await;
        assert_eq!(all.expect("the runs").len(), runs);
    }
}

fn days_later(moment: Timestamp, days: u32) -> String {
    let later = IsoDuration::days(days).after(moment).expect("a moment");
    later.strftime("%Y-%m-%d").to_string()
}
