"""What spoils an estimate from outside: secret help, chosen cases, a fond rater, few ratings.

None of these can be seen from inside a relationship. The figures say how far each one misleads,
and so what protects: blind raters, shuffled packets, a second rater, a share of cases by chance.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tutelage.guidance.simulate.estimates import Followed, bias, coverage, follow
from tutelage.guidance.simulate.measured import Characteristics, Measured, mean
from tutelage.guidance.simulate.worlds import Chance, Course, Floats, chance, course, rating
from tutelage.guidance.threshold import THRESHOLD, stands

SECRET = {"30": 0.3, "50": 0.5}
FONDER = {"01": 0.01, "02": 0.02}
SHORT = (6, 12, 24)


def contaminated(relationships: int, seed: int) -> Characteristics:
    """30 and 50 per cent of own calls secretly helped by one point."""
    drawn = chance(relationships, seed)
    known, rng = course(drawn), np.random.default_rng((seed, 3))
    secret = rng.random(drawn.difficulty.shape)[..., None]
    found = {}
    for name, share in SECRET.items():
        calls = _calls(drawn, known.ability + (secret < share))
        found[f"bias_{name}"] = bias(follow(known, calls))
    return {"bias": found["bias_30"], **found}


def _calls(drawn: Chance, ability: Floats) -> Floats:
    """Ratings of own calls made with another ability, [T, B, K]."""
    severity = np.array([drawn.severity_here(t) for t in range(drawn.situations)])
    latent = ability - (drawn.difficulty + severity)[..., None] + drawn.noise
    return np.where(drawn.touched, rating(latent), np.nan)


def selective(relationships: int, seed: int) -> Characteristics:
    """Seven in ten of the situations that went badly (mean rating below 3) are not logged."""
    drawn = chance(relationships, seed)
    known, rng = course(drawn), np.random.default_rng((seed, 4))
    poor = np.nanmean(known.ratings, axis=2) < 3
    left_out = poor & (rng.random(poor.shape) < 0.7)
    logged = np.where(left_out[..., None], np.nan, known.ratings)
    return {"bias": bias(follow(known, logged)), "left_out": mean(left_out.T)}


def fond(relationships: int, seed: int) -> Characteristics:
    """The only rater grows fonder by .01 and by .02 a situation."""
    drawn = chance(relationships, seed, sole_rater=True)
    known = course(drawn)
    found: Characteristics = {}
    for name, step in FONDER.items():
        fonder = step * np.arange(drawn.situations)[:, None, None]
        seen = follow(known, _calls(drawn, known.ability + fonder))
        found[f"bias_{name}"] = bias(seen)
        found[f"bias_{name}_at_the_end"] = mean(seen.mean[-1] - known.ability[-1])
    return {"bias": found["bias_02"], **found}


def pair(relationships: int, seed: int, leniency: float = 0.0) -> Characteristics:
    """The commonest pair of people: the trainer alone rates, 24 situations."""
    drawn = chance(relationships, seed, situations=24, sole_rater=True, leniency=leniency)
    seen = follow(course(drawn))
    return {
        "coverage": coverage(seen),
        "bias": bias(seen),
        "threshold_rate": _ever_sure(seen),
        "enough": _enough(seen, 24),
    }


def short(relationships: int, seed: int) -> Characteristics:
    """The same after 6, 12 and 24 situations, and with a trainer who is lenient by .3."""
    fair = follow(course(chance(relationships, seed, situations=24, sole_rater=True)))
    kind = course(chance(relationships, seed, situations=24, sole_rater=True, leniency=0.3))
    found: Characteristics = {"coverage": coverage(fair), "threshold_rate": _ever_sure(fair)}
    for count in SHORT:
        found[f"coverage_{count}"] = _coverage_at(fair, count)
        found[f"enough_{count}"] = _enough(fair, count)
    lenient = follow(kind)
    found["coverage_lenient"] = coverage(lenient)
    found["threshold_rate_lenient"] = _ever_sure(lenient)
    return found


def _coverage_at(seen: Followed, count: int) -> Measured:
    upto = Course(seen.course.chance, *(a[:count] for a in _parts(seen.course)))
    return coverage(replace(seen, course=upto, mean=seen.mean[:count], sd=seen.sd[:count]))


def _parts(known: Course) -> tuple[Floats, Floats, Floats]:
    return known.ability, known.ratings, known.decisions


def _enough(seen: Followed, count: int) -> Measured:
    """Criteria of which P(ability ≥ 3.75) > .8 is said after so many situations."""
    return mean(seen.sure[count - 1] > 0.8)


def _ever_sure(seen: Followed) -> Measured:
    """Learners whose criteria ever all seemed to stand at the threshold while one was below it."""
    counts = np.cumsum(~np.isnan(seen.course.ratings), axis=0).astype(float)
    said = stands(seen.at_bar, counts, THRESHOLD)
    return mean((said & (seen.course.ability < 4.0).any(2)).any(0))
