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
# How each is compiled, and what it compares if nothing is named.
Mode = collections.namedtuple('Mode', 'knobs default')
MODES = {'racing': Mode([], ['*']), 'stepped': Mode(['-DSTEPPED'], ['[A-D]*']), 'qemu': Mode(['-DQEMU'], ['C*'])}
DEFAULT = ('*', 'random.1-48')
NEEDED = ('A0[1-5].*', 'A12.*', 'A19.*', 'A20.*', 'C15.*', 'random.*')
# Exact search: every state is kept, nothing reduced. Final states are expected, so -E.
COMPILE = ['gcc', '-w', '-O0', '-DSAFETY', '-DNOREDUCE', '-DMEMLIM=2000', '-o', 'pan', 'pan.c']
SEARCH = ['./pan', '-E', '-c0', '-m100000', '-w18']
LIMIT_S = 300
SHOWN = 8
# Wrong on purpose, by a knob of tests/spin: what must then come out different, or the comparison sees nothing.
WRONG = (('EARLY', 'an IOMMU wait that returns early', 'A02.*'),
         ('DEAF', 'a shootdown that one CPU ignores', 'D01.shootdown'),
         ('UNMASKED', 'interrupts that come in spite of cli', 'A19.*'),
         ('COHERENT', 'stores that are visible at once', 'C15.cpu'))

# Scenarios that are compared at once: to make the program costs more than to run it. With as many CPUs, or idle ones cost states.
BATCH = 8
Job = collections.namedtuple('Job', 'mode knobs names')
Result = collections.namedtuple('Result', 'name good outcomes lines')


def run(words, **more):
    done = subprocess.run(words, stdin=subprocess.DEVNULL if 'input' not in more else None, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=LIMIT_S, **more)
    return done.returncode, done.stdout.decode('utf-8', 'replace')


def must(words, **more):
    status, text = run(words, **more)
    if status:
        raise qemu.Trouble('%s: status %d\n%s' % (' '.join(words), status, text))
    return text


def outcomes(names, text):
    """Of each, lines "= LISTING VARIANT saw... holds..." or "= LISTING VARIANT stuck"."""
    sets = {name: set() for name in names}
    for line in text.splitlines():
        if line.startswith('= '):
            sets[names[int(line.split()[1])]].add(line)
    return sets


def by_model(job):
    text = must([LISTING, job.mode, *job.names])
    bad = re.search(r'^! (\d+) (.*)', text, re.M)
    if bad:
        raise qemu.Trouble('the model does not know all of %s: %s' % (job.names[int(bad.group(1))], bad.group(2)))
    return outcomes(job.names, text)


def by_spin(job):
    """The sets, and how many states it took."""
    folder = os.path.join(WORK, '.'.join([job.mode, *job.knobs, job.names[0]]))
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with open(os.path.join(folder, 'listing.pml'), 'w') as file:
        file.write(must([LISTING, 'promela', *job.names]))
    # Status is 0 even after an error; what it writes is not.
    text = must(['spin', '-E-I' + qemu.TOP, *MODES[job.mode].knobs, *('-D' + knob for knob in job.knobs), '-a', 'listing.pml'], cwd=folder)
    if not os.path.exists(os.path.join(folder, 'pan.c')) or 'Error' in text:
        raise qemu.Trouble('spin refuses %s:\n%s' % (os.path.join(folder, 'listing.pml'), text))
    must(COMPILE, cwd=folder)
    text = must(SEARCH, cwd=folder)
    states = re.search(r'^ *(\d+) states, stored', text, re.M)
    if 'errors: 0' not in text or not states or re.search('not completed|too small|out of memory', text):
        raise qemu.Trouble('the search is not complete:\n' + text[-2000:])
    return outcomes(job.names, text), int(states.group(1))


def in_words(name, who, lines):
    if not lines:
        return []
    text = must([LISTING, 'words', name], input=''.join(line + '\n' for line in sorted(lines)[:SHOWN]).encode())
    more = ['... and %d more' % (len(lines) - SHOWN)] if len(lines) > SHOWN else []
    return ['%s %s' % (who, line) for line in text.splitlines() + more]


def compare(job):
    """A result for each of its names, and the states."""
    try:
        ours = by_model(job)
        theirs, states = by_spin(job)
    except (qemu.Trouble, subprocess.TimeoutExpired, OSError) as trouble:
        return [Result(name, None, 0, str(trouble).splitlines()) for name in job.names], 0
    results = []
    for name in job.names:
        lines = in_words(name, 'only Spin:', theirs[name] - ours[name]) + in_words(name, 'only the model:', ours[name] - theirs[name])
        results.append(Result(name, ours[name] == theirs[name] and bool(ours[name]), len(ours[name]), lines))
    return results, states


def chosen(wanted):
    """What `listing list` says of names that match: name, CPUs, what Promela lacks. random.3-9 are seven of random.c's."""
    every = [line.split(None, 2) for line in must([LISTING, 'list']).splitlines()]
    found = []
    for glob in wanted:
        seeds = re.fullmatch(r'random\.(\d+)(?:-(\d+))?', glob)
        if seeds:
            names = ['random.%d' % seed for seed in range(int(seeds.group(1)), int(seeds.group(2) or seeds.group(1)) + 1)]
            found += [line.split(None, 2) for line in must([LISTING, 'list', *names]).splitlines()]
        found += [line for line in every if fnmatch.fnmatchcase(line[0], glob) and line not in found]
    return found


def batches(mode, knobs, lines):
    by_cpus = collections.defaultdict(list)
    for name, cpus, *_ in lines:
        by_cpus[cpus].append(name)
    return [Job(mode, knobs, names[at:at + BATCH]) for names in by_cpus.values() for at in range(0, len(names), BATCH)]


def main():
    say = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    say.add_argument('names', nargs='*')
    say.add_argument('--mode', choices=MODES)
    words = say.parse_args()
    if not shutil.which('spin'):
        sys.exit('spin: there is no spin here; tools/setup.sh test installs it (Debian package spin)')
    begin = time.monotonic()
    whole = not words.names
    lines = chosen(words.names or DEFAULT)
    passed = failed = total = 0
    # What Promela lacks may be left out of all; but not if it was asked for, nor of what the check is for.
    for line in [line for line in lines if line[2:]]:
        needed = not whole or any(fnmatch.fnmatchcase(line[0], glob) for glob in NEEDED)
        failed += needed
        print('%s %s: tests/spin does not know %s' % ('not ok' if needed else 'left out', line[0], line[2]))
    lines = [line for line in lines if not line[2:]]
    jobs = [job for mode in MODES if words.mode in (mode, None)
            for job in batches(mode, (), [line for line in lines if not whole or any(fnmatch.fnmatchcase(line[0], glob) for glob in MODES[mode].default)])]
    jobs += [job for knob, _, glob in WRONG if whole for job in batches('racing', (knob,), [line for line in lines if fnmatch.fnmatchcase(line[0], glob)])]
    differing = set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for job, (results, states) in zip(jobs, pool.map(compare, jobs)):
            total += states
            for result in results:
                if job.knobs and result.good is not None:
                    differing |= set() if result.good else set(job.knobs)
                    continue
                passed += bool(result.good)
                failed += not result.good
                print('%s %s %s outcomes=%d' % ('ok' if result.good else 'not ok', result.name, job.mode, result.outcomes))
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
    except KeyboardInterrupt:
        sys.exit('spin: interrupted')
