"""What stands above the school's policy for one incident, and whom to ask when nobody in its order is left."""

from __future__ import annotations

from dataclasses import dataclass

from flows.shipped import read_overlay
from flows.standing import Standing
from incidents.protocol import list_substitutes
from incidents.standing import Track, TrackState
from mentionwatch.labels import Channel, Harm, IncidentState, Role, Route
from mentionwatch.law import Words
from mentionwatch.overlay import DutyId, OfficeId, Overlay
from mentionwatch.policy import NOT_SET, PolicyPack
from warehouse.incident_steps import INCIDENT


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One duty: what it is, who is told in order, and how soon."""

    duty: DutyId
    gist: Words
    told: tuple[Words, ...]
    within: Words


def _duty_ids(standing: Standing) -> tuple[DutyId, ...]:
    now, row = standing.now, standing.row
    found: list[DutyId] = []
    if now.state is IncidentState.STOP_IMAGE:
        found.append(DutyId.INDECENT_IMAGES)
    is_safeguarding = now.track(Track.SAFEGUARDING) is TrackState.OPEN or row.route is Route.SAFEGUARDING
    if is_safeguarding and now.state is not IncidentState.STOP_IMAGE:
        is_adult = now.facts.get("safeguarding_kind") == "adult_at_school"
        found.append(DutyId.STAFF_ALLEGATION if is_adult else DutyId.CHILD_AT_RISK)
    if Harm.THREAT in row.harms:
        found.append(DutyId.THREAT_TO_LIFE)
    return tuple(found)


def _line(duty_id: DutyId, overlay: Overlay, *, about_head: bool) -> DutyLine:
    duty = overlay.duty(duty_id)
    offices = tuple(overlay.office(office) for office in duty.offices(about_head=about_head))
    within = Words(duty.within.text("en"), duty.within.text("cy"))
    return DutyLine(duty_id, duty.gist, tuple(office.name for office in offices), within)


def list_duties(standing: Standing) -> tuple[DutyLine, ...]:
    """The duties of the nation's overlay that this incident touches; none can be switched off by a pack."""
    overlay = read_overlay(standing.pack.nation)
    about_head = bool(standing.now.subjects & {Role.HEAD, Role.CO_HEAD})
    return tuple(_line(duty_id, overlay, about_head=about_head) for duty_id in _duty_ids(standing))


def contact_card(standing: Standing) -> Words | None:
    """Whom to ask when the post is about everybody in the pack's order (T07); None while somebody is left."""
    now, pack = standing.now, standing.pack
    if now.decider not in now.subjects or list_substitutes(now, pack):
        return None
    office = read_overlay(pack.nation).office(OfficeId.LOCAL_AUTHORITY_CONTACT)
    body = _body(pack)
    return Words(
        f"Nobody in the order of your policy is left. Ask {body.english} or the trust who decides; for an allegation about an adult, {office.name.english}.",
        f"Nid oes neb ar ôl yn nhrefn eich polisi. Gofynnwch i'r awdurdod lleol{body.welsh} neu'r ymddiriedolaeth pwy sy'n penderfynu; ar gyfer honiad am oedolyn, {office.name.welsh}.",
    )


def _body(pack: PolicyPack) -> Words:
    """Whom to ask, as the policy calls it; in Welsh beside the words for it, since no name mutates well after them."""
    if pack.authority_body in ("", NOT_SET):
        return Words("the local authority", "")
    return Words(pack.authority_body, f" ({pack.authority_body})")


def list_tasks(standing: Standing) -> tuple[Words, ...]:
    """What the place of a post makes somebody's task, beside the protocol's steps (L08)."""
    if standing.now.channel is not Channel.SCHOOL_ACCOUNT or standing.row.track != INCIDENT:
        return ()
    return (
        Words(
            "It stands on the school's own account: whoever runs the account steps in today, keeps the evidence first, and does what your policy lets the school do on its own pages.",
            "Mae ar gyfrif yr ysgol ei hun: mae'r sawl sy'n rhedeg y cyfrif yn ymyrryd heddiw, yn cadw'r dystiolaeth yn gyntaf, ac yn gwneud yr hyn y mae eich polisi'n ei ganiatáu ar dudalennau'r ysgol ei hun.",
        ),
    )
