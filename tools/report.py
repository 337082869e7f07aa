#!/usr/bin/env python3
"""What runs say of a platform, as Markdown and JSON.

    make report                       docs/platforms/ of the QEMUs in .qemu, from fresh runs of each
    tools/report.py LOG               of a log that was kept, of a real machine's for example, on standard output
    tools/report.py LOG --json

Only what every run of this kernel on that platform says alike is in it: no times, no numbers of rounds.
"""
import argparse
import collections
import json
import os
import re
import subprocess
import sys

import boot
import ktap
import qemu

FOLDER = os.path.join(qemu.TOP, 'docs', 'platforms')
NAMES = ('oldstable', 'stable', 'newest')
FIELDS = 'what section says cause shown command outcomes'.split()
HEAD = re.compile(r'^# ([A-DU][0-9]{2}\.\S+): (.*)')


class Test:
    """The lines of one test, and what they say."""

    def __init__(self, name, claim):
        self.name, self.claim, self.lines, self.result = name, claim, [], None

    def found(self, pattern):
        return [it.groups() for it in (re.match(pattern, line) for line in self.lines) if it]

    @property
    def outcomes(self):
        """Of every order, step by step: how many different ones were seen, how many the architecture allows."""
        numbers = self.found(r'# step order\S*.* outcomes=(\d+) allowed=(\d+)')
        return tuple(map(int, numbers[0])) if numbers else None

    @property
    def hazards(self):
        """What was looked for, step by step: the sentence, and whether it was seen."""
        own = [(name, seen == 'shown') for name, seen in self.found(r'# step (\S+) (shown|NOT SHOWN) in')]
        return own + [('%s: %s' % (change, name), seen == 'shown') for change, name, seen in
                      self.found(r'# control (.*): (\S+) (shown|NOT SHOWN)')]

    @property
    def drawing(self):
        """The first order that was drawn, and what it showed."""
        unit = [line[2:] for line in self.lines if re.match('# (did|specified|seen) ', line)]
        if self.name.startswith('U'):
            return [self.name] + unit
        lines = [line for line in self.lines if re.match(r'# (order=|seen |allowed |      C|\s+\d+ )', line)]
        ends = [n for n, line in enumerate(lines) if line.startswith('# allowed ')]
        return [line[2:] for line in lines[:ends[0] + 1]] if ends else []


def read(lines):
    """The log, its tests by name, and the words that say what the machine is."""
    log, tests, test, about = ktap.Log(), collections.OrderedDict(), None, []
    for line in lines:
        line = ktap.clean(line)
        log.feed(line)
        head = HEAD.match(line)
        if head:
            test = tests.setdefault(head.group(1), Test(*head.groups()))
        elif log.results and test and log.results[-1].name == test.name:
            test = None
        if test:
            test.lines.append(line)
        elif re.match(r'# (platform=|acpi |cpus online|vtd\d+ (CAP|ECAP|base)=|iommu tables|engine \S+ rid=|rid_pasid=|facts )', line):
            about.append(line[2:])
    for result in log.results:
        tests.setdefault(result.name, Test(result.name, '')).result = result
    return log, tests, about


def deviations():
    program = os.path.join(os.environ.get('O', 'build'), 'deviations')
    subprocess.run([os.environ.get('MAKE', 'make'), '--no-print-directory', '-s', program], cwd=qemu.TOP, check=True, stdout=subprocess.DEVNULL)
    text = subprocess.run([os.path.join(qemu.TOP, program)], stdout=subprocess.PIPE, check=True).stdout.decode()
    return [dict(zip(FIELDS, line.split('\t'))) for line in text.splitlines()]


def drawing(tests):
    """The first order of a scenario that was drawn; what each case of tests/unit/ did, and what should have been seen."""
    drawn = [t for t in tests if t.drawing]
    cases = [t for t in drawn if t.name.startswith('U')]
    return next((t.drawing for t in drawn if t not in cases), []) + [line for t in cases for line in t.drawing]


def findings(lines, listed):
    log, tests, about = read(lines)
    wrong = [log.bail] if log.bail else ktap.incomplete(log, ktap.NOT_OK if log.named('failed') else ktap.COMPLETE)
    if wrong:
        raise qemu.Trouble('; '.join(wrong))
    untold, departures = collections.OrderedDict(), []
    for test in tests.values():
        if test.result.kind == 'skipped':
            untold.setdefault(test.result.reason, []).append(test.name)
    for it in listed:
        names = [t.name for t in tests.values() if t.result.kind == 'known' and t.result.reason == it['what']]
        if names:
            departures.append(dict(it, tests=names, drawing=drawing([tests[n] for n in names])))
    told = [t for t in tests.values() if t.outcomes]
    return collections.OrderedDict([
        ('about', about), ('counts', log.counts()), ('digest', log.digest()), ('departures', departures),
        ('failed', log.named('failed')), ('untold', untold),
        ('units', collections.Counter(t.result.kind for name, t in tests.items() if name.startswith('U'))),
        ('facts', collections.OrderedDict((t.name, t.found('# fact (gone too.*)')[0][0]) for t in tests.values() if t.found('# fact gone too'))),
        ('outcomes', {'seen': sum(t.outcomes[0] for t in told), 'allowed': sum(t.outcomes[1] for t in told), 'tests': len(told)}),
        ('never_seen', collections.OrderedDict((t.name, t.outcomes) for t in told if t.outcomes[0] < t.outcomes[1])),
        ('hazards', collections.OrderedDict((t.name, [sentence for sentence, seen in t.hazards if seen]) for t in tests.values()
                                            if any(seen for _, seen in t.hazards))),
        ('not_shown', collections.OrderedDict((t.name, [sentence for sentence, seen in t.hazards if not seen]) for t in tests.values()
                                              if any(not seen for _, seen in t.hazards)))])


def departure(number, it):
    yield '### %d. %s' % (number, it['what'])
    yield ''
    yield 'Specification, %s: %s.' % (it['section'], it['says'])
    yield ''
    yield 'Shown by %s; %s.' % (', '.join('`%s`' % name for name in it['tests']), it['shown'])
    yield ''
    yield 'Where: %s.' % it['cause']
    yield ''
    yield 'Again: `%s`. The outcome that nothing allows: %s.' % (it['command'], it['outcomes'])
    if it['drawing']:
        yield from ['', '```'] + it['drawing'] + ['```']
    yield ''


def numbers(counts):
    return ', '.join('%d %s' % (n, kind) for kind, n in counts.items())


def page(title, it):
    counts = it['counts']
    yield from ['# ' + title, '', 'Made by `make report` of a run. Do not edit.', '', '## The machine', '', '```'] + it['about'] + ['```', '']
    yield from ['## Verdicts', '', numbers(counts) + '. Digest %s.' % it['digest'], '']
    yield from ['Elsewhere on this QEMU:', ''] + ['- ' + line for line in it['beside']] + [''] if it.get('beside') else []
    yield from ['Failed: %s.' % ', '.join(it['failed']), ''] if it['failed'] else []
    yield from ['## Departures from the specification', '', 'Cases of the unit (U) say what was done, what should be seen, and what was: "old" and "new" are the page that the tables led to '
                'before and after a change, "nothing" neither, "reason=" the fault that was recorded.', '']
    yield from [] if it['departures'] else ['None was seen.', '']
    for number, one in enumerate(it['departures'], 1):
        yield from departure(number, one)
    yield from ['## What cannot be told here', '']
    yield from ['- %s: %s' % (reason, ', '.join(names)) for reason, names in it['untold'].items()]
    yield from ['', '## Conformance of the unit', '', "Cases T=U*: %s. What is allowed and goes beyond what is asked for:"
                % ', '.join('%d %s' % (n, kind) for kind, n in it['units'].items()), '']
    yield from ['- %s: %s' % (name, fact) for name, fact in it['facts'].items()]
    hazards = sum(map(len, it['hazards'].values()))
    yield from ['', '## Hazards', '', 'What must go wrong without a protecting step, and facts that were looked for: %d shown, step by step, in %d tests.'
                % (hazards, len(it['hazards'])), '', 'Not shown step by step:', '']
    yield from ['- %s: %s' % (name, '; '.join(what)) for name, what in it['not_shown'].items()]
    seen = it['outcomes']
    yield from ['', '## Outcomes', '', 'Every order step by step, %d tests: %d outcomes were seen of %d that the architecture allows. Fewer than allowed:'
                % (seen['tests'], seen['seen'], seen['allowed']), '', '| test | seen | allowed |', '| --- | --- | --- |']
    yield from ['| %s | %d | %d |' % (name, *numbers) for name, numbers in it['never_seen'].items()]


def others(name):
    """Machines for what the usual one cannot show: second stages, and DMA that takes its time."""
    yield dict(iommu='scalable', args='T=U*.second*', extra=('-global', 'intel-iommu.aw-bits=48') if name == 'oldstable' else ())
    if name != 'oldstable':
        yield dict(engines=('nvme', 'late'), args='T=U07.* MODE=step')


def run_on(this, listed, args, **machine):
    machine = qemu.Machine(args=args + ' SEED=1', **machine)
    run = boot.boot(machine.command(this), deadline=300)
    if run.incomplete:
        raise qemu.Trouble('QEMU %s: %s' % (this.version, '; '.join(run.incomplete)))
    it = findings(run.lines, listed)
    it['beside'] = []
    return it, {result.name for result in run.log.results}, '`%s`, VT-d %s, %s' % (args, machine.iommu, ', '.join(machine.engines))


def beside(it, more, told, where):
    """What another machine with the same QEMU told: that is no open question any more."""
    it['beside'].append('%s: %s' % (where, numbers(more['counts'])))
    it['failed'] += more['failed']
    known = {one['what'] for one in it['departures']}
    it['departures'] += [one for one in more['departures'] if one['what'] not in known]
    told = told.difference(*more['untold'].values())
    left = [(reason, [name for name in names if name not in told]) for reason, names in it['untold'].items()]
    it['untold'] = collections.OrderedDict((reason, names) for reason, names in left if names)


def write(name, listed):
    this = qemu.Qemu(qemu.find(name))
    short = '.'.join(this.version.split('.')[:2])
    it = run_on(this, listed, '', cpus=4)[0]
    for machine in others(name):
        beside(it, *run_on(this, listed, cpus=1, **machine))
    os.makedirs(FOLDER, exist_ok=True)
    path = os.path.join(FOLDER, 'qemu-' + short)
    with open(path + '.md', 'w') as file:
        file.write('\n'.join(page('QEMU %s, its own CPUs (TCG)' % short, it)) + '\n')
    with open(path + '.json', 'w') as file:
        json.dump(it, file, indent=1)
        file.write('\n')
    print('%s.md: %d departures; %s' % (os.path.relpath(path, qemu.TOP), len(it['departures']), ', '.join('%d %s' % (n, k) for k, n in it['counts'].items())))


def main():
    it = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    it.add_argument('log', nargs='?')
    it.add_argument('--json', action='store_true')
    given = it.parse_args()
    listed = deviations()
    if not given.log:
        for name in NAMES:
            write(name, listed)
        return
    with open(given.log, 'rb') as file:
        found = findings(file.read().split(b'\n'), listed)
    print(json.dumps(found, indent=1) if given.json else '\n'.join(page(os.path.basename(given.log), found)))


if __name__ == '__main__':
    try:
        main()
    except (qemu.Trouble, OSError, subprocess.CalledProcessError) as trouble:
        sys.exit('report: %s' % trouble)
    except KeyboardInterrupt:
        sys.exit('report: interrupted')
