"""A report says what a log says: no departure that is not in it, no log that is cut short."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
import qemu
import report

LOG = """KTAP version 1
# platform=qemu version=11.1.0 accel=tcg
# facts tlb_keeps=yes profile=QEMU
1..4
# A01.read: the device goes on reading
# order=0e
#       C0 = CPU 0
#     1 pte_clear A
# seen READ=O
# step orders=2 pruned=0 blocked=0 outcomes=2 allowed=3 model-states=9
# step old_page shown in 1 orders
# control without C0.2 cpu_flush A: old_page shown; racing: in round 3
# control without C0.3 tell E: too_early NOT SHOWN; racing: NEVER in 251 rounds
ok 1 A01.read
# C16.clean: D is set
# impossible: the model allows 1 outcomes of these steps, and not this one
# order=ee
#       E = xhci
#     1 dma_write A, X
# seen DIRTY=no
# allowed DIRTY=yes
# again: make run
# step orders=1 pruned=0 blocked=0 outcomes=1 allowed=1 model-states=4
not ok 2 C16.clean # TODO it does not
ok 3 D05.one # SKIP needs PCID
# D06.none: nothing
not ok 4 D06.none
""".encode().split(b'\n')
IT = dict.fromkeys(report.FIELDS, 'x')


class Report(unittest.TestCase):
    def test_what_is_found(self):
        it = report.findings(LOG, [dict(IT, what='it does not'), dict(IT, what='something else')])
        self.assertEqual([one['tests'] for one in it['departures']], [['C16.clean']])
        self.assertEqual(it['departures'][0]['drawing'][-1], 'allowed DIRTY=yes')
        self.assertEqual(it['untold'], {'needs PCID': ['D05.one']})
        self.assertEqual(it['failed'], ['D06.none'])
        self.assertEqual(it['outcomes'], {'seen': 3, 'allowed': 4, 'tests': 2})
        self.assertEqual(list(it['never_seen']), ['A01.read'])
        self.assertEqual(it['hazards'], {'A01.read': ['old_page', 'without C0.2 cpu_flush A: old_page']})
        self.assertEqual(it['not_shown'], {'A01.read': ['without C0.3 tell E: too_early']})
        self.assertEqual(it['about'], ['platform=qemu version=11.1.0 accel=tcg', 'facts tlb_keeps=yes profile=QEMU'])

    def test_another_machine(self):
        it, more = (report.findings(LOG, [dict(IT, what='it does not')]) for _ in range(2))
        it['beside'], more['departures'][0]['what'], more['untold'] = [], 'nor that', {}
        report.beside(it, more, {'C16.clean', 'D05.one'}, 'VT-d scalable')
        self.assertEqual([one['what'] for one in it['departures']], ['it does not', 'nor that'])
        self.assertEqual((it['untold'], it['failed']), ({}, ['D06.none', 'D06.none']))
        self.assertIn('- VT-d scalable: 1 passed, 1 failed, 1 known, 1 skipped', list(report.page('QEMU', it)))

    def test_the_page(self):
        text = '\n'.join(report.page('QEMU', report.findings(LOG, [dict(IT, what='it does not')])))
        for words in ('### 1. it does not', 'Failed: D06.none.', '- needs PCID: D05.one', '| A01.read | 2 | 3 |', '1 passed, 1 failed, 1 known, 1 skipped'):
            self.assertIn(words, text)

    def test_not_listed(self):
        text = '\n'.join(report.page('QEMU', report.findings(LOG, [])))
        self.assertIn('None was seen.', text)

    def test_cut_short(self):
        for lines in (LOG[:-2], LOG[:4], [], [b'\xff\x00']):
            with self.assertRaises(qemu.Trouble):
                report.findings(lines, [])


if __name__ == '__main__':
    unittest.main()
