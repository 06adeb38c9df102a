"""What of the writer's file may reach the analysts' copy: every column is declared, kept or scrubbed.

A column that is in neither list fails a test: a new one is never published by accident.
"""

from __future__ import annotations

SEALED_TABLES = {
    "packs": "texts of policies; the incidents name their version",
    "documents": "letters name people; analysts count incident_events",
    "objects": "bytes of evidence: analysts get facts and digests",
    "audit": "who did what; for the desk and its auditors",
    "audit_about": "how the desk finds rows of the audit log",
    "custody": "signed entries, for exhibits and verification",
    "checkpoints": "signed roots of the custody log, for exhibits and verification",
    "stamps": "answers of time-stamping authorities, for exhibits and verification",
    "witnesses": "the upkeep's own business",
    "pictures": "pictures of evidence: analysts get facts and digests",
    "shadow_reasons": "free text",
    "subjects": "whom a post is about is for nobody's statistics",
    "subjects_read": "the desk's own business",
    "snoozes": "a person's own order of work",
    "summaries": "a colleague's words about a post that is covered",
    "summary_asks": "who would rather not read what is for nobody's statistics",
    "not_ours": "names people, and what is not about the school is counted nowhere",
    "cursors": "the collectors' own business; sources carries the useful part",
    "holds": "reasons may name people",
    "tombstones": "what was deleted is not counted among mentions",
    "meta": "facts about the writer's file",
    "schema_migrations": "facts about the writer's file",
    "chain_heads": "facts about the writer's file",
    "incident_numbers": "a counter",
}

KEPT: dict[str, tuple[str, ...]] = {
    "mentions": ("id", "source", "kind", "first_seen_at", "revision", "is_gone", "gone_at"),
    "revisions": ("posted_at", "posted_at_basis", "edited_at", "captured_at", "scope", "scope_score", "lang"),
    "classifications": (
        "mention_id", "revision", "label", "p_positive", "p_neutral", "p_concern", "p_inappropriate", "harms", "route", "needs_person",
        "is_sample", "lang", "model", "classified_at",
    ),
    "evidence": (
        "mention_id", "revision", "captured_at", "method", "http_status", "warc_sha256", "page_sha256", "text_sha256", "raw_sha256",
        "robots", "truncated", "software", "fault_kind",
    ),
    "incidents": (
        "id", "mention_id", "kind", "state", "decider", "route", "harms", "clause", "pack", "opened_at", "moved_at", "deadline_at",
        "event_count",
    ),
    "incident_events": ("seq", "incident_id", "number", "from_state", "event", "to_state", "role", "happened_at", "pack", "hash"),
    "runs": (
        "run_id", "started_at", "finished_at", "verdict", "pack", "authority", "software", "collected", "out_of_scope", "possible",
        "positive", "neutral", "concern", "inappropriate",
    ),
    "run_sources": (
        "run_id", "source", "collector", "verdict", "fetched", "new", "edited", "gone", "out_of_scope", "fault_kind", "last_ok_at", "stored_at",
    ),
    "decisions": (
        "id", "mention_id", "revision", "was_label", "label", "role", "decided_at", "harms", "route", "was_model", "supersedes",
    ),
}  # fmt: skip

SCRUBBED: dict[str, dict[str, str]] = {
    "mentions": {
        "native_id": "may hold a handle",
        "canonical_url": "leads to the author in one click; only the host is kept",
        "content_sha256": "confirms a guess of a short text",
        "seen_run_id": "bookkeeping",
        "is_sealed": "part of is_withheld",
        "gone_basis": "bookkeeping",
        "gone_run_id": "bookkeeping",
        "incident_id": "published as incident",
    },
    "revisions": {
        "mention_id": "only the latest revision is published, as mentions.id",
        "revision": "only the latest revision is published",
        "run_id": "bookkeeping",
        "url": "leads to the author in one click",
        "sealed": "title and text are published masked, unless withheld; the rest is not",
        "key_id": "bookkeeping",
        "content_sha256": "confirms a guess of a short text",
        "flags": "bookkeeping",
        "place": "may narrow down an author",
        "parent_id": "may hold a handle",
    },
    "classifications": {
        "is_doubtful": "part of is_withheld",
        "stop_image": "part of is_withheld",
    },
    "evidence": {
        "url_requested": "leads to the author in one click",
        "url_final": "leads to the author in one click",
        "redirects": "lead to the author in one click; counted",
        "remote_ip": "not needed",
        "fault_detail": "may hold an address",
    },
    "incidents": {
        "canonical_url": "leads to the author in one click",
        "track": "only incidents are published; concerns and good news are counted among mentions",
        "first_steps": "guidance for the desk",
        "reasons_json": "may quote",
        "summary": "free text",
    },
    "incident_events": {
        "actor": "names a member of staff",
        "reason": "free text",
        "details_json": "free text",
        "salt": "belongs to the reason",
        "commitment": "belongs to the reason",
        "prev_hash": "the row before has it",
    },
    "runs": {"digest": "a path of the school's machine", "incidents_opened_json": "incidents has them"},
    "run_sources": {"fault_detail": "may hold an address", "not_looked_at_json": "for the desk"},
    "decisions": {"actor": "names a member of staff", "reason": "free text"},
}

DERIVED: dict[str, dict[str, str]] = {
    "mentions": {
        "site": "host name out of canonical_url, the author's handle masked",
        "title": "masked, NULL when withheld",
        "text": "masked, NULL when withheld",
        "is_withheld": "inappropriate in any revision or decision, perhaps more than criticism and no person has said otherwise since, "
        "sealed, part of an incident, or the same post or words as such a one",
        "label": "the person's label, else the classifier's",
        "is_decided": "is there a person's label?",
        "needs_person": "of the latest classification",
        "harms": "of the latest classification",
        "route": "of the latest classification",
        "incident": "the incident's number",
    },
    "evidence": {
        "redirect_count": "length of redirects",
        "is_complete": "bytes kept, not truncated, no fault, posting time known",
    },
    "sources": {
        "name": "run_sources.source",
        "collector": "of the latest look",
        "last_run_id": "of the latest look",
        "last_verdict": "of the latest look",
        "last_fault_kind": "of the latest look",
        "last_ok_at": "of the latest look that knew one",
        "looks": "count",
        "mention_count": "count",
    },
    "judgement_weeks": {
        "week": "Monday, London time, of classifications.classified_at and decisions.decided_at",
        "model": "of the classification, or decisions.was_model",
        "mentions": "count",
        "share_positive": "of mentions",
        "share_neutral": "of mentions",
        "share_concern": "of mentions",
        "share_inappropriate": "of mentions",
        "mean_best": "of the largest of the four probabilities",
        "share_asked": "of mentions",
        "samples": "count of is_sample",
        "corrections": "count of decisions in force, the last one of each revision",
        "share_changed": "of corrections",
        "too_harsh": "count",
        "too_mild": "count",
    },
}
