"""Runs that differ: each kind must be called a flake, and a set of runs without an end must not pass for a norm."""
import contextlib
import io
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
import flakes

LOG = 'KTAP version 1\\n1..2\\nok 1 A01\\n'
GOOD = "printf '%sok 2 A02\\n'; exit 33" % LOG


class Flakes(unittest.TestCase):
    def run_all(self, script, runs=4, beside=None):
        """A shell script is the machine; $n is the number of the run. Returns what it came to and what was printed."""
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as said:
            flakes.LOGS = os.path.join(folder, 'flakes')
            count = os.path.join(folder, 'n')
            good = flakes.main(runs, ['/bin/sh', '-c', 'echo >> %s; n=$(wc -l < %s); %s' % (count, count, script)], 5, beside)
            return good, said.getvalue(), sorted(os.listdir(flakes.LOGS))

    def test_the_same(self):
        good, said, logs = self.run_all(GOOD)
        self.assertTrue(good)
        self.assertIn('4 runs, 4 identical, 0 flakes; 2 verdicts each', said)
        self.assertEqual(logs, ['0001.log'])

    def test_what_is_beside_it_is_started_for_each(self):
        beside = []

        class Beside:
            words, fds = [], []

            def __init__(self):
                beside.append('begin')

            def started(self):
                beside.append('started')

            def close(self):
                beside.append('end')
                return []

        self.assertTrue(self.run_all(GOOD, runs=2, beside=Beside)[0])
        self.assertEqual(beside, ['begin', 'started', 'end'] * 2)

    def test_one_is_not_ok(self):
        good, said, logs = self.run_all("[ $n = 3 ] && { printf '%snot ok 2 A02\\n'; exit 35; }; %s" % (LOG, GOOD))
        self.assertFalse(good)
        self.assertIn('1 times, runs 3:\n  A02: "not ok" instead of "ok"', said)
        self.assertEqual(logs, ['0001.log', '0003.log'])

    def test_another_reason(self):
        good, said, _ = self.run_all("printf '%sok 2 A02 # SKIP reason %%d\\n' $((n / 4)); exit 33" % LOG)
        self.assertFalse(good)
        self.assertIn('"skip reason 1" instead of "skip reason 0"', said)

    def test_the_first_is_the_flake(self):
        good, said, logs = self.run_all("[ $n = 1 ] && { printf '%s'; exit 33; }; %s" % (LOG, GOOD))
        self.assertFalse(good)
        self.assertIn('3 identical, 1 flakes', said)
        self.assertIn('the run: "1 of 2 planned results were printed"', said)
        self.assertIn('0001.log', logs)

    def test_none_comes_to_its_end(self):
        good, said, _ = self.run_all('exit 1')
        self.assertFalse(good)
        self.assertIn('a run without an end', said)


if __name__ == '__main__':
    unittest.main()
