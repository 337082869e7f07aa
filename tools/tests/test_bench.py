"""Numbers and goals: what is missed must be said, and nothing else."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
import bench
import qemu

NOTE = '# bench name=dma ns=%d of=registers of-ns=1000 ratio=%.2f goal=1.30 met'


class Bench(unittest.TestCase):
    def test_value_against_goal(self):
        self.assertTrue(bench.Row('boot', '', [9, 1.1, 1.0], 's', goal=1.2).met)
        late = bench.Row('boot', '', [1.3, 1.1, 1.4], 's', goal=1.2)
        self.assertFalse(late.met)
        self.assertIn('MISSED', late.text())
        self.assertTrue(bench.Row('boot', '', [99], 's').met)

    def test_notes_are_medians_over_runs(self):
        row, = bench.noted([['ok 1 bench', NOTE % (2000, 2)], [NOTE % (1100, 1.1)], [NOTE % (1200, 1.2)]], '11.1')
        self.assertEqual((row.value, row.ratio, row.ratio_goal, row.of), (1200, 1.2, 1.3, 'registers'))
        self.assertTrue(row.met)
        row, = bench.noted([[NOTE % (1400, 1.4)]], '11.1')
        self.assertFalse(row.met)
        self.assertFalse(row.data()['met'])

    def test_a_rate_has_a_least(self):
        note = '# bench name=orders/unmap per_s=%d of=A04 goal=50000 met'
        row, = bench.noted([[note % 49000], [note % 51000], [note % 60000]], '11.1')
        self.assertTrue(row.met)
        self.assertIn('51000 /s', row.text())
        # The median is judged, whatever the kernel said of one run.
        row, = bench.noted([[note % 49000], [note % 51000], [note % 40000]], '11.1')
        self.assertFalse(row.met)
        self.assertIn('0.98 of goal', row.text())
        self.assertIn('MISSED', row.text())
        with self.assertRaises(qemu.Trouble):
            list(bench.noted([[note % 49000], ['# bench name=orders/unmap did not work']], '11.1'))

    def test_what_is_not_here_is_neither_met_nor_missed(self):
        row, = bench.noted([['# bench name=orders/unmap not here: no engine']], '10.0')
        self.assertIsNone(row.met)
        self.assertIn('no engine', row.text())

    def test_without_counterpart(self):
        row, = bench.noted([['# bench name=invlpg ns=200']], '11.1')
        self.assertTrue(row.met)
        self.assertIn('200 ns', row.text())

    def test_what_did_not_work(self):
        with self.assertRaises(qemu.Trouble):
            list(bench.noted([['# bench name=dma did not work']], '11.1'))


if __name__ == '__main__':
    unittest.main()
