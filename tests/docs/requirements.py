"""The hundred requirements the five policies make, and which tests prove each. Writes docs/requirements.md.

A test proves a requirement when its name or docstring holds the id: `test_l19_...`, or "L19: ..." in the docstring.
Run `python -m tests.docs.requirements` to write the table anew; a test compares it and fails on an unlinked row.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "requirements.md"

POLICIES = {
    "L": "Ysgol Llanbedrog",
    "B": "Brighton Hill",
    "C": "Cansfield",
    "D": "Caldecote",
    "G": "Grappenhall Heys",
}

REQUIREMENTS: dict[str, str] = {
    "L01": "Only public postings about the school; the clause that allows it stands on every run",
    "L02": "What does not touch the school is counted and not kept",
    "L03": "A disclaimer on a personal account is shown; its absence says nothing",
    "L04": "School account, personal or other; the school's own account is always in scope",
    "L05": "School accounts are on a register; too few operators or no approval shows",
    "L06": "Management leads; the assessment names who was involved",
    "L07": "A comment on a school account has an acknowledgement clock, and a miss shows",
    "L08": "Bullying on a school account raises a task",
    "L09": "The families of bad content are named on each flag",
    "L10": "A journalist: senior leaders at once, no answer before advice",
    "L11": "Unacceptable goes the internal way, illegal to the police, discipline only for staff",
    "L12": "Abuse by colleagues goes by the school's own procedure, never by an author letter",
    "L13": "Who the author is, a person says, before anything can be sent",
    "L14": "Sharing praise has its permissions",
    "L15": "Inappropriate has two limbs: connected with the school, and harmful",
    "L16": "Suspicion and report open the same incident, and which it was is kept",
    "L17": "Copy, time and address, or a written reason for each gap",
    "L18": "Time of posting and time of copying are two things; unknown stays unknown",
    "L19": "Who reported is sealed apart, and each look is logged with its purpose",
    "L20": "Who reported is in no output whatever",
    "L21": "A picture goes into a letter only when nobody can be told from it",
    "L22": "No contact before evidence and decision",
    "L23": "Handed over with the evidence, at a recorded time",
    "L24": "The decider alone chooses the route, with a reason",
    "L25": "Illegal: the police are informed and the incident waits",
    "L26": "While the police have it every internal step rests",
    "L27": "A worry about safety is told at once, on any route",
    "L28": "Keeping a person off the grounds is a decision of its own",
    "L29": "An invitation by word of mouth is recorded",
    "L30": "A letter instead of a meeting needs its reason",
    "L31": "The post about the head: deputy, then chair; the subject loses access",
    "L32": "Each piece of evidence stands against its clause with reasons",
    "L33": "No meeting without a witness who takes the minutes",
    "L34": "The points of the meeting are each done, not done or not applicable",
    "L35": "Discourtesy: reminder, end, leave, police, each with its time",
    "L36": "The minutes are shared, and when and how is recorded",
    "L37": "The letter says what the meeting would have said",
    "L38": "Recorded delivery has its reference and its status",
    "L39": "The limit is the first six o'clock at least forty-eight hours on; never shorter",
    "L40": "No letter with an empty field; the policy's sending is a recorded fact",
    "L41": "A changed paragraph shows; advice can be asked",
    "L42": "After the limit a person looks again; then three ways on",
    "L43": "A report to a platform names address, times, terms, and comes from the school's account",
    "L44": "Legal action is last and the person's own; nothing is drafted",
    "L45": "Linked policies and when they were sent are on record",
    "L46": "Advice to staff can be read, and judges nobody",
    "B01": "Parents and pupils are not bound: no letter cites a breach to them",
    "B02": "No clause to monitor: refused until governors decide",
    "B03": "The kinds of media are the pack's",
    "B04": "A flag cites the code it touches",
    "B05": "No home address or number is shown or exported",
    "B06": "Whether the target knows is a field, not a condition",
    "B07": "Bullying: advantage, disadvantage, unwarranted, unwelcome",
    "B08": "Reaches partners, pupils and parents, in and out of hours",
    "B09": "A form for staff who are targeted",
    "B10": "Support for the person targeted is opened and closed",
    "B11": "Evidence is kept at once",
    "B12": "Whether the employee was advised to tell the police is recorded",
    "B13": "An indecent image of a child: nothing kept, police at once",
    "B14": "Signed declarations of staff are on record",
    "C01": "Staff in the widest sense are bound; parents and pupils are not",
    "C02": "The head first; questions to a role, never a personal address",
    "C03": "When it was seen and when it was reported",
    "C04": "Who is disparaged is one of seven classes",
    "C05": "The ten heads can be chosen",
    "C06": "Staff may be required to take down; refusing is recorded",
    "C07": "No password has a place here",
    "C08": "A clause on the school's own systems is no authority for the web",
    "C09": "An outside question: no reply without approval in writing",
    "C10": "Four gates, then the deputy posts",
    "C11": "What was published is in a subject access answer",
    "C12": "No search about applicants",
    "C13": "Logo without permission is a kind of its own; investigators are trained",
    "D01": "Parents are bound by the agreement, once its date is on record",
    "D02": "No clause to monitor: refused until governors decide",
    "D03": "Two heads decide; a post about one leaves the other",
    "D04": "An adult at the school accused: child protection, and no author letter",
    "D05": "Bullying that began off site counts",
    "D06": "A former pupil: at most ask the new school",
    "D07": "Police only when families refuse and it goes on",
    "D08": "Below the platform's age: the platform's own form",
    "D09": "A pupil at a staff member's pages: heads and parents told",
    "D10": "In the working day: the child protection officer",
    "D11": "A picture of somebody else's child: address only, nothing copied",
    "D12": "The channels for worries, in their order",
    "D13": "Talking of school matters is no harm by itself",
    "D14": "Declared family links avoid false flags",
    "D15": "A derogatory remark is not defamation, and no letter says so",
    "D16": "A pupil reports in confidence",
    "G01": "Same scope and authority as Llanbedrog",
    "G02": "No process given: not set, and only what is given",
    "G03": "No acknowledgement clock unless the school adopts one",
    "G04": "On its own pages the school may hide or block, with reasons by rule",
    "G05": "A journalist: the media policy first",
    "G06": "Staff follow no pupil, present or former; nor does mentionwatch",
    "G07": "An account whose lead left shows",
    "G08": "A carer's permission in writing for every child shown",
    "G09": "A compromising picture is deleted and never kept",
    "G10": "Who may ask for removal is the pack's",
    "G11": "An undated policy says so on every preview",
}
"""Own words for each row of the reference; a row is proved by at least one test."""

_ID = re.compile(r"(?<![A-Za-z0-9])([LBCDG]\d\d)(?![0-9])")
_NAME = re.compile(r"_([lbcdg]\d\d)(?=_|$)")


def ids_in(node: ast.FunctionDef) -> set[str]:
    """The requirements a test names, in its name or its docstring."""
    named = {found.upper() for found in _NAME.findall(f"_{node.name}")}
    return (named | set(_ID.findall(ast.get_docstring(node) or ""))) & set(REQUIREMENTS)


def link_tests() -> dict[str, list[str]]:
    """Requirement to the tests that prove it, as `path::name`."""
    found: dict[str, list[str]] = {id_: [] for id_ in REQUIREMENTS}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
                for id_ in ids_in(node):
                    found[id_].append(f"{path.relative_to(ROOT).as_posix()}::{node.name}")
    return found


def write_page(links: dict[str, list[str]]) -> str:
    """The table as Markdown."""
    lines = [
        "# What the policies ask, and the tests that prove it",
        "",
        "Generated by `python -m tests.docs.requirements`; the checks fail when a row has no test or the page is old.",
        "The ids are those of the requirements drawn from the five policies.",
        "",
        "| id | policy | what is asked | tests |",
        "|---|---|---|---|",
    ]
    for id_, says in REQUIREMENTS.items():
        tests = "<br>".join(f"`{name}`" for name in links[id_])
        lines.append(f"| {id_} | {POLICIES[id_[0]]} | {says} | {tests} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    PAGE.write_text(write_page(link_tests()), encoding="utf-8")
