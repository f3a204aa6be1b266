"""English."""

from __future__ import annotations

from editor_plugin.core.languages.lexicon import Lexicon

ENGLISH = Lexicon(
    article="a an the",
    possessive="my your his her its our their whose",
    demonstrative="this that these those",
    quantifier="""
        some any no every each all both either neither many much more most few fewer less several
        another other such enough half""",
    number="""
        one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
        sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety
        hundred thousand million billion trillion first second third""",
    preposition="""
        of in on at by for with from to into onto than as per via about above across after against
        along among amongst around before behind below beneath beside besides between beyond
        despite down during except inside like near off out outside over past since through
        throughout till toward towards under underneath unlike until up upon versus within
        without""",
    infinitive="to",
    coordinator="and but or nor yet & plus",
    subordinator="""
        because although though while when whenever whereas wherever if unless until since whether
        once so cause 'cause lest provided before after than as that""",
    relative="that which who whom whose what where why how whatever whoever whichever",
    auxiliary="""
        am is are was were be been being have has had having do does did will would shall should
        can could may might must ought cannot gonna wanna gotta ain't isn't aren't wasn't weren't
        haven't hasn't hadn't don't doesn't didn't won't wouldn't shan't shouldn't can't couldn't
        mayn't mightn't mustn't let's 'm 're 've 'll 'd""",
    negation="""
        not never ain't isn't aren't wasn't weren't haven't hasn't hadn't don't doesn't didn't won't
        wouldn't shan't shouldn't can't couldn't mightn't mustn't cannot""",
    subject="i you he she it we they there who",
    object="""
        me you him her it us them myself yourself himself herself itself ourselves yourselves
        themselves one another""",
    adverb="""
        very too so quite rather really just only even almost nearly also still always ever often
        already actually simply truly completely totally absolutely pretty particularly especially
        how as more most less least""",
    particle="up out off down away back over on in along around apart together forward through",
    genitive="'s s'",
)
