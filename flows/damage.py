"""What an incident about damaged evidence is called, and what is done first: leave everything as it is."""

from __future__ import annotations

DAMAGED_CLAUSE = "duty above every policy: evidence is kept as it was captured"
DAMAGED_STEPS = {
    "en": (
        "Leave the machine and its files as they are",
        "Run: mentionwatch evidence verify. Keep what it prints",
        "Tell the data protection officer",
        "Compare with the latest backup before anything is put back",
    ),
    "cy": (
        "Gadewch y peiriant a'i ffeiliau fel y maent",
        "Rhedwch: mentionwatch evidence verify. Cadwch yr hyn y mae'n ei ddangos",
        "Dywedwch wrth y swyddog diogelu data",
        "Cymharwch â'r copi wrth gefn diweddaraf cyn adfer dim",
    ),
}
