#!/usr/bin/env python3
"""Do printed orders replay? Takes orders that a run draws, runs some of them again and again, each in a boot of its own,
and compares what was seen. `make test` does it.

    tools/replay.py                       four orders, ten times each
    tools/replay.py --orders 12 --times 3
"""
import argparse
import concurrent.futures
import re
import signal
import sys

import boot
import ktap
import qemu

DEADLINE = 120
SINGLE = 'tcg,thread=single'  # of the machine that an order replays on; it was drawn where each CPU has a thread
SEED = 20261121     # not the default, so that a replay must give it
PART = '3/4'        # of the tests: enough to choose from, of every group


def drawn(lines):
    """(test, order, seen) of each order that a log draws of a test as it is; a race has no order."""
    found, of_the_test, order, here = [], True, None, []
    for line in lines:
        result = re.match(r'(?:not )?ok \d+ (\S+)', line)
        if line.startswith('# in the control '):
            of_the_test = False
        elif re.match(r'# order=\w+$', line):
            order = line[len('# order='):] if of_the_test else None
            of_the_test = True
        elif line.startswith('# seen ') and order:
            here.append((order, line[len('# seen '):]))
            order = None
        elif result:
            found += [(result.group(1), *entry) for entry in here]
            of_the_test, order, here = True, None, []
    return found


def some(orders, count):
    """So many, from the whole log, no test twice if there are enough."""
    first = list({name: (name, order, seen) for name, order, seen in reversed(orders)}.values())[::-1]
    orders = first if len(first) >= count else orders
    count = min(count, len(orders))
    return [orders[i * len(orders) // count] for i in range(count)]


def difference(run, seen):
    """None, or in how far a run of one test in one order did not see that, a sentence."""
    if run.incomplete:
        return run.incomplete[0]
    if len(run.log.results) != 1:
        return '%d tests ran, not one' % len(run.log.results)
    again = [line[len('# seen '):] for line in run.lines if line.startswith('# seen ')]
    if not again:
        return 'nothing was seen: ' + ktap.exit_meaning(run.status)
    return next(('seen %s' % other for other in again if other != seen), None)


def main(name=None, count=4, times=10, jobs=2):
    """Returns (passed, failed, skipped) orders."""
    this = qemu.Qemu(qemu.find(name))

    def run(args, accel=SINGLE):
        return boot.boot(qemu.Machine(firmware='none', accel=accel, args=args).command(this), DEADLINE, DEADLINE)

    first = run('MODE=step SEED=%d SHARD=%s' % (SEED, PART), 'tcg')
    orders = drawn(first.lines)
    if first.incomplete or not orders:
        print('replay: %s' % (first.incomplete + ['the run drew no order'])[0])
        return 0, 1, 0
    chosen = some(orders, count)
    print('replay: %d of %d orders that QEMU %s drew, %d times each' % (len(chosen), len(orders), this.version, times), flush=True)
    failed = 0
    pool = concurrent.futures.ThreadPoolExecutor(jobs)
    try:
        for test, order, seen in chosen:
            args = 'T=%s ORDER=%s SEED=%d' % (test, order, SEED)
            running = [pool.submit(lambda: difference(run(args), seen)) for _ in range(times)]
            wrong = [bad for bad in (future.result() for future in running) if bad]
            print('%-6s %s: %d of %d times %s' % ('FAIL' if wrong else 'ok', args, times - len(wrong), times, seen), flush=True)
            if wrong:
                print('       by ACCEL=%s' % SINGLE)
            for sentence in sorted(set(wrong)):
                print('       %d times: %s' % (wrong.count(sentence), sentence))
            failed += bool(wrong)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        boot.end_all()
    return len(chosen) - failed, failed, 0


if __name__ == '__main__':
    it = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    it.add_argument('--qemu', help='a path, or a name in .qemu')
    it.add_argument('--orders', type=int, default=4)
    it.add_argument('--times', type=int, default=10)
    it.add_argument('--jobs', type=int, default=2)
    given = it.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        passed, failed, _ = main(given.qemu, given.orders, given.times, given.jobs)
    except KeyboardInterrupt:
        sys.exit('replay: interrupted')
    except qemu.Trouble as trouble:
        sys.exit('replay: %s' % trouble)
    sys.exit(1 if failed or not passed else 0)
