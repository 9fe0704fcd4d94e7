"""The names of the months in the languages that sources are written in, and how words are compared."""

import re
import unicodedata

# Of each month: full names, in the case that dates use too, then abbreviations. A name may stand twice.
# Croatia's listopad, which is October, is left out: in Polish, Czech and Ukrainian it is November.
NAMES = """
1  january jan հունվար հունվարի հնվ հուն январь января янв січень січня січ januar jänner jan jän janvier
   janv enero ene gennaio gen janeiro იანვარი იანვარს იანვრის იან يناير جانفي ينا كانونالثاني ocak oca
   januari január ianuarie ian januaro tammikuuta tammikuu tammi styczeń stycznia sty leden ledna sausio
   janvāris jaanuar yanvar ιανουαρίου ιανουάριος ιαν януари яну јануар јан студзень студзеня қаңтар
   siječanj siječnja gener ינואר בינואר ژانویه 一月 มกราคม
2  february feb փետրվար փետրվարի փետ փտվ февраль февраля фев февр лютий лютого лют februar feber février
   févr fév febrero febbraio fevereiro fev თებერვალი თებერვალს თებერვლის თებ فبراير فيفري شباط şubat şub
   februari február februarie helmikuuta helmikuu helmi luty lutego lut únor února vasario februāris
   veebruar fevral φεβρουαρίου φεβρουάριος φεβ февруари фебруар феб лютага ақпан veljača veljače febrer
   פברואר בפברואר فوریه 二月 กุมภาพันธ์
3  march mar մարտ մարտի մար մրտ март марта мар березень березня бер märz mär mrz maerz mars marzo março
   მარტი მარტს მარტის მარ مارس آذار mart maart mrt maret marts március márc martie maaliskuuta maaliskuu
   maalis marzec marca březen března marec kovo märts μαρτίου μάρτιος μαρ сакавіка наурыз ožujak ožujka
   març מרץ במרץ 三月 มีนาคม
4  april apr ապրիլ ապրիլի ապր апрель апреля апр квітень квітня квіт кві avril avr abril abr aprile აპრილი
   აპრილს აპრილის აპრ أبريل إبريل أفريل نيسان nisan nis április aprilie huhtikuuta huhtikuu huhti kwiecień
   kwietnia kwi duben dubna apríl apríla balandžio aprīlis aprill aprel απριλίου απρίλιος απρ април
   красавіка сәуір travanj travnja אפריל באפריל آوریل 四月 เมษายน
5  may մայիս մայիսի մյս մայ май мая травень травня трав тра mai mayo maggio mag maio მაისი მაისს მაისის მაი
   مايو ماي أيار mayıs maj maja mei május máj mája toukokuuta toukokuu touko květen května gegužės maijs
   μαΐου μάιος μαϊ мај траўня мамыр svibanj svibnja maig מאי במאי مه 五月 พฤษภาคม
6  june jun հունիս հունիսի հնս июнь июня июн червень червня черв чер juni juin junio giugno giu junho
   ივნისი ივნისს ივნისის ივნ يونيو يونيه جوان حزيران haziran haz június iunie iun kesäkuuta kesäkuu kesä
   czerwiec czerwca cze červen června jún júna birželio jūnijs juuni iyun ιουνίου ιούνιος ιουν юни јун
   чэрвеня маусым lipanj lipnja juny יוני ביוני ژوئن 六月 มิถุนายน
7  july jul հուլիս հուլիսի հուլ հլս июль июля июл липень липня лип juli juillet juil julio luglio lug julho
   ივლისი ივლისს ივლისის ივლ يوليو يوليه جويلية تموز temmuz tem július iulie iul heinäkuuta heinäkuu heinä
   lipiec lipca lip červenec července júl júla liepos jūlijs juuli iyul ιουλίου ιούλιος ιουλ юли јул ліпеня
   шілде srpanj srpnja juliol יולי ביולי ژوئیه 七月 กรกฎาคม
8  august aug օգոստոս օգոստոսի օգոս օգս օգո август августа авг серпень серпня серп сер août agosto ago
   აგვისტო აგვისტოს აგვ أغسطس أوت غشت آب ağustos ağu augustus augusti agustus augusztus elokuuta elokuu elo
   sierpień sierpnia sie srpen srpna augusta rugpjūčio augusts avgust avqust avg αυγούστου αύγουστος αυγ
   жніўня тамыз kolovoz kolovoza agost אוגוסט באוגוסט اوت 八月 สิงหาคม
9  september sep sept սեպտեմբեր սեպտեմբերի սեպ сентябрь сентября сен сент вересень вересня вер septembre
   septiembre setiembre set settembre sett setembro სექტემბერი სექტემბერს სექტემბრის სექ სექტ سبتمبر شتنبر
   أيلول eylül eyl szeptember szept septembrie syyskuuta syyskuu syys wrzesień września wrz září septembra
   rugsėjo septembris septembar sentyabr sentabr σεπτεμβρίου σεπτέμβριος σεπ септември септембар сеп
   верасня қыркүйек rujan rujna setembre ספטמבר בספטמבר سپتامبر 九月 กันยายน
10 october oct հոկտեմբեր հոկտեմբերի հոկ октябрь октября окт жовтень жовтня жовт жов oktober okt octobre
   octubre ottobre ott outubro out ოქტომბერი ოქტომბერს ოქტომბრის ოქტ أكتوبر تشرينالأول ekim eki október
   octombrie lokakuuta lokakuu loka październik października paź říjen října októbra spalio oktobris
   oktoober oktobar oktyabr oktabr οκτωβρίου οκτώβριος οκτ октомври октобар кастрычніка қазан אוקטובר
   באוקטובר اکتبر 十月 ตุลาคม
11 november nov նոյեմբեր նոյեմբերի նոյ ноябрь ноября ноя нояб листопад листопада лист лис novembre
   noviembre novembro ნოემბერი ნოემბერს ნოემბრის ნოე ნოემ نوفمبر نونبر تشرينالثاني kasım kas noiembrie noi
   marraskuuta marraskuu marras listopad listopadu listopada lis novembra lapkričio novembris novembar noyabr
   νοεμβρίου νοέμβριος νοε ноември новембар ное лістапада қараша studeni studenoga studenog נובמבר בנובמבר
   نوامبر 十一月 พฤศจิกายน
12 december dec դեկտեմբեր դեկտեմբերի դեկ декабрь декабря дек грудень грудня груд гру dezember dez décembre
   déc diciembre dic dicembre dezembro დეკემბერი დეკემბერს დეკემბრის დეკ ديسمبر دجنبر كانونالأول aralık ara
   desember des decembrie joulukuuta joulukuu joulu grudzień grudnia gru prosinec prosince prosinca
   prosinac decembra gruodžio decembris decembar detsember dekabr δεκεμβρίου δεκέμβριος δεκ декември
   децембар снежня желтоқсан desembre דצמבר בדצמבר دسامبر 十二月 ธันวาคม
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
    for word in NAMES.split():
        if word.isdigit():
            number = int(word)
        else:
            months[folded(word)] = number
    return months


MONTHS = _months()  # folded name -> 1 to 12
