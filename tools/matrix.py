#!/usr/bin/env python3
"""Boot every machine of tools/machines.py and hold each run against its exact expectation.

    tools/matrix.py                 all rows
    tools/matrix.py 'ovmf*' leak    those rows
    tools/matrix.py --list          the rows, and the command that boots each by hand
"""
import argparse
import concurrent.futures
import fnmatch
import os
import re
import shlex
import signal
import sys
import time

import boot
import expected
import ktap
import machines
import qemu

LOGS = os.path.join(qemu.BUILD, 'logs')


def outcome(result):
    """One result in the words of the table: ok, not ok, skip REASON, known REASON, error REASON, weak REASON."""
    if result.kind == 'passed':
        return 'ok'
    if result.kind == 'failed' and result.directive in ('', 'SKIP', 'TODO'):
        return 'not ok'
    return '%s %s' % ('known' if result.kind == 'known' else result.directive.lower(), result.reason)


def needs_of(this):
    """What each test needs, by its name, as the kernel lists it."""
    run = boot.boot(qemu.Machine(firmware='none', args='LIST').command(this), deadline=60, silence=60)
    if run.incomplete or not run.log.results:
        raise qemu.Trouble('LIST: ' + '; '.join(run.incomplete or ['no test']))
    return {result.name: result.reason.rpartition(' needs ')[2].split(', ') if '] needs ' in result.reason else []
            for result in run.log.results}


def is_of(rule, name, needs):
    """Is this test one of those that the rule names?"""
    return not set(needs) & set(expected.BY_DEVICES) if rule == expected.NO_DEVICE else fnmatch.fnmatchcase(name, rule)


def due(row, name, needs):
    """The rule for this test on that machine: (names, outcome)."""
    lacking = row.missing(needs)
    if lacking:
        rules = [rule for rule in row.rules if rule[0] not in ('*', expected.NO_DEVICE)] + [(name, 'skip needs ' + lacking)]
    else:
        rules = row.rules + expected.DEVIATIONS + [('*', 'ok')]
    return next(rule for rule in rules if is_of(rule[0], name, needs))


def differences(run, row, needs):
    """Every way in which this run is not what its row says, a sentence each."""
    bad = list(run.incomplete)
    if run.status is not None and run.status != row.status:
        bad.append('the end should have been: %s; it was: %s' % (ktap.exit_meaning(row.status), ktap.exit_meaning(run.status)))
    if run.end != row.end:
        bad.append('the machine should have ended by %s; it did by %s' % (row.end, run.end))
    bad += [machines.ALONE if text == machines.TOGETHER else 'the log does not say "%s"' % text for text in row.says
            if not any(fnmatch.fnmatchcase(line + ' ', '*' + text + '*') for line in run.lines)]
    if row.bail is not None:
        if not fnmatch.fnmatchcase(run.log.bail or '', row.bail):
            bad.append('should have bailed out with "%s", did with "%s"' % (row.bail, run.log.bail))
        return bad
    if run.log.bail is not None:
        return bad + ['Bail out! ' + run.log.bail]
    names = row.tests(needs)
    names += [name for name in ('soak', 'handover') if name + '=' in row.machine.get('args', '')]
    if [r.name for r in run.log.results] != names:
        seen = {r.name for r in run.log.results}
        bad.append('other tests than LIST has: missing %s, new %s (or another order)'
                   % (sorted(set(names) - seen) or 'none', sorted(seen - set(names)) or 'none'))
    used = set()
    for result in run.log.results:
        rule = due(row, result.name, needs.get(result.name, []))
        used.add(rule[0])
        if not fnmatch.fnmatchcase(outcome(result), rule[1]):
            bad.append('%s should be "%s" and is "%s"' % (result.name, rule[1], outcome(result)))
    bad += ['no test is called %s, of which the row says "%s"' % rule for rule in row.rules if rule[0] not in used and not row.shard]
    return bad


def engine_table(heard):
    """What engines can do, and on which QEMU they keep the promises of kernel/dma.h: lines. heard: of each QEMU all that its machine with all
    engines said, oldest first."""
    if not heard:
        return []
    results = [{name: result for name, result in re.findall(r'^# engine (\S+) rid=.* conformance=(\S+)', '\n'.join(lines), re.M)}
               for _, lines in heard]
    table = [['engine', 'can'] + ['QEMU ' + this.version for this, _ in heard]]
    lacks = []
    for name, can in machines.ENGINES.items():
        lacks += ['-: ' + this.without(name) for this, _ in heard if this.without(name)]
        table.append([name, can] + [of.get(name) or ('-' if this.without(name) else 'MISSING')
                                    for (this, _), of in zip(heard, results)])
    widths = [max(map(len, column)) for column in zip(*table)]
    return ['  '.join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in table] + lacks


def again(row, machine):
    """The command that boots this row alone, with everything that is not the default."""
    default = qemu.Machine()
    words = ['tools/run.py', '--qemu', row.qemu]
    for field, option in (('firmware', '--firmware'), ('cpus', '--cpus'), ('cpu_model', '--cpu-model'),
                          ('memory', '--memory'), ('accel', '--accel'), ('iommu', '--iommu'), ('iso', '--iso'), ('elf', '--elf'), ('args', '--args')):
        if getattr(machine, field) != getattr(default, field):
            words += [option, str(getattr(machine, field))]
    if machine.caching_mode:
        words.append('--caching-mode')
    if tuple(machine.engines) != default.engines:
        words += ['--engine-devices', ','.join(machine.engines) or 'none']
    if row.key:
        words += ['--key', row.key]
    if row.answer:
        words += ['--answer', row.answer]
    if machine.extra:
        words += ['--', *machine.extra]
    return shlex.join(words)


def one(row, qemus, needs):
    machine = qemu.Machine(medium=os.path.join(LOGS, row.name + '.img'), **row.machine)
    run = boot.boot(machine.command(qemus[row.qemu]), deadline=row.deadline, silence=row.deadline, key=row.key, answer=row.answer, beside=machine.beside)
    bad = differences(run, row, needs) + machine.damage()
    if bad:
        with open(os.path.join(LOGS, row.name + '.log'), 'w') as log:
            log.write('# %s\n' % again(row, machine))
            log.write('\n'.join(['# bad: ' + sentence for sentence in bad] + run.lines) + '\n')
            log.write('\n'.join('qemu: ' + line for line in run.errors) + '\n')
    return run, bad


def report(row, run, bad, number, total):
    count = run.log.counts()
    print('[%2d/%d] %-4s %-28s %5.1f s  %s' % (
        number, total, 'FAIL' if bad else 'ok', row.name, run.seconds,
        'Bail out! ' + run.log.bail if run.log.bail and not bad else
        ', '.join('%d %s' % (n, kind) for kind, n in count.items() if n) or 'nothing'), flush=True)
    for sentence in bad[:8]:
        print('         ' + sentence)
    if bad:
        print('         log: %s; again: %s' % (os.path.relpath(os.path.join(LOGS, row.name + '.log')),
                                               again(row, qemu.Machine(**row.machine))), flush=True)


def slowest(took, count=10):
    """Lines; took: seconds by row."""
    return ['slowest: %5.1f s  %s' % (took[name], name) for name in sorted(took, key=took.get, reverse=True)[:count]]


def main(patterns=(), jobs=os.cpu_count() or 1):
    """Returns (passed, failed, skipped) rows; jobs: how many at once of those that keep no more than one processor busy. Two of
    the others at once take longer than one after the other."""
    rows = [row for row in machines.ROWS
            if not patterns or any(fnmatch.fnmatchcase(row.name, pattern) for pattern in patterns)]
    if not rows:
        raise qemu.Trouble('no row is called %s; tools/matrix.py --list shows all' % ' or '.join(patterns))
    os.makedirs(LOGS, exist_ok=True)
    for old in os.listdir(LOGS):
        os.unlink(os.path.join(LOGS, old))
    qemus = {name: qemu.Qemu(qemu.find(name)) for name in sorted({row.qemu for row in rows})}
    print('matrix: %d machines on QEMU %s' % (len(rows), ' and '.join(q.version for q in qemus.values())), flush=True)
    begin = time.monotonic()
    failed = 0
    engines, took = {}, {}
    needs = needs_of(next(iter(qemus.values())))
    missing = [family for family in expected.FAMILIES if not any(name.startswith(family) for name in needs)]
    if missing:
        raise qemu.Trouble('no test called %s* is listed' % '*, '.join(missing))
    # Long ones first, so that none is left over alone at the end.
    rows.sort(key=lambda row: -row.deadline)
    number = 0
    for at_once, group in ((1, [row for row in rows if row.alone]), (jobs, [row for row in rows if not row.alone])):
        pool = concurrent.futures.ThreadPoolExecutor(at_once)
        try:
            running = {pool.submit(one, row, qemus, needs): row for row in group}
            for number, future in enumerate(concurrent.futures.as_completed(running), number + 1):
                row, (run, bad) = running[future], future.result()
                report(row, run, bad, number, len(rows))
                failed += bool(bad)
                took[row.name] = run.seconds
                if row.name.startswith('engines-'):
                    engines[row.qemu] = engines.get(row.qemu, []) + run.lines
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            boot.end_all()
    oldest_first = sorted(engines, key=lambda name: [int(part) for part in qemus[name].version.split('.')])
    for line in engine_table([(qemus[name], engines[name]) for name in oldest_first]):
        print('engines: ' + line)
    for line in slowest(took):
        print(line)
    print('matrix: %d passed, %d failed; %.0f s' % (len(rows) - failed, failed, time.monotonic() - begin), flush=True)
    return len(rows) - failed, failed, 0


if __name__ == '__main__':
    it = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    it.add_argument('rows', nargs='*')
    it.add_argument('--list', action='store_true')
    it.add_argument('--jobs', type=int, default=os.cpu_count() or 1, help='machines at once, of those that keep one processor busy')
    given = it.parse_args()
    if given.list:
        for row in machines.ROWS:
            print('%-28s %s' % (row.name, again(row, qemu.Machine(**row.machine))))
        sys.exit(0)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        passed, failed, _ = main(given.rows, given.jobs)
    except KeyboardInterrupt:
        sys.exit('matrix: interrupted')
    except qemu.Trouble as trouble:
        sys.exit('matrix: %s' % trouble)
    sys.exit(1 if failed or not passed else 0)
