"""What the page of sources says, in English and Welsh; what to do about each kind of fault."""

from __future__ import annotations

from desk.vocabulary import Pair
from mentionwatch.labels import FaultKind, Verdict

SOURCE_WORDS: dict[str, Pair] = {
    "all_well": (
        "Every source was seen in full when it was last looked at.",
        "Gwelwyd pob ffynhonnell yn llawn pan edrychwyd arni ddiwethaf.",
    ),
    "some_unseen": (
        "Not everything could be seen. What was not seen is unknown: this is not an all-clear.",
        "Nid oedd modd gweld popeth. Nid yw'n hysbys beth na welwyd: nid yw hyn yn golygu bod popeth yn iawn.",
    ),
    "none_yet": (
        "No night run has taken place yet: nothing has been looked at.",
        "Nid oes yr un rhediad nos wedi digwydd eto: nid edrychwyd ar ddim.",
    ),
    "is_late": (
        "The night run did not take place: nothing has been looked at since {when}. Nobody knows whether anything was said. Tell whoever looks after mentionwatch.",
        "Ni ddigwyddodd y rhediad nos: nid edrychwyd ar ddim ers {when}. Nid oes neb yn gwybod a ddywedwyd rhywbeth. Dywedwch wrth y sawl sy'n gofalu am mentionwatch.",
    ),
    "not_finished": (
        "The run that began on {when} is not finished: it is still running, or it was cut off. Until it is finished, sources may not have been looked at.",
        "Nid yw'r rhediad a ddechreuodd ar {when} wedi gorffen: mae'n rhedeg o hyd, neu cafodd ei dorri ar ei hanner. Hyd nes y bydd wedi gorffen, mae'n bosibl nad edrychwyd ar rai ffynonellau.",
    ),
    "how_many": (
        "Sources: {n}. Not seen in full: {doubtful}",
        "Ffynonellau: {n}. Heb eu gweld yn llawn: {doubtful}",
    ),
    "last_run": ("Last run", "Rhediad diwethaf"),
    "next_run": ("Next run", "Rhediad nesaf"),
    "next_note": (
        "{when}, where the timetable is switched on",
        "{when}, os yw'r amserlen wedi'i throi ymlaen",
    ),
    "model_in_use": ("Model in use", "Model a ddefnyddir"),
    "model_trouble": (
        "Something is wrong with a model on this machine. Run mentionwatch status: it says what, and which model judges meanwhile.",
        "Mae rhywbeth o'i le ar fodel ar y peiriant hwn. Rhedwch mentionwatch status: mae'n dweud beth, a pha fodel sy'n barnu yn y cyfamser.",
    ),
    "room": ("Free disk space", "Lle rhydd ar y ddisg"),
    "room_left": ("{n} GB", "{n} GB"),
    "room_short": (
        "Only {n} GB of disk space is free. A full disk stops the night run. Make room on the machine mentionwatch runs on.",
        "Dim ond {n} GB o le sy'n rhydd ar y ddisg. Mae disg lawn yn atal y rhediad nos. Gwnewch le ar y peiriant y mae mentionwatch yn rhedeg arno.",
    ),
    "collector": ("What it is", "Beth ydyw"),
    "feed": ("news or web feed", "ffrwd newyddion neu wefan"),
    "reddit": ("Reddit", "Reddit"),
    "wikipedia": ("Wikipedia", "Wicipedia"),
    "seen_well": ("Last seen in full", "Gwelwyd yn llawn ddiwethaf"),
    "looked": ("Last look", "Yr edrychiad diwethaf"),
    "never_looked": (
        "Not looked at yet. The next run will look at it.",
        "Nid edrychwyd arni eto. Bydd y rhediad nesaf yn edrych arni.",
    ),
    "overdue_look": (
        "The latest run did not look at it.",
        "Nid edrychodd y rhediad diweddaraf arni.",
    ),
    "not_listed": (
        "No longer looked at: it does not stand in sources.toml any more.",
        "Nid edrychir arni mwyach: nid yw yn sources.toml bellach.",
    ),
    "list_unread": (
        "sources.toml cannot be read, so the next run will stop. Run mentionwatch sweep: it names the line and the mend.",
        "Ni ellir darllen sources.toml, felly bydd y rhediad nesaf yn stopio. Rhedwch mentionwatch sweep: mae'n enwi'r llinell a'r modd o'i thrwsio.",
    ),
    "cause": ("Why", "Pam"),
    "to_do": ("What to do", "Beth i'w wneud"),
    "gaps": ("Not looked at there", "Yr hyn nad edrychwyd arno yno"),
    "nights": ("Last {n} nights", "Y {n} noson ddiwethaf"),
    "each_night": ("Night by night", "Fesul noson"),
    "key": ("Key", "Allwedd"),
    "too_wide": (
        "Found here in the last year, and judged by a person not to be about the school:",
        "Canfuwyd yma yn ystod y flwyddyn ddiwethaf, a barnodd rhywun nad ydynt am yr ysgol:",
    ),
    "too_wide_one": ("{rule}: {n}", "{rule}: {n}"),
    "too_wide_named": ("{rule} ({name}): {n}", "{rule} ({name}): {n}"),
    "too_wide_mend": (
        "If a name keeps finding another school, whoever looks after mentionwatch takes it out of school.toml, or names the other school there.",
        "Os yw enw'n canfod ysgol arall o hyd, bydd y sawl sy'n gofalu am mentionwatch yn ei dynnu o school.toml, neu'n enwi'r ysgol arall yno.",
    ),
    "n_nights": ("{what}: {n}", "{what}: {n}"),
    "no_sources": (
        "There is no source yet. Whoever looks after mentionwatch names them in sources.toml.",
        "Nid oes ffynhonnell eto. Y sawl sy'n gofalu am mentionwatch sy'n eu henwi yn sources.toml.",
    ),
}

NIGHTS_SAID: dict[Verdict | None, Pair] = {
    Verdict.CLEAR: ("seen in full", "gwelwyd yn llawn"),
    Verdict.DEGRADED: ("seen in part", "gwelwyd yn rhannol"),
    Verdict.BLIND: ("tried, not seen", "ceisiwyd, heb ei gweld"),
    None: ("did not run", "ni redwyd"),
}
"""Found nothing and did not look are two things: a night seen in full may have found nothing, one that did not run says nothing."""

NIGHT_MARKS: dict[Verdict | None, str] = {
    Verdict.CLEAR: "full",
    Verdict.DEGRADED: "half",
    Verdict.BLIND: "cross",
    None: "gap",
}
"""The shape each stands for, so that no colour is needed (WCAG 1.4.1)."""

MENDS: dict[FaultKind, Pair] = {
    FaultKind.DNS: (
        "If it lasts two nights: check the address in sources.toml, and this machine's network.",
        "Os yw'n para dwy noson: gwiriwch y cyfeiriad yn sources.toml, a rhwydwaith y peiriant hwn.",
    ),
    FaultKind.TLS: (
        "Nothing is read from it until its certificate is right again. If the school's own network inspects traffic, ask whoever runs it.",
        "Ni ddarllenir dim ohoni hyd nes bydd ei thystysgrif yn iawn eto. Os yw rhwydwaith yr ysgol yn archwilio traffig, holwch y sawl sy'n ei redeg.",
    ),
    FaultKind.TIMEOUT: (
        "Nothing for now: it is tried again each night. If it lasts a week, look whether the page opens in a browser.",
        "Dim am y tro: rhoddir cynnig arall arni bob nos. Os yw'n para wythnos, edrychwch a yw'r dudalen yn agor mewn porwr.",
    ),
    FaultKind.REFUSED_BY_POLICY: (
        "The site asks not to be read by software, and that is respected. Look at it by hand, or take it out of sources.toml.",
        "Mae'r wefan yn gofyn i feddalwedd beidio â'i darllen, a pherchir hynny. Edrychwch arni â llaw, neu tynnwch hi o sources.toml.",
    ),
    FaultKind.HTTP_401_403: (
        "It is not public any more. Nothing behind a sign-in is ever read: take it out of sources.toml, or find its public feed.",
        "Nid yw'n gyhoeddus mwyach. Ni ddarllenir byth ddim sydd y tu ôl i fewngofnodi: tynnwch hi o sources.toml, neu dewch o hyd i'w ffrwd gyhoeddus.",
    ),
    FaultKind.HTTP_404_410: (
        "The feed has moved or ended. Find its new address and put it into sources.toml.",
        "Mae'r ffrwd wedi symud neu ddod i ben. Dewch o hyd i'w chyfeiriad newydd a'i roi yn sources.toml.",
    ),
    FaultKind.RATE_LIMITED: (
        "Nothing for now: it is asked again the next night. If it lasts, look at fewer of its feeds.",
        "Dim am y tro: gofynnir eto'r noson nesaf. Os yw'n para, edrychwch ar lai o'i ffrydiau.",
    ),
    FaultKind.SERVER_ERROR: (
        "Nothing: that is for those who run it. It is tried again each night.",
        "Dim: mater i'r rhai sy'n ei rhedeg yw hynny. Rhoddir cynnig arall arni bob nos.",
    ),
    FaultKind.NOT_A_FEED: (
        "The address gives a page, not a feed. Find the feed's own address and put it into sources.toml.",
        "Mae'r cyfeiriad yn rhoi tudalen, nid ffrwd. Dewch o hyd i gyfeiriad y ffrwd ei hun a'i roi yn sources.toml.",
    ),
    FaultKind.TRUNCATED: (
        "What had arrived was read; the rest was not. If it happens again, tell whoever looks after mentionwatch.",
        "Darllenwyd yr hyn a oedd wedi cyrraedd; ni ddarllenwyd y gweddill. Os yw'n digwydd eto, dywedwch wrth y sawl sy'n gofalu am mentionwatch.",
    ),
    FaultKind.TOO_LARGE: (
        "It is larger than what is taken in. Look for a narrower feed of the same site.",
        "Mae'n fwy na'r hyn a dderbynnir. Chwiliwch am ffrwd gulach o'r un wefan.",
    ),
    FaultKind.EMPTY: (
        "It always had entries and has none now. Open it in a browser: it may have moved.",
        "Roedd ynddi gofnodion bob amser ac nid oes yr un nawr. Agorwch hi mewn porwr: gall fod wedi symud.",
    ),
    FaultKind.FROZEN: (
        "It answers, but nothing has changed for long. Open it in a browser: it may have been given up.",
        "Mae'n ateb, ond nid oes dim wedi newid ers tro. Agorwch hi mewn porwr: gall fod wedi'i gadael.",
    ),
    FaultKind.CREDENTIALS: (
        "Whoever looks after mentionwatch puts the right key into keys/credentials.toml.",
        "Y sawl sy'n gofalu am mentionwatch sydd i roi'r allwedd gywir yn keys/credentials.toml.",
    ),
    FaultKind.TERMS: (
        "Somebody with authority reads its terms and, if they agree, is named with the day in sources.toml.",
        "Rhywun ag awdurdod sydd i ddarllen ei thelerau ac, os yw'n cytuno, caiff ei enwi gyda'r dyddiad yn sources.toml.",
    ),
    FaultKind.UNEXPECTED: (
        "Tell whoever looks after mentionwatch: what happened is in logs/errors.log.",
        "Dywedwch wrth y sawl sy'n gofalu am mentionwatch: mae'r hyn a ddigwyddodd yn logs/errors.log.",
    ),
}
