"""What is said on r/aberwylan. Two threads with comments, and posts of their own."""

from __future__ import annotations

from mentionwatch.labels import Harm, Route
from town.story import CONCERN, NEUTRAL, OUT, POSITIVE, Leaves, Post, Venue, hours, inappropriate

SUBREDDIT = "aberwylan"

THREAD_PARKING = "t3_awpark"
THREAD_PLAY = "t3_awplay"
PLANTED = "t1_awthreat"
"""The planted incident: a clear threat against a member of staff."""

REDDIT = (
    Post(
        THREAD_PARKING,
        Venue.REDDIT,
        "en",
        hours(26),
        "Parking outside Ysgol Aberwylan is out of control",
        "Second near miss this week outside Ysgol Aberwylan. Cars on the zigzags, engines running, nobody from the "
        "school in sight. I have written to the head twice and heard nothing.",
        CONCERN,
        author="tide_table_tom",
    ),
    Post(
        "t1_awagree",
        Venue.REDDIT,
        "en",
        hours(25),
        "",
        "Same here. I pushed a double buggy round three cars this morning and nearly went under a van. The school "
        "has to put somebody on the gate.",
        CONCERN,
        author="buggy_brigade",
        parent=THREAD_PARKING,
    ),
    Post(
        PLANTED,
        Venue.REDDIT,
        "en",
        hours(24),
        "",
        "I am done being polite. I know what car Trefalun drives and I will be waiting for her at the gate on "
        "Monday with a hammer. She is going to end up in hospital, I promise you.",
        inappropriate(Harm.THREAT, route=Route.POLICE),
        author="hafod_lad_88",
        parent=THREAD_PARKING,
    ),
    Post(
        "t1_awdox",
        Venue.REDDIT,
        "en",
        hours(23),
        "",
        "Brychan the deputy lives at 14 Stryd y Cei, the blue door, and his kids walk home alone along the quay. "
        "Go and tell him what you think at his house tonight.",
        inappropriate(Harm.PRIVACY, Harm.HARASSMENT, route=Route.POLICE),
        author="quay_watcher",
        parent=THREAD_PARKING,
        leaves=Leaves.MODERATOR,
    ),
    Post(
        "t1_awpile",
        Venue.REDDIT,
        "en",
        hours(22),
        "",
        "That Cadfarch woman in Year 4 is a fat useless cow and everyone should tell her so every single day until "
        "she quits. Flood her inbox, make her cry.",
        inappropriate(Harm.HARASSMENT),
        author="saltmarsh_sid",
        parent=THREAD_PARKING,
    ),
    Post(
        "t1_awcalm",
        Venue.REDDIT,
        "en",
        hours(21),
        "",
        "Ysgol Aberwylan asked the council for a crossing in May, the minutes are public. Be angry at the right people.",
        NEUTRAL,
        author="minutes_reader",
        parent=THREAD_PARKING,
        is_folded=True,
    ),
    Post(
        "t1_awparcio",
        Venue.REDDIT,
        "cy",
        hours(20),
        "",
        "Mae'r parcio tu allan i Ysgol Aberwylan yn warthus ers blynyddoedd. Pryd mae'r ysgol am wneud rhywbeth?",
        CONCERN,
        author="gwylan_fach",
        parent=THREAD_PARKING,
    ),
    Post(
        "t1_awbygwth",
        Venue.REDDIT,
        "cy",
        hours(19),
        "",
        "Mi dorra i wddw'r brifathrawes 'na os gwela i hi wrth giât Ysgol Aberwylan eto. Mi fydda i yno efo cyllell fore Llun.",
        inappropriate(Harm.THREAT, route=Route.POLICE),
        author="craig_ddu",
        parent=THREAD_PARKING,
    ),
    Post(
        THREAD_PLAY,
        Venue.REDDIT,
        "en",
        hours(60),
        "Anyone going to the Ysgol Aberwylan murder mystery?",
        "My daughter plays the poisoner and has been killing us at breakfast with her lines. Friday, 6pm, school hall.",
        POSITIVE,
        author="prompt_corner",
    ),
    Post(
        "t1_awdie",
        Venue.REDDIT,
        "en",
        hours(59),
        "",
        "We went on dress rehearsal night. The headmaster dies in the first scene and it only gets better. Well done "
        "everyone at Ysgol Aberwylan!",
        POSITIVE,
        author="row_f_seat_nine",
        parent=THREAD_PLAY,
    ),
    Post(
        "t1_awdrama",
        Venue.REDDIT,
        "cy",
        hours(58),
        "",
        "Sioe ardderchog, llongyfarchiadau i bawb yn Ysgol Aberwylan. Roedd y plant yn wych!",
        POSITIVE,
        author="gwylan_fach",
        parent=THREAD_PLAY,
    ),
    Post(
        "t3_awterm",
        Venue.REDDIT,
        "en",
        hours(80),
        "Term dates for Ysgol Aberwylan?",
        "Does anybody have the spring term dates for Ysgol Aberwylan? The web site is down.",
        NEUTRAL,
        author="new_to_the_bay",
        edited_text="Found them, thanks. But do not send your kids to Ysgol Aberwylan: the head, Eleri Trefalun, hits "
        "children behind closed doors and has paid off the parents. She belongs in prison.",
        edited=inappropriate(Harm.DEFAMATION),
    ),
    Post(
        "t3_awlles",
        Venue.REDDIT,
        "cy",
        hours(82),
        "Cwestiwn am wisg Ysgol Aberwylan",
        "Lle mae prynu siwmper Ysgol Aberwylan erbyn hyn? Mae'r siop yn y stryd fawr wedi cau.",
        NEUTRAL,
        author="ty_pella",
    ),
    Post(
        "t3_awsend",
        Venue.REDDIT,
        "en",
        hours(104),
        "Ysgol Aberwylan and ALN support",
        "Has anyone managed to get an individual development plan out of Ysgol Aberwylan? We are on our third "
        "meeting. I am exhausted and my child is falling further behind.",
        CONCERN,
        author="third_meeting",
        leaves=Leaves.AUTHOR,
    ),
    Post(
        "t3_awnorth",
        Venue.REDDIT,
        "en",
        hours(106),
        "Wrong Aberwylan!",
        "For those asking: the fire was at Aberwylan School in Westmarch, Northshire, not here. Two hundred miles away.",
        OUT,
        author="minutes_reader",
    ),
    Post(
        "t3_awchips",
        Venue.REDDIT,
        "en",
        hours(120),
        "Best chips on the front?",
        "Settle an argument please. Vinegar before salt or after?",
        OUT,
        author="batter_bits",
    ),
    Post(
        "t3_awlate",
        Venue.REDDIT,
        "en",
        hours(62),
        "Lost a blue coat near Ysgol Aberwylan",
        "Child's blue coat lost on Friday between Ysgol Aberwylan and the bus stop. Name tape inside.",
        NEUTRAL,
        author="blue_coat_parent",
        is_late=True,
    ),
)
