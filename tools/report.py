#!/usr/bin/env python3
"""What runs say of a platform, as Markdown and JSON (docs/platforms/README.md).

    make report                       docs/platforms/ of the QEMUs in .qemu, from fresh runs of each
    tools/report.py LOG               of a log that was kept, of a real machine's for example, on standard output
    tools/report.py LOG --json

Only what every run of this kernel on that platform says alike is in it, or it is marked: no times, no numbers of rounds.
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
import report_page

FOLDER = os.path.join(qemu.TOP, 'docs', 'platforms')
NAMES = ('oldstable', 'stable', 'newest')
HEAD = re.compile(r'^# ([A-DU][0-9]{2}\.\S+): (.*?)(; engine=\S+)?$')
ABOUT = re.compile(r'# (platform=|acpi |cpus online|vtd\d+ (CAP|ECAP|base)=|iommu tables|engine \S+ rid=|rid_pasid=)')
PASSES = 'passes, though listed: '


class Test:
    """The lines of one test, and what they say."""

    def __init__(self, name, claim):
        self.name, self.claim, self.lines, self.result = name, claim, [], None

    def found(self, pattern):
        return [it.groups() for it in (re.match(pattern, line) for line in self.lines) if it]

    def said(self, word):
        return '; '.join(it[0] for it in self.found('# %s (.*)' % word))

    @property
    def outcomes(self):
        """Of every order, step by step: how many different ones were seen, how many the architecture allows."""
        numbers = self.found(r'# step order\S*.* outcomes=(\d+) allowed=(\d+)')
        return tuple(map(int, numbers[0])) if numbers else None

    @property
    def hazard(self):
        """What an unsafe protocol, or a measurement, looks for, step by step: its name, and whether it was seen."""
        return [(name, seen == 'shown') for name, seen in self.found(r'# step (\S+) (shown|NOT SHOWN) in')]

    @property
    def controls(self):
        return [('%s: %s' % (change.strip(), name), seen == 'shown') for change, name, seen in
                self.found(r'# control (.*): (\S+) (shown|NOT SHOWN)')]

    @property
    def drawing(self):
        """The first order that was drawn, and what it showed."""
        lines = [line[2:] for line in self.lines if re.match(r'# (order=|seen |allowed |      C|      E|\s+\d+ )', line)]
        ends = [n for n, line in enumerate(lines) if line.startswith('allowed ')]
        return lines[:ends[0] + 1] if ends and lines[0].startswith('order=') else []


def read(lines):
    """The log, its tests by name, and the words that say what the machine is."""
    log, tests, test, about = ktap.Log(), collections.OrderedDict(), None, []
    for line in lines:
        line = ktap.clean(line)
        log.feed(line)
        head = HEAD.match(line)
        if head:
            test = tests.setdefault(head.group(1), Test(*head.groups()[:2]))
        elif log.results and test and log.results[-1].name == test.name:
            test = None
        if test:
            test.lines.append(line)
        elif ABOUT.match(line):
            about.append(line[2:])
        elif line.startswith('# facts '):
            about.append(line[2:])
    for result in log.results:
        tests.setdefault(result.name, Test(result.name, '')).result = result
    return log, collections.OrderedDict((name, t) for name, t in tests.items() if t.result), about


def tell_where(it, where):
    for one in it['departures']:
        for test in one['tests']:
            test['on'] = where


def deviations():
    """What tests/deviations.c and those of tests/unit/ list."""
    program = os.path.join(os.environ.get('O', 'build'), 'deviations')
    subprocess.run([os.environ.get('MAKE', 'make'), '--no-print-directory', '-s', program], cwd=qemu.TOP, check=True, stdout=subprocess.DEVNULL)
    return json.loads(subprocess.run([os.path.join(qemu.TOP, program)], stdout=subprocess.PIPE, check=True).stdout.decode())


def by_chance(listed):
    """Tests that deviate in races alone: a run may meet it or not."""
    races = collections.defaultdict(list)
    for it in listed:
        for shows in it['shows']:
            races[shows['test']].append(shows['race'])
    return {name for name, all_of_them in races.items() if all(all_of_them)}


def evidence(test, shows, entries):
    """How one test shows a departure: the order, or what a case of tests/unit/ did, and what should have been seen."""
    if test.name.startswith('U'):
        return collections.OrderedDict([
            ('test', test.name), ('claim', test.claim), ('before', entries.get('second' if '.second' in test.name else 'first', '')),
            ('did', test.said('did')), ('specified', test.said('specified')), ('seen', test.said('seen'))])
    return collections.OrderedDict([
        ('test', test.name), ('claim', test.claim), ('race', shows[0]['race']), ('before', shows[0]['before']), ('steps', shows[0]['steps']),
        ('drawing', [] if shows[0]['race'] else test.drawing), ('outcomes', [it['outcome'] for it in shows])])


def departure(it, tests, entries):
    """As this run shows it, or None. What only races show belongs to it whether they met it this time or not."""
    by_name = collections.OrderedDict()
    for shows in it['shows']:
        by_name.setdefault(shows['test'], []).append(shows)
    wanted = (it['what'], PASSES + it['what'])
    names = [t.name for t in tests.values() if t.result.directive == 'TODO' and t.name in by_name and t.result.reason in wanted
             and (not t.result.ok or all(shows['race'] for shows in by_name[t.name]))]
    if not names:
        return None
    words = [(key, it[key]) for key in ('what', 'section', 'says', 'cause', 'shown', 'command')]
    return collections.OrderedDict(words + [('tests', [evidence(tests[name], by_name[name], entries) for name in names])])


def checked(lines):
    """read(), of a log from which something can be said."""
    log, tests, about = read(lines)
    bad = ['the log says Bail out! ' + log.bail] if log.bail is not None else ktap.incomplete(log, ktap.worth(log))
    if not bad and not any(line.startswith('platform=') for line in about):
        bad = ['the log does not say which platform it is of (# platform=)']
    if bad:
        raise qemu.Trouble('; '.join(bad))
    return log, tests, about


def by_name(pairs):
    return collections.OrderedDict((name, what) for name, what in pairs if what)


def findings(lines, listed):
    log, tests, about = checked(lines)
    known = {it['what'] for it in listed}
    strange = [t.name for t in tests.values() if t.result.kind == 'known' and t.result.reason not in known]
    if strange:
        raise qemu.Trouble('the log is of another version of this kernel: tests/deviations.c does not know why %s failed' % strange[0])
    chance = [name for name in by_chance(listed) if name in tests and tests[name].result.directive == 'TODO']
    sure = [t for t in tests.values() if t.name not in chance]
    entries = dict(found for t in tests.values() for found in t.found('# entries of a (first|second) stage: (.*)'))
    untold = collections.OrderedDict()
    for test in sure:
        if test.result.kind == 'skipped':
            untold.setdefault(test.result.reason, []).append(test.name)
    told = [t for t in tests.values() if t.outcomes]
    facts = [line.split()[1:] for line in about if line.startswith('facts ')]
    it = collections.OrderedDict([
        ('format', 1),
        ('machine', [line for line in about if not line.startswith('facts ')]),
        ('probe', collections.OrderedDict(fact.split('=', 1) for fact in (facts[0] if facts else []))),
        ('verdicts', collections.OrderedDict((kind, sum(t.result.kind == kind for t in sure)) for kind in log.counts())),
        ('by_chance', sorted(chance)),
        ('failed', log.named('failed')),
        ('departures', [it for it in (departure(it, tests, entries) for it in listed) if it]),
        ('untold', untold),
        ('units', collections.Counter(t.result.kind for t in sure if t.name.startswith('U'))),
        ('beyond', by_name((t.name, t.said(r'fact gone too:')) for t in tests.values())),
        ('hazards', by_name((t.name, t.claim) for t in tests.values() if t.hazard and t.hazard[0][1])),
        ('not_shown', by_name((t.name, [what for what, seen in t.hazard + t.controls if not seen]) for t in tests.values())),
        ('controls', {'shown': sum(seen for t in tests.values() for _, seen in t.controls),
                      'tests': sum(1 for t in tests.values() if any(seen for _, seen in t.controls))}),
        ('outcomes', {'seen': sum(t.outcomes[0] for t in told), 'allowed': sum(t.outcomes[1] for t in told), 'tests': len(told)}),
        ('never_seen', by_name((t.name, t.outcomes) for t in told if t.outcomes[0] < t.outcomes[1])),
        ('elsewhere', [])])
    tell_where(it, it['machine'][0])
    return it


def others(name):
    """Machines for what the usual one cannot show: second stages, and DMA that takes its time."""
    yield dict(iommu='scalable', args='T=U*.second*', extra=('-global', 'intel-iommu.aw-bits=48') if name == 'oldstable' else ())
    if name != 'oldstable':
        yield dict(engines=('nvme', 'late'), args='T=U07.* MODE=step')


def words_of(command):
    """Of QEMU's command line what the machine is made of: no files, nothing that is for the log."""
    pairs = zip(command[1:], command[2:])
    return ' '.join('%s %s' % pair for pair in pairs if pair[0] in ('-machine', '-cpu', '-smp', '-device', '-global') and 'isa-debug-exit' not in pair[1])


def run_on(this, listed, args, **machine):
    machine = qemu.Machine(args=args + ' SEED=1', **machine)
    command = machine.command(this)
    run = boot.boot(command, deadline=600)
    if run.incomplete:
        raise qemu.Trouble('QEMU %s: %s' % (this.version, '; '.join(run.incomplete)))
    it = findings(run.lines, listed)
    it['machine'].insert(0, 'qemu ' + words_of(command))
    tell_where(it, 'QEMU %s: %s' % (this.version, words_of(command)))
    return it, {result.name for result in run.log.results}


def beside(it, more, told, args):
    """What another machine with the same QEMU told: that is no open question any more."""
    it['elsewhere'].append(collections.OrderedDict([('words', args), ('machine', more['machine']), ('verdicts', more['verdicts'])]))
    it['failed'] += more['failed']
    known = {one['what']: one for one in it['departures']}
    for one in more['departures']:
        if one['what'] not in known:
            it['departures'].append(one)
        else:
            had = {test['test'] for test in known[one['what']]['tests']}
            known[one['what']]['tests'] += [test for test in one['tests'] if test['test'] not in had]
    told = told.difference(*more['untold'].values())
    left = [(reason, [name for name in names if name not in told]) for reason, names in it['untold'].items()]
    it['untold'] = by_name(left)


def write(name, listed):
    this = qemu.Qemu(qemu.find(name))
    short = '.'.join(this.version.split('.')[:2])
    it = run_on(this, listed, '', cpus=4)[0]
    for machine in others(name):
        beside(it, *run_on(this, listed, cpus=1, **machine), machine['args'])
    os.makedirs(FOLDER, exist_ok=True)
    path = os.path.join(FOLDER, 'qemu-' + short)
    with open(path + '.md', 'w') as file:
        file.write('\n'.join(report_page.page('QEMU %s, its own CPUs (TCG)' % short, it)) + '\n')
    with open(path + '.json', 'w') as file:
        json.dump(it, file, indent=1)
        file.write('\n')
    print('%s.md: %d departures; %s' % (os.path.relpath(path, qemu.TOP), len(it['departures']), report_page.numbers(it['verdicts'])))
    return it['failed']


def main():
    it = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    it.add_argument('log', nargs='?')
    it.add_argument('--json', action='store_true')
    given = it.parse_args()
    if given.json and not given.log:
        it.error('--json is for a log')
    if not given.log:
        listed = deviations()
        failed = [test for name in NAMES for test in write(name, listed)]
        if failed:
            raise qemu.Trouble('not ok, and not listed either: ' + ' '.join(failed))
        return
    with open(given.log, 'rb') as file:
        lines = file.read().split(b'\n')
    checked(lines)
    found = findings(lines, deviations())
    print(json.dumps(found, indent=1) if given.json else '\n'.join(report_page.page(os.path.basename(given.log), found)))


if __name__ == '__main__':
    try:
        main()
    except (qemu.Trouble, OSError, subprocess.CalledProcessError) as trouble:
        sys.exit('report: %s' % trouble)
    except KeyboardInterrupt:
        sys.exit('report: interrupted')
