"""What is said of a step before and after: how many questions its form asks, and what was recorded of which incident."""

from __future__ import annotations

import re
from pathlib import Path

from mentionwatch.accounts import DeskRole
from tests.desk.signed_in import csrf_in, sign_in
from tests.desk.whole_desk import whole_desk

_STEP = re.compile(r'/steps/(\w+)">(?:(?!</li>).)*Questions to answer: (\d+)', re.DOTALL)


def _count(page: str) -> int:
    """The questions of a form that stand open; in which role, and the tick of what is never one click, are none."""
    form = page.split("<form method", 4)[-1].split("</form>")[0]
    fields = re.split(
        r'(?=<(?:div|fieldset) class="field)', re.sub(r"<details.*?</details>", "", form, flags=re.DOTALL)
    )
    ends = (each.partition("</fieldset>")[0].partition("<button")[0] for each in fields[1:])
    return sum(not re.search(r'name="(as_role|confirm)"', each) for each in ends)


def test_the_number_of_questions_beside_a_step_is_that_of_its_form(tmp_path: Path) -> None:
    """Whoever reads "Questions to answer: 5" finds five: what is known, optional or answered by the button is not among them."""
    counted = list[int]()
    with whole_desk(tmp_path) as desk, sign_in(desk, DeskRole.HEAD, DeskRole.DSL) as client:
        for id_ in ("2026-0002", "2026-0003"):
            for event, number in _STEP.findall(client.get(f"/incidents/{id_}").text):
                counted.append(_count(client.get(f"/incidents/{id_}/steps/{event}").text))
                assert counted[-1] == int(number), (id_, event)
    assert len(counted) > 12 and max(counted) >= 4 and min(counted) == 1


def test_after_a_step_whoever_took_it_reads_which_and_of_which_incident(tmp_path: Path) -> None:
    """No address says what was done (ASVS V14.2.1), and nobody else is told (L31); in both languages."""
    step, plain = "/incidents/2026-0003/steps/note", "Your step has been recorded.</p>"
    with (
        whole_desk(tmp_path) as desk,
        sign_in(desk, DeskRole.HEAD) as head,
        sign_in(desk, DeskRole.DEPUTY) as other,
    ):
        assert plain in head.get("/?said=step_taken").text, "nothing was recorded since the desk started"
        page = head.get(step).text
        seen = re.findall(r'name="seen" value="(\d+)"', page)[0]
        sent = {
            "csrf": csrf_in(page),
            "seen": seen,
            "as_role": "head",
            "reason": "spoken about today",
            "confirm": "yes",
        }
        answer = head.post(f"{step}?from=start", data=sent)
        assert (answer.status_code, answer.headers["location"]) == (303, "/?said=step_taken")
        told = head.get("/?said=step_taken").text
        assert "Your step has been recorded. Incident 2026-0003: A note for the record.</p>" in told
        assert told.count("2026-0003: A note") == 1 and "A note" not in head.get("/").text
        assert plain in head.get("/incidents/2026-0002?said=step_taken").text, "it was a step of another one"
        assert plain in other.get("/?said=step_taken").text
        head.post("/language", data={"csrf": csrf_in(told), "lang": "cy", "back": "/"})
        welsh = head.get("/?said=step_taken").text
        assert "Cofnodwyd eich cam. Digwyddiad 2026-0003: " in welsh and "A note" not in welsh
