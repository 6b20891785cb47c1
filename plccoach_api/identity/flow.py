"""The two halves of a sign-in: the redirect to the provider, and the callback, which redirects to the front end."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from plccoach_api import logs
from plccoach_api.database.pool import Database
from plccoach_api.identity.profile import Profile, SignInError, SignInRefused
from plccoach_api.identity.providers import SignInProvider
from plccoach_api.identity.sign_in import sign_in
from plccoach_api.queries import sign_in_attempts
from plccoach_api.queries.sign_in_attempts import SignInAttempt
from plccoach_api.rules.roles import Provider
from plccoach_api.rules.sessions import SessionCookie
from plccoach_api.rules.sign_in import (
    DEFAULT_PATH,
    LIFETIME,
    Attempt,
    AttemptCookie,
    PortalCookie,
    hash_of,
    is_own_page,
    return_path,
    secret,
)
from plccoach_api.settings import Settings

_log = logs.get_logger(__name__)

# Providers with a portal. A portal sends users to the callback without an attempt that we started.
_WITH_PORTAL = frozenset({Provider.clever})
# The error codes of OAuth and OpenID Connect for a sign-in that the person, or the provider, denied.
_DENIALS = frozenset({"access_denied", "consent_required", "interaction_required", "login_required"})


@dataclass(frozen=True, slots=True)
class Browser:
    """The browser that sent a request."""

    cookies: list[bytes]
    user_agent: str


@dataclass(frozen=True, slots=True)
class Callback:
    """The parameters of a callback: `code` after a success, `error` after a failure."""

    code: str | None
    state: str | None
    issuer: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Redirect:
    """A redirect of the browser, and the cookies to set."""

    location: str
    cookies: tuple[str, ...] = ()


class SignInFlow:
    """Redirects the browser at each step. A refused sign-in is logged and redirects to the front end's error page."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._front_end = settings.frontend_url
        self._service = settings.public_url
        self._try_page = settings.try_page
        self._session = SessionCookie(settings.secure_cookies)
        self._attempt = AttemptCookie(settings.secure_cookies)
        self._portal = PortalCookie(settings.secure_cookies)

    async def start(self, provider: SignInProvider, browser: Browser, next_path: str | None) -> Redirect:
        """Redirects to the provider, and stores an attempt that only this browser can finish."""
        attempt = Attempt.new()
        try:
            location = await provider.authorization_url(
                state=attempt.state, nonce=attempt.nonce, code_challenge=attempt.code_challenge
            )
        except SignInRefused as refused:
            return self._refuse(provider.provider, refused)
        # An existing cookie is kept, so that attempts in two tabs can both be finished.
        browser_secret = self._attempt.browser_secret(browser.cookies) or secret()
        async with self._database.transaction() as connection:
            await sign_in_attempts.create(
                connection,
                state_hash=hash_of(attempt.state),
                browser_hash=hash_of(browser_secret),
                provider=provider.provider,
                nonce=attempt.nonce,
                code_verifier=attempt.code_verifier,
                next_path=return_path(next_path),
                lifetime=LIFETIME,
            )
        return Redirect(location, (self._attempt.set(browser_secret),))

    async def finish(self, provider: SignInProvider, browser: Browser, callback: Callback) -> Redirect:
        """Handles the callback: redeems the code, signs the person in, and redirects to the front end."""
        if callback.state is None and callback.error is None and provider.provider in _WITH_PORTAL:
            return await self._start_from_portal(provider, browser)
        try:
            attempt = await self._consume_attempt(provider.provider, browser, callback)
            profile = await provider.profile(
                code=_require_code(callback),
                code_verifier=attempt.code_verifier,
                nonce=attempt.nonce,
                issuer=callback.issuer,
            )
        except SignInRefused as refused:
            return self._refuse(provider.provider, refused)
        return await self.open_session(profile, browser, attempt.next_path)

    async def open_session(self, profile: Profile, browser: Browser, next_path: str | None = None) -> Redirect:
        """Signs in a person whose identity a provider has confirmed, and redirects to the page of `next_path`."""
        previous = self._session.token(browser.cookies)
        try:
            token = await sign_in(self._database, profile, user_agent=browser.user_agent, previous=previous)
        except SignInRefused as refused:
            return self._refuse(profile.provider, refused)
        path = next_path or DEFAULT_PATH
        documentation = profile.provider is Provider.development
        is_own = is_own_page(path, try_page=self._try_page, documentation=documentation)
        location = f"{self._service if is_own else self._front_end}{path}"
        return Redirect(location, (self._session.set(token), *self._clear_portal(browser)))

    def _clear_portal(self, browser: Browser) -> tuple[str, ...]:
        """A sign-in that succeeded was no loop: the next person at this computer may come from the portal at once."""
        return () if self._portal.value(browser.cookies) is None else (self._portal.clear(),)

    async def _start_from_portal(self, provider: SignInProvider, browser: Browser) -> Redirect:
        """Starts an attempt of our own. The portal's code is not used: without an attempt, anybody may have sent it."""
        if self._portal.value(browser.cookies) is not None:
            detail = "the portal launched this browser twice within a minute"
            return self._refuse(provider.provider, SignInRefused(SignInError.portal_loop, detail))
        redirect = await self.start(provider, browser, None)
        return Redirect(redirect.location, (*redirect.cookies, self._portal.set(int(datetime.now(UTC).timestamp()))))

    async def _consume_attempt(self, provider: Provider, browser: Browser, callback: Callback) -> SignInAttempt:
        """Deletes the attempt that the callback belongs to, so that each attempt can be used once."""
        browser_secret = self._attempt.browser_secret(browser.cookies)
        if browser_secret is None or callback.state is None:
            raise SignInRefused(SignInError.invalid_state, "no state, or no cookie of an attempt")
        async with self._database.transaction() as connection:
            attempt = await sign_in_attempts.delete(
                connection, state_hash=hash_of(callback.state), browser_hash=hash_of(browser_secret), provider=provider
            )
        if attempt is None:
            raise SignInRefused(SignInError.invalid_state, "no such attempt of this browser with this provider")
        if attempt.expired:
            raise SignInRefused(SignInError.attempt_expired, "the attempt took too long")
        return attempt

    def _refuse(self, provider: Provider, refused: SignInRefused) -> Redirect:
        _log.warning("sign-in refused", provider=provider, reason=refused.reason, detail=refused.detail)
        return Redirect(f"{self._front_end}/login?{urlencode({'error': refused.reason})}")


def _require_code(callback: Callback) -> str:
    if callback.error is not None:
        denied = callback.error in _DENIALS
        reason = SignInError.access_denied if denied else SignInError.provider_unavailable
        raise SignInRefused(reason, "the provider sent the browser back with an error")
    if not callback.code:
        raise SignInRefused(SignInError.invalid_token, "the provider sent no code")
    return callback.code
