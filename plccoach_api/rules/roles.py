"""Who a person is to the service."""

from enum import StrEnum


class Role(StrEnum):
    educator = "educator"
    coach = "coach"
    admin = "admin"


class UserStatus(StrEnum):
    active = "active"
    inactive = "inactive"


class Provider(StrEnum):
    """Who vouches for a person's identity."""

    google = "google"
    clever = "clever"
    development = "development"
