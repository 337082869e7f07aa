#!/usr/bin/env python3
"""docs/coverage.md: every claim of the two threads and every scenario, and where it runs.

    tools/coverage.py           write it
    tools/coverage.py --check   is it what would be written? (make lint)

What scenarios say of themselves comes from the scenarios (build/catalogue), where they run from the rows of
tools/machines.py, which `make test` holds every run against, and the findings from docs/claims.txt.
"""
import collections
import fnmatch
import os
import re
import subprocess
import sys

import machines
import matrix
import qemu

CLAIMS = os.path.join(qemu.TOP, 'docs', 'claims.txt')
TARGET = os.path.join(qemu.TOP, 'docs', 'coverage.md')
FINDINGS = ('holds', 'holds if: ', 'holds: ', 'fails when: ', 'shown: ')
# The head of a column, and the row of the matrix that says first what runs there.
PLATFORMS = collections.OrderedDict([('QEMU 7.2', 'seabios-oldstable-4cpu'), ('QEMU 10.0', 'seabios-stable-4cpu'), ('QEMU 11.1', 'seabios-newest-4cpu')])

Scenario = collections.namedtuple('Scenario', 'name claim source needs forbids allows controls')


class Wrong(Exception):
    """The claims do not fit the scenarios, a sentence."""


def scenarios():
    """By name, as LIST orders them: by id, then as written."""
    # Named as the Makefile names it: by another path there is no rule, and an old one would do.
    program = os.path.join(os.environ.get('O', 'build'), 'catalogue')
    subprocess.run([os.environ.get('MAKE', 'make'), '--no-print-directory', '-s', program], cwd=qemu.TOP, check=True,
                   stdout=subprocess.DEVNULL, close_fds=False)
    text = subprocess.run([os.path.join(qemu.TOP, program)], stdout=subprocess.PIPE, check=True, close_fds=False).stdout.decode()
    found = [Scenario(*line.split('\t')) for line in text.splitlines()]
    return collections.OrderedDict((s.name, s) for s in sorted(found, key=lambda s: s.name))


def claims(lines):
    """[(head, [(item, globs, finding)])]."""
    tables = []
    for number, line in enumerate(lines, 1):
        line = line.strip()
        if not line or line.startswith('#'):
            continue
        if line.startswith('== '):
            tables.append((line[3:], []))
            continue
        fields = [field.strip() for field in line.split(' | ')]
        if len(fields) != 3 or not all(fields) or not tables:
            raise Wrong('line %d is not "item | scenarios | finding" below a head' % number)
        if not fields[2].startswith(FINDINGS):
            raise Wrong('line %d: a finding begins with one of: %s' % (number, ', '.join(FINDINGS)))
        tables[-1][1].append((fields[0], fields[1].split(), fields[2]))
    return tables


def needs(scenario):
    return scenario.needs.replace('needs ', '', 1).strip().split(', ') if scenario.needs.strip() else []


def due(scenario, row):
    """In a cell: runs, a known deviation, or why not."""
    outcome = matrix.due(row, scenario.name, needs(scenario))[1]
    return {'ok': 'runs', 'known *': 'runs: known deviation', '[ok]*': 'runs: a known deviation, if a race meets it'}.get(outcome, outcome)


def where(scenario, rows):
    """By the first row, and where that lacks what the scenario needs by the first one that does not, with its name."""
    first = due(scenario, rows[0])
    if not first.startswith('skip needs '):
        return first
    others = ((row, due(scenario, row)) for row in rows[1:] if row.tests([scenario.name]))
    return next(('%s (%s)' % (cell, row.name) for row, cell in others if not cell.startswith('skip needs ')), first)


def platform(name):
    """The row of that name, and all those of the same QEMU that expect a good run of the tests themselves."""
    plain = next(row for row in machines.ROWS if row.name == name)
    return [plain] + [row for row in machines.ROWS if row is not plain and row.qemu == plain.qemu and row.status == machines.COMPLETE
                      and not row.shard and row.rules != machines.LISTED and not re.search(r'MUTATE|selftest=', row.machine.get('args', ''))]


def summed(cells):
    """Of several scenarios, how many run, and what stops the others."""
    runs = sum(cell.startswith('runs') for cell in cells)
    why = sorted({cell for cell in cells if not cell.startswith('runs')})
    return '%d run' % runs + ''.join('; %d %s' % (cells.count(cell), cell) for cell in why)


def table(head, rows):
    return ['| ' + ' | '.join(row) + ' |' for row in [head, ['---'] * len(head)] + rows] + ['']


def page(all_scenarios, tables, rows):
    out = ['# Coverage', '', 'Made by `tools/coverage.py` of the scenarios and of `docs/claims.txt`; `make lint` checks it. Do not edit.', '',
           'Every scenario runs in the model (`make model`): what it forbids cannot be seen there, what it allows and what each control must show can.',
           'The columns of QEMU say what `make test` holds a run with 4 CPUs against. Where that machine lacks what a scenario needs, and another on the',
           'same QEMU does not, it is the other one, whose name in `tools/machines.py` is in parentheses.', '']
    for head, claimed in tables:
        out += ['## ' + head, '']
        lines = []
        for item, globs, finding in claimed:
            named = [s for s in all_scenarios.values() if any(fnmatch.fnmatchcase(s.name, glob) for glob in globs)]
            for glob in globs:
                if not any(fnmatch.fnmatchcase(name, glob) for name in all_scenarios):
                    raise Wrong('"%s": there is no scenario %s' % (item, glob))
            lines.append([item, ' '.join(globs), finding, '%d run' % len(named)]
                         + [summed([where(s, row) for s in named]) for row in rows.values()])
        out += table(['item', 'scenarios', 'what it turned out to be', 'model'] + list(rows), lines)
    out += ['## Scenarios', '']
    out += table(['scenario', 'claim', 'source', 'forbids', 'allows', 'controls'] + list(rows),
                 [[s.name, s.claim, s.source, s.forbids, s.allows, s.controls] + [where(s, row) for row in rows.values()]
                  for s in all_scenarios.values()])
    text = '\n'.join(out)
    if any(not cell.strip() for line in out if line.startswith('|') for cell in line.strip('|').split(' | ')):
        raise Wrong('a cell is empty')
    return text


def main(check):
    with open(CLAIMS) as file:
        text = page(scenarios(), claims(file), {head: platform(name) for head, name in PLATFORMS.items()})
    if not check:
        with open(TARGET, 'w') as file:
            file.write(text)
        return
    with open(TARGET) as file:
        if file.read() != text:
            raise Wrong('docs/coverage.md is not what the scenarios say: run tools/coverage.py')


if __name__ == '__main__':
    if sys.argv[1:] not in ([], ['--check']):
        sys.exit(__doc__)
    try:
        main(check=bool(sys.argv[1:]))
    except (Wrong, qemu.Trouble, OSError, subprocess.CalledProcessError) as trouble:
        sys.exit('coverage: %s' % trouble)
