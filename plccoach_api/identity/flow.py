"""The way of a sign-in: off to a provider, back with its word, and on to the front end, signed in or told why not."""

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
    path_within,
    secret,
)

_log = logs.get_logger(__name__)

# Those that send people here from a page of theirs, with a code that we did not ask for.
_WITH_PORTAL = frozenset({Provider.clever})
# What OAuth and OpenID Connect call it when the person, or the provider for them, said no.
_DENIALS = frozenset({"access_denied", "consent_required", "interaction_required", "login_required"})


@dataclass(frozen=True, slots=True)
class Browser:
    """What a request tells of the browser it came from."""

    cookies: list[bytes]
    user_agent: str


@dataclass(frozen=True, slots=True)
class Callback:
    """What a provider sends a browser back with; `code` on success, `error` on failure."""

    code: str | None
    state: str | None
    issuer: str | None
    error: str | None


@dataclass(frozen=True, slots=True)
class Onward:
    """Where the browser goes next, and the cookies it takes along."""

    location: str
    cookies: tuple[str, ...] = ()


class SignInFlow:
    """Every refusal ends here, in one line of the log and one page of the front end."""

    def __init__(self, database: Database, *, front_end: str, secure: bool) -> None:
        self._database = database
        self._front_end = front_end
        self._session = SessionCookie(secure)
        self._attempt = AttemptCookie(secure)
        self._portal = PortalCookie(secure)

    async def begin(self, provider: SignInProvider, browser: Browser, next_path: str | None) -> Onward:
        """Off to the provider, with an attempt that only this browser can finish."""
        attempt = Attempt.new()
        try:
            location = await provider.authorization_url(
                state=attempt.state, nonce=attempt.nonce, code_challenge=attempt.code_challenge
            )
        except SignInRefused as refused:
            return self._refuse(provider.provider, refused)
        # Kept where there is one, so that attempts in two tabs can both be finished.
        bearer = self._attempt.browser(browser.cookies) or secret()
        async with self._database.transaction() as connection:
            await sign_in_attempts.create(
                connection,
                state_hash=hash_of(attempt.state),
                browser_hash=hash_of(bearer),
                provider=provider.provider,
                nonce=attempt.nonce,
                code_verifier=attempt.code_verifier,
                next_path=path_within(next_path),
                lifetime=LIFETIME,
            )
        return Onward(location, (self._attempt.set(bearer),))

    async def finish(self, provider: SignInProvider, browser: Browser, callback: Callback) -> Onward:
        """Back from the provider."""
        if callback.state is None and callback.error is None and provider.provider in _WITH_PORTAL:
            return await self._launch(provider, browser)
        try:
            attempt = await self._take(provider.provider, browser, callback)
            code = _code(callback)
            profile = await provider.profile(
                code=code, code_verifier=attempt.code_verifier, nonce=attempt.nonce, issuer=callback.issuer
            )
        except SignInRefused as refused:
            return self._refuse(provider.provider, refused)
        return await self.admit(profile, browser, attempt.next_path)

    async def admit(self, profile: Profile, browser: Browser, next_path: str | None = None) -> Onward:
        """On to the front end with a session, for a person whom a provider vouches for."""
        before = self._session.token(browser.cookies)
        try:
            token = await sign_in(self._database, profile, user_agent=browser.user_agent, before=before)
        except SignInRefused as refused:
            return self._refuse(profile.provider, refused)
        return Onward(f"{self._front_end}{next_path or DEFAULT_PATH}", (self._session.set(token),))

    async def _launch(self, provider: SignInProvider, browser: Browser) -> Onward:
        """The code that a portal brings belongs to no attempt of ours, so anybody may have sent it: not used."""
        if self._portal.value(browser.cookies) is not None:
            detail = "the portal launched this browser twice within a minute"
            return self._refuse(provider.provider, SignInRefused(SignInError.portal_loop, detail))
        onward = await self.begin(provider, browser, None)
        return Onward(onward.location, (*onward.cookies, self._portal.set(int(datetime.now(UTC).timestamp()))))

    async def _take(self, provider: Provider, browser: Browser, callback: Callback) -> SignInAttempt:
        bearer = self._attempt.browser(browser.cookies)
        if bearer is None or callback.state is None:
            raise SignInRefused(SignInError.invalid_state, "no state, or no cookie of an attempt")
        async with self._database.transaction() as connection:
            attempt = await sign_in_attempts.delete(
                connection, state_hash=hash_of(callback.state), browser_hash=hash_of(bearer), provider=provider
            )
        if attempt is None:
            raise SignInRefused(SignInError.invalid_state, "no such attempt of this browser with this provider")
        if attempt.expired:
            raise SignInRefused(SignInError.attempt_expired, "the attempt took too long")
        return attempt

    def _refuse(self, provider: Provider, refused: SignInRefused) -> Onward:
        _log.warning("sign-in refused", provider=provider, reason=refused.reason, detail=refused.detail)
        return Onward(f"{self._front_end}/login?{urlencode({'error': refused.reason})}")


def _code(callback: Callback) -> str:
    if callback.error is not None:
        denied = callback.error in _DENIALS
        reason = SignInError.access_denied if denied else SignInError.provider_unavailable
        raise SignInRefused(reason, "the provider sent the browser back with an error")
    if not callback.code:
        raise SignInRefused(SignInError.invalid_token, "the provider sent no code")
    return callback.code
