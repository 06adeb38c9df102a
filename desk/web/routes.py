"""THE table: every address of the desk, who may open it, and what answers. Nothing is reachable outside it.

How a page is added
-------------------
1. `desk/web/page_NAME.py` with a handler for each row:

       def page_name(request: Request, desk: Desk, viewer: Viewer) -> Response:      # GET: changes nothing
           return show(request, "name.html.j2", words=NAME_WORDS, rows=desk.records.rows(viewer))

       def take_name(request: Request, desk: Desk, viewer: Viewer) -> Response:      # POST: changes, then redirects
           form = sent(request, "reason", "as_role", several=("marks",))             # any other field: 400
           if not form.text("reason"):
               problems = (Problem("reason", say("need_reason")),)
               return show(request, "name.html.j2", 422, words=NAME_WORDS, problems=problems, form=form)
           ...
           return go("/name", "saved")     # 303 to /name?said=saved; there `said=said_of(request, "saved")` is shown

   Handlers are plain functions; they run in a thread. `viewer` has the row's right: that has been looked at, and
   what each row shows of which incident is the business of `desk.records` (viewer first). `visit_of(request)` has
   the time (`now`), the language and the session's token.
2. A row below: `Page("/name", Right.X, page_name)`; `nav="word_key"` puts it into the navigation of those who have the
   right; a form's row has `method=POST`; one with files `takes_files=True` (10 MB; `form.file("field")`).
3. `desk/templates/name.html.j2`: `{% extends "page.html.j2" %}`, blocks `heading` (the only h1) and `content`. Fields:
   `{% from "form.html.j2" import area, choose, csrf_field, field, send, tick with context %}`; every
   `<form method="post">` has `{{ csrf_field() }}`. A `Problem("reason", ...)` names the field by its id: it is shown
   in the summary, with a link, and at the field.
4. `desk/name_words.py`: `NAME_WORDS: dict[str, Pair]`, English and Welsh; `say("key")` finds them, then those of the
   frame, of `desk.web_words` and of `desk.words`. In a handler: `speaker(request, NAME_WORDS)("key")`.
5. What is not there, and what this viewer may not know: `raise HTTPException(404)`, nothing else: both answer the same
   bytes. `Retriable` becomes "in use just now" (503) by itself. Anything unexpected is a plain page, and a line in
   logs/errors.log.
6. Tests: `from tests.desk.signed_in import serving, sign_in`. The walk over this table in tests/desk/test_guard.py
   finds the new row by itself.
"""

from __future__ import annotations

from desk.web import openid_pages as openid
from desk.web import own_account as own
from desk.web import page_accounts as people
from desk.web import page_documents as letters
from desk.web import page_evidence as proof
from desk.web import page_report as report
from desk.web import sign_in as door
from desk.web.context import POST, OpenPage, Page
from desk.web.page_audit import page_audit
from desk.web.page_digest import page_digest
from desk.web.page_figures import page_figures, page_sheet, take_sheet
from desk.web.page_first_reading import take_ask, take_ask_end
from desk.web.page_good_news import page_good_news
from desk.web.page_incident import page_incident, page_step, take_step
from desk.web.page_incidents import page_incidents
from desk.web.page_mention import open_words, page_back, page_mention, take_correction, take_summary
from desk.web.page_mentions import page_mentions
from desk.web.page_not_ours import page_not_ours, take_not_ours
from desk.web.page_opening import page_opening, take_opening
from desk.web.page_queue import page_start
from desk.web.page_roles import page_roles, take_word
from desk.web.page_several import open_one_of_several, page_back_to_several, page_several, take_several
from desk.web.page_snooze import page_snooze, take_snooze, take_snooze_end
from desk.web.page_sources import page_sources
from desk.web.page_support import page_support
from mentionwatch.accounts import Right

TABLE: tuple[Page | OpenPage, ...] = (
    # Nobody has to be signed in for these.
    OpenPage("/alive", door.page_alive),
    OpenPage("/sign-in", door.page_sign_in),
    OpenPage("/sign-in", door.take_sign_in, POST),
    OpenPage("/sign-in/openid", openid.take_openid, POST),
    OpenPage("/sign-in/openid/back", openid.page_back),
    OpenPage("/sign-out", door.take_sign_out, POST),
    OpenPage("/first", door.page_first),
    OpenPage("/first", door.take_first, POST),
    OpenPage("/join", door.page_join),
    OpenPage("/join", door.take_join, POST),
    OpenPage("/hidden", door.page_hidden),
    OpenPage("/unlock", door.page_unlock),
    OpenPage("/unlock", door.take_unlock, POST),
    # Reading.
    Page("/", Right.OWN_ACCOUNT, page_start, nav="home"),
    Page("/digest/{day}", Right.DIGEST, page_digest),
    Page("/incidents", Right.INCIDENTS, page_incidents, nav="incidents"),
    Page("/incidents/{id}", Right.INCIDENTS, page_incident),
    Page("/incidents/{id}/steps/{event}", Right.TAKE_STEPS, page_step),
    Page("/incidents/{id}/steps/{event}", Right.TAKE_STEPS, take_step, POST),
    Page("/incidents/{id}/snooze", Right.TAKE_STEPS, page_snooze),
    Page("/incidents/{id}/snooze", Right.TAKE_STEPS, take_snooze, POST),
    Page("/incidents/{id}/snooze/end", Right.TAKE_STEPS, take_snooze_end, POST),
    Page("/incidents/{id}/documents", Right.INCIDENTS, letters.page_documents),
    Page("/incidents/{id}/documents/new/{kind}", Right.TAKE_STEPS, letters.page_draft),
    Page("/incidents/{id}/documents/new/{kind}", Right.TAKE_STEPS, letters.take_draft, POST),
    Page("/incidents/{id}/documents/{number}/{lang}", Right.INCIDENTS, letters.page_document),
    Page("/incidents/{id}/documents/{number}/{lang}/words", Right.OPEN_WORDS, letters.page_back),
    Page("/incidents/{id}/documents/{number}/{lang}/words", Right.OPEN_WORDS, letters.open_quotes, POST),
    Page("/incidents/{id}/documents/{number}/{lang}/file", Right.INCIDENTS, letters.page_back),
    Page("/incidents/{id}/documents/{number}/{lang}/file", Right.INCIDENTS, letters.fetch_file, POST),
    Page("/incidents/{id}/evidence", Right.EVIDENCE, proof.page_back),
    Page("/incidents/{id}/evidence", Right.EVIDENCE, proof.take_check, POST),
    Page("/incidents/{id}/exhibit", Right.EVIDENCE, proof.page_exhibit),
    Page("/incidents/{id}/exhibit", Right.EVIDENCE, proof.take_exhibit, POST),
    Page("/incidents/{id}/support-card", Right.TAKE_STEPS, page_support),
    Page("/mentions", Right.MENTIONS, page_mentions, nav="nav_mentions"),
    Page("/good-news", Right.GOOD_NEWS, page_good_news, nav="good_news"),
    # Before those of one mention, whose addresses would take them in.
    Page("/mentions/several", Right.CORRECT, page_several),
    Page("/mentions/several", Right.CORRECT, take_several, POST),
    Page("/mentions/several/words", Right.CORRECT, page_back_to_several),
    Page("/mentions/several/words", Right.CORRECT, open_one_of_several, POST),
    Page("/mentions/{id}", Right.OPEN_WORDS, page_mention),
    Page("/mentions/{id}/words", Right.OPEN_WORDS, page_back),
    Page("/mentions/{id}/words", Right.OPEN_WORDS, open_words, POST),
    Page("/mentions/{id}/summary", Right.OPEN_WORDS, page_back),
    Page("/mentions/{id}/summary", Right.OPEN_WORDS, take_summary, POST),
    Page("/mentions/{id}/ask", Right.OPEN_WORDS, page_back),
    Page("/mentions/{id}/ask", Right.OPEN_WORDS, take_ask, POST),
    Page("/mentions/{id}/ask/end", Right.OPEN_WORDS, page_back),
    Page("/mentions/{id}/ask/end", Right.OPEN_WORDS, take_ask_end, POST),
    Page("/mentions/{id}/correct", Right.CORRECT, page_back),
    Page("/mentions/{id}/correct", Right.CORRECT, take_correction, POST),
    Page("/mentions/{id}/not-ours", Right.CORRECT, page_not_ours),
    Page("/mentions/{id}/not-ours", Right.CORRECT, take_not_ours, POST),
    Page("/mentions/{id}/evidence", Right.EVIDENCE, proof.page_back_to_mention),
    Page("/mentions/{id}/evidence", Right.EVIDENCE, proof.take_check_of_mention, POST),
    Page("/mentions/{id}/exhibit", Right.EVIDENCE, proof.page_exhibit_of_post),
    Page("/mentions/{id}/exhibit", Right.EVIDENCE, proof.take_exhibit_of_post, POST),
    Page("/mentions/{id}/incident", Right.TAKE_STEPS, page_opening),
    Page("/mentions/{id}/incident", Right.TAKE_STEPS, take_opening, POST),
    Page("/sources", Right.SOURCES, page_sources, nav="sources"),
    Page("/figures", Right.FIGURES, page_figures, nav="figures"),
    Page("/figures/governors/{term}", Right.FIGURES, page_sheet),
    Page("/figures/governors/{term}", Right.FIGURES, take_sheet, POST),
    # Reporting a post.
    Page("/report", Right.REPORT, report.page_question, nav="nav_report"),
    Page("/report", Right.REPORT, report.take_answer, POST),
    Page("/report/post", Right.REPORT, report.page_post_form),
    Page("/report/post", Right.REPORT, report.take_post, POST, takes_files=True),
    Page("/report/sealed", Right.REPORT, report.page_stop_form),
    Page("/report/sealed", Right.REPORT, report.take_stop, POST),
    Page("/report/receipt", Right.REPORT, report.page_receipt),
    # Looking after accounts.
    Page("/accounts", Right.ACCOUNTS, people.page_accounts, nav="accounts_title"),
    Page("/accounts/new", Right.ACCOUNTS, people.page_invite),
    Page("/accounts/new", Right.ACCOUNTS, people.take_invite, POST),
    Page("/accounts/{id}", Right.ACCOUNTS, people.page_account_of),
    Page("/accounts/{id}/person", Right.ACCOUNTS, people.take_person, POST),
    Page("/accounts/{id}/roles", Right.ACCOUNTS, people.take_roles, POST),
    Page("/accounts/{id}/disable", Right.ACCOUNTS, people.take_disable, POST),
    Page("/accounts/{id}/reset", Right.ACCOUNTS, people.take_reset, POST),
    Page("/accounts/{id}/invite", Right.ACCOUNTS, people.take_invite_again, POST),
    Page("/accounts/{id}/end-sessions", Right.ACCOUNTS, people.take_end_sessions, POST),
    Page("/roles", Right.ROLES, page_roles),
    Page("/roles", Right.ROLES, take_word, POST),
    Page("/audit", Right.AUDIT, page_audit, nav="audit_title"),
    # Everybody's own.
    Page("/account", Right.OWN_ACCOUNT, own.page_account),
    Page("/account/wishes", Right.OWN_ACCOUNT, own.take_wishes, POST),
    Page("/account/password", Right.OWN_ACCOUNT, own.take_password, POST),
    Page("/account/second-step", Right.OWN_ACCOUNT, own.page_second, before_factor=True),
    Page("/account/second-step", Right.OWN_ACCOUNT, own.take_second, POST, before_factor=True),
    Page("/account/second-step/code", Right.OWN_ACCOUNT, own.take_code, POST, before_factor=True),
    Page("/account/end-sessions", Right.OWN_ACCOUNT, own.take_end_all, POST),
    Page("/language", Right.OWN_ACCOUNT, own.take_lang, POST, before_factor=True),
    Page("/hide", Right.OWN_ACCOUNT, door.take_hide, POST, before_factor=True),
)
