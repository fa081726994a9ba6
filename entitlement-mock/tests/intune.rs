//! Apps come onto devices and leave them, files are really looked at, and policies make local administrators.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use bytes::Bytes;
use entitlement_core::directory::{Group, User};
use entitlement_core::entity::Id;
use entitlement_core::intune::app::{MobileApp, MobileAppPublishingState};
use entitlement_core::intune::assignment::{
    InstallIntent, MobileAppAssignmentDraft, MobileAppAssignments,
};
use entitlement_core::intune::assignment_change::AssignmentChange;
use entitlement_core::intune::configuration::DeviceConfigurationAssignments;
use entitlement_core::intune::content::{MobileAppContentDraft, MobileAppContentFileDraft};
use entitlement_core::intune::device::{ComplianceStatus, ManagedDevice};
use entitlement_core::intune::lob::AppDetails;
use entitlement_core::intune::local_groups::{LocalGroup, LocalGroupPolicy, LocalMember};
use entitlement_core::intune::report::AppInstallState;
use entitlement_core::intune::target::AssignmentTarget;
use entitlement_core::intune::win32::Win32LobAppDraft;
use entitlement_core::intune::win32_rule::Win32LobAppProductCodeRule;
use entitlement_core::time::IsoDuration;
use entitlement_graph::GraphClient;
use entitlement_graph::intune::ContentKind;
use entitlement_graph::intune::content::source::ContentFile;
use entitlement_mock::Tenant;
use entitlement_mock::lag::{Lag, LagProfile};
use http::StatusCode;

type Done = Result<(), Box<dyn std::error::Error>>;

const PRODUCT: &str = "{3F2504E0-4F89-11D3-9A0C-0305E82C3301}";

/// A tenant where Ada has a device that has checked in for hours, and Bob administers an app and its group.
struct Workplace {
    tenant: Tenant,
    admin: GraphClient,
    ada: Id<User>,
    laptop: Id<ManagedDevice>,
    users: Id<Group>,
    app: Id<MobileApp>,
}

impl Workplace {
    async fn furnish(tenant: Tenant) -> Result<Self, Box<dyn std::error::Error>> {
        let ada = tenant.person("ada").add();
        let laptop = tenant.device(&ada).name("CLIENT-7").add();
        let users = tenant.group("MIP users").add();
        let admin = tenant.app().client();
        let app = admin.intune().apps().create(&draft()?.into()).await?.id;
        tenant.clock().advance(IsoDuration::hours(24));
        Ok(Self {
            tenant,
            admin,
            ada,
            laptop,
            users,
            app,
        })
    }

    async fn with_content() -> Result<Self, Box<dyn std::error::Error>> {
        let place = Self::furnish(Tenant::new()).await?;
        place.upload(100_000).await?;
        Ok(place)
    }

    async fn upload(&self, bytes: usize) -> Done {
        let app = self.admin.intune().app(&self.app);
        let done = app.upload(&zip(bytes)).block_size(16_384).run().await?;
        let state = done.app.publishing_state;
        assert_eq!(state, Some(MobileAppPublishingState::Published));
        Ok(())
    }

    async fn assign(&self, rows: &[(InstallIntent, AssignmentTarget)]) -> Done {
        let mut list = MobileAppAssignments::builder();
        for (intent, target) in rows {
            list = list.assign(MobileAppAssignmentDraft::new(
                intent.clone(),
                target.clone(),
            ));
        }
        let app = self.admin.intune().app(&self.app);
        Ok(app.assign(&list.build()?).await?)
    }

    async fn join(&self, person: &Id<User>) -> Done {
        Ok(self.admin.group(&self.users).add_member(person).await?)
    }

    async fn leave(&self, person: &Id<User>) -> Done {
        Ok(self.admin.group(&self.users).remove_member(person).await?)
    }

    /// What the report says of the laptop.
    async fn reported(&self) -> Result<Option<AppInstallState>, Box<dyn std::error::Error>> {
        let rows = self
            .admin
            .intune()
            .app(&self.app)
            .install_statuses()
            .await?;
        let mut rows = rows.into_iter();
        let row = rows.find(|row| row.device_id.as_ref() == Some(&self.laptop));
        Ok(row.and_then(|row| row.state))
    }

    fn hours(&self, count: u32) {
        self.tenant.clock().advance(IsoDuration::hours(count));
    }
}

fn draft() -> Result<Win32LobAppDraft, Box<dyn std::error::Error>> {
    let details = AppDetails::builder("MIP client", "Microsoft").build();
    Ok(Win32LobAppDraft::builder(details, "mip.zip", "MIP.msi")
        .rule(Win32LobAppProductCodeRule::new(PRODUCT))
        .install_command_line("msiexec /i \"MIP.msi\" /qn")
        .uninstall_command_line(format!("msiexec /x \"{PRODUCT}\" /qn"))
        .build()?)
}

fn zip(bytes: usize) -> ContentFile {
    let content: Vec<u8> = (0..=250).cycle().take(bytes).collect();
    ContentFile::win32("mip.zip", Bytes::from(content))
}

fn group(id: &Id<Group>) -> AssignmentTarget {
    AssignmentTarget::group(id)
}

#[tokio::test]
async fn who_joins_a_group_gets_its_app_and_keeps_it_unless_it_is_taken_away() -> Done {
    let place = Workplace::with_content().await?;
    let (tenant, laptop) = (&place.tenant, &place.laptop);
    let uninstall = tenant.group("MIP leavers").add();
    place
        .assign(&[
            (InstallIntent::Required, group(&place.users)),
            (InstallIntent::Uninstall, group(&uninstall)),
        ])
        .await?;
    place.hours(9);
    tenant.assert_not_installed(laptop, &place.app);

    place.join(&place.ada).await?;
    tenant.assert_not_installed(laptop, &place.app);
    assert_eq!(
        place.reported().await?,
        None,
        "the device has not looked yet"
    );
    place.hours(8);
    tenant.assert_installed(laptop, &place.app);
    assert_eq!(place.reported().await?, Some(AppInstallState::Installed));

    place.leave(&place.ada).await?;
    place.hours(24);
    tenant.assert_installed(laptop, &place.app);

    place.admin.group(&uninstall).add_member(&place.ada).await?;
    place.admin.intune().managed_device(laptop).sync().await?;
    tenant.assert_not_installed(laptop, &place.app);
    assert_eq!(place.reported().await?, Some(AppInstallState::NotInstalled));

    // Required is stronger than uninstall, so who comes back has it again.
    place.join(&place.ada).await?;
    place.hours(8);
    tenant.assert_installed(laptop, &place.app);
    Ok(())
}

#[tokio::test]
async fn everybody_loses_it_but_the_members() -> Done {
    let place = Workplace::with_content().await?;
    let bob = place.tenant.person("bob").add();
    let desktop = place.tenant.device(&bob).has_installed(PRODUCT).add();
    place.join(&place.ada).await?;
    let everybody = AssignmentTarget::all_licensed_users();
    let members = AssignmentTarget::excluding(&place.users);
    place
        .assign(&[
            (InstallIntent::Required, group(&place.users)),
            (InstallIntent::Uninstall, everybody),
            (InstallIntent::Uninstall, members),
        ])
        .await?;
    place.tenant.assert_installed(&place.laptop, &place.app);
    place.tenant.assert_not_installed(&desktop, &place.app);
    place.leave(&place.ada).await?;
    place.hours(8);
    place.tenant.assert_not_installed(&place.laptop, &place.app);
    Ok(())
}

#[tokio::test]
async fn what_is_offered_is_installed_by_people_and_uninstall_is_stronger() -> Done {
    let place = Workplace::with_content().await?;
    let tenant = &place.tenant;
    assert!(!tenant.install_from_portal(&place.laptop, &place.app));
    place.join(&place.ada).await?;
    let mut rows = vec![(InstallIntent::Available, group(&place.users))];
    place.assign(&rows).await?;
    tenant.assert_not_installed(&place.laptop, &place.app);
    assert!(tenant.install_from_portal(&place.laptop, &place.app));
    tenant.assert_installed(&place.laptop, &place.app);

    rows.push((InstallIntent::Uninstall, AssignmentTarget::all_devices()));
    place.assign(&rows).await?;
    tenant.assert_installed(&place.laptop, &place.app);

    rows[1].1 = AssignmentTarget::all_licensed_users();
    place.assign(&rows).await?;
    tenant.assert_not_installed(&place.laptop, &place.app);
    assert!(!tenant.install_from_portal(&place.laptop, &place.app));
    Ok(())
}

#[tokio::test]
async fn failures_and_devices_that_are_off_are_told() -> Done {
    let place = Workplace::with_content().await?;
    let tenant = &place.tenant;
    tenant.let_installation_fail(&place.laptop, &place.app, true);
    place
        .assign(&[(InstallIntent::Required, AssignmentTarget::all_devices())])
        .await?;
    assert_eq!(place.reported().await?, Some(AppInstallState::Failed));
    tenant.let_installation_fail(&place.laptop, &place.app, false);
    tenant.switch_off(&place.laptop);
    place.hours(24);
    tenant.assert_not_installed(&place.laptop, &place.app);
    tenant.switch_on(&place.laptop);
    assert_eq!(place.reported().await?, Some(AppInstallState::Installed));
    let own = place.admin.intune().devices_of(&place.ada);
    let own = own.list().try_collect().await?;
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].device_name.as_deref(), Some("CLIENT-7"));
    assert_eq!(own[0].last_sync_date_time, Some(tenant.clock().now()));
    Ok(())
}

#[tokio::test]
async fn an_app_is_assigned_once_it_is_published_and_to_groups_that_are_there() -> Done {
    let place = Workplace::furnish(Tenant::new()).await?;
    let rows = [(InstallIntent::Required, group(&place.users))];
    let early = place.assign(&rows).await.unwrap_err().to_string();
    assert!(
        early.contains("PublishingState is not 'Published'"),
        "{early}"
    );
    place.upload(10).await?;
    place.assign(&rows).await?;
    let nobody: Id<Group> = "21d05557-b7b6-418f-86fa-a3118d751be4".parse()?;
    let unknown = [(InstallIntent::Required, group(&nobody))];
    assert!(place.assign(&unknown).await.is_err());
    // Under two intents, past the client's own check.
    let target = serde_json::json!({
        "@odata.type": "#microsoft.graph.groupAssignmentTarget", "groupId": place.users,
    });
    let body = serde_json::json!({"mobileAppAssignments": [
        {"intent": "required", "target": target}, {"intent": "uninstall", "target": target},
    ]});
    let path = format!("deviceAppManagement/mobileApps/{}/assign", place.app);
    let call = place.admin.raw(http::Method::POST, &path)?.json(&body)?;
    let refused = call.send().await.unwrap_err();
    assert_eq!(refused.status(), Some(StatusCode::BAD_REQUEST));
    let app = place.admin.intune().app(&place.app);
    let kept = app.assignments().list().try_collect().await?;
    assert_eq!(kept.len(), 1, "a refused call changes nothing");
    Ok(())
}

#[tokio::test]
async fn the_service_takes_its_time_and_addresses_run_out() -> Done {
    let mut lag = LagProfile::immediate();
    lag.storage_addresses = Lag::AfterReads(3);
    lag.file_commits = Lag::After(IsoDuration::minutes(2));
    lag.app_publishing = Lag::After(IsoDuration::minutes(5));
    let place = Workplace::furnish(Tenant::builder().lag(lag).build()).await?;
    place.upload(50_000).await?;

    // The second version: its address is let run out.
    let app = place.admin.intune().app(&place.app);
    let content = app.contents(ContentKind::Win32Lob);
    let second = content
        .versions()
        .create(&MobileAppContentDraft::default())
        .await?;
    assert_eq!(second.id.to_string(), "2");
    let version = content.version(&second.id);
    let announced = MobileAppContentFileDraft::win32("mip.zip", 10)?;
    let file = version.files().create(&announced).await?;
    assert_eq!(file.azure_storage_uri, None);
    let handle = version.file(&file.id);
    let mut address = None;
    for _ in 0..5 {
        let seen = handle.get().await?;
        address = seen
            .azure_storage_uri
            .zip(seen.azure_storage_uri_expiration_date_time);
    }
    let (uri, expires) = address.ok_or("there is no address")?;
    assert!(
        uri.as_str()
            .starts_with("https://contoso.blob.core.windows.net/")
    );
    place.tenant.clock().advance_to(expires);
    let answer = put(
        &place.tenant,
        uri.as_str(),
        "comp=block&blockid=MDAwMDAw",
        b"x",
        None,
    );
    assert_eq!(
        answer,
        (StatusCode::FORBIDDEN, "AuthenticationFailed".to_owned())
    );
    handle.renew_upload().await?;
    for _ in 0..5 {
        handle.get().await?;
    }
    let renewed = handle.get().await?.azure_storage_uri.ok_or("no address")?;
    assert_ne!(renewed, uri);
    let put = |query: &str, body: &[u8]| put(&place.tenant, renewed.as_str(), query, body, None);
    let (status, _) = put("comp=block&blockid=MDAwMDAw", b"x");
    assert_eq!(status, StatusCode::CREATED);
    let (_, code) = put("comp=block&blockid=MDAw", b"x");
    assert_eq!(code, "InvalidBlobOrBlock");
    let list = b"<BlockList><Latest>MDAwMDAx</Latest></BlockList>";
    let (_, code) = put("comp=blocklist", list);
    assert_eq!(code, "InvalidBlockList");
    Ok(())
}

/// Puts something into the storage, past the client, and says what came back.
fn put(
    tenant: &Tenant,
    uri: &str,
    query: &str,
    body: &[u8],
    token: Option<&str>,
) -> (StatusCode, String) {
    let mut request =
        http::Request::put(format!("{uri}&{query}")).header("x-ms-blob-type", "BlockBlob");
    if let Some(token) = token {
        request = request.header("Authorization", token);
    }
    let request = request.body(Bytes::copy_from_slice(body)).unwrap();
    let entitlement_mock::Outcome::Answered(answer) = tenant.handle(&request) else {
        panic!("no answer");
    };
    let text = String::from_utf8_lossy(answer.body()).into_owned();
    let code = text
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once("</Code>"));
    let code = code.map(|(code, _)| code.to_owned()).unwrap_or_default();
    (answer.status(), code)
}

#[tokio::test]
async fn tokens_do_not_go_to_the_storage_and_secrets_not_into_the_journal() -> Done {
    let place = Workplace::furnish(Tenant::new()).await?;
    let app = place.admin.intune().app(&place.app);
    let content = app.contents(ContentKind::Win32Lob);
    let first = content
        .versions()
        .create(&MobileAppContentDraft::default())
        .await?;
    let again = content
        .versions()
        .create(&MobileAppContentDraft::default())
        .await;
    let again = again.unwrap_err().to_string();
    assert!(
        again.contains("before the first content version is committed"),
        "{again}"
    );
    let version = content.version(&first.id);
    let file = version
        .files()
        .create(&MobileAppContentFileDraft::win32("mip.zip", 3)?)
        .await?;
    let uri = version
        .file(&file.id)
        .get()
        .await?
        .azure_storage_uri
        .ok_or("no address")?;
    let block = "comp=block&blockid=MDAwMDAw";
    let (status, _) = put(
        &place.tenant,
        uri.as_str(),
        block,
        b"abc",
        Some("Bearer app"),
    );
    assert_eq!(status, StatusCode::BAD_REQUEST);
    let journal = place.tenant.journal();
    let last = journal.last().ok_or("the journal is empty")?;
    assert!(
        last.explanation()
            .is_some_and(|why| why.contains("Authorization"))
    );
    assert!(!last.url().contains("sig="), "{}", last.url());
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_not_what_was_said_is_refused_afterwards() -> Done {
    let place = Workplace::furnish(Tenant::new()).await?;
    let app = place.admin.intune().app(&place.app);
    let content = app.contents(ContentKind::Win32Lob);
    let version_id = content
        .versions()
        .create(&MobileAppContentDraft::default())
        .await?
        .id;
    let version = content.version(&version_id);
    let file = version
        .files()
        .create(&MobileAppContentFileDraft::win32("mip.zip", 3)?)
        .await?;
    let handle = version.file(&file.id);
    let uri = handle.get().await?.azure_storage_uri.ok_or("no address")?;
    // The vector of the specification, with the HMAC over the encrypted bytes only.
    let commit = |mac: &str| {
        use base64::Engine as _;
        let encode = |bytes: Vec<u8>| base64::engine::general_purpose::STANDARD.encode(bytes);
        serde_json::json!({"fileEncryptionInfo": {
            "encryptionKey": encode((0..32).collect()), "macKey": encode((32..64).collect()),
            "initializationVector": encode((64..80).collect()), "mac": mac,
            "profileIdentifier": "ProfileVersion1", "fileDigestAlgorithm": "SHA256",
            "fileDigest": "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
        }})
    };
    let right = "9guniPjE3hfIeOnn4NIuAoHzVYml+ByLOiueIxgVsqI=";
    let mut blob = hex("f60ba788f8c4de17c878e9e7e0d22e0281f35589a5f81c8b3a2b9e231815b2a2");
    blob.extend(64..80_u8);
    blob.extend(hex("b55fe5ce8458ef18e570bb8d1252fd9c"));
    let path = format!(
        "deviceAppManagement/mobileApps/{}/microsoft.graph.win32LobApp/contentVersions/{version_id}/files/{}/commit",
        place.app, file.id
    );
    let send = async |body: serde_json::Value| -> Done {
        place
            .admin
            .raw(http::Method::POST, &path)?
            .json(&body)?
            .send()
            .await?;
        Ok(())
    };
    let state = async || -> Result<String, Box<dyn std::error::Error>> {
        let state = handle.get().await?.upload_state.ok_or("no state")?;
        Ok(state.to_string())
    };
    let list = b"<BlockList><Latest>MDAwMDAw</Latest></BlockList>";
    let tenant = &place.tenant;
    let block = "comp=block&blockid=MDAwMDAw";

    send(commit(right)).await?;
    assert_eq!(state().await?, "commitFileFailed", "nothing was sent");
    put(tenant, uri.as_str(), "x=y", &blob, None);
    send(commit(right)).await?;
    assert_eq!(
        state().await?,
        "commitFileFailed",
        "it was sent in one piece"
    );
    let mut broken = blob.clone();
    broken[63] ^= 1;
    put(tenant, uri.as_str(), block, &broken, None);
    put(tenant, uri.as_str(), "comp=blocklist", list, None);
    send(commit(right)).await?;
    assert_eq!(state().await?, "commitFileFailed", "a byte is another one");
    let refused = app
        .publish(&app.get().await?, &version_id)
        .await
        .unwrap_err();
    assert!(
        refused
            .to_string()
            .contains("All AppFiles must be committed"),
        "{refused}"
    );

    put(tenant, uri.as_str(), block, &blob, None);
    put(tenant, uri.as_str(), "comp=blocklist", list, None);
    let other = "AAAAiPjE3hfIeOnn4NIuAoHzVYml+ByLOiueIxgVsqI=";
    send(commit(other)).await?;
    assert_eq!(
        state().await?,
        "commitFileFailed",
        "the HMAC is another one"
    );
    send(commit(right)).await?;
    assert_eq!(state().await?, "commitFileSuccess");
    app.publish(&app.get().await?, &version_id).await?;
    let state = app.get().await?.publishing_state;
    assert_eq!(state, Some(MobileAppPublishingState::Published));
    Ok(())
}

fn hex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    let bytes = digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16));
    bytes.collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn other_rows_stay_when_one_is_added() -> Done {
    let place = Workplace::with_content().await?;
    let others = place.tenant.group("Others").add();
    place
        .assign(&[(InstallIntent::Required, group(&others))])
        .await?;
    let change = AssignmentChange::new().assign(InstallIntent::Required, group(&place.users));
    let app = place.admin.intune().app(&place.app);
    assert!(app.change_assignments(&change).await?);
    assert!(!app.change_assignments(&change).await?);
    let rows = app.assignments().list().try_collect().await?;
    let ids: Vec<String> = rows.iter().map(|row| row.id.to_string()).collect();
    assert_eq!(
        ids,
        [format!("{others}_1_0"), format!("{}_1_0", place.users)]
    );
    Ok(())
}

async fn make_administrators(
    place: &Workplace,
    policy: &LocalGroupPolicy,
) -> Result<(), Box<dyn std::error::Error>> {
    let intune = place.admin.intune();
    let made = intune
        .configurations()
        .create(&policy.to_configuration()?)
        .await?;
    let everywhere = DeviceConfigurationAssignments::builder();
    let everywhere = everywhere.assign(AssignmentTarget::all_devices()).build()?;
    Ok(intune.configuration(&made.id).assign(&everywhere).await?)
}

#[tokio::test]
async fn local_administrators_come_with_a_new_token_and_go_with_one() -> Done {
    let place = Workplace::furnish(Tenant::new()).await?;
    let (tenant, ada, laptop) = (&place.tenant, &place.ada, &place.laptop);
    let policy = LocalGroupPolicy::builder("Local administrators")
        .add(
            LocalGroup::Administrators,
            LocalMember::entra_group(&place.users)?,
        )
        .build()?;
    make_administrators(&place, &policy).await?;
    place.join(ada).await?;
    tenant.assert_not_local_administrator(ada, laptop);
    tenant.sign_in_on(laptop, ada);
    tenant.assert_local_administrator(ada, laptop);

    place.leave(ada).await?;
    tenant.sign_in_on(laptop, ada);
    tenant.assert_local_administrator(ada, laptop);
    place.hours(4);
    tenant.assert_local_administrator(ada, laptop);
    tenant.sign_in_on(laptop, ada);
    tenant.assert_not_local_administrator(ada, laptop);
    Ok(())
}

#[tokio::test]
async fn two_policies_are_a_conflict_and_what_was_done_stays() -> Done {
    let place = Workplace::furnish(Tenant::new()).await?;
    let (tenant, ada, laptop) = (&place.tenant, &place.ada, &place.laptop);
    place.join(ada).await?;
    let more = tenant.group("More").member(ada).add();
    let hybrid = tenant.device(ada).hybrid_joined().add();
    let old = tenant.device(ada).os_version("10.0.18363.1").add();
    for group in [&more, &place.users] {
        let policy = LocalGroupPolicy::builder(group.to_string())
            .add(LocalGroup::Administrators, LocalMember::entra_group(group)?)
            .build()?;
        make_administrators(&place, &policy).await?;
    }
    tenant.sign_in_on(laptop, ada);
    let intune = place.admin.intune();
    let all = intune.configurations().list().try_collect().await?;
    let statuses = async |place: usize| -> Result<Vec<ComplianceStatus>, entitlement_graph::Error> {
        let rows = intune.configuration(&all[place].id).device_statuses();
        let rows = rows.list().try_collect().await?;
        Ok(rows.into_iter().filter_map(|row| row.status).collect())
    };
    let conflict = ComplianceStatus::Conflict;
    assert_eq!(
        statuses(1).await?,
        [conflict.clone(), conflict.clone(), conflict]
    );
    intune.configurations().delete(&all[0].id).await?;
    place.hours(9);
    let (good, not) = (ComplianceStatus::Compliant, ComplianceStatus::NotApplicable);
    assert_eq!(statuses(1).await?, [good.clone(), good, not]);
    let overview = intune
        .configuration(&all[1].id)
        .device_status_overview()
        .await?;
    assert_eq!(
        (overview.success_count, overview.not_applicable_count),
        (2, 1)
    );
    let states = intune.managed_device(&old).configuration_states();
    assert_eq!(states.list().try_collect().await?.len(), 1);
    place.hours(4);
    for device in [laptop, &hybrid, &old] {
        tenant.sign_in_on(device, ada);
    }
    tenant.assert_local_administrator(ada, laptop);
    tenant.assert_not_local_administrator(ada, &hybrid);
    tenant.assert_not_local_administrator(ada, &old);
    intune.configurations().delete(&all[1].id).await?;
    place.hours(24);
    tenant.sign_in_on(laptop, ada);
    tenant.assert_local_administrator(ada, laptop);
    Ok(())
}

#[tokio::test]
async fn a_snapshot_has_it_all() -> Done {
    let place = Workplace::with_content().await?;
    place
        .assign(&[(InstallIntent::Required, AssignmentTarget::all_devices())])
        .await?;
    let written = place.tenant.snapshot();
    let read = entitlement_mock::snapshot::Snapshot::from_json(&written.to_json())?;
    let again = Tenant::restore(&read);
    assert_eq!(again.snapshot(), written);
    again.assert_installed(&place.laptop, &place.app);
    Ok(())
}
