"""Controls of the watch: small programs that say which reports they must give, or none.

A check that finds nothing may be a check that does not look. So each rule of the watch
has programs that break it, each labelled with the exact reports due (a *positive*
control), and programs that only look as if they did (a *negative* control: modelled on
correct code that one meets). A report that is missing is a false negative, one that is
not due a false positive; they are counted apart, because they hurt in different ways.

    python -m portable_server.litmus.controls                    the grid: rows are programs, columns locks
    python -m portable_server.litmus.controls ab_ba --json       one program, one JSON object a cell

The idea, and the grid, are the Linux kernel's: lib/locking-selftest.c.

    control.py    what a control is, and its registry
    kit.py        what a program is given: locks of its column, threads, a clock to turn
    programs/     the programs, a file for each subject
    running.py    run one cell, judge its reports
    known.py      the list of known failures; a pass that it does not expect is an error
    grid.py       the table and its totals
    broken.py     broken locks and a crippled watch, to show that the controls bite
"""
from __future__ import absolute_import, division, print_function

from portable_server.litmus.controls.control import Control, Due, all_controls, control, due, select
from portable_server.litmus.controls.kit import COLUMNS, Column, Kit
from portable_server.litmus.controls.running import Verdict, run

__all__ = ['COLUMNS', 'Column', 'Control', 'Due', 'Kit', 'Verdict', 'all_controls', 'control',
           'due', 'run', 'select']
