"""Signing in through a provider, or in development as anyone."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, TypeAlias

from litestar import Request, get
from litestar.datastructures import ResponseHeader, State
from litestar.params import PathParameter, QueryParameter
from litestar.response.base import ASGIResponse
from litestar.status_codes import HTTP_302_FOUND

from plccoach_api import problems
from plccoach_api.http import guards
from plccoach_api.http.dependencies import Injected
from plccoach_api.identity import development
from plccoach_api.identity.flow import Browser, Callback, Redirect, SignInFlow
from plccoach_api.identity.providers import SignInProvider
from plccoach_api.middleware import headers
from plccoach_api.problems import FieldError
from plccoach_api.rules.roles import Provider, Role
from plccoach_api.rules.sign_in import return_path
from plccoach_api.rules.texts import EMAIL, NAME
from plccoach_api.settings import Settings
from plccoach_api.structs.sign_in import SignInOption, SignInOptions

AnonymousRequest: TypeAlias = Request[None, None, State]
SignInProviders: TypeAlias = Mapping[Provider, SignInProvider]

ProviderName = Annotated[str, PathParameter(description="The provider: `google` or `clever`.")]
NextPath = Annotated[
    str | None,
    QueryParameter(
        name="next",
        description="The path to return to: a path of the front end, or `/passages/…` or `/try` of this service. "
        "The default is the front end's `/dashboard`.",
    ),
]
Code = Annotated[str | None, QueryParameter(description="The authorization code of the provider.")]
AttemptState = Annotated[str | None, QueryParameter(name="state", description="The `state` of the sign-in attempt.")]
Issuer = Annotated[str | None, QueryParameter(name="iss", description="The provider's issuer identifier (RFC 9207).")]
Failure = Annotated[
    str | None, QueryParameter(name="error", description="The provider's error code, when the sign-in failed there.")
]

Email = Annotated[
    str,
    QueryParameter(
        min_length=3,
        max_length=254,
        pattern=EMAIL,
        description="The email of the person to sign in.",
    ),
]
Name = Annotated[
    str | None,
    QueryParameter(
        min_length=1,
        max_length=200,
        pattern=NAME,
        description="The person's name. The default is the first part of the email.",
    ),
]
AsRole = Annotated[Role, QueryParameter(description="The person's role from now on.")]

_ATTEMPT = ResponseHeader(
    name="Set-Cookie", documentation_only=True, description="A cookie that binds the sign-in attempt to this browser."
)
_NEW_SESSION = ResponseHeader(name="Set-Cookie", documentation_only=True, description="The session cookie.")


@get(
    "/auth/providers",
    operation_id="listProviders",
    tags=["sign-in"],
    summary="List the ways to sign in",
    sync_to_thread=False,
)
def list_providers(settings: Injected[Settings], providers: Injected[SignInProviders]) -> SignInOptions:
    """Returns the providers that are configured, for the front end to offer; in development also `development`."""
    options = [SignInOption.of(each.provider, each.label) for each in providers.values()]
    return SignInOptions(options if settings.in_production else [*options, SignInOption.development()])


@get(
    "/auth/{provider:str}/login",
    operation_id="beginSignIn",
    tags=["sign-in"],
    summary="Start a sign-in through a provider",
    status_code=HTTP_302_FOUND,
    guards=[guards.limit_sign_ins],
    response_headers=[_ATTEMPT],
    response_description="A redirect to the provider.",
    parameter_types={"provider": Provider},
)
async def begin_sign_in(
    request: AnonymousRequest,
    flow: Injected[SignInFlow],
    providers: Injected[SignInProviders],
    provider: ProviderName,
    next_path: NextPath = None,
) -> ASGIResponse:
    """Redirects the browser to the provider.

    When the provider is unavailable, redirects to `/login?error=provider_unavailable` of the front end.
    """
    return _redirect(await flow.start(_require_provider(providers, provider), _browser(request), next_path))


@get(
    "/auth/{provider:str}/callback",
    operation_id="finishSignIn",
    tags=["sign-in"],
    summary="Finish a sign-in through a provider",
    status_code=HTTP_302_FOUND,
    guards=[guards.limit_sign_ins],
    response_headers=[_NEW_SESSION],
    response_description="A redirect to the front end.",
    parameter_types={"provider": Provider},
)
async def finish_sign_in(
    request: AnonymousRequest,
    flow: Injected[SignInFlow],
    providers: Injected[SignInProviders],
    provider: ProviderName,
    code: Code = None,
    attempt_state: AttemptState = None,
    issuer: Issuer = None,
    failure: Failure = None,
) -> ASGIResponse:
    """The provider redirects the browser to this path. Signs the person in and redirects to the front end.

    When the sign-in fails, redirects to `/login?error=<code>` of the front end. The codes are `invalid_state`,
    `attempt_expired`, `access_denied`, `provider_unavailable`, `invalid_token`, `not_allowed`, `inactive` and
    `portal_loop`.
    """
    _refuse_repeated_parameters(request)
    callback = Callback(code=code, state=attempt_state, issuer=issuer, error=failure)
    return _redirect(await flow.finish(_require_provider(providers, provider), _browser(request), callback))


@get(
    "/auth/dev/login",
    operation_id="devLogin",
    tags=["sign-in"],
    summary="Sign in as anyone (development only)",
    status_code=HTTP_302_FOUND,
    response_headers=[_NEW_SESSION],
    response_description="Signed in. A redirect to the front end.",
    problems=[problems.NotFound],
)
async def dev_login(
    request: AnonymousRequest,
    flow: Injected[SignInFlow],
    settings: Injected[Settings],
    email: Email = development.DEFAULT_EMAIL,
    name: Name = None,
    role: AsRole = Role.educator,
    next_path: NextPath = None,
) -> ASGIResponse:
    """Signs in the local account with this email, and creates it if it does not exist.

    Redirects to `next`, which may also be `/docs`, or to the front end. SIGN_IN_RATE_LIMIT does not count here. In
    production the response is 404.
    """
    if settings.in_production:
        raise problems.NotFound
    profile = development.profile(email=email, name=name, role=role)
    return _redirect(await flow.open_session(profile, _browser(request), return_path(next_path)))


def _require_provider(providers: SignInProviders, name: str) -> SignInProvider:
    provider = next((provider for provider in providers.values() if provider.provider == name), None)
    if provider is None:
        raise problems.NotFound
    return provider


def _refuse_repeated_parameters(request: AnonymousRequest) -> None:
    """OAuth 2.0 (RFC 6749, 3.1) forbids to repeat a parameter: two readers might take different values."""
    counts = Counter(name for name, _ in request.query_params.multi_items())
    if errors := tuple(
        FieldError(name, "Give this parameter only once.") for name, count in counts.items() if count > 1
    ):
        raise problems.InvalidInput(errors=errors)


def _browser(request: AnonymousRequest) -> Browser:
    return Browser(headers.values(request.scope["headers"], b"cookie"), request.headers.get("user-agent", ""))


def _redirect(redirect: Redirect) -> ASGIResponse:
    return ASGIResponse(
        status_code=HTTP_302_FOUND,
        headers=[("location", redirect.location), *(("set-cookie", cookie) for cookie in redirect.cookies)],
    )


PUBLIC = (list_providers, begin_sign_in, finish_sign_in, dev_login)
