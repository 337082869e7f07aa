"""The reader of logs must not take a broken, short or empty run for a good one, and must survive any bytes."""
import os
import random
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
import ktap

GOOD = ['KTAP version 1', '1..3', '# hello', 'ok 1 A01.read', 'ok 2 A02.x # SKIP needs first-stage translation', 'ok 3 C01']


def read(lines):
    log = ktap.Log()
    for line in lines:
        log.feed(line)
    return log


class Judge(unittest.TestCase):
    def bad(self, sentence, lines, status=ktap.COMPLETE):
        complaints = ktap.judge(read(lines), status)
        self.assertTrue(any(sentence in c for c in complaints), complaints)

    def test_good(self):
        log = read(GOOD)
        self.assertEqual(ktap.judge(log, ktap.COMPLETE), [])
        self.assertEqual(log.counts(), {'passed': 2, 'failed': 0, 'known': 0, 'skipped': 1})
        self.assertEqual((log.results[1].name, log.results[1].reason), ('A02.x', 'needs first-stage translation'))

    def test_serial_dirt_is_not_seen(self):
        dirty = ['\x1b[2J\x1b[01;01HBdsDxe: starting', '\x1b[0m\x1b[37mWelcome to GRUB!', '\r\x00KTAP version 1\r']
        self.assertEqual(ktap.judge(read(dirty + [line + '\r' for line in GOOD[1:]]), ktap.COMPLETE), [])

    def test_nothing_at_all(self):
        self.bad('never printed', [])

    def test_firmware_only(self):
        self.bad('never printed', ['ok 1 A01.read', '1..1'])

    def test_no_plan(self):
        self.bad('no plan', GOOD[:1])
        self.bad('before the plan', [GOOD[0], 'ok 1 A01.read'])

    def test_zero_tests(self):
        self.bad('zero tests', ['KTAP version 1', '1..0'])
        self.bad('zero tests', ['KTAP version 1', '1..0 # SKIP no IOMMU'])

    def test_digest(self):
        digest = read(GOOD).digest()
        self.assertEqual(ktap.judge(read(GOOD + ['# digest=' + digest]), ktap.COMPLETE), [])
        self.bad('the kernel says digest=0123', GOOD + ['# digest=0123-4567-89ab-cdef'])
        # A result that was lost or changed on the way is seen, a reason is not part of it.
        self.bad('the kernel says', GOOD[:-1] + ['# digest=' + digest])
        self.bad('the kernel says', GOOD[:3] + ['not ok 1 A01.read'] + GOOD[4:] + ['# digest=' + digest])
        self.assertEqual(read(GOOD[:4] + ['ok 2 A02.x # SKIP needs nothing'] + GOOD[5:]).digest(), digest)
        # Published values of 64-bit FNV-1a.
        self.assertEqual(ktap.fnv1a(0xcbf29ce484222325, 'foobar'), 0x85944171f73967e8)

    def test_digest_of_the_kernel(self):
        """The same run as in tests/host/test_ktap.c, and the same digest."""
        self.assertEqual(read(['KTAP version 1', '1..5', 'ok 1 A01.read', 'ok 2 A01.write # SKIP needs an engine',
                               'not ok 3 A02 # TODO QEMU keeps it', 'ok 4 A03 # TODO passes', 'ok 5 C01']).digest(),
                         'c25c-8a15-eb8f-696f')

    def test_short(self):
        for end in range(2, len(GOOD)):
            self.bad('planned results were printed', GOOD[:end])

    def test_long(self):
        self.bad('4 of 3', GOOD + ['ok 4 A09'])

    def test_numbers(self):
        self.bad('result 4 came where 3', GOOD[:-1] + ['ok 4 C01'])
        self.bad('result 2 came where 3', GOOD[:-1] + ['ok 2 C01'])

    def test_same_name_twice(self):
        self.bad('came twice', GOOD[:-1] + ['ok 3 A01.read'])

    def test_no_name(self):
        self.bad('no name', GOOD[:-1] + ['ok 3'])
        self.bad('no name', GOOD[:-1] + ['ok 3 # SKIP because'])

    def test_truncated_result(self):
        self.bad('not KTAP', GOOD[:-1] + ['ok'])
        self.bad('not KTAP', GOOD[:-1] + ['not o'])
        self.bad('not KTAP', GOOD[:-1] + ['ok x C01'])

    def test_two_plans(self):
        self.bad('plan line came twice', GOOD[:2] + GOOD[1:])

    def test_started_again(self):
        self.bad('started again', GOOD + GOOD)

    def test_not_ok(self):
        lines = GOOD[:-1] + ['not ok 3 C01']
        self.bad('1 not ok: C01', lines, ktap.NOT_OK)
        self.assertEqual(ktap.incomplete(read(lines), ktap.NOT_OK), [])

    def test_error_counts_as_failed(self):
        log = read(GOOD[:-1] + ['not ok 3 C01 # ERROR 2 frames did not come back'])
        self.assertEqual((log.named('failed'), log.results[2].directive), (['C01'], 'ERROR'))

    def test_other_words_after_the_name(self):
        log = read(GOOD[:2] + ['not ok 1 A # WEAK control not shown', 'ok 2 B # seen=3', 'ok 3 C'])
        self.assertEqual([(r.name, r.directive, r.reason, r.kind) for r in log.results],
                         [('A', 'WEAK', 'control not shown', 'failed'), ('B', '', 'seen=3', 'passed'), ('C', '', '', 'passed')])

    def test_skip_that_is_not_ok_is_a_failure(self):
        self.bad('1 not ok', GOOD[:-1] + ['not ok 3 C01 # SKIP no'], ktap.NOT_OK)

    def test_known(self):
        log = read(GOOD[:-1] + ['not ok 3 C01 # TODO QEMU keeps the entry'])
        self.assertEqual(log.counts()['known'], 1)
        self.assertEqual(ktap.judge(log, ktap.COMPLETE), [])

    def test_status_must_agree(self):
        self.bad('0 results are not ok', GOOD, ktap.NOT_OK)
        self.bad('1 results are not ok', GOOD[:-1] + ['not ok 3 C01'], ktap.COMPLETE)
        self.bad('reset or powered off', GOOD, 0)
        self.bad('signal 9', GOOD, -9)
        self.bad('status 51', GOOD, 51)
        self.bad('was stopped', GOOD, None)
        self.bad('without a Bail out!', GOOD, ktap.BAILED)

    def test_bail_out(self):
        lines = GOOD[:4] + ['# rip=ffffffff80000000', 'Bail out! page fault on CPU 1']
        self.bad('Bail out! page fault on CPU 1', lines, ktap.BAILED)
        self.assertEqual(ktap.incomplete(read(lines), ktap.BAILED), [])
        self.bad('but the end was', lines, ktap.COMPLETE)
        self.bad('after Bail out!', lines + ['ok 2 A02.x'], ktap.BAILED)

    def test_bail_out_before_the_version_line(self):
        self.bad('Bail out! no memory', ['Bail out! no memory'], ktap.BAILED)
        self.assertEqual(ktap.incomplete(read(['Bail out! no memory']), ktap.BAILED), [])

    def test_stray_output(self):
        self.bad('not KTAP: "panic', GOOD[:3] + ['panic'] + GOOD[3:])


class Garbage(unittest.TestCase):
    def test_any_bytes(self):
        noise = random.Random(1)
        for _ in range(3000):
            text = '\n'.join(GOOD).encode()
            cut = bytearray(text[:noise.randrange(len(text) + 1)])
            for _ in range(noise.randrange(4)):
                cut.insert(noise.randrange(len(cut) + 1), noise.randrange(256))
            log = read(bytes(cut).split(b'\n'))
            self.assertEqual(bool(ktap.judge(log, None)), True)

    def test_every_truncation_is_seen(self):
        text = '\n'.join(GOOD)
        for end in range(len(text) - len('C01') + 1):
            self.assertNotEqual(ktap.judge(read(text[:end].split('\n')), ktap.COMPLETE), [], text[:end])


if __name__ == '__main__':
    unittest.main()
