"""Replays: which orders of a log are drawn, and a replay that saw something else, or nothing, must be said."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
import boot
import replay

LOG = """# order=0e1
# seen R=O P0:N
# in the control without C0 step 1, invlpg A
# order=0011
# seen R=N P0:N
ok 1 A01.read
# seen R=fault
not ok 2 A01.race
# in the control without C0 step 2
ok 3 A01.quiet
# order=e0
# seen R=S
# order=0e
# seen R=O
ok 4 A02.gap # SKIP no engine""".split('\n')


def ran(text, status=33):
    return boot.boot(['/bin/sh', '-c', "printf '%s'; exit %d" % (text, status)])


class Replay(unittest.TestCase):
    def test_drawn_orders_of_tests_as_they_are(self):
        self.assertEqual(replay.drawn(LOG), [('A01.read', '0e1', 'R=O P0:N'), ('A02.gap', 'e0', 'R=S'), ('A02.gap', '0e', 'R=O')])

    def test_some_of_each(self):
        orders = replay.drawn(LOG)
        self.assertEqual([test for test, _, _ in replay.some(orders, 2)], ['A01.read', 'A02.gap'])
        self.assertEqual(replay.some(orders, 9), orders)

    def test_the_same(self):
        self.assertIsNone(replay.difference(ran('KTAP version 1\\n1..1\\n# seen R=O \\nok 1 A01.read\\n'), 'R=O'))

    def test_something_else(self):
        run = ran('KTAP version 1\\n1..1\\n# seen R=N \\nok 1 A01.read\\n')
        self.assertEqual(replay.difference(run, 'R=O'), 'seen R=N')

    def test_nothing(self):
        self.assertIn('nothing was seen', replay.difference(ran('KTAP version 1\\n1..1\\nok 1 A01.read\\n'), 'R=O'))
        self.assertIn('2 tests ran', replay.difference(ran('KTAP version 1\\n1..2\\nok 1 A\\nok 2 B\\n'), 'R=O'))
        self.assertIn('planned', replay.difference(ran('KTAP version 1\\n1..2\\n# seen R=O\\nok 1 A\\n'), 'R=O'))


if __name__ == '__main__':
    unittest.main()
