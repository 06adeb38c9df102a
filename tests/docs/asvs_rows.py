"""The rows of the OWASP ASVS 5.0 that the desk answers to, in our own words, and what proves each (data only).

A row names its tests as `folder/module::function`, or says why it does not apply, or is open. Sections whose rows are
not taken one by one are one line: `V12.1` stands for all of section 12.1 at levels 1 and 2.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One row, or one section. `reason`: why it does not apply, or what holds beside the tests; `still_open`: what is missing."""

    id: str
    says: str
    tests: tuple[str, ...] = ()
    reason: str = ""
    still_open: str = ""


def row(id_: str, says: str, *tests: str, reason: str = "", still_open: str = "") -> Row:
    """A row with its tests in a line."""
    return Row(id_, says, tests, reason, still_open)


GUARD, ATTACKS, MATRIX, DOOR = "desk/test_guard", "desk/test_attacks", "desk/test_matrix", "desk/test_sign_in"
GATE, FILE, SITE, WORDS = (
    "flows/test_accounts", "warehouse/test_accounts", "flows/test_desk_site", "desk/test_passwords",
)  # fmt: skip
WEB, SAFE, REPORT, FACTOR, OPENID = (
    "desk/test_web", "desk/test_digest_is_safe", "desk/test_page_report", "desk/test_second_factor", "desk/test_openid",
)  # fmt: skip
EVIL_PAGES = (
    f"{MATRIX}::test_hostile_words_of_a_post_and_of_a_note_stay_words_on_every_page",
    f"{WEB}::test_hostile_words_stay_words_and_a_crash_says_nothing_of_them",
)
NO_SCRIPT = "The desk has no script, and its policy lets none run."
EVERY_ANSWER = f"{GUARD}::test_every_answer_keeps_to_itself"
WALK = f"{MATRIX}::test_each_person_is_shown_what_they_may_know_and_nothing_tells_them_of_the_rest"
FIELDS = f"{MATRIX}::test_every_form_has_its_token_and_takes_no_field_of_ones_own"

ROWS: tuple[Row, ...] = (
    # --- V1 encoding and sanitising
    row("V1.2.1", "What is shown is escaped for the place it is shown in", *EVIL_PAGES, f"{SAFE}::test_hostile_words_are_escaped_and_neutralised_everywhere", f"{REPORT}::test_hostile_words_stay_words"),
    row("V1.2.2", "Addresses are built by encoding; only web addresses become links", f"{SAFE}::test_an_address_that_is_no_web_address_is_never_a_link", *EVIL_PAGES[:1]),
    row("V1.2.3", "Nothing is written into script or JSON unescaped", f"{WEB}::test_a_page_keeps_to_itself_and_runs_no_script", reason=NO_SCRIPT),
    row("V1.2.4", "Queries take values apart from their text", WALK, reason="The walk sends quotes and comments as ids; every query binds its values, which the linter's rule S608 watches."),
    row("V1.2.5", "No command of the system is put together from what came in", reason="The desk starts no program. Programs the pipeline starts get a list of words, never a line for a shell (linter's rules S602 to S607)."),
    row("V1.2.9", "Words are quoted before they become part of a pattern", "classifiers/test_rules::test_any_text_can_be_looked_at_and_spans_lie_inside", "classifiers/test_rules::test_hostile_lengths_do_not_stall_the_rules"),
    row("V1.3.1", "HTML people wrote is cleaned before it is shown", "evidence/test_text::test_a_hostile_page_neither_raises_nor_stalls", reason="None is shown: of a post's page the words are taken, and they are escaped."),
    row("V1.3.2", "No code is worked out from what came in", *EVIL_PAGES[:1], reason="No eval, no exec, no pickle (linter's rules S301, S307)."),
    row("V1.3.3", "What goes into a dangerous place is cut to what is safe there", "desk/test_documents::test_control_and_direction_characters_go_and_the_letters_stay"),
    row("V1.3.4", "No SVG of others is shown", f"{FACTOR}::test_the_picture_is_one_svg_without_anything_to_load_or_run", reason="The desk shows only drawings it made itself."),
    row("V1.3.5", "No template, style sheet or markup of others is run", *EVIL_PAGES),
    row("V1.3.6", "Requests go only where they may (SSRF)", "collectors/test_fetch_refusals::test_no_form_of_a_private_address_is_contacted", "collectors/test_fetch_refusals::test_a_redirect_to_another_private_origin_is_refused_and_never_contacted", f"{OPENID}::test_a_directory_on_this_machine_is_reached_only_where_the_school_opened_it"),
    row("V1.3.7", "No template is made of what came in", *EVIL_PAGES, reason="Templates are files of the program."),
    row("V1.3.11", "Nothing typed gets into the head of an e-mail", "desk/test_mail::test_a_line_break_in_an_address_makes_no_header", f"{ATTACKS}::test_no_name_login_or_address_of_an_account_holds_a_line_end"),
    row("V1.5", "XML and other formats are read without reaching out; one reader, one meaning", "evidence/test_text::test_an_entity_of_a_page_reads_no_file_of_this_machine", "collectors/test_addresses::test_a_url_is_read_once_for_check_connection_and_host_header"),
    # --- V2 validation and business logic
    row("V2.2.1", "What comes in is checked against what is expected", f"{GUARD}::test_fields_nobody_asked_for_are_refused", f"{REPORT}::test_a_file_is_what_its_first_octets_say"),
    row("V2.2.2", "The check is made by the desk, not by the browser", f"{REPORT}::test_what_is_no_picture_is_refused", f"{DOOR}::test_empty_fields_are_named"),
    row("V2.2.3", "Fields that belong together must fit together", f"{REPORT}::test_a_time_is_london_time_and_an_unclear_hour_is_not_guessed", "incidents/test_misuse::test_l42_what_was_gone_before_it_was_asked_for_is_no_compliance"),
    row("V2.3.1", "Steps are taken in their order", "incidents/test_protocol::test_l26_a_police_hold_ends_only_by_the_police_or_the_stop_rule" , REPORT + "::test_no_field_for_a_file_before_the_question_is_answered"),
    row("V2.3.2", "Limits of the business hold", "incidents/test_misuse::test_l39_a_time_limit_is_not_typed_and_not_worded_away", "flows/test_corrections::test_no_flood_gets_past_the_caps"),
    row("V2.3.3", "A step is made whole or not at all", "warehouse/test_people::test_a_move_stores_state_event_and_audit_together", f"{FILE}::test_killed_at_any_moment_nothing_that_was_answered_is_lost_and_nothing_is_half_done"),
    row("V2.3.4", "Of two at once one wins", "warehouse/test_people::test_of_two_people_deciding_at_once_one_wins_and_the_other_is_told", f"{ATTACKS}::test_of_two_who_come_with_one_recovery_code_one_comes_in"),
    row("V2.4", "A machine that floods is slowed down", f"{DOOR}::test_whoever_tries_too_often_has_to_wait", f"{FILE}::test_many_guesses_at_once_are_looked_at_for_the_price_of_many"),
    # --- V3 the browser
    row("V3.2.1", "A browser reads an answer as what it is", EVERY_ANSWER, f"{WEB}::test_the_folder_is_not_served"),
    row("V3.2.2", "Text is shown as text", *EVIL_PAGES, reason=NO_SCRIPT),
    row("V3.3.1", "Cookies travel under TLS only", f"{GUARD}::test_cookies_are_out_of_reach"),
    row("V3.3.2", "Cookies stay behind when another site asks", f"{GUARD}::test_cookies_are_out_of_reach", f"{ATTACKS}::test_the_cookie_of_a_session_is_out_of_reach"),
    row("V3.3.3", "Under TLS the name of a cookie keeps other hosts from setting it", f"{GUARD}::test_cookies_are_out_of_reach"),
    row("V3.3.4", "No script reads a cookie", f"{ATTACKS}::test_the_cookie_of_a_session_is_out_of_reach", f"{GUARD}::test_cookies_are_out_of_reach"),
    row("V3.4.1", "Browsers are told to come under TLS only", f"{GUARD}::test_behind_a_proxy_only_it_is_believed"),
    row("V3.4.2", "No other origin may read an answer", EVERY_ANSWER),
    row("V3.4.3", "A policy says what a page may load and run: nothing", EVERY_ANSWER, f"{SAFE}::test_the_stylesheet_of_the_page_is_the_one_its_policy_names"),
    row("V3.4.4", "No guessing of types", EVERY_ANSWER),
    row("V3.4.5", "No address of the desk is told to others", EVERY_ANSWER),
    row("V3.4.6", "No other page frames the desk", EVERY_ANSWER),
    row("V3.5.1", "A form comes from our own page", f"{GUARD}::test_a_form_needs_its_own_token", f"{GUARD}::test_a_form_comes_from_our_own_page", f"{ATTACKS}::test_the_token_of_a_form_ends_with_its_session", "desk/test_web_looks::test_a_form_on_another_site_changes_nothing"),
    row("V3.5.2", "Nothing rests on a browser asking first", f"{GUARD}::test_a_form_comes_from_our_own_page", reason="No answer allows another origin, and forms are refused by token and origin whatever their type."),
    row("V3.5.3", "What changes something is no GET", f"{GUARD}::test_get_changes_nothing", WALK),
    row("V3.7", "Nobody is sent elsewhere unasked; no retired technology", f"{GUARD}::test_nobody_is_sent_elsewhere"),
    # --- V4 HTTP
    row("V4.1.1", "Every answer says what it is made of, and in which letters", EVERY_ANSWER, f"{ATTACKS}::test_every_page_answers_head_as_get_without_its_body"),
    row("V4.1.2", "Under TLS only: no answer on the plain port of a public address", f"{SITE}::test_it_does_not_open_where_others_could_listen_in"),
    row("V4.1.3", "Headers a proxy sets are believed from it alone", f"{GUARD}::test_without_a_declared_proxy_forwarded_headers_mean_nothing", f"{GUARD}::test_behind_a_proxy_only_it_is_believed", f"{ATTACKS}::test_no_header_begins_the_count_of_guesses_anew"),
    row("V4.2", "One message has one meaning", f"{GUARD}::test_two_host_headers_are_two_opinions", f"{GUARD}::test_a_body_that_names_no_length_is_cut_off"),
    row("V4.3", "GraphQL", reason="Not applicable: there is none."),
    row("V4.4", "WebSocket", reason="Not applicable: the guard answers nothing but HTTP."),
    # --- V5 files
    row("V5.2.1", "What is handed in has a size it may not pass", EVERY_ANSWER, f"{GUARD}::test_a_body_that_names_no_length_is_cut_off"),
    row("V5.2.2", "A file is what its content says, not its name", f"{REPORT}::test_a_file_is_what_its_first_octets_say", f"{REPORT}::test_what_is_no_picture_is_refused"),
    row("V5.2.3", "What is packed is measured before it is unpacked", "collectors/test_fetch_limits::test_a_gzip_bomb_is_refused_early", "evidence/test_picture_hostile::test_a_bomb_is_too_large_and_never_reaches_the_browser", reason="The desk unpacks nothing that is handed in."),
    row("V5.3.1", "Nothing handed in is run when it is fetched", f"{WEB}::test_the_folder_is_not_served"),
    row("V5.3.2", "Paths are made by the program, not of names that came in", WALK, f"{WEB}::test_the_folder_is_not_served", reason="A file is kept by the hash of its content; its name is dropped."),
    row("V5.4", "What is downloaded has a name the program chose", "evidence/test_exhibit::test_a_file_that_is_twice_in_a_zip_is_named"),
    # --- V6 authentication
    row("V6.1", "How guessing is slowed down is written down", f"{FILE}::test_v6_3_1_a_day_of_guessing_from_everywhere_looks_at_a_hundred_passwords", reason="docs/adr/0028"),
    row("V6.2.1", "A password has eight signs at least; fifteen are advised", f"{WORDS}::test_v6_2_1_and_v6_2_9_length_is_counted_in_signs_from_8_to_1024"),
    row("V6.2.2", "People change their password", f"{DOOR}::test_a_new_password_asks_for_the_old_one_and_ends_the_other_sessions"),
    row("V6.2.3", "For that the old one is asked", f"{DOOR}::test_a_new_password_asks_for_the_old_one_and_ends_the_other_sessions", f"{GATE}::test_v7_4_3_a_new_password_ends_every_other_session_and_needs_the_old_one"),
    row("V6.2.4", "The passwords everybody tries are refused", f"{WORDS}::test_v6_2_4_what_everybody_tries_first_is_refused"),
    row("V6.2.5", "No rule asks for kinds of signs", f"{WORDS}::test_v6_2_5_no_rule_asks_for_kinds_of_signs"),
    row("V6.2.6", "What is typed as a password is not shown", f"{ATTACKS}::test_a_password_is_hidden_can_be_pasted_and_is_never_put_back"),
    row("V6.2.7", "Pasting and password managers work", f"{ATTACKS}::test_a_password_is_hidden_can_be_pasted_and_is_never_put_back"),
    row("V6.2.8", "A password is checked as typed, to its last sign", f"{WORDS}::test_v6_2_8_a_long_password_counts_to_its_last_sign", f"{GATE}::test_v6_2_8_a_password_is_checked_exactly_as_typed"),
    row("V6.2.9", "Sixty-four signs and more are taken", f"{WORDS}::test_v6_2_1_and_v6_2_9_length_is_counted_in_signs_from_8_to_1024"),
    row("V6.2.10", "No password runs out by the calendar", f"{ATTACKS}::test_a_password_does_not_run_out"),
    row("V6.2.11", "Words of the school and the person make no password", f"{WORDS}::test_v6_2_4_what_everybody_tries_first_is_refused", f"{WORDS}::test_a_common_word_with_any_number_stays_common"),
    row("V6.2.12", "Passwords known from breaches are refused", f"{WORDS}::test_v6_2_4_what_everybody_tries_first_is_refused", reason="By a list in the program; a password is not asked about anywhere else, for a school's machine may have no way out."),
    row("V6.3.1", "Guessing is slowed down by account and by address", f"{DOOR}::test_whoever_tries_too_often_has_to_wait", f"{ATTACKS}::test_no_header_begins_the_count_of_guesses_anew", f"{ATTACKS}::test_one_login_spelt_otherwise_is_one_count", f"{ATTACKS}::test_a_right_sign_in_of_ones_own_forgives_no_guess_at_another", f"{FILE}::test_whoever_guesses_elsewhere_never_keeps_the_head_out"),
    row("V6.3.2", "There is no account to begin with", f"{GATE}::test_v6_3_2_there_is_no_account_until_the_key_made_one_and_the_key_opens_once"),
    row("V6.3.3", "A second factor, and no way round it", f"{ATTACKS}::test_no_address_goes_round_the_second_factor", f"{ATTACKS}::test_the_code_of_one_account_opens_no_other", f"{GATE}::test_v6_3_3_without_a_second_factor_only_its_own_page_is_open"),
    row("V6.3.4", "All ways in are as strong as each other", f"{OPENID}::test_nobody_gets_an_account_by_having_one_in_the_directory", f"{OPENID}::test_a_disabled_account_stays_shut_to_the_directory", f"{GATE}::test_quick_hide_shows_nothing_until_the_password_is_typed_again"),
    row("V6.4", "Links and resets open once, end by themselves, and do not go round the second factor", f"{ATTACKS}::test_a_reset_link_opens_once_and_none_before_it_opens_at_all", f"{GATE}::test_v6_4_1_an_invitation_opens_once_and_for_72_hours", f"{GATE}::test_a_reset_takes_password_factor_and_sessions_and_gives_one_link"),
    row("V6.5.1", "A code is good once", f"{GATE}::test_v6_5_1_a_code_works_once_also_across_processes", f"{GATE}::test_v6_5_1_of_two_who_show_one_code_at_the_same_moment_one_comes_in", f"{ATTACKS}::test_of_two_who_come_with_one_recovery_code_one_comes_in"),
    row("V6.5.2", "Of a recovery code only a hash is kept", f"{FACTOR}::test_v6_5_3_secrets_and_recovery_codes_are_random_and_long_enough_for_a_plain_hash", f"{FILE}::test_v6_5_2_a_secret_is_sealed_and_opens_for_its_own_account_only"),
    row("V6.5.3", "Secrets and codes are drawn by a generator made for it", f"{FACTOR}::test_v6_5_3_secrets_and_recovery_codes_are_random_and_long_enough_for_a_plain_hash"),
    row("V6.5.4", "They are long enough", f"{FACTOR}::test_v6_5_3_secrets_and_recovery_codes_are_random_and_long_enough_for_a_plain_hash"),
    row("V6.5.5", "A code is good for its half minute, one early or late", f"{FACTOR}::test_v6_5_1_no_code_is_taken_twice_and_none_more_than_a_step_away"),
    row("V6.8", "What the school's directory says is checked", f"{OPENID}::test_v10_5_3_a_token_that_says_anything_else_is_refused", f"{OPENID}::test_an_invited_person_comes_in_with_the_directory_and_again_without_the_invitation"),
    # --- V7 sessions
    row("V7.1", "How long sessions last, and how many, is written down", f"{FILE}::test_v7_3_1_a_session_lives_while_it_is_used_and_no_longer", reason="docs/adr/0028: half an hour, twelve hours, any number at once, all listed on one's own page."),
    row("V7.2.1", "Sessions are looked at by the desk", f"{GUARD}::test_no_page_opens_without_a_session"),
    row("V7.2.2", "Each session has a token of its own", f"{GATE}::test_v7_2_4_each_sign_in_has_a_new_token_and_the_file_holds_none"),
    row("V7.2.3", "It is too long to be guessed", f"{ATTACKS}::test_the_cookie_of_a_session_is_out_of_reach"),
    row("V7.2.4", "Signing in gives a new one and ends the one before", f"{DOOR}::test_a_session_that_somebody_set_before_is_not_taken_over", f"{ATTACKS}::test_a_new_sign_in_ends_a_hidden_session_of_this_browser"),
    row("V7.3.1", "It ends when it is not used", f"{DOOR}::test_a_session_ends_by_itself", f"{FILE}::test_v7_3_1_a_session_lives_while_it_is_used_and_no_longer"),
    row("V7.3.2", "It ends after twelve hours", f"{FILE}::test_v7_3_2_a_session_that_is_never_idle_ends_after_twelve_hours_all_the_same"),
    row("V7.4.1", "Signing out ends it on the desk too", f"{DOOR}::test_signing_out_ends_the_session_on_the_desk_too"),
    row("V7.4.2", "Disabling an account ends its sessions", f"{GATE}::test_v7_4_2_disabling_and_new_roles_end_every_session_at_once"),
    row("V7.4.3", "A new password ends the others", f"{GATE}::test_v7_4_3_a_new_password_ends_every_other_session_and_needs_the_old_one"),
    row("V7.4.4", "Every page has a button to sign out", f"{MATRIX}::test_every_page_can_be_left", still_open="the page of a digest has neither the button to sign out nor the one to hide"),
    row("V7.4.5", "An administrator ends anybody's", f"{GATE}::test_v7_4_5_an_administrator_ends_everybodys_sessions_and_each_person_their_own"),
    row("V7.5", "Great changes ask for the password again; a person sees and ends their sessions", f"{GATE}::test_v7_5_2_a_person_sees_where_they_are_signed_in", f"{DOOR}::test_everywhere_means_everywhere", f"{DOOR}::test_the_second_step_is_set_up_and_then_asked_for"),
    row("V7.6", "The directory's session and ours", f"{OPENID}::test_an_answer_is_taken_once_and_only_from_the_browser_that_asked", reason="A session begins only when a person presses the button; it ends by our own rules."),
    # --- V8 who may what
    row("V8.1", "Who may what is written down", f"{MATRIX}::test_every_row_of_the_table_is_in_the_matrix", reason="docs/adr/0028, mentionwatch/accounts.py"),
    row("V8.2.1", "Each page and form is for roles that have its right", WALK, f"{GUARD}::test_without_the_right_a_page_is_not_there_to_the_byte"),
    row("V8.2.2", "Each record is for those who may know of it", WALK, "warehouse/test_need_to_know::test_l31_the_condition_says_what_the_slow_rule_says"),
    row("V8.2.3", "Each field is for those who may read or change it", FIELDS, "flows/test_reporter::test_the_name_is_shown_for_one_logged_look_with_time_seen_and_time_reported"),
    row("V8.3.1", "That is decided by the desk, where nobody can change it", WALK, f"{MATRIX}::test_nobody_without_a_session_is_told_what_there_is"),
    row("V8.4.1", "One school never sees another", f"{WEB}::test_two_desks_on_one_machine_do_not_lock_each_other_out", reason="A home is one school: a folder, a database, a key and a desk of its own."),
    # --- V9 to V13
    row("V9", "Signed tokens: only the directory's, checked by algorithm, key, time and audience", f"{OPENID}::test_v9_1_2_only_signatures_with_a_private_key_of_the_directory_count", f"{OPENID}::test_v10_5_3_a_token_that_says_anything_else_is_refused"),
    row("V10.1", "No token of the directory reaches a browser; state is tied to it", f"{OPENID}::test_an_answer_is_taken_once_and_only_from_the_browser_that_asked"),
    row("V10.2", "A sign-in cannot be begun or ended by somebody else", f"{OPENID}::test_the_provider_refuses_a_code_without_its_verifier", f"{OPENID}::test_an_answer_is_taken_once_and_only_from_the_browser_that_asked"),
    row("V10.3, V10.4, V10.6, V10.7", "Resource server, authorisation server, provider, consent", reason="Not applicable: the desk is a client of the school's directory and nothing else."),
    row("V10.5", "The directory's answer is for this sign-in, this person and this desk", f"{OPENID}::test_v10_5_3_a_token_that_says_anything_else_is_refused", f"{OPENID}::test_a_description_that_is_not_the_configured_directorys_is_refused"),
    row("V11", "Known algorithms at their advised strength, by a known library", f"{WORDS}::test_v11_4_2_it_is_kept_as_argon2id_with_the_advised_figures_and_renewed_when_they_change", f"{FILE}::test_v6_5_2_a_secret_is_sealed_and_opens_for_its_own_account_only"),
    row("V12.1", "TLS 1.2 and later only", f"{SITE}::test_under_tls_it_really_speaks_tls_and_nothing_older"),
    row("V12.2", "Nothing but this machine without TLS", f"{SITE}::test_it_does_not_open_where_others_could_listen_in", f"{SITE}::test_a_refusal_to_start_is_one_line_and_exit_2"),
    row("V12.3", "Certificates of others are checked", "collectors/test_fetch_tls::test_only_a_valid_certificate_for_the_right_name_is_accepted", "desk/test_mail::test_a_server_with_a_certificate_nobody_vouches_for_gets_nothing"),
    row("V13.1.1", "Whom the program speaks to is written down", "collectors/test_fetch_refusals::test_ports_other_than_the_webs_are_for_configured_origins_only", reason="sources.toml and school.toml name every host."),
    row("V13.2.4", "It speaks to those only", "collectors/test_fetch_refusals::test_a_private_network_is_open_at_the_sources_own_origin_only"),
    row("V13.2.5", "So does the server itself", "evidence/test_capture::test_evidence_has_no_way_to_the_network_of_its_own", "collectors/test_fetch_refusals::test_proxies_and_cookies_have_no_say"),
    row("V13.3", "Secrets lie apart, for their owner only, and in no output", f"{SITE}::test_secrets_that_others_can_read_keep_it_shut", "flows/test_canaries::test_no_secret_stands_in_any_file_but_the_one_it_is_kept_in"),
    row("V13.4.1", "No source control folder is served", f"{WEB}::test_the_folder_is_not_served", f"{GUARD}::test_only_these_pages_need_no_session"),
    row("V13.4.2", "No debugging in use", EVERY_ANSWER),
    row("V13.4.3", "No folder is listed", f"{WEB}::test_the_folder_is_not_served"),
    row("V13.4.4", "No TRACE", f"{GUARD}::test_other_methods_are_refused"),
    row("V13.4.5", "No page of documentation or monitoring beside the desk's own", f"{GUARD}::test_only_these_pages_need_no_session"),
    # --- V14 to V17
    row("V14.1", "What data there is, and how it is kept, is written down", "warehouse/test_connection::test_every_column_says_what_it_is", reason="docs/data-dictionary.md, docs/promises.md"),
    row("V14.2", "No person in an address, no store on the way, gone when its time is up", f"{MATRIX}::test_no_address_of_the_desk_holds_a_name_or_words", EVERY_ANSWER, "warehouse/test_erase::test_each_class_is_kept_as_long_as_its_rule_says", "warehouse/test_erase::test_erased_is_gone_from_every_file_and_the_logs_still_verify", reason="One exception: an invitation's key stands in its link, opens once and for 72 hours, and no page tells where it came from."),
    row("V14.3", "Nothing is left in the browser", EVERY_ANSWER, reason="No script, so no local store; cookies hold a random token and end with the browser."),
    row("V15.1", "Fix times, parts list, and what costs much, are written down", "flows/test_house::test_requirements_are_exact_hashed_and_name_no_index", reason="SECURITY.md for fix times; the parts are the locked requirements.", still_open="a parts list in CycloneDX with each release, and the fix times by severity in SECURITY.md"),
    row("V15.2", "Parts are kept up to date; nothing is in use that need not be", "flows/test_house::test_there_are_requirements_to_run_and_to_check"),
    row("V15.3.1", "An answer holds only the fields it needs", f"{WEB}::test_no_page_shows_a_handle", f"{REPORT}::test_a_refused_form_keeps_its_words_but_never_the_reporter"),
    row("V15.3.2", "Redirects are followed only where that is meant", "collectors/test_fetch::test_redirects_are_recorded_and_limited", f"{GUARD}::test_nobody_is_sent_elsewhere"),
    row("V15.3.3", "A form sets only the fields it has", FIELDS, f"{GUARD}::test_fields_nobody_asked_for_are_refused"),
    row("V15.3.4", "The address of a browser is not what it says itself", f"{ATTACKS}::test_no_header_begins_the_count_of_guesses_anew", f"{GUARD}::test_behind_a_proxy_only_it_is_believed"),
    row("V15.3.5", "Types are strict", f"{GUARD}::test_fields_nobody_asked_for_are_refused", reason="The type checker runs strict over every package."),
    row("V15.4", "What several do at once is safe", f"{GATE}::test_v6_5_1_of_two_who_show_one_code_at_the_same_moment_one_comes_in", f"{FILE}::test_two_programs_that_begin_at_once_share_one_file_and_one_key"),
    row("V16.1", "What is logged is written down", "warehouse/test_connection::test_every_column_says_what_it_is", reason="docs/data-dictionary.md (audit), docs/promises.md"),
    row("V16.2", "Who, when, what and why; in UTC; no secret and no name", f"{GATE}::test_v16_3_1_each_sign_in_and_refusal_is_told_without_a_name", "flows/test_canaries::test_no_log_holds_a_post_a_person_or_a_secret"),
    row("V16.3", "Sign-in, refusal, change of rights and unexpected errors are logged", f"{GATE}::test_v16_3_1_each_sign_in_and_refusal_is_told_without_a_name", "flows/test_account_command::test_v16_3_1_each_act_is_in_the_audit_log_by_id_and_the_chain_is_whole", "flows/test_accounts_audit::test_each_event_goes_in_once_and_in_order"),
    row("V16.4", "Nobody writes into a log by what they type, nor changes it unnoticed", f"{ATTACKS}::test_no_line_is_put_into_a_log_by_a_login", "evidence/test_custody_log::test_500_random_changes_of_a_byte_are_found_at_the_right_entry"),
    row("V16.5", "An error says nothing of the inside, and shuts rather than opens", EVERY_ANSWER, *EVIL_PAGES[1:], f"{WEB}::test_the_home_need_not_be_quiet"),
    row("V17", "WebRTC", reason="Not applicable: there is none."),
)  # fmt: skip
