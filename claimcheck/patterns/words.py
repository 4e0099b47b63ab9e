"""One normal form for a word, applied alike to lexicon terms and to text.

British and American spelling meet in the American form; curly apostrophes become straight. The rules may map rare
words onto odd shapes ("exercise" -> "exercize"); that is harmless because both sides are mapped.
"""

from __future__ import annotations

import re
from functools import lru_cache

# "British American"
_SPELLING_ROWS = """
ageing aging; amongst among; anaesthetic anesthetic; centre center; centred centered; centres centers; cosy cozy;
counselling counseling; defence defense; dialled dialed; dialling dialing; diarrhoea diarrhea; fibre fiber; fibres fibers;
foetal fetal; fuelled fueled; fuelling fueling; fulfil fulfill; fulfilment fulfillment; grey gray; haemorrhage hemorrhage;
judgement judgment; labelled labeled; labelling labeling; leucocyte leukocyte; levelled leveled; levelling leveling;
licence license; manoeuvre maneuver; modelling modeling; mould mold; mum mom; mums moms; oestrogen estrogen; paediatric pediatric;
plough plow; practise practice; practised practiced; practising practicing; programme program; programmes programs;
sceptic skeptic; sceptical skeptical; scepticism skepticism; sceptics skeptics; signalled signaled; signalling signaling;
skilful skillful; theatre theater; travelling traveling; tumour tumor; tyre tire; whilst while
"""
_SPELLINGS = dict(row.split() for row in _SPELLING_ROWS.split(";"))
# soft hyphens, zero-width and direction marks: they do not change what a word says
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_IZE = re.compile(r"(?<=\w{3})is(e|es|ed|er|ers|ing|ation|ations)$")
_YZE = re.compile(r"(?<=\w{3})ys(e|es|ed|er|ing)$")
_OR = re.compile(r"(?<=\w{3})our(s|ed|ing|al|able|ful|less|hood|hoods|ally|ism|ist|y|able|ite|ites|ites)?$")


@lru_cache(maxsize=65_536)
def normalise(word: str) -> str:
    """The normal form of one word: lower case, straight apostrophe, American spelling."""
    word = _INVISIBLE.sub("", word).lower().replace("\u2019", "'").replace("\u2018", "'")
    if word in _SPELLINGS:
        return _SPELLINGS[word]
    return _OR.sub(r"or\1", _YZE.sub(r"yz\1", _IZE.sub(r"iz\1", word)))
