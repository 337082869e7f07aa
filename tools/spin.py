#!/usr/bin/env python3
"""`make spin`: the model a second time, as Promela. Both must give each scenario, and each of its controls, the same outcomes.

    tools/spin.py                   every scenario
    tools/spin.py 'A0*' C15.write   those
    tools/spin.py --mode racing     one of racing, stepped, qemu (racing, as QEMU does it)
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
# How each is compiled, and which scenarios it is for if none are named.
Mode = collections.namedtuple('Mode', 'knobs default')
MODES = {'racing': Mode([], '*'), 'stepped': Mode(['-DSTEPPED'], '*'), 'qemu': Mode(['-DQEMU'], 'C*')}
# Exact search: every state is kept, nothing reduced. Final states are expected, so -E.
COMPILE = ['gcc', '-w', '-O0', '-DSAFETY', '-DNOREDUCE', '-DMEMLIM=2000', '-o', 'pan', 'pan.c']
SEARCH = ['./pan', '-E', '-c0', '-m100000', '-w18']
LIMIT_S = 120
SHOWN = 8
# Wrong on purpose, by a knob of tests/spin: what must then come out different, or the comparison sees nothing.
WRONG = (('EARLY', 'an IOMMU wait that returns early', 'A02.*'),
         ('DEAF', 'a shootdown that one CPU ignores', 'D01.shootdown'),
         ('UNMASKED', 'interrupts that come in spite of cli', 'A19.*'),
         ('COHERENT', 'stores that are visible at once', 'C15.cpu'))

Result = collections.namedtuple('Result', 'name mode good outcomes states lines')


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


def by_model(name, mode):
    text = must([LISTING, mode, name])
    if '!' in text:
        raise qemu.Trouble('the model does not know all: ' + re.search('!.*', text).group(0))
    return outcomes(text)


def by_spin(name, mode, knobs=()):
    """The set, and how many states it took."""
    folder = os.path.join(WORK, '.'.join([name, mode, *knobs]))
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, 'listing.pml'), 'w') as file:
        file.write(must([LISTING, 'promela', name]))
    for old in ('pan', 'pan.c'):
        if os.path.exists(os.path.join(folder, old)):
            os.unlink(os.path.join(folder, old))
    # Status is 0 even after an error; what it writes is not.
    text = must(['spin', '-E-I' + qemu.TOP, *MODES[mode].knobs, *('-D' + knob for knob in knobs), '-a', 'listing.pml'], cwd=folder)
    if not os.path.exists(os.path.join(folder, 'pan.c')) or 'Error' in text:
        raise qemu.Trouble('spin refuses %s:\n%s' % (os.path.join(folder, 'listing.pml'), text))
    must(COMPILE, cwd=folder)
    text = must(SEARCH, cwd=folder)
    states = re.search(r'^ *(\d+) states, stored', text, re.M)
    if 'errors: 0' not in text or not states or re.search('not completed|too small|out of memory', text):
        raise qemu.Trouble('the search is not complete:\n' + text[-2000:])
    return outcomes(text), int(states.group(1))


def in_words(name, who, lines):
    if not lines:
        return []
    text = must([LISTING, 'words', name], input=''.join(line + '\n' for line in sorted(lines)[:SHOWN]).encode())
    more = ['... and %d more' % (len(lines) - SHOWN)] if len(lines) > SHOWN else []
    return ['%s %s' % (who, line) for line in text.splitlines() + more]


def compare(name, mode, knobs=()):
    try:
        ours = by_model(name, mode)
        theirs, states = by_spin(name, mode, knobs)
        lines = in_words(name, 'only Spin:', theirs - ours) + in_words(name, 'only the model:', ours - theirs)
        return Result(name, mode, ours == theirs and bool(ours), len(ours), states, lines)
    except (qemu.Trouble, subprocess.TimeoutExpired, OSError) as trouble:
        return Result(name, mode, None, 0, 0, str(trouble).splitlines())


def main():
    say = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    say.add_argument('names', nargs='*')
    say.add_argument('--mode', choices=MODES)
    words = say.parse_args()
    if not shutil.which('spin'):
        sys.exit('spin: there is no spin here; tools/setup.sh test installs it (Debian package spin)')
    begin = time.monotonic()
    lines = [line.split() for line in must([LISTING, 'list']).splitlines()]
    every = [line[0] for line in lines]
    # What tests/spin does not know yet. Asked for by name it is refused, and that is a failure.
    lacks = {line[0]: line[1] for line in lines if len(line) > 1}
    whole = not words.names
    for name in lacks if whole else ():
        print('left out %s: tests/spin does not know %s' % (name, lacks[name]))
    names = [name for name in every if any(fnmatch.fnmatchcase(name, glob) for glob in words.names or ['*'])
             and not (whole and name in lacks)]
    jobs = [(name, mode, ()) for name in names for mode in MODES
            if words.mode == mode or not words.mode and (not whole or fnmatch.fnmatchcase(name, MODES[mode].default))]
    wrong = [(name, 'racing', (knob,)) for knob, _, glob in WRONG if whole for name in every if fnmatch.fnmatchcase(name, glob)]
    passed = failed = 0
    differing = set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for job, result in zip(jobs + wrong, pool.map(lambda job: compare(*job), jobs + wrong)):
            if job[2] and result.good is not None:
                differing |= set() if result.good else set(job[2])
                continue
            passed += bool(result.good)
            failed += not result.good
            print('%s %s %s outcomes=%d states=%d' % ('ok' if result.good else 'not ok', result.name, result.mode,
                                                      result.outcomes, result.states))
            for line in result.lines:
                print('    ' + line)
    for knob, what, _ in WRONG if whole else ():
        passed += knob in differing
        failed += knob not in differing
        print('%s %s is seen' % ('ok' if knob in differing else 'not ok', what))
    print('spin: %.0f s' % (time.monotonic() - begin))
    print('%d passed, %d failed' % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit('spin: interrupted')
