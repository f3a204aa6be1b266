"""Polish, which has no articles."""

from __future__ import annotations

from editor_plugin.core.languages.lexicon import Lexicon

POLISH = Lexicon(
    possessive="""
        mój moja moje moi mojego mojej moim moją moich moimi twój twoja twoje twoi twojego twojej
        twoim twoją twoich swój swoja swoje swoi swojego swojej swoim swoją swoich nasz nasza nasze
        nasi naszego naszej naszym naszą naszych wasz wasza wasze wasi waszego waszej waszym ich
        jego jej""",
    demonstrative="""
        ten ta to ci te tego tej tym tę tą tych tymi temu tamten tamta tamto tamtego tamtej taki
        taka takie takiego takiej takich""",
    quantifier="""
        każdy każda każde każdego każdej wszystko wszyscy wszystkie wszystkich wszystkim żaden żadna
        żadne żadnego żadnej kilka kilku wiele wielu dużo mało więcej mniej inny inna inne innego
        innej innych jakiś jakaś jakieś niektóre niektórzy sam sama samo oba obie cały cała całe""",
    number="""
        jeden jedna jedno dwa dwie dwóch trzy trzech cztery czterech pięć sześć siedem osiem
        dziewięć dziesięć jedenaście dwanaście dwadzieścia trzydzieści czterdzieści pięćdziesiąt sto
        dwieście tysiąc tysiące tysięcy milion miliony milionów miliard pierwszy pierwsza drugi
        druga""",
    preposition="""
        w we z ze do na od ode o po przy przez dla bez u za nad pod przed między wśród podczas wobec
        przeciw przeciwko według mimo oprócz wokół obok koło około poza dzięki zamiast spod znad
        sprzed ku jako niż""",
    coordinator="i a oraz lub albo ale lecz ani czy bądź więc zaś jednak",
    subordinator="""
        że iż żeby aby by jeśli jeżeli gdy gdyby kiedy ponieważ bo gdyż choć chociaż zanim dopóki
        póki jak skoro który która które którzy którego której którym którą których którymi""",
    relative="""
        który która które którzy którego której którym którą których którymi któremu kto kogo komu
        kim co czego czemu czym gdzie skąd dokąd jak jaki jaka jakie jakiego jakiej dlaczego
        ile""",
    auxiliary="""
        jestem jesteś jest jesteśmy jesteście są był była było byli były być będę będziesz będzie
        będziemy będziecie będą został została zostało zostali mogę możesz może możemy możecie mogą
        mógł mogła mogli muszę musisz musi musimy muszą musiał chcę chcesz chce chcemy chcą trzeba
        można powinien powinna powinno mam masz ma mamy mają miał miała""",
    negation="nie nigdy nic",
    subject="ja ty on ona ono my wy oni one pan pani państwo ktoś nikt każdy",
    object="""
        mnie mi cię ci ciebie tobie go jego jemu mu ją jej nas nam was wam ich im je się sobie
        siebie nim nią""",
    adverb="""
        bardzo zbyt tak dość prawie tylko też także już jeszcze zawsze nawet całkiem właśnie
        naprawdę bardziej najbardziej""",
)
