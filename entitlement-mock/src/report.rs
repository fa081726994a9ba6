//! Files that reviews leave behind.

use entitlement_core::access_review::history::DownloadUri;
use entitlement_core::access_review::history::HistoryInstance;
use entitlement_core::entity::Id;

use crate::tenant::Tenant;

impl Tenant {
    /// What is behind the address of a report about access reviews: lines of comma-separated values; `None` if the
    /// address was never given out, or is no good any more.
    ///
    /// The service keeps such files outside of Graph, so no client call leads there.
    pub fn open_report(
        &self,
        report: &Id<HistoryInstance>,
        address: &DownloadUri,
    ) -> Option<String> {
        self.change(|world, now, _| {
            let key = report.as_uuid()?;
            let mut runs = world.review_histories.iter().flat_map(|(_, row)| &row.runs);
            let run = runs.find(|run| run.id == key)?;
            let signature = run.signature?.simple().to_string();
            let good = run.address_until.is_some_and(|until| now < until)
                && now < run.kept_until
                && address.secret().ends_with(&format!("sig={signature}"));
            good.then(|| run.text.clone())
        })
    }
}
