"""All rows of the OWASP ASVS 5.0 at levels 1 and 2, and what proves each."""

from __future__ import annotations

from tests.docs.asvs_row import Row
from tests.docs.asvs_rows_1 import ROWS as V1_TO_V5
from tests.docs.asvs_rows_2 import ROWS as V6_TO_V8
from tests.docs.asvs_rows_3 import ROWS as V9_TO_V17

ROWS: tuple[Row, ...] = (*V1_TO_V5, *V6_TO_V8, *V9_TO_V17)
