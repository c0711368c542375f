"""What the engine states of its own: its sentences as they are formed, marked for translators.

The engine speaks English and knows no pages. Here its sentences stand once more, what varies in
them named; ``words.say`` finds them by their form.
"""

from __future__ import annotations


def N_(text: str) -> str:  # noqa: N802  # as translators' tools know it
    """Mark a text as one to be translated where it is shown."""
    return text


STANDS = (
    N_("guidance has not begun"),
    N_("its turn has not come"),
    N_("a coach asks from the start at %(level)s"),
    N_("every criterion begins at %(level)s"),
    N_("chance drew its start: %(count)s from here"),
    N_("1 situation"),
    N_("%(count)s situations"),
    N_("%(mean)s of 5, give or take %(sd)s"),
    N_("; version %(other)s waits"),
    N_("over 99 %"),
    N_("under 1 %"),
)
"""Where a criterion stands, and why."""

MOVES = (
    N_(
        "%(name)s: your own calls were last rated %(ratings)s; it is %(chance)s sure that your "
        "unassisted judgment is at least %(bar)s. %(what)s"
    ),
    N_(
        "%(name)s: your own calls were last rated %(ratings)s; it is only %(chance)s sure by now "
        "that you stand at %(bar)s or above. %(what)s"
    ),
    N_(
        "%(name)s: after %(count)s situations with shared experiences your own calls have hardly "
        "changed. Questions may move more than stories; your trainer asks from here."
    ),
    N_("From here your trainer asks instead of sharing what it would do."),
    N_("From here you decide first, and your trainer debriefs it afterwards."),
    N_("From here you decide on your own."),
    N_("Your trainer shares experiences again for a while."),
    N_("Your trainer asks along with you again for a while."),
    N_("Your decisions are debriefed again for a while."),
)
"""Why a level is proposed."""

LACKS = (
    N_("a goal that both have signed"),
    N_("%(name)s: %(chance)s sure of %(bar)s or above, %(sure)s is needed"),
    N_("%(name)s: 1 rated own call more"),
    N_("%(name)s: %(count)s rated own calls more"),
    N_("a novel, hard situation decided without consulting, with an account"),
    N_("%(count)s novel, hard situations decided without consulting, with an account"),
    N_("a proving situation; %(key)s came nearest but not: %(facts)s"),
    N_(
        "a situation that is new and hard to the learner, touches %(names)s, and is decided "
        "without help: own call with what it expects, then the account"
    ),
    N_("%(raters)s saw the criterion deciding it"),
    N_("1 blind rater"),
    N_("%(count)s blind raters"),
    N_("it has an account"),
    N_("it counts as unassisted"),
    N_("it was lived, not retold"),
    N_("the learner called it hard"),
    N_("a blind rater confirmed it as hard"),
    N_("it was new to the learner"),
    N_("a blind rater confirmed it as new"),
    N_("it touches two criteria"),
    N_("every criterion was rated 4 or more"),
    N_("the account weighs two options"),
    N_("what it expected was said before the outcome"),
    N_("the account is no copy"),
)
"""What the threshold still lacks."""

OFFERS = (
    N_("You were right on your own in %(count)s of %(seen)s; decide first next time?"),
    N_("You asked in %(count)s of %(seen)s; shall we try questions instead of answers?"),
    N_("What do you want to decide?"),
    N_("There is no goal yet: agree on one first."),
    N_("Our last talks left the goal; shall we go back to it, or set a new one?"),
    N_("Your last situation was %(days)s days ago; is there one now, or shall we pause?"),
    N_(
        "Help was asked for in %(count)s of the last %(seen)s situations while own calls did not "
        "rise: telling does not move this learner; ask for its own reasoning first."
    ),
    N_(
        "Help was asked for in %(count)s of %(seen)s situations in which the own call was good "
        "enough: say what was right in the call, and leave the decision with the learner."
    ),
    N_("It follows advice although its own call was good enough: ask what it would keep."),
    N_("It asks what to do, not whether its reasoning is sound: ask for its reasons first."),
    N_(
        "%(count)s of the last %(seen)s guided situations touched none of the goal's criteria or "
        "were never rated: name the criterion that each guidance is on, or amend the goal."
    ),
    N_("No situation for %(days)s days: ask what came up since, or agree on a pause or an end."),
    N_("What would you like to work on that is yours in particular?"),
    N_(
        "Your learners' gaps differ more than what you work on with them: before the next "
        "guidance, look at which criterion this learner is furthest from."
    ),
)
"""What is offered where something goes wrong between the two, and what a trainer may do."""

ASIDE = (
    N_("An AI does not coach on what is written here; please turn to a person you trust."),
    N_("An AI does not coach on what is written here; please turn to %(contact)s."),
    N_("Your trainer could not answer; decide without it."),
    N_("Your trainer's answer was not let in (%(code)s); decide without it."),
    N_("Your trainer has nothing to add before you decide."),
    N_("Your trainer's budget here is used up; decide without it."),
    N_("Your trainer did not answer in time; decide without it."),
    N_("Your trainer found no question that leaves the answer to you; decide alone."),
)
"""Why no guidance came from an agent."""

COURSE = (
    N_("not known"),
    N_("guidance began"),
    N_("tell"),
    N_("fact"),
    N_("alone"),
    N_("It has not been overcome yet."),
    N_("What moved it is not known."),
    N_(
        "It was followed by a shared experience in situation %(number)s, and then did not show "
        "again."
    ),
    N_("It was followed by a question in situation %(number)s, and then did not show again."),
    N_("It was followed by a %(help)s in situation %(number)s, and then did not show again."),
    N_("the threshold"),
    N_("an obstacle of this learner's that was named and overcome"),
    N_("own calls that rose by %(rise)s or more, beyond doubt, on %(names)s"),
    N_("drawn starts that were rated blind"),
    N_("randomized evidence that the guidance did it: %(found)s"),
    N_("not enough evidence yet: no starts were drawn, so nothing tells guidance from experience"),
    N_("a gain over the copies without the trainer that excludes chance"),
    N_("1 more copy of this learner without the trainer; one alone can be chance"),
    N_("%(count)s more copies of this learner without the trainer; one alone can be chance"),
)
"""What the course of a learner says, and what the masterpiece still lacks."""

NOT_YET = (
    N_("randomized evidence that the guidance did it"),
    N_("copies without the trainer that show it: %(found)s"),
    N_("not enough evidence yet: %(reason)s"),
    N_("%(reason)s; about 1 more situation"),
    N_("%(reason)s; about %(count)s more situations"),
    N_("%(reason)s; about 1 more fork"),
    N_("%(reason)s; about %(count)s more forks"),
    N_("%(reason)s; about 1 more learner"),
    N_("%(reason)s; about %(count)s more learners"),
    N_("%(reason)s; about 1 more relationship"),
    N_("%(reason)s; about %(count)s more relationships"),
    N_("figures are told over %(fewest)s people or more; %(people)s have any yet"),
    N_("no relationship was begun"),
    N_("guidance was withdrawn and followed up in %(count)s relationships"),
    N_("no evidence yet for %(missing)s of %(total)s relationships"),
    N_(
        "shown that guidance moved what it worked on (%(chance)s pooled over %(counted)s); %(size)s"
    ),
    N_(
        "not shown that guidance moved what it worked on (%(chance)s pooled over %(counted)s); "
        "%(size)s"
    ),
    N_("how much: %(fewest)s are needed"),
    N_("%(size)s; no evidence yet for %(missing)s of %(total)s relationships"),
    N_(
        "%(points)s points (%(how)s interval %(low)s to %(high)s) over %(count)s relationships; "
        "they differ by ± %(differ)s"
    ),
    N_("no starts were drawn, so nothing tells guidance from experience"),
    N_("no situation was opened since the design was drawn"),
    N_("no own call was rated since the design was drawn"),
    N_("one criterion only was rated: there is nothing to compare it with"),
    N_("%(late)s of %(starts)s starts lie in the imported part: draw a new design from here on"),
    N_(
        "the design was not followed: %(count)s of %(given)s times guidance was on a criterion "
        "that was not in focus"
    ),
    N_("%(count)s of the %(horizon)s situations agreed"),
    N_("%(count)s situations with two criteria rated"),
    N_("every own call was rated %(rating)s: nothing moved that could be compared"),
    N_("no criterion was met while it was in focus"),
    N_("it ended before its horizon"),
    N_("guidance has not been withdrawn yet"),
    N_("%(count)s rated situations in the baseline"),
    N_("%(count)s rated situations at the end of guidance"),
    N_("%(count)s rated situations since guidance ended"),
    N_("no guidance was withheld by chance"),
    N_("%(count)s probes among %(seen)s rated decisions"),
    N_("every decision was rated %(rating)s"),
    N_("the copies of each arm did exactly the same: they are no copies of chance"),
    N_("%(guided)s and %(alone)s rated copies; %(fewest)s an arm are the least"),
    N_("%(reason)s; 1 copy has fewer than %(most)s rated situations"),
    N_("%(reason)s; %(count)s copies have fewer than %(most)s rated situations"),
    N_("people cannot be copied: their forks only look back"),
    N_("no copy is of the arm %(arm)s; there are %(names)s"),
    N_("an arm cannot be compared with itself"),
    N_("no copy of the arm %(arm)s was guided after the fork"),
    N_("1 copy was guided in the arm %(arm)s: it is not without the trainer"),
    N_("%(count)s copies were guided in the arm %(arm)s: it is not without the trainer"),
    N_("there are %(count)s arms (%(names)s): name the two to compare"),
    N_("all copies are of one arm, %(arm)s"),
    N_("both arms were guided after the fork (%(names)s)"),
    N_("neither arm was guided after the fork (%(names)s)"),
    N_("the copies were not rated by the same raters, who may differ in leniency"),
)
"""Why the evidence cannot say it yet, and how much more it takes."""

CARE = (
    N_("No own call was rated."),
    N_("The trainer alone rated, and knew the guidance; a trainer alone certifies nothing."),
    N_("Some calls were rated by the trainer, who knew the guidance."),
    N_("One rater: its leniency, and a change of it, cannot be told from the learner's."),
    N_("Every call was rated %(rating)s: a scale that is not used says nothing."),
    N_("1 case was retold; they count in the baseline only."),
    N_("%(count)s cases were retold; they count in the baseline only."),
    N_("One criterion only: there is nothing to compare it with."),
    N_("Guided before its start: %(times)s; tested by the draw all the same, which dilutes it."),
    N_("One rater only: a rater's own drift cannot be told from the learner's."),
    N_("Rated by somebody who knew the focus."),
    N_("The first %(count)s situations were imported and do not count."),
    N_("Ended after %(count)s of %(horizon)s situations."),
    N_(
        "What was in focus came up more often (%(inside)s against %(outside)s): practice is taken "
        "out as far as it can be."
    ),
)
"""With what care the evidence is to be read."""

KINDS = {
    "agreement_amended": N_("change of the agreement"),
    "goal_set": N_("goal"),
    "goal_amended": N_("change of the goal"),
    "baseline_taken": N_("baseline"),
    "handed_over": N_("handover"),
    "phase_began": N_("phase"),
    "situation_opened": N_("situation"),
    "situation_dropped": N_("situation dropped"),
    "own_call_recorded": N_("own call"),
    "help_asked": N_("request for help"),
    "guidance_given": N_("guidance"),
    "guidance_failed": N_("no guidance came"),
    "answered": N_("answer"),
    "decision_recorded": N_("decision"),
    "outcome_recorded": N_("outcome"),
    "account_written": N_("account"),
    "rated": N_("rating"),
    "debriefed": N_("debrief of a decision"),
    "principle_kept": N_("principle"),
    "principle_revised": N_("principle, revised"),
    "principle_dropped": N_("principle dropped"),
    "principle_marked": N_("mark on a principle"),
    "question_kept": N_("question"),
    "obstacle_named": N_("obstacle"),
    "obstacle_revised": N_("obstacle, revised"),
    "obstacle_overcome": N_("obstacle overcome"),
    "met": N_("live talk"),
    "checked_in": N_("check-in"),
    "level_moved": N_("change of a level"),
    "level_contested": N_("objection to a level"),
    "threshold_met": N_("threshold met"),
    "masterpiece_certified": N_("masterpiece"),
    "action_agreed": N_("action"),
    "action_done": N_("action done"),
    "noted": N_("note"),
    "concern_raised": N_("concern"),
}
"""What an entry of each kind is called within a sentence."""

PRACTICE = (
    N_("%(count)s situations were rated by you and by others"),
    N_("%(count)s were tested by now"),
    N_("%(reason)s; about 1 more guidance"),
    N_("%(reason)s; about %(count)s more guidances"),
    N_(
        "%(points)s higher than others (%(low)s to %(high)s); agreement "
        "%(agreement)s, over %(count)s situations"
    ),
    N_(
        "%(points)s lower than others (%(low)s to %(high)s); agreement "
        "%(agreement)s, over %(count)s situations"
    ),
)
"""What a trainer reads about its own practice."""
CARRIED = (
    N_("Threshold of independent judgment"),
    N_("Masterpiece of judgment"),
    N_("Decides alone, and with sound reasons, in situations that are new and hard."),
    N_("Decides visibly better than before, and guidance did it, not experience alone."),
    N_(
        "A new, hard situation was decided without consulting anybody, with an account that shows "
        "the judgment; raters who were shown neither names nor guidance confirmed both. By all "
        "ratings, judgment without help is good enough on every criterion of the goal, as surely "
        "as is said here."
    ),
    N_(
        "The threshold, and besides: calls made alone that rose beyond doubt over real situations, "
        "an obstacle of the learner's own that was named and overcome, and randomized evidence "
        "that the guidance did it."
    ),
    N_("Confirmed on"),
    N_("Course began on"),
    N_("Real situations brought"),
    N_("Calls made alone and rated"),
    N_("How sure, on every criterion"),
    N_("Rated blind"),
    N_("Holds by the stricter standard for proofs"),
    N_("Randomized evidence that guidance did it"),
    N_("more than %(sure)s sure of %(bar)s of 5 or above"),
    N_("yes (%(sure)s sure, %(proofs)s such situations)"),
    N_("not yet (%(sure)s sure, %(proofs)s such situations)"),
    N_("not shown here"),
    N_("yes: %(gain)s rating points, 90 percent interval %(low)s to %(high)s"),
    N_("yes: at a look before its horizon"),
    N_("This was not signed by this server, or it was changed since."),
    N_("A text that it rests on was erased; nothing is certified."),
    N_("There is no such credential here."),
)
"""What a credential says, and why it is none."""

UNREAD = (
    N_("It does not say what was going on."),
    N_("It does not say what was done."),
    N_("A text here is longer than %(limit)s bytes."),
    N_("Whose is own or advised, not %(said)s."),
    N_("There is no criterion %(said)s in the goal."),
    N_("Write the date as 2025-03-01, not %(said)s."),
    N_("There is no day %(said)s."),
    N_("Its date lies ahead."),
    N_("This row has %(cells)s cells, and the first row names %(columns)s columns."),
    N_("This row cannot be read: %(problem)s."),
    N_("The first row names no column %(name)s."),
    N_("There is no column %(name)s; name it by a criterion."),
    N_("The column %(name)s is there twice."),
    N_("%(file)s is no text: save it as CSV or Markdown, in UTF-8."),
    N_("%(file)s is larger than %(limit)s bytes; split it."),
)
"""What is wrong with a row of somebody's table."""

POOL = (N_("judgment was rated since the baseline in %(count)s relationships"),)
"""What a programme's relationships show together, besides."""
