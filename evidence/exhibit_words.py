"""The plain statement on page one of every exhibit, in English and Welsh. Neither is the second language."""

from __future__ import annotations

STATEMENT_EN = """EXHIBIT {id}

Made for {school} on {made_at} (UTC) by mentionwatch.

What this is
  A copy of public words about the school, with the address, the times and
  the circumstances of copying.
  capture.warc  the answer of the web site, byte for byte (WARC 1.1, ISO 28500)
  page.txt      the readable words of that page
  words.txt     the words of the post as its source delivered them
  delivered.bin what the source's interface delivered, byte for byte
  manifest.json every address, time and SHA-256
  custody.json  what was done with the evidence since

What it shows
  What this software received, when, and that not one byte has changed since
  this exhibit was made.

What it does not show
  It does not prove who wrote the post, nor that what was said is true or false.
  It does not prove what other readers saw, nor that the site would give the
  same answer today.
  The times of capture come from the clock of one computer. No outside
  authority has stamped them.
  The page may name people. Read it before you pass it on; pass on no more
  than is needed.

How to check it
  With Python:     python3 verify.py
  Without Python:  sha256sum -c SHA256SUMS
  On Windows:      certutil -hashfile FILE SHA256
  Neither needs the internet, nor mentionwatch.

Statement of the person who made it
  Name ............................  Role ............................
  I made this exhibit on the date above and have changed nothing in it.
  Signed ..........................  Date ............................
"""

STATEMENT_CY = """----------------------------------------------------------------------

ARDDANGOSYN {id}

Gwnaed ar gyfer {school} ar {made_at} (UTC) gan mentionwatch.

Beth yw hwn
  Copi o eiriau cyhoeddus am yr ysgol, gyda'r cyfeiriad, yr amseroedd ac
  amgylchiadau'r copïo.
  capture.warc  ateb y wefan, beit am feit (WARC 1.1, ISO 28500)
  page.txt      geiriau darllenadwy'r dudalen honno
  words.txt     geiriau'r neges fel y daethant o'r ffynhonnell
  delivered.bin yr hyn a ddaeth o ryngwyneb y ffynhonnell, beit am feit
  manifest.json pob cyfeiriad, amser a SHA-256
  custody.json  beth a wnaed â'r dystiolaeth ers hynny

Beth mae'n ei ddangos
  Yr hyn a dderbyniodd y feddalwedd, pryd, ac nad oes yr un beit wedi newid
  ers gwneud yr arddangosyn hwn.

Beth nad yw'n ei ddangos
  Nid yw'n profi pwy ysgrifennodd y neges, na bod yr hyn a ddywedwyd yn wir
  neu'n anwir.
  Nid yw'n profi beth a welodd darllenwyr eraill, nac y byddai'r wefan yn
  rhoi'r un ateb heddiw.
  Daw amseroedd y copïo o gloc un cyfrifiadur. Nid oes awdurdod allanol
  wedi'u stampio.
  Gall y dudalen enwi pobl. Darllenwch hi cyn ei throsglwyddo; trosglwyddwch
  ddim mwy nag sydd raid.

Sut i'w wirio
  Gyda Python:   python3 verify.py
  Heb Python:    sha256sum -c SHA256SUMS
  Ar Windows:    certutil -hashfile FFEIL SHA256
  Nid oes angen y rhyngrwyd na mentionwatch ar y naill na'r llall.

Datganiad y sawl a'i gwnaeth
  Enw .............................  Rôl .............................
  Gwneuthum yr arddangosyn hwn ar y dyddiad uchod ac nid wyf wedi newid dim
  ynddo.
  Llofnod .........................  Dyddiad .........................
"""
