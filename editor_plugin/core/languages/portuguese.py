"""Portuguese, of Brazil and of Portugal."""

from __future__ import annotations

from editor_plugin.core.languages.lexicon import Lexicon

PORTUGUESE = Lexicon(
    article="o a os as um uma uns umas",
    possessive="""
        meu minha meus minhas teu tua teus tuas seu sua seus suas nosso nossa nossos nossas vosso
        vossa vossos vossas""",
    demonstrative="""
        este esta estes estas esse essa esses essas aquele aquela aqueles aquelas isto isso
        aquilo""",
    quantifier="""
        todo toda todos todas algum alguma alguns algumas nenhum nenhuma cada muito muita muitos
        muitas pouco pouca poucos poucas outro outra outros outras vários várias qualquer mais menos
        tanto tanta tantos tantas ambos mesmo mesma""",
    number="""
        dois duas três quatro cinco seis sete oito nove dez onze doze treze catorze quatorze quinze
        vinte trinta quarenta cinquenta sessenta setenta oitenta noventa cem cento mil milhão
        milhões primeiro primeira segundo segunda""",
    preposition="""
        de em por para com sem sob sobre entre até desde contra perante após durante ante a ao aos à
        às do da dos das no na nos nas num numa nuns numas dum duma pelo pela pelos pelas deste
        desta desse dessa daquele daquela neste nesta nesse nessa naquele naquela disso disto nisso
        pra pro como conforme segundo""",
    coordinator="e ou mas nem porém pois",
    subordinator="""
        que se quando porque embora enquanto caso como conforme onde apesar cujo cuja cujos
        cujas""",
    relative="""
        que quem qual quais cujo cuja cujos cujas onde aonde quê como quanto quanta quantos quantas
        quando""",
    auxiliary="""
        sou és é somos sois são era eras éramos eram fui foi fomos foram serei será serão seria
        seriam seja sejam sido ser estou está estás estamos estão estava estavam esteve estar tenho
        tem tens temos têm tinha tinham teve ter terá teria hei há havia houve haver vou vai vais
        vamos vão ia iam posso pode podes podemos podem podia poderia poder devo deve devemos devem
        deveria quero quer""",
    negation="não nunca jamais nada",
    subject="eu tu você ele ela nós vós vocês eles elas alguém ninguém",
    object="me te se lhe lhes nos vos mim ti si comigo contigo consigo conosco",
    adverb="""
        muito tão mais menos bastante quase também só já ainda sempre até mesmo bem apenas
        realmente""",
)
