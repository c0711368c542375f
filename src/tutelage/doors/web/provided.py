"""Single sign-on as the pages have it: the provider, whom it knows here, what browsers keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import Request

from tutelage.doors.web.sealed import Seal
from tutelage.service.accounts import Person
from tutelage.service.subjects import Subjects

if TYPE_CHECKING:
    from tutelage.service.oidc import Flow, Provider  # 300 ms, where nobody needs it


@dataclass(frozen=True, slots=True)
class SignOns:
    """The provider, the people it knows, and what their browsers keep meanwhile."""

    provider: Provider
    subjects: Subjects
    seal: Seal

    @property
    def name(self) -> str:
        """What the button says."""
        return self.provider.settings.name

    def flow(self, value: str) -> Flow:
        """What follows from the value that the browser keeps; nothing of it is stored."""
        from tutelage.service.oidc import Flow  # noqa: PLC0415  # loaded with the provider

        return Flow(*(self.seal.derived(part, value) for part in ("state", "nonce", "verifier")))


def offered(request: Request, person: Person | None = None) -> dict[str, Any]:
    """What the pages of signing in say about single sign-on: its name, and whether it is used."""
    sso: SignOns | None = request.app.state.sign_ons
    if sso is None:
        return {"sso": "", "kept": False}
    issuer = sso.provider.settings.issuer
    return {"sso": sso.name, "kept": bool(person and sso.subjects.kept(person.name, issuer))}
