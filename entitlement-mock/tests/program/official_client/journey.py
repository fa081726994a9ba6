"""Self-service local administrators, played by Microsoft's own client: `journey.py http://127.0.0.1:8181`.

Every answer is read into the client's models. What the models do not know lands in `additional_data`, and what they cannot
read is dropped without a word, so each answer is compared with what was made of it.
"""
import asyncio
import json
import sys
from dataclasses import fields, is_dataclass

import httpx
from kiota_abstractions.authentication import AccessTokenProvider, AllowedHostsValidator
from kiota_abstractions.authentication import BaseBearerTokenAuthenticationProvider
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_serialization_json.json_serialization_writer import JsonSerializationWriter
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.access_package import AccessPackage
from msgraph.generated.models.access_package_approval_stage import AccessPackageApprovalStage
from msgraph.generated.models.access_package_assignment import AccessPackageAssignment
from msgraph.generated.models.access_package_assignment_approval_settings import AccessPackageAssignmentApprovalSettings
from msgraph.generated.models.access_package_assignment_policy import AccessPackageAssignmentPolicy
from msgraph.generated.models.access_package_assignment_request import AccessPackageAssignmentRequest
from msgraph.generated.models.access_package_assignment_requestor_settings import AccessPackageAssignmentRequestorSettings
from msgraph.generated.models.access_package_catalog import AccessPackageCatalog
from msgraph.generated.models.access_package_request_state import AccessPackageRequestState
from msgraph.generated.models.access_package_request_type import AccessPackageRequestType
from msgraph.generated.models.access_package_resource import AccessPackageResource
from msgraph.generated.models.access_package_resource_request import AccessPackageResourceRequest
from msgraph.generated.models.access_package_resource_role import AccessPackageResourceRole
from msgraph.generated.models.access_package_resource_role_scope import AccessPackageResourceRoleScope
from msgraph.generated.models.access_package_resource_scope import AccessPackageResourceScope
from msgraph.generated.models.allowed_target_scope import AllowedTargetScope
from msgraph.generated.models.approval_stage import ApprovalStage
from msgraph.generated.models.expiration_pattern import ExpirationPattern
from msgraph.generated.models.expiration_pattern_type import ExpirationPatternType
from msgraph.generated.models.group import Group
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.single_user import SingleUser
from msgraph.generated.models.user import User
from msgraph.generated.identity_governance.entitlement_management.catalogs.item.resources.resources_request_builder import (
    ResourcesRequestBuilder,
)
from msgraph_core import GraphClientFactory
from msgraph_core.tasks.page_iterator import PageIterator

DOMAIN = "contoso.onmicrosoft.com"
answers = 0


class Token(AccessTokenProvider):
    """The tenant takes a sign-in name for a token."""

    def __init__(self, who):
        self.who = who

    async def get_authorization_token(self, uri, additional_authentication_context=None):
        return self.who

    def get_allowed_hosts_validator(self):
        return AllowedHostsValidator(["127.0.0.1", "localhost"])


def unread(sent, read, path=""):
    """The places in an answer that the models made nothing of."""
    if isinstance(sent, dict):
        for name, value in sent.items():
            if not name.startswith("@odata.") and "@odata." not in name and value not in (None, [], {}):
                inside = read.get(name) if isinstance(read, dict) else None
                if inside is None:
                    yield f"{path}.{name}"
                else:
                    yield from unread(value, inside, f"{path}.{name}")
    elif isinstance(sent, list):
        if not isinstance(read, list) or len(sent) != len(read):
            yield path
        else:
            for place, (one, other) in enumerate(zip(sent, read)):
                yield from unread(one, other, f"{path}[{place}]")


def strange(model, path):
    """The places in a model that hold what the models do not know."""
    if isinstance(model, list):
        for place, item in enumerate(model):
            yield from strange(item, f"{path}[{place}]")
    elif is_dataclass(model):
        extra = getattr(model, "additional_data", None) or {}
        yield from (f"{path}.{name}" for name in extra if not name.startswith("@odata."))
        for field in fields(model):
            if field.name not in ("additional_data", "backing_store"):
                yield from strange(getattr(model, field.name, None), f"{path}.{field.name}")


class Caller:
    """Somebody with a client of their own."""

    def __init__(self, root, who):
        self.raw = None
        http = httpx.AsyncClient(trust_env=False, event_hooks={"response": [self.note]})
        http = GraphClientFactory.create_with_default_middleware(client=http)
        adapter = GraphRequestAdapter(BaseBearerTokenAuthenticationProvider(Token(who)), client=http)
        adapter.base_url = f"{root}/v1.0"
        self.adapter = adapter
        self.graph = GraphServiceClient(request_adapter=adapter)
        self.entitlement = self.graph.identity_governance.entitlement_management

    async def note(self, response):
        await response.aread()
        self.raw = response.content

    async def read(self, call):
        """The answer to a call, after a look at whether all of it was understood."""
        global answers
        model = await call
        assert model is not None, "an answer was due"
        lost = list(strange(model, type(model).__name__))
        writer = JsonSerializationWriter()
        model.serialize(writer)
        lost += unread(json.loads(self.raw), json.loads(writer.get_serialized_content()), type(model).__name__)
        assert not lost, f"not understood: {lost} in {self.raw.decode()}"
        answers += 1
        return model


async def refused(call):
    try:
        await call
    except ODataError as error:
        assert error.error and error.error.code and error.error.message, error
        inner = error.error.inner_error
        assert inner and inner.request_id and inner.date and inner.client_request_id, error
        lost = list(strange(error.error, "error"))
        assert not lost, lost
        return error
    raise AssertionError("the call was not refused")


async def play(root):
    admin = Caller(root, "app")
    entitlement = admin.entitlement
    people = {}
    for name in ("ada", "mia"):
        user = User(
            display_name=name.title(),
            account_enabled=True,
            mail_nickname=name,
            user_principal_name=f"{name}@{DOMAIN}",
            password_profile=PasswordProfile(password="Sesame-1815"),
        )
        people[name] = (await admin.read(admin.graph.users.post(user))).id
    ada, mia = Caller(root, f"ada@{DOMAIN}"), Caller(root, people["mia"])
    assert (await ada.read(ada.graph.me.get())).id == people["ada"]
    by_name = admin.graph.users.by_user_id(f"mia@{DOMAIN}")
    assert (await admin.read(by_name.get())).id == people["mia"]

    # Who is in the group is a local administrator of the managed clients.
    group = Group(
        display_name="Local administrators", mail_enabled=False, mail_nickname="local-admins", security_enabled=True,
    )
    group = await admin.read(admin.graph.groups.post(group))
    group.description = "Administrators of managed clients"
    await admin.graph.groups.by_group_id(group.id).patch(group)
    group = await admin.read(admin.graph.groups.by_group_id(group.id).get())
    assert group.description == "Administrators of managed clients"

    catalog = AccessPackageCatalog(display_name="Devices", description="", is_externally_visible=False)
    catalog = await admin.read(entitlement.catalogs.post(catalog))
    add = AccessPackageResourceRequest(
        request_type=AccessPackageRequestType.AdminAdd,
        resource=AccessPackageResource(origin_id=group.id, origin_system="AadGroup"),
        catalog=AccessPackageCatalog(id=catalog.id),
    )
    await admin.read(entitlement.resource_requests.post(add))
    query = ResourcesRequestBuilder.ResourcesRequestBuilderGetQueryParameters(
        filter=f"originId eq '{group.id}'", expand=["roles", "scopes"],
    )
    in_catalog = entitlement.catalogs.by_access_package_catalog_id(catalog.id)
    resources = await admin.read(in_catalog.resources.get(RequestConfiguration(query_parameters=query)))
    resource = resources.value[0]
    role = next(role for role in resource.roles if role.display_name == "Member")
    scope = resource.scopes[0]

    package = AccessPackage(
        display_name="Local administrator", description="For a month", catalog=AccessPackageCatalog(id=catalog.id),
    )
    package = await admin.read(entitlement.access_packages.post(package))
    this_package = entitlement.access_packages.by_access_package_id(package.id)
    role_scope = AccessPackageResourceRoleScope(
        role=AccessPackageResourceRole(
            id=role.id, display_name=role.display_name, origin_id=role.origin_id, origin_system=role.origin_system,
            resource=AccessPackageResource(id=resource.id, origin_id=group.id, origin_system="AadGroup"),
        ),
        scope=AccessPackageResourceScope(id=scope.id, origin_id=group.id, origin_system="AadGroup"),
    )
    await admin.read(this_package.resource_role_scopes.post(role_scope))
    policy = AccessPackageAssignmentPolicy(
        display_name="Everybody may ask",
        description="Mia decides",
        allowed_target_scope=AllowedTargetScope.AllMemberUsers,
        access_package=AccessPackage(id=package.id),
        expiration=ExpirationPattern(type=ExpirationPatternType.AfterDuration, duration="P30D"),
        requestor_settings=AccessPackageAssignmentRequestorSettings(enable_targets_to_self_add_access=True),
        request_approval_settings=AccessPackageAssignmentApprovalSettings(
            is_approval_required_for_add=True,
            stages=[
                AccessPackageApprovalStage(
                    duration_before_automatic_denial="P7D",
                    is_approver_justification_required=True,
                    primary_approvers=[SingleUser(odata_type="#microsoft.graph.singleUser", user_id=people["mia"])],
                )
            ],
        ),
    )
    policy = await admin.read(entitlement.assignment_policies.post(policy))
    policy.access_package = AccessPackage(id=package.id)
    policy.description = "Mia decides, within a week"
    # The client writes spans of time that it has read in a way that no service reads.
    this_policy = entitlement.assignment_policies.by_access_package_assignment_policy_id(policy.id)
    assert (await refused(this_policy.put(policy))).response_status_code == 400
    policy.expiration.duration = "P30D"
    policy.request_approval_settings.stages[0].duration_before_automatic_denial = "P7D"
    policy = await admin.read(this_policy.put(policy))
    assert policy.description == "Mia decides, within a week"

    # Ada asks, and Mia decides.
    wish = AccessPackageAssignmentRequest(
        request_type=AccessPackageRequestType.UserAdd,
        justification="New laptop",
        # Documented, and in no model.
        assignment=AccessPackageAssignment(
            additional_data={"accessPackageId": package.id, "assignmentPolicyId": policy.id},
        ),
    )
    asked = await ada.read(ada.entitlement.assignment_requests.post(wish))
    again = await refused(ada.entitlement.assignment_requests.post(wish))
    assert again.response_status_code in (400, 409), again
    own = ada.entitlement.assignment_requests.by_access_package_assignment_request_id(asked.id)
    assert (await ada.read(own.get())).state == AccessPackageRequestState.PendingApproval
    mine = ada.entitlement.assignment_requests.filter_by_current_user_with_on("target")
    assert [request.id for request in (await ada.read(mine.get())).value] == [asked.id]
    approvals = mia.entitlement.access_package_assignment_approvals
    waiting = await mia.read(approvals.filter_by_current_user_with_on("approver").get())
    approval = approvals.by_approval_id(waiting.value[0].id)
    stages = await mia.read(approval.stages.get())
    stage = stages.value[0]
    assert stage.assigned_to_me
    decision = ApprovalStage(review_result="Approve", justification="Until the laptop is set up")
    not_hers = ada.entitlement.access_package_assignment_approvals.by_approval_id(waiting.value[0].id)
    assert (await refused(not_hers.stages.by_approval_stage_id(stage.id).patch(decision))).response_status_code in (403, 404)
    await approval.stages.by_approval_stage_id(stage.id).patch(decision)
    assert (await ada.read(own.get())).state == AccessPackageRequestState.Delivered

    # She is an administrator for a month.
    members = admin.graph.groups.by_group_id(group.id).members
    first = (await admin.read(members.get())).value
    assert [type(member) for member in first] == [User] and first[0].id == people["ada"], first
    held = await ada.read(ada.entitlement.assignments.filter_by_current_user_with_on("target").get())
    assert held.value[0].schedule.expiration.end_date_time is not None
    async with httpx.AsyncClient(trust_env=False) as http:
        turned = await http.post(f"{root}/mock/clock/advance", json={"by": "P31D"})
        assert turned.status_code == 200, turned.text
    assert (await admin.read(members.get())).value == []

    # A list that comes in pages, and what is not there.
    for number in range(12):
        await admin.read(entitlement.catalogs.post(AccessPackageCatalog(display_name=f"Shelf {number}")))
    names = []
    first = await admin.read(entitlement.catalogs.get())
    assert first.odata_next_link and first.odata_next_link.startswith(root), first.odata_next_link
    pages = PageIterator(first, admin.adapter)
    await pages.iterate(lambda catalog: names.append(catalog.display_name) or True)
    assert len(names) == len(set(names)) == 14, names
    missing = entitlement.catalogs.by_access_package_catalog_id("0f1e2d3c-0000-4000-8000-000000000001")
    assert (await refused(missing.get())).response_status_code == 404
    broken = AccessPackageCatalog(display_name="Broken")
    broken.additional_data = {"colour": "red"}
    assert (await refused(entitlement.catalogs.post(broken))).response_status_code == 400
    assert (await refused(Caller(root, "nobody").graph.me.get())).response_status_code == 401
    print(f"journey played, {answers} answers understood whole")


asyncio.run(play(sys.argv[1].rstrip("/")))
