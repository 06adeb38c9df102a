"""What the review pages say beyond `desk.words`, in English and Welsh."""

from __future__ import annotations

from desk import protocol_vocabulary as pv
from desk.protocol_words import recorded_by_software, say_clause, split_quote
from desk.vocabulary import AUTHORS, CHANNELS, Pair
from desk.words import Speaker
from incidents.standing import DocumentKind, Track, TrackState
from mentionwatch.labels import AuthorKind, Channel, Role

WEB_WORDS: dict[str, Pair] = {
    "show_only": ("Show only", "Dangos dim ond"),
    "label": ("What it is", "Beth ydyw"),
    "everything": ("everything", "popeth"),
    "newer": ("Newer", "Mwy diweddar"),
    "older": ("Older", "Hŷn"),
    "page_number": ("Page {n}", "Tudalen {n}"),
    "page_of": ("Page {n} of {all}", "Tudalen {n} o {all}"),
    "part_before": ("Page before", "Tudalen flaenorol"),
    "part_later": ("Later", "Diweddarach"),
    "part_earlier": ("Earlier", "Cynharach"),
    "part_after": ("Next page", "Tudalen nesaf"),
    "none_match": ("Nothing matches this choice.", "Nid oes dim yn cyfateb i'r dewis hwn."),
    "went_wrong": (
        "Something went wrong. If you sent something, look whether it was recorded before you send it again. Tell whoever looks after mentionwatch: it is in logs/errors.log.",
        "Aeth rhywbeth o'i le. Os anfonoch rywbeth, edrychwch a gafodd ei gofnodi cyn ei anfon eto. Dywedwch wrth y sawl sy'n gofalu am mentionwatch: mae yn logs/errors.log.",
    ),
    "author": ("Author", "Awdur"),
    "author_unset": ("nobody has said yet", "nid oes neb wedi dweud eto"),
    "channel": ("Where it was posted", "Ble postiwyd hi"),
    "due_now": ("What is due", "Beth sydd i'w wneud, ac erbyn pryd"),
    "nothing_due": ("No time limit is running.", "Nid oes terfyn amser yn rhedeg."),
    "author_limit": ("Time limit given to the author", "Terfyn amser a roddwyd i'r awdur"),
    "beside": ("Beside it", "Ochr yn ochr â hyn"),
    "documents": ("Letters and forms on file", "Llythyrau a ffurflenni ar ffeil"),
    "in_english": ("in English", "yn Saesneg"),
    "in_welsh": ("in Welsh", "yn Gymraeg"),
    "pack_changed": (
        "Your policy pack has changed since. This incident goes on under the one it was opened with; the person who decides may change that with the step adopt_pack.",
        "Mae eich pecyn polisi wedi newid ers hynny. Mae'r digwyddiad hwn yn parhau o dan y pecyn yr agorwyd ef gydag ef; caiff y sawl sy'n penderfynu newid hynny gyda'r cam adopt_pack.",
    ),
    "who_may": ("Who may", "Pwy gaiff"),
    "asks": ("Questions to answer: {n}", "Cwestiynau i'w hateb: {n}"),
    "in_reason": ("The reason must say", "Rhaid i'r rheswm ddweud"),
    "shut_steps": (
        "Steps nobody may take now, and why: {n}",
        "Camau na chaiff neb eu cymryd nawr, a pham: {n}",
    ),
    "nobody": ("Nobody", "Neb"),
}


class WebSpeaker(Speaker):
    """Says these, and everything a `Speaker` says."""

    def __call__(self, key: str, **values: object) -> str:
        pair = WEB_WORDS.get(key)
        return pair[self.lang == "cy"].format(**values) if pair else super().__call__(key, **values)

    def track(self, track: Track) -> str:
        """What runs beside the protocol."""
        return pv.TRACKS[track][self._at]

    def track_state(self, state: TrackState) -> str:
        """How far it has come."""
        return pv.TRACK_STATES[state][self._at]

    def author(self, kind: AuthorKind | None) -> str:
        """Who wrote it, as far as a person has said."""
        return AUTHORS[kind][self._at] if kind else self("author_unset")

    def channel(self, channel: Channel) -> str:
        """Whose page it stands on."""
        return CHANNELS[channel][self._at]

    def document(self, kind: DocumentKind) -> str:
        """What a letter or form is called."""
        return pv.DOCUMENTS[kind][self._at]

    def happened(self, event: str) -> str:
        """What a stored event is called; one nobody knows stays as it is."""
        return pv.HAPPENED.get(event, (event, event))[self._at]

    def recorded(self, reason: str, role: Role) -> str:
        """The reason of a stored event. What a person wrote stays word for word."""
        return recorded_by_software(reason, self.lang) if role is Role.PIPELINE else reason

    def refusal(self, why: str) -> tuple[str, str, str]:
        """Why not, the clause that says so, and the language of the clause: a policy keeps its own."""
        said, quoted = split_quote(why)
        clause = say_clause(quoted, self._at)
        return self.protocol(said), clause, self.lang if clause != quoted else "en"
