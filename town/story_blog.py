"""The village blog: one busy writer and a few guests, in both languages."""

from __future__ import annotations

from mentionwatch.labels import Harm
from town.story import CONCERN, NEUTRAL, OUT, POSITIVE, Leaves, Post, Venue, hours, inappropriate

BLOG = (
    Post(
        "harvest-assembly",
        Venue.BLOG,
        "en",
        hours(28),
        "A lovely morning at the harvest assembly",
        "Thank you Ysgol Aberwylan for inviting the whole village. The children spoke beautifully in both languages "
        "and the welcome from the staff was as warm as ever. A credit to Aberwylan.",
        POSITIVE,
        author="Bet y Bont",
    ),
    Post(
        "homework-rant",
        Venue.BLOG,
        "en",
        hours(52),
        "Two hours of homework is ridiculous",
        "I have had it up to here with Ysgol Aberwylan. Two hours of homework for an eight-year-old! The policy is "
        "a joke, the letters are patronising and the head, Mrs Trefalun, never answers an e-mail. Sort it out.",
        CONCERN,
        author="Cross of Heol Fawr",
    ),
    Post(
        "crossing-patrol",
        Venue.BLOG,
        "en",
        hours(76),
        "Who will run the crossing?",
        "The crossing patrol outside Ysgol Aberwylan retires in July. The council has advertised the post; "
        "applications close on the 30th.",
        NEUTRAL,
        author="Bet y Bont",
        edited_text="The crossing patrol outside Ysgol Aberwylan retires in July. And while I am at it: the deputy, "
        "Osian Brychan, has been pocketing the school trip money for years, everybody knows it. He is a thief and the "
        "governors are covering up for him.",
        edited=inappropriate(Harm.DEFAMATION),
    ),
    Post(
        "taith-gerdded",
        Venue.BLOG,
        "cy",
        hours(100),
        "Taith gerdded noddedig yr ysgol",
        "Cerddodd plant Ysgol Aberwylan bum milltir ar hyd yr arfordir i godi arian i'r hosbis. Da iawn chi bob un, "
        "rydym mor falch ohonoch!",
        POSITIVE,
        author="Bet y Bont",
    ),
    Post(
        "cinio-ysgol",
        Venue.BLOG,
        "cy",
        hours(124),
        "Cinio ysgol oer unwaith eto",
        "Daeth y ferch adref yn llwglyd o Ysgol Aberwylan eto heddiw. Cinio oer, dognau bach a dim dewis llysieuol. "
        "Rwyf wedi cwyno droeon a does dim yn newid.",
        CONCERN,
        author="Mam o Lanwylan",
        leaves=Leaves.AUTHOR,
    ),
    Post(
        "celwydd-llywodraethwyr",
        Venue.BLOG,
        "cy",
        hours(128),
        "Y gwir am Ysgol Aberwylan",
        "Mae cadeirydd llywodraethwyr Ysgol Aberwylan, Marged Dolwen, yn lleidr ac yn gelwyddgi. Mae hi wedi dwyn "
        "arian y gronfa ac mae'r pennaeth yn gwybod yn iawn.",
        inappropriate(Harm.DEFAMATION),
        author="Dienw",
    ),
    Post(
        "seal-pups",
        Venue.BLOG,
        "en",
        hours(146),
        "Seal pups on the beach",
        "Seven pups this week between the slipway and the point. Keep dogs on a lead, please, and keep your distance.",
        OUT,
        author="Bet y Bont",
    ),
    Post(
        "old-photographs",
        Venue.BLOG,
        "en",
        hours(180),
        "Old photographs of the school wanted",
        "Ysgol Aberwylan is 120 years old next spring and the history group is looking for photographs and "
        "exercise books from the 1950s. Bring them to the library.",
        NEUTRAL,
        author="Bet y Bont",
        is_late=True,
    ),
)
