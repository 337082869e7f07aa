"""A report says what a log says: no departure that is not in it, no log that is cut short."""
import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
import qemu
import report
import report_page

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


def listed(what, test='C16.clean', race=False):
    shows = {'test': test, 'before': ['A leads to P0'], 'steps': ['E: dma_write A, X'], 'race': race, 'outcome': 'DIRTY=no'}
    return dict(dict.fromkeys('section says cause shown command'.split(), 'x'), what=what, shows=[shows])


def of(*lines):
    """A log of one test."""
    return [b'KTAP version 1', b'# platform=qemu version=11.1.0 accel=tcg', b'1..1'] + [line.encode() for line in lines]


class Report(unittest.TestCase):
    def test_what_is_found(self):
        it = report.findings(LOG, [listed('it does not'), listed('something else')])
        self.assertEqual([[test['test'] for test in one['tests']] for one in it['departures']], [['C16.clean']])
        self.assertEqual(it['departures'][0]['tests'][0]['drawing'][-1], 'allowed DIRTY=yes')
        self.assertEqual(it['untold'], {'needs PCID': ['D05.one']})
        self.assertEqual(it['failed'], ['D06.none'])
        self.assertEqual(it['outcomes'], {'seen': 3, 'allowed': 4, 'tests': 2})
        self.assertEqual(list(it['never_seen']), ['A01.read'])
        self.assertEqual(it['hazards'], {'A01.read': 'the device goes on reading'})
        self.assertEqual(it['controls'], {'shown': 1, 'tests': 1})
        self.assertEqual(it['not_shown'], {'A01.read': ['without C0.3 tell E: too_early']})
        self.assertEqual(it['machine'], ['platform=qemu version=11.1.0 accel=tcg'])
        self.assertEqual(it['probe'], {'tlb_keeps': 'yes', 'profile': 'QEMU'})
        self.assertEqual(it['verdicts'], {'passed': 1, 'failed': 1, 'known': 1, 'skipped': 1})

    def test_another_machine(self):
        it, more = (report.findings(LOG, [listed('it does not')]) for _ in range(2))
        more['departures'][0]['what'], more['untold'] = 'nor that', {}
        report.beside(it, more, {'C16.clean', 'D05.one'}, 'T=U*')
        self.assertEqual([one['what'] for one in it['departures']], ['it does not', 'nor that'])
        self.assertEqual((it['untold'], it['failed']), ({}, ['D06.none', 'D06.none']))
        self.assertIn('- `T=U*`: 1 passed, 1 failed, 1 known, 1 skipped', list(report_page.page('QEMU', it)))

    def test_the_same_departure_on_another_machine(self):
        it, more = (report.findings(LOG, [listed('it does not')]) for _ in range(2))
        more['departures'][0]['tests'][0]['test'] = 'C16.other'
        report.beside(it, more, set(), 'T=U*')
        self.assertEqual([test['test'] for test in it['departures'][0]['tests']], ['C16.clean', 'C16.other'])

    def test_the_page(self):
        text = '\n'.join(report_page.page('QEMU', report.findings(LOG, [listed('it does not')])))
        for words in ('### 1. it does not', 'Failed: D06.none.', '- needs PCID: D05.one', '| A01.read | 2 | 3 |', '1 passed, 1 failed, 1 known, 1 skipped',
                      'Before: A leads to P0.', '`dma_write`: place, symbol', '- A01.read: the device goes on reading', '| `tlb_keeps` | yes |'):
            self.assertIn(words, text)

    def test_a_case(self):
        lines = of('# U03.one: it is refused', '# entries of a first stage: root entry 0x1+address; PT entry 0x67+address', '# did bit 0 of it made 0; a read',
                   '# specified reason=0x39', '# seen reason=0x01', 'not ok 1 U03.one # TODO it is not')
        it = report.findings(lines, [listed('it is not', 'U03.one')])
        self.assertEqual(it['departures'][0]['tests'][0]['did'], 'bit 0 of it made 0; a read')
        text = '\n'.join(report_page.page('QEMU', it))
        for words in ('| `U03.one` | bit 0 of it made 0; a read | reason=0x39 | reason=0x01 |', 'root entry 0x1+address\nPT entry', '"reason=": of the fault'):
            self.assertIn(words, text)

    def test_what_only_races_show(self):
        races = [listed('it does not', race=True)]
        seen = report.findings(of('# C16.clean: D is set', 'not ok 1 C16.clean # TODO it does not'), races)
        missed = report.findings(of('# C16.clean: D is set', 'ok 1 C16.clean # TODO passes, though listed: it does not'), races)
        self.assertEqual(seen, missed)
        self.assertEqual((len(seen['departures']), seen['by_chance'], seen['verdicts']['known']), (1, ['C16.clean'], 0))
        self.assertIn('Only races show it, and not in every run.', list(report_page.page('QEMU', seen)))

    def test_passes_though_listed(self):
        lines = of('# C16.clean: D is set', 'ok 1 C16.clean # TODO passes, though listed: it does not')
        self.assertEqual(report.findings(lines, [listed('it does not')])['departures'], [])

    def test_nothing_departs(self):
        self.assertIn('None was seen.', list(report_page.page('QEMU', report.findings(of('ok 1 A01.read'), []))))

    def test_what_is_no_log(self):
        for lines, why in ((LOG[:-2], '3 of 4'), (LOG[:4], '0 of 4'), ([], 'never printed'), ([b'\xff\x00'], 'never printed'),
                           (of('ok 1 A01.read')[:1] + of('ok 1 A01.read')[2:], 'which platform'), (of('Bail out! no memory'), 'no memory'),
                           (of('ok 1 A01.read', 'KTAP version 1'), 'twice'), (LOG, 'another version')):
            with self.assertRaisesRegex(qemu.Trouble, why):
                report.findings(lines, [])

    def test_from_outside(self):
        tool = os.path.join(os.path.dirname(__file__), '..', 'report.py')
        for path in ('/nowhere', os.path.dirname(__file__), __file__, '/dev/null'):
            done = subprocess.run([sys.executable, tool, path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
            self.assertEqual((done.returncode, done.stdout), (1, b''))
            self.assertRegex(done.stderr.decode(), r'^report: .*\n$')


if __name__ == '__main__':
    unittest.main()
