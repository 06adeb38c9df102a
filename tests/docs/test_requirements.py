"""Every requirement of the five policies has a test, and the table in docs/ says which."""

from __future__ import annotations

import ast

from tests.docs.requirements import PAGE, REQUIREMENTS, ids_in, link_tests, write_page


def test_every_requirement_is_linked_to_a_test() -> None:
    """A row without a test is a promise nobody keeps."""
    assert len(REQUIREMENTS) == 46 + 14 + 13 + 16 + 11
    unlinked = [id_ for id_, tests in link_tests().items() if not tests]
    assert unlinked == []


def test_the_table_in_docs_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == write_page(link_tests())


def test_an_id_counts_only_as_a_word_of_its_own() -> None:
    source = 'def test_l19_is_sealed():\n    """L20, and not AL21, L999 or L47."""'
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.FunctionDef)
    assert ids_in(node) == {"L19", "L20"}
