#!/usr/bin/env python3
"""`make spin`: the model a second time, as Promela. Both must give each scenario, and each of its controls, the same outcomes.

    tools/spin.py                   every scenario
    tools/spin.py 'A0*' C15.write   those
    tools/spin.py --mode racing     one of racing, stepped, qemu (racing, as QEMU does it)
    tools/spin.py random.1-1000     scenarios by chance, tests/spin/random.c
"""
import argparse
import collections
import concurrent.futures
import fnmatch
import functools
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import qemu

LISTING = os.path.join(qemu.BUILD, 'listing')
WORK = os.path.join(qemu.BUILD, 'spin')
# How each is compiled; and what is compared if nothing is named.
MODES = {'racing': [], 'stepped': ['-DSTEPPED'], 'qemu': ['-DQEMU']}
DEFAULT = ('*', 'random.1-40')
NEEDED = ('A0[1-5].*', 'A12.*', 'A19.*', 'A20.*', 'C15.*', 'random.*')
# Exact search: every state is kept; reduced by Spin's partial order, which takes at once what one process does for
# itself (agents.pml). Final states are expected, so -E. To optimise costs more than the search takes.
COMPILE = ['gcc', '-w', '-O0', '-DSAFETY', '-DMEMLIM=500', '-o', 'pan', 'pan.c']
SEARCH = ['-E', '-c0', '-m10000', '-w16']
LIMIT_S = 300
TOO_LARGE = 'reached -DMEMLIM bound'
UNSTATED = 'no device TLBs in qemu.pml'
SHOWN = 8
BATCH = 16
# Wrong on purpose, by a knob of tests/spin: what must then come out different, or the comparison sees nothing.
WRONG = (('EARLY', 'an IOMMU wait that returns early', 'A02.*'),
         ('DEAF', 'a shootdown that one CPU ignores', 'D01.shootdown'),
         ('UNMASKED', 'interrupts that come in spite of cli', 'A19.*'),
         ('COHERENT', 'stores that are visible at once', 'C15.cpu'))

Job = collections.namedtuple('Job', 'name mode knobs')
Result = collections.namedtuple('Result', 'good outcomes states lines')


class LeftOut(Exception):
    """What this check does not speak of."""


def run(words, **more):
    done = subprocess.run(words, stdin=subprocess.DEVNULL if 'input' not in more else None, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=LIMIT_S, **more)
    return done.returncode, done.stdout.decode('utf-8', 'replace')


def must(words, **more):
    status, text = run(words, **more)
    if status:
        raise qemu.Trouble('%s: status %d\n%s' % (' '.join(words), status, text))
    return text


def outcomes(text):
    """Lines "= VARIANT saw... holds..." or "= VARIANT stuck"."""
    return {line for line in text.splitlines() if line.startswith('= ')}


def by_model(mode, names):
    """What the model prints for each of these: its name, and a line for each outcome."""
    text = must([LISTING, mode, *names])
    return dict(part.partition('\n')[::2] for part in re.split(r'^(?=\w)', text, flags=re.M) if part)


def outcomes_by_model(text):
    if '!' in text:
        raise qemu.Trouble('the model does not know all: ' + re.search('!.*', text).group(0))
    return outcomes(text)


def build(what):
    """The program for a mode with knobs, in which Spin searches any listing."""
    mode, knobs = what
    folder = os.path.join(WORK, '.'.join([mode, *knobs]))
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with open(os.path.join(folder, 'program.pml'), 'w') as file:
        file.write(must([LISTING, 'program']))
    # Status is 0 even after an error; what it writes is not.
    text = must(['spin', '-E-I' + qemu.TOP, *MODES[mode], *('-D' + knob for knob in knobs), '-a', 'program.pml'], cwd=folder)
    if not os.path.exists(os.path.join(folder, 'pan.c')) or 'Error' in text:
        raise qemu.Trouble('spin refuses %s:\n%s' % (os.path.join(folder, 'program.pml'), text))
    must(COMPILE, cwd=folder)
    return what, os.path.join(folder, 'pan')


@functools.lru_cache(maxsize=None)
def listing(name):
    return must([LISTING, 'listing', name]).encode()


def by_spin(job, program):
    """The set, and how many states it took."""
    status, text = run([program, *SEARCH], input=listing(job.name))
    if UNSTATED in text:
        raise LeftOut(UNSTATED)
    if TOO_LARGE in text and job.name.startswith('random.'):
        raise LeftOut('too large to search')
    states = re.search(r'^ *(\d+) states, stored', text, re.M)
    if status or 'errors: 0' not in text or not states or re.search('not completed|too small|out of memory', text):
        raise qemu.Trouble('\n'.join(['the search is not complete:', *re.findall('^(?:pan: ?|error|warning|!).*', text, re.M)]))
    return outcomes(text), int(states.group(1))


def in_words(name, who, lines):
    if not lines:
        return []
    text = must([LISTING, 'words', name], input=''.join(line + '\n' for line in sorted(lines)[:SHOWN]).encode())
    more = ['... and %d more' % (len(lines) - SHOWN)] if len(lines) > SHOWN else []
    return ['%s %s' % (who, line) for line in text.splitlines() + more]


def compare(job, program, by_model):
    try:
        theirs, states = by_spin(job, program)
        ours = outcomes_by_model(by_model)
        lines = in_words(job.name, 'only Spin:', theirs - ours) + in_words(job.name, 'only the model:', ours - theirs)
        return Result(ours == theirs and bool(ours), len(ours), states, lines)
    except LeftOut as reason:
        return Result(None, 0, 0, [str(reason)])
    except (qemu.Trouble, subprocess.TimeoutExpired, OSError) as trouble:
        return Result(False, 0, 0, str(trouble).splitlines())


def chosen(wanted):
    """Scenarios that match, and what Promela lacks for each, or ''. random.3-9 are seven of random.c's."""
    every = must([LISTING, 'list']).splitlines()
    found = {}
    for glob in wanted:
        seeds = re.fullmatch(r'random\.(\d+)(?:-(\d+))?', glob)
        named = ['random.%d' % seed for seed in range(int(seeds.group(1)), int(seeds.group(2) or seeds.group(1)) + 1)] if seeds else []
        for line in must([LISTING, 'list', *named]).splitlines() if named else every:
            name, _, lacks = line.partition(' ')
            if named or fnmatch.fnmatchcase(name, glob):
                found[name] = lacks
    return found


def main():
    say = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    say.add_argument('names', nargs='*')
    say.add_argument('--mode', choices=MODES)
    words = say.parse_args()
    if not shutil.which('spin'):
        sys.exit('spin: there is no spin here; tools/setup.sh test installs it (Debian package spin)')
    begin = time.monotonic()
    whole = not words.names
    names = chosen(words.names or DEFAULT)
    passed = failed = total = 0
    # What Promela lacks may be left out of all; but not if it was asked for, nor of what the check is for.
    for name, lacks in names.items():
        if lacks:
            needed = not whole or any(fnmatch.fnmatchcase(name, glob) for glob in NEEDED)
            failed += needed
            print('%s %s: tests/spin does not know %s' % ('not ok' if needed else 'left out', name, lacks))
    names = [name for name, lacks in names.items() if not lacks]
    jobs = [Job(name, mode, ()) for mode in MODES if words.mode in (mode, None) for name in names]
    jobs += [Job(name, 'racing', (knob,)) for knob, _, glob in WRONG if whole for name in names if fnmatch.fnmatchcase(name, glob)]
    differing = set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        programs = dict(pool.map(build, sorted({(job.mode, job.knobs) for job in jobs})))
        print('spin: %d programs, %.0f s' % (len(programs), time.monotonic() - begin))
        ours = {}
        # Several at a time: to start the program takes longer than most of them do.
        batches = [(mode, names[n:n + BATCH]) for mode in {job.mode for job in jobs} for n in range(0, len(names), BATCH)]
        for (mode, _), each in zip(batches, pool.map(lambda batch: by_model(*batch), batches)):
            ours.update({(mode, name): text for name, text in each.items()})
        for job, result in zip(jobs, pool.map(lambda job: compare(job, programs[job.mode, job.knobs], ours[job.mode, job.name]), jobs)):
            total += result.states
            if result.good is None:
                print('left out %s %s: %s' % (job.name, job.mode, *result.lines))
                continue
            if job.knobs and result.states:
                differing |= set() if result.good else set(job.knobs)
                continue
            passed += bool(result.good)
            failed += not result.good
            print('%s %s %s outcomes=%d states=%d' % ('ok' if result.good else 'not ok', job.name, job.mode, result.outcomes, result.states))
            for line in result.lines:
                print('    ' + line)
    for knob, what, _ in WRONG if whole else ():
        passed += knob in differing
        failed += knob not in differing
        print('%s %s is seen' % ('ok' if knob in differing else 'not ok', what))
    print('spin: %.0f s, %d states' % (time.monotonic() - begin, total))
    print('%d passed, %d failed' % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except qemu.Trouble as trouble:
        sys.exit('spin: %s' % trouble)
    except KeyboardInterrupt:
        sys.exit('spin: interrupted')
