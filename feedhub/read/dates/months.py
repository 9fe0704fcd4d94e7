"""The names of the months in the languages that sources are written in, and how words are compared."""

import re
import unicodedata

# Of each month: full names, in the case that dates use too, then abbreviations. A name may stand twice.
_NAMES = """
1  january jan հունվար հունվարի հնվ հուն январь января янв січень січня січ januar jänner jan jän
   janvier janv enero ene gennaio gen janeiro იანვარი იანვარს იანვრის იან يناير جانفي ينا كانونالثاني
   ocak oca
2  february feb փետրվար փետրվարի փետ փտվ февраль февраля фев февр лютий лютого лют februar feber février
   févr fév febrero febbraio fevereiro fev თებერვალი თებერვალს თებერვლის თებ فبراير فيفري شباط şubat şub
3  march mar մարտ մարտի մար մրտ март марта мар березень березня бер märz mär mrz maerz mars marzo março
   მარტი მარტს მარტის მარ مارس آذار mart
4  april apr ապրիլ ապրիլի ապր апрель апреля апр квітень квітня квіт кві avril avr abril abr aprile
   აპრილი აპრილს აპრილის აპრ أبريل إبريل أفريل نيسان nisan nis
5  may մայիս մայիսի մյս մայ май мая травень травня трав тра mai mayo maggio mag maio მაისი მაისს მაისის
   მაი مايو ماي أيار mayıs
6  june jun հունիս հունիսի հնս июнь июня июн червень червня черв чер juni juin junio giugno giu junho
   ივნისი ივნისს ივნისის ივნ يونيو يونيه جوان حزيران haziran haz
7  july jul հուլիս հուլիսի հուլ հլս июль июля июл липень липня лип juli juillet juil julio luglio lug
   julho ივლისი ივლისს ივლისის ივლ يوليو يوليه جويلية تموز temmuz tem
8  august aug օգոստոս օգոստոսի օգոս օգս օգո август августа авг серпень серпня серп сер août agosto ago
   აგვისტო აგვისტოს აგვ أغسطس أوت غشت آب ağustos ağu
9  september sep sept սեպտեմբեր սեպտեմբերի սեպ сентябрь сентября сен сент вересень вересня вер septembre
   septiembre setiembre set settembre sett setembro სექტემბერი სექტემბერს სექტემბრის სექ სექტ سبتمبر
   شتنبر أيلول eylül eyl
10 october oct հոկտեմբեր հոկտեմբերի հոկ октябрь октября окт жовтень жовтня жовт жов oktober okt octobre
   octubre ottobre ott outubro out ოქტომბერი ოქტომბერს ოქტომბრის ოქტ أكتوبر تشرينالأول ekim eki
11 november nov նոյեմբեր նոյեմբերի նոյ ноябрь ноября ноя нояб листопад листопада лист лис novembre
   noviembre novembro ნოემბერი ნოემბერს ნოემბრის ნოე ნოემ نوفمبر نونبر تشرينالثاني kasım kas
12 december dec դեկտեմբեր դեկտեմբերի դեկ декабрь декабря дек грудень грудня груд гру dezember dez
   décembre déc diciembre dic dicembre dezembro დეკემბერი დეკემბერს დეკემბრის დეკ ديسمبر دجنبر
   كانونالأول aralık ara
"""
# The Turkish I without a dot is written like any other in capitals.
_ALIKE = str.maketrans("\u2010\u2011\u2012\u2013\u2014\u2212\u0131", "------i")
_TWO_WORDS = re.compile(r"(كانون|تشرين)\s+")


def folded(text: str) -> str:
    """Give a text as `MONTHS` has it: lower case, no accents, ASCII digits, hyphens and spaces."""
    text = text.casefold()
    if text.isascii():
        return text
    plain = (
        str(unicodedata.decimal(character)) if character.isdecimal() else character
        for character in unicodedata.normalize("NFKD", text).translate(_ALIKE)
        if unicodedata.category(character) not in ("Mn", "Cf")
    )
    return _TWO_WORDS.sub(r"\1", "".join(plain))


def _months() -> dict[str, int]:
    months: dict[str, int] = {}
    number = 0
    for word in _NAMES.split():
        if word.isdigit():
            number = int(word)
        else:
            months[folded(word)] = number
    return months


MONTHS = _months()  # folded name -> 1 to 12
