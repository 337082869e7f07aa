#!/usr/bin/env python3
"""Default runs one after another: does each give the same verdicts?

    make flakes N=200
    tools/flakes.py 20 --qemu stable --firmware none --args 'T=C15*'

The machine is that of `make run`: with a device with a device TLB, where that can be had. A verdict is a test's result with
its reason. What most runs gave is the norm; a run that gave something else, or did not come to its end, is a flake, and its log
stays in build/flakes.
"""
import argparse
import os
import shlex
import shutil
import signal
import sys

import boot
import matrix
import qemu

LOGS = os.path.join(qemu.BUILD, 'flakes')
RUN = 'the run'


def verdicts(run):
    """Names and outcomes in the words of the matrix; of a run without an end also why."""
    seen = [(result.name, matrix.outcome(result)) for result in run.log.results]
    if run.incomplete or run.log.bail is not None:
        seen.append((RUN, '; '.join(run.complaints)))
    return tuple(seen)


def differences(norm, other):
    """In how far `other` is not the norm, a sentence each."""
    due, seen = dict(norm), dict(other)
    names = list(due) + [name for name in seen if name not in due]
    return ['%s: "%s" instead of "%s"' % (name, seen.get(name, 'missing'), due.get(name, 'missing'))
            for name in names if seen.get(name) != due.get(name)] or ['the same verdicts in another order']


def keep(run, number):
    path = os.path.join(LOGS, '%04d.log' % number)
    with open(path, 'w') as log:
        log.write('\n'.join(run.lines + ['qemu: ' + line for line in run.errors]) + '\n')


def judge(sets):
    """By what was seen in which runs: prints it, and True if there is nothing but one whole set."""
    norm = max(sets, key=lambda what: len(sets[what]))
    runs = sum(map(len, sets.values()))
    for what, numbers in sets.items():
        if what != norm:
            print('%d times, runs %s:' % (len(numbers), ' '.join(map(str, numbers))))
            print('\n'.join('  ' + sentence for sentence in differences(norm, what)))
    whole = len(norm) > 0 and RUN not in dict(norm)
    if not whole:
        print('flakes: the norm is a run without an end: ' + dict(norm).get(RUN, 'no verdict'))
    print('flakes: %d runs, %d identical, %d flakes; %d verdicts each' % (runs, len(sets[norm]), runs - len(sets[norm]), len(norm)))
    return len(sets) == 1 and whole


def main(runs, command, deadline, beside=None):
    """True if all runs gave the same verdicts and came to their end. beside: as boot() takes it, anew for each."""
    shutil.rmtree(LOGS, ignore_errors=True)
    os.makedirs(LOGS)
    sets = {}   # verdicts: numbers of the runs that gave them
    for number in range(1, runs + 1):
        run = boot.boot(command, deadline, deadline, beside=beside)
        what = verdicts(run)
        # Which one is the norm shows at the end: one log of each, and all but the first one's.
        if what not in sets or what != next(iter(sets)):
            keep(run, number)
        sets.setdefault(what, []).append(number)
        print('[%*d/%d] %5.1f s  set %d  %s' % (
            len(str(runs)), number, runs, run.seconds, list(sets).index(what) + 1,
            ', '.join('%d %s' % (n, kind) for kind, n in run.log.counts().items() if n) or 'nothing'), flush=True)
    return judge(sets)


if __name__ == '__main__':
    it = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    it.add_argument('runs', type=int)
    it.add_argument('--qemu', help='a path, or a name in .qemu')
    it.add_argument('--firmware', choices=qemu.FIRMWARES, default='seabios')
    it.add_argument('--cpus', type=int, default=4)
    it.add_argument('--args', default='', help="words for the kernel's command line")
    it.add_argument('--deadline', type=float, default=300, metavar='S', help='end a run after S seconds')
    given = it.parse_args()
    if given.runs < 2:
        sys.exit('flakes: one run says nothing: 2 or more')
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        machine, this = qemu.Machine(firmware=given.firmware, cpus=given.cpus, args=given.args), qemu.Qemu(qemu.find(given.qemu))
        without = machine.no_ats(this)
        if without:
            print('flakes: without a device TLB: ' + without)
        else:
            machine.engines += ('ats',)
        print('flakes: %d runs of %s: %s' % (given.runs, machine.describe(this), shlex.join(machine.command(this))), flush=True)
        sys.exit(0 if main(given.runs, machine.command(this), given.deadline, machine.beside) else 1)
    except KeyboardInterrupt:
        sys.exit('flakes: interrupted')
    except qemu.Trouble as trouble:
        sys.exit('flakes: %s' % trouble)
