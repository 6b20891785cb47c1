"""Signing in: through a provider, or in development as anyone."""

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
from plccoach_api.identity.flow import Browser, Callback, Onward, SignInFlow
from plccoach_api.identity.providers import SignInProvider
from plccoach_api.middleware import headers
from plccoach_api.rules.roles import Provider, Role
from plccoach_api.settings import Settings
from plccoach_api.structs.sign_in import SignInOption, SignInOptions
from plccoach_api.structs.text import NO_NUL

AnonymousRequest: TypeAlias = Request[None, None, State]
SignInProviders: TypeAlias = Mapping[Provider, SignInProvider]

ProviderName = Annotated[str, PathParameter(description="The name of a provider: `google` or `clever`.")]
NextPath = Annotated[
    str | None, QueryParameter(name="next", description="The path of the front end to return to, if not the dashboard.")
]
Code = Annotated[str | None, QueryParameter(description="What the provider's word is fetched with.")]
AttemptState = Annotated[str | None, QueryParameter(name="state", description="Which attempt this ends.")]
Issuer = Annotated[str | None, QueryParameter(name="iss", description="Who the provider says that it is (RFC 9207).")]
Failure = Annotated[str | None, QueryParameter(name="error", description="Why the provider vouches for nobody.")]

Email = Annotated[
    str, QueryParameter(min_length=3, max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$", description="Who signs in.")
]
Name = Annotated[str | None, QueryParameter(min_length=1, max_length=200, pattern=NO_NUL, description="Their name.")]
AsRole = Annotated[Role, QueryParameter(description="What they are to the service from now on.")]

_ATTEMPT = ResponseHeader(name="Set-Cookie", documentation_only=True, description="Binds the attempt to this browser.")
_NEW_SESSION = ResponseHeader(name="Set-Cookie", documentation_only=True, description="The session's cookie.")


@get("/auth/providers", operation_id="listProviders", tags=["sign-in"], summary="Ways to sign in", sync_to_thread=False)
def list_providers(providers: Injected[SignInProviders]) -> SignInOptions:
    """The providers that are configured, for the front end to offer."""
    return SignInOptions([SignInOption.of(each.provider, each.label) for each in providers.values()])


@get(
    "/auth/{provider:str}/login",
    operation_id="beginSignIn",
    tags=["sign-in"],
    summary="Sign in through a provider",
    status_code=HTTP_302_FOUND,
    guards=[guards.sign_in_rate],
    response_headers=[_ATTEMPT],
    response_description="On to the provider.",
)
async def begin_sign_in(
    request: AnonymousRequest,
    flow: Injected[SignInFlow],
    providers: Injected[SignInProviders],
    provider: ProviderName,
    next_path: NextPath = None,
) -> ASGIResponse:
    """Goes on to the provider. When that is away, to the front end's `/login?error=provider_unavailable`."""
    return _redirect(await flow.begin(_named(providers, provider), _browser(request), next_path))


@get(
    "/auth/{provider:str}/callback",
    operation_id="finishSignIn",
    tags=["sign-in"],
    summary="Where a provider sends the browser back to",
    status_code=HTTP_302_FOUND,
    guards=[guards.sign_in_rate],
    response_headers=[_NEW_SESSION],
    response_description="On to the front end.",
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
    """Signs in and goes on to the front end; whoever is not signed in arrives at its `/login?error=<code>`.

    The codes are `invalid_state`, `attempt_expired`, `access_denied`, `provider_unavailable`, `invalid_token`,
    `not_allowed`, `inactive` and `portal_loop`.
    """
    callback = Callback(code=code, state=attempt_state, issuer=issuer, error=failure)
    return _redirect(await flow.finish(_named(providers, provider), _browser(request), callback))


@get(
    "/auth/dev/login",
    operation_id="devLogin",
    tags=["sign-in"],
    summary="Sign in as anyone, in development",
    status_code=HTTP_302_FOUND,
    guards=[guards.sign_in_rate],
    response_headers=[_NEW_SESSION],
    response_description="Signed in; on to the front end.",
    problems=[problems.NotFound],
)
async def dev_login(
    request: AnonymousRequest,
    flow: Injected[SignInFlow],
    settings: Injected[Settings],
    email: Email = development.DEFAULT_EMAIL,
    name: Name = None,
    role: AsRole = Role.educator,
) -> ASGIResponse:
    """Signs in the local account with that email and returns to the front end. Elsewhere there is nothing here."""
    if settings.in_production:
        raise problems.NotFound
    return _redirect(await flow.admit(development.profile(email=email, name=name, role=role), _browser(request)))


def _named(providers: SignInProviders, name: str) -> SignInProvider:
    found = next((provider for provider in providers.values() if provider.provider == name), None)
    if found is None:
        raise problems.NotFound
    return found


def _browser(request: AnonymousRequest) -> Browser:
    return Browser(headers.values(request.scope["headers"], b"cookie"), request.headers.get("user-agent", ""))


def _redirect(onward: Onward) -> ASGIResponse:
    return ASGIResponse(
        status_code=HTTP_302_FOUND,
        headers=[("location", onward.location), *(("set-cookie", cookie) for cookie in onward.cookies)],
    )


PUBLIC = (list_providers, begin_sign_in, finish_sign_in, dev_login)
