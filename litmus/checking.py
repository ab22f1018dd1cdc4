"""Find the mistakes that the author of a case makes, before threads make riddles of them."""
from __future__ import absolute_import, division, print_function

from portable_server.litmus.case import Case, CaseError, Forced, actors_of
from portable_server.litmus.grades import Expectation


def check(case_class):
    """Raise CaseError, with the remedy, where ``case_class`` cannot be run as a case."""
    if not isinstance(case_class, type) or not issubclass(case_class, Case):
        raise CaseError('a case is a class derived from litmus.Case, not %r' % (case_class,))
    for found in (_bad_actors(case_class), _bad_observer(case_class), _bad_table(case_class),
                  _bad_batch(case_class)):
        if found:
            raise CaseError('%s: %s' % (case_class.__name__, found))


def check_forced(case_class):
    """The same for a Forced case, which needs a schedule and an outcome."""
    check(case_class)
    if not issubclass(case_class, Forced):
        raise CaseError('%s: force() wants a case derived from litmus.Forced; stress() runs this one'
                        % case_class.__name__)
    if not case_class.schedule.split():
        raise CaseError("%s: no schedule; write schedule = 'actor:segment actor:segment ...'"
                        % case_class.__name__)


def _bad_actors(case_class):
    names = actors_of(case_class)
    if not names:
        return 'no actors; mark at least one method with @actor'
    ours = set(vars(Forced if issubclass(case_class, Forced) else Case)) | set(vars(Case))
    clash = sorted(ours.intersection(names))
    if clash:
        return 'an actor cannot be called %s: the engine has another use for it' % clash[0]
    return None


def _bad_observer(case_class):
    if any('observe' in vars(base) for base in case_class.__mro__ if base is not Case):
        return None
    if issubclass(case_class, Forced) and _needs_no_observer(case_class.outcome):
        return None
    return 'no observer; define observe(self), which returns the outcome'


def _needs_no_observer(outcome):
    return not isinstance(outcome, dict) and (outcome == 'impossible' or outcome[:7] == 'raises ')


def _bad_table(case_class):
    seen = set()
    table = case_class.expectations
    if isinstance(table, Expectation):
        return 'expectations is one expect(...): write (expect(...),) with a comma'
    for expectation in table:
        if not isinstance(expectation, Expectation):
            return 'expectations has %r; each must be an expect(...)' % (expectation,)
        if expectation.outcome in seen:
            return 'expectations names %r twice' % expectation.outcome
        seen.add(expectation.outcome)
    return None


def _bad_batch(case_class):
    batch = case_class.batch
    if isinstance(batch, int) and batch >= 1:
        return None
    return 'batch is the number of rounds between two meetings, at least 1, not %r' % (batch,)


def as_outcome(one):
    """The outcome (str) that a round's ``observe`` names. Raises CaseError for None."""
    found = one.observe()
    if found is None:
        raise CaseError('%s: observe() returned None; return the outcome, such as str(self.n)'
                        % type(one).__name__)
    return str(found)
