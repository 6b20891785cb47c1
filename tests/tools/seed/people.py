"""The users: three districts from Clever, a domain from Google, and the accounts for development."""

from hashlib import sha256

from plccoach_api.identity import development
from plccoach_api.identity.profile import Organization, Profile
from plccoach_api.rules.roles import Provider, Role
from tests.people import LINCOLN

_DISTRICTS = {
    LINCOLN: (
        "Grace Okafor",
        "Daniel Reyes",
        "Priya Natarajan",
        "Thomas Bergström",
        "Aaliyah Johnson",
        "Wei Zhang",
        "Margaret O'Neill",
        "Luis Hernández",
        "Hannah Goldberg",
        "Samuel Kimani",
    ),
    Organization("58da8c5ba0f7e20001000001", "Cedar Valley Unified"): (
        "Robert Lindqvist",
        "Yuki Tanaka",
        "Fatima al-Sayed",
        "Emily Carter",
        "Mateo García",
        "Chloé Dubois",
        "Kwame Mensah",
        "Anna Kowalska",
        "Joseph Begay",
    ),
    Organization("5b2c1a7e9f3d4c0001000002", "Harbor Point Schools"): (
        "Linda Nguyễn",
        "Patrick Doyle",
        "Sofia Rossi",
        "Amara Nwosu",
        "Ивана Петровић",
        "James Whitehorse",
        "Noor Hassan",
        "Elena Popescu",
    ),
}
_DOMAIN = Organization("maple.example.org", "maple.example.org")
_DOMAIN_NAMES = (
    "Victoria Stone",
    "Carlos Mendes",
    "Ruth Abramson",
    "Tariq Aziz",
    "佐藤 恵",
    "Bridget Malone",
    "Oluwaseun Ade",
    "Katarina Novak",
)
# In each Clever district, the user at this index has no email.
_WITHOUT_EMAIL = 7


def main_user() -> Profile:
    """Returns the account that a developer signs in to first. It has the long list of conversations."""
    return development.profile(email=development.DEFAULT_EMAIL, name="Erin Walsh", role=Role.educator)


def colleagues() -> list[Profile]:
    """Returns all other users, the same every time. Each district has an administrator and two coaches."""
    clever = [
        _clever_profile(organization, name, at)
        for organization, names in _DISTRICTS.items()
        for at, name in enumerate(names)
    ]
    google = [_google_profile(name, at) for at, name in enumerate(_DOMAIN_NAMES)]
    local = [
        development.profile(email="coach@example.org", name="Cora Bennett", role=Role.coach),
        development.profile(email="admin@example.org", name="Adam Price", role=Role.admin),
    ]
    return [*clever, *google, *local]


def _clever_profile(organization: Organization, name: str, at: int) -> Profile:
    role = Role.admin if at == 0 else Role.coach if at < 3 else Role.educator
    digest = sha256(f"{organization.external_id} {name}".encode()).hexdigest()
    return Profile(
        provider=Provider.clever,
        subject=digest[:24],
        name=name,
        email=None
        if at == _WITHOUT_EMAIL
        else f"{digest[:6]}@{(organization.name or '').split()[0].lower()}.example.org",
        role=role,
        organization=organization,
    )


def _google_profile(name: str, at: int) -> Profile:
    """Every user is an educator, because Google does not send a role."""
    return Profile(
        provider=Provider.google,
        subject=f"1{at:020d}",
        name=name,
        email=f"teacher{at + 1}@{_DOMAIN.external_id}",
        role=Role.educator,
        organization=_DOMAIN,
    )
