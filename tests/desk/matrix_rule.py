"""Who may know of what, as a slow rule: written from the description of the roles, asking nothing of the product's own."""

from __future__ import annotations

from mentionwatch.accounts import DeskRole
from tests.desk.matrix_home import ORDER, Thing

R = DeskRole
ALL = frozenset(DeskRole)
LEAD = frozenset({R.HEAD, R.CO_HEAD, R.DEPUTY, R.DSL})
SENIOR = LEAD | {R.SLT}
CASES = SENIOR | {R.CHAIR, R.OFFICE}
POSTS = SENIOR | {R.OFFICE, R.REVIEWER}
WHO: dict[str, frozenset[DeskRole]] = {
    "/": ALL,
    "/account": ALL,
    "/account/wishes": ALL,
    "/account/password": ALL,
    "/account/second-step": ALL,
    "/account/second-step/code": ALL,
    "/account/end-sessions": ALL,
    "/language": ALL,
    "/hide": ALL,
    "/digest/{day}": CASES,
    "/incidents": CASES,
    "/incidents/{id}": CASES,
    "/incidents/{id}/steps/{event}": CASES,
    "/mentions": POSTS,
    "/mentions/several": SENIOR | {R.REVIEWER},
    "/mentions/several/words": SENIOR | {R.REVIEWER},
    "/mentions/{id}": POSTS | {R.CHAIR},
    "/mentions/{id}/words": POSTS | {R.CHAIR},
    "/mentions/{id}/summary": POSTS | {R.CHAIR},
    "/mentions/{id}/ask": POSTS | {R.CHAIR},
    "/mentions/{id}/ask/end": POSTS | {R.CHAIR},
    "/mentions/{id}/correct": SENIOR | {R.REVIEWER},
    "/mentions/{id}/not-ours": SENIOR,
    "/mentions/{id}/incident": CASES,
    "/incidents/{id}/support-card": CASES,
    "/incidents/{id}/snooze": CASES,
    "/incidents/{id}/snooze/end": CASES,
    "/incidents/{id}/documents": CASES,
    "/incidents/{id}/documents/new/{kind}": CASES,
    "/incidents/{id}/documents/{number}/{lang}": CASES,
    "/incidents/{id}/documents/{number}/{lang}/words": CASES,
    "/incidents/{id}/documents/{number}/{lang}/file": CASES,
    "/incidents/{id}/evidence": SENIOR | {R.CHAIR},
    "/incidents/{id}/exhibit": SENIOR | {R.CHAIR},
    "/mentions/{id}/evidence": SENIOR | {R.CHAIR},
    "/mentions/{id}/exhibit": SENIOR | {R.CHAIR},
    "/good-news": POSTS,
    "/figures": SENIOR | {R.CHAIR, R.ANALYST},
    "/figures/governors/{term}": SENIOR | {R.CHAIR, R.ANALYST},
    "/audit": frozenset({R.HEAD, R.CO_HEAD, R.ADMIN}),
    "/sources": ALL - {R.CHAIR},
    "/roles": frozenset({R.HEAD, R.CO_HEAD, R.CHAIR}),
    "/accounts": frozenset({R.ADMIN}),
    "/accounts/new": frozenset({R.ADMIN}),
    "/accounts/{id}": frozenset({R.ADMIN}),
    "/accounts/{id}/person": frozenset({R.ADMIN}),
    "/accounts/{id}/roles": frozenset({R.ADMIN}),
    "/accounts/{id}/disable": frozenset({R.ADMIN}),
    "/accounts/{id}/reset": frozenset({R.ADMIN}),
    "/accounts/{id}/invite": frozenset({R.ADMIN}),
    "/accounts/{id}/end-sessions": frozenset({R.ADMIN}),
    "/report": POSTS,
    "/report/post": POSTS,
    "/report/sealed": POSTS,
    "/report/receipt": POSTS,
}
"""Who may open what at all. Written from the roles' description, not from `RIGHTS`."""


def is_barred(who: tuple[DeskRole, ...], thing: Thing) -> bool:
    """Is it about one of them, or did one of them step back? The decider nobody comes after acts all the same."""
    if not thing.barred & set(who):
        return False
    if thing.decider is None or thing.decider not in who:
        return True
    after = ORDER[ORDER.index(thing.decider) + 1 :]
    return any(role not in thing.barred for role in after)


def sees_incident(who: tuple[DeskRole, ...], thing: Thing) -> bool:
    if is_barred(who, thing):
        return False
    return any(
        role in LEAD
        or (role is R.CHAIR and thing.decider is R.CHAIR)
        or (role in (R.SLT, R.OFFICE) and not thing.is_grave)
        for role in who
    )


def sees_mention(who: tuple[DeskRole, ...], thing: Thing) -> bool:
    if not set(who) & (POSTS | {R.CHAIR}) or is_barred(who, thing):
        return False
    if thing.decider is not None:
        return sees_incident(who, thing)
    return bool(set(who) & POSTS)
