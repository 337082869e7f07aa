#!/usr/bin/env python3
"""`make test`: host tests, tests of the tools, every machine. The last line counts them all (also in build/test.counts)."""
import os
import re
import signal
import subprocess
import sys
import time
import unittest

import matrix
import qemu
import replay

MAKE = os.environ.get('MAKE', 'make')
TOOLS = os.path.dirname(os.path.abspath(__file__))


def host():
    """The host tests, counted as prove counts them: (passed, failed, skipped)."""
    done = subprocess.run([MAKE, '--no-print-directory', 'CC=' + os.environ.get('CC', 'gcc'), 'host-test'], cwd=qemu.TOP, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600, close_fds=False)
    text = done.stdout.decode('utf-8', 'replace')
    print(text, end='')
    total = re.search(r'^Files=\d+, Tests=(\d+)', text, re.M)
    if not total:
        print('test: the host tests gave no count')
        return 0, 1, 0
    total = int(total.group(1))
    # A program that died counts as one failure, whatever it said before.
    failed = sum(max(int(n), 1) for n in re.findall(r'^\S+ \(Wstat: .* Failed: (\d+)\)', text, re.M))
    if done.returncode:
        failed = max(failed, 1)
    if total == 0:
        print('test: zero host tests')
        failed = 1
    return max(total - failed, 0), failed, 0


def model(target='model'):
    """Every scenario against the model, on the host."""
    done = subprocess.run([MAKE, '--no-print-directory', 'CC=' + os.environ.get('CC', 'gcc'), target], cwd=qemu.TOP, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=600, close_fds=False)
    text = done.stdout.decode('utf-8', 'replace')
    total = re.search(r'^(\d+) passed, (\d+) failed$', text, re.M)
    if not total or done.returncode:
        print(text, end='')
    if not total:
        print('test: make %s gave no count' % target)
        return 0, 1, 0
    print(total.group(0))
    return int(total.group(1)), max(int(total.group(2)), int(done.returncode != 0)), 0


def mutants():
    """Every scenario without each of its protections, against the model."""
    return model('mutants')


def spin():
    """The model against the second one."""
    return model('spin')


def tools():
    suite = unittest.TestLoader().discover(os.path.join(TOOLS, 'tests'), top_level_dir=os.path.join(TOOLS, 'tests'))
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=1).run(suite)
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    if result.testsRun == 0:
        failed = 1
    skipped = len(result.skipped)
    return max(result.testsRun - failed - skipped, 0), failed, skipped


def main():
    begin = time.monotonic()
    sums = [0, 0, 0]
    for name, stage in (('host tests', host), ('model checks', model), ('mutants', mutants), ('model checks by Spin', spin), ('tests of the tools', tools), ('machines', matrix.main),
                        ('replays', replay.main)):
        print('--- %s, after %.0f s' % (name, time.monotonic() - begin), flush=True)
        try:
            counts = stage()
        except (qemu.Trouble, subprocess.TimeoutExpired, OSError) as trouble:
            print('test: %s did not run to their end: %s' % (name, trouble))
            counts = (0, 1, 0)
        if counts[:2] == (0, 0):
            print('test: there are no %s, and that is a failure' % name)
            counts = (0, 1, counts[2])
        sums = [a + b for a, b in zip(sums, counts)]
        sys.stdout.flush()
    print('--- %.0f s' % (time.monotonic() - begin))
    last = '%d passed, %d failed, %d skipped' % tuple(sums)
    with open(os.path.join(qemu.BUILD, 'test.counts'), 'w') as file:
        print(last, file=file)
    print(last, flush=True)
    return 1 if sums[1] or not sums[0] else 0


if __name__ == '__main__':
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit('test: interrupted')
