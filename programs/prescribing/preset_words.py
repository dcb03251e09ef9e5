"""The presets' own words, marked for translation: JSON can't mark them.

A test holds that these are what the presets say.
"""

from django.utils.translation import gettext_noop as _

TITLES = (
    _("ACSM position stand on progression models, 2009"),
    _("Mann: APRE"),
    _("Knight 1985; review in NSCA Strength and Conditioning Journal 2008"),
    _("DeLorme and Watkins, as described by Fish 2003, Am J Phys Med Rehabil 82:903"),
    _("Common strength practice"),
    _("Effort-regulated load, PMC11057620 table 4"),
    _("Home band programme, PMC7783996 table 2"),
    _("Mjølsnes 2004; Petersen 2011, Am J Sports Med 39:2296"),
    _("Oxford method, as described by Fish 2003, Am J Phys Med Rehabil 82:903"),
    _(
        "Thomeé 1997 and Silbernagel 2007, as used in NEMEX (Ageberg 2010, BMC Musculoskelet "
        "Disord 11:126)"
    ),
    _("Adams, in PMC6044585 table 5"),
    _("Flexion default"),
    _("Baechle and Earle; Graves and Baechle"),
)
WHERE = (
    _("abstract"),
    _("training articles that print the table"),
    _("textbook tables that cite it"),
    _("article table"),
    _("text of the trial and club hand-outs"),
    _("article"),
    _("no publication"),
    _("coaching texts that cite it"),
)
NOTES = (
    _(
        "The source's: 2 to 10 percent more load once the present load can be done for one or"
        " two repetitions more than asked. Flexion's reading: every set is met and the last "
        "one shows it, in one session or more. The range of repetitions that it returns to is"
        " Flexion's own. The stop on a red flag, the pain rules and the wait for the next "
        "morning are Flexion's own; the source has none."
    ),
    _(
        "The source's: four sets at 50, 75 and 100 percent of the load of six repetitions, "
        "then a fourth whose load follows the repetitions of the third; sets three and four "
        "go on as long as they can. One table serves both the fourth set and the next "
        "session, which starts from the load of set four. Every step in kg is a translation "
        "of the pounds. The stop on a red flag, the pain rules and the wait for the next "
        "morning are Flexion's own; the source has none."
    ),
    _(
        "The source's: four sets at 50, 75 and 100 percent of the working weight (the load of"
        " six repetitions), then a fourth whose load follows the repetitions of the third; "
        "sets three and four go on as long as they can. The load of set four, changed by its "
        "repetitions, is the next working weight. The row of 3 to 4 repetitions after set "
        "three is worked out from its neighbours, and every step in kg is a translation of "
        "the pounds. The stop on a red flag, the pain rules and the wait for the next morning"
        " are Flexion's own; the source has none."
    ),
    _(
        "The source's: three sets of ten at 50, 75 and 100 percent of the load of ten "
        "repetitions, which is tested again every week. The load follows what the clinician "
        "enters after that test and nothing else. The test is done in the clinic. The stop on"
        " a red flag, the pain rules and the wait for the next morning are Flexion's own; the"
        " source has none."
    ),
    _(
        "Common practice: at the same load the repetitions rise from the bottom to the top of"
        " a range; once every set reaches the top, the load rises by one step of the "
        "equipment and the repetitions go back to the bottom. The numbers of the range and of"
        " sessions are Flexion's own. Where one step is more than the clinic's largest, the "
        "repetitions go on to two above the top first and a person agrees to the step. The "
        "stop on a red flag, the pain rules and the wait for the next morning are Flexion's "
        "own; the source has none."
    ),
    _(
        "The source's: the load of the next set follows the effort of the set before: 5 or 6 "
        "five kg more, 7 two and a half more, 8 the same, 9 two and a half less, 10 five "
        "less. Effort under 5 was not published: the load stays and the clinician is told. "
        "The steps in pounds are a translation of the kg. Flexion's own: the next session "
        "starts with the load of the last set, less where its effort was above 8, never more."
        " The stop on a red flag, the pain rules and the wait for the next morning are "
        "Flexion's own; the source has none."
    ),
    _(
        "The source's: 8 to 15 repetitions, 2 to 3 sets, 3 days a week that don't follow each"
        " other, effort of at least 5 of 10; on with one change at a time once the person "
        "does more than asked again and again; simpler after 3 sessions running below it. "
        "Flexion's own: what counts as more than asked (every set met, the last by two "
        "repetitions, three sessions running), the order of the changes (repetitions, sets, "
        "band, next step), the days between them, the stop on a red flag and the pain rules. "
        "Bands are levels of one brand, never kg."
    ),
    _(
        "The source's: week 1 once 2 x 5; week 2 twice 2 x 6; week 3 three times 3 x 6 to 8; "
        "week 4 three times 3 x 8 to 10; weeks 5 to 10 three times 12, 10 and 8; from week 11"
        " on once a week 12, 10 and 8. That is 27 sessions in the first 10 weeks. Flexion's "
        "own: no week is reached before its time, and a week's dose is left only after a "
        "session with every set done and no pain above the limit, one stage at a time; pain "
        "goes back one stage; the stop on a red flag."
    ),
    _(
        "The source's: three sets of ten at 100, 75 and 50 percent of the load of ten "
        "repetitions, in the textbook form of three sets. When to test that load again is "
        "Flexion's own number; the load follows what the clinician enters after a test in the"
        " clinic and nothing else. The stop on a red flag, the pain rules and the wait for "
        "the next morning are Flexion's own; the source has none."
    ),
    _(
        "The source's: pain up to and including 5 of 10 is allowed during exercise and after "
        "it; by the next morning it is back to usual; it does not rise from week to week "
        "(here: the highest of the last 7 days against the 7 before). Zones: 0 to 2 safe, "
        "above 2 to 5 acceptable, above 5 high risk. What follows is Flexion's own, since the"
        " model says only what pain is allowed: the dose goes down above the limit, stays in "
        "the acceptable zone, after a bad morning or a worse week, and rises slowly in the "
        "safe zone. The stop on a red flag is Flexion's own."
    ),
    _(
        "The source's, for soreness of the joint, not of the muscle: none: one step on. Gone "
        "during the warm-up: the session is repeated. It persists: stop, two days off, one "
        "step down. Later (more than an hour after, or the next day): one day off and the "
        "session is repeated. Persisting with later soreness is not a row of its own there; "
        "the harsher of both is taken. Soreness that goes and comes back was not published: "
        "nothing rises and the clinician is told. Flexion's own: sore muscles neither raise "
        "nor lower, a step on is proposed, and the stop on a red flag and the pain rules."
    ),
    _(
        "Flexion default, not validated. Every number is a parameter that the clinician sees "
        "and may change."
    ),
    _(
        "Two or more reps over the goal in the last set of two sessions running raise the "
        "load. 2.5 to 10 percent is published (new to training 5 to 10, trained 2 to 5); the "
        "pain rules are Flexion's own and not part of the source."
    ),
)
