"""The coverage page must not be made of claims that name no scenario, or say nothing."""
import collections
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
import coverage
from machines import Row

ONE = collections.OrderedDict((s.name, s) for s in [
    coverage.Scenario('A01.read', 'a claim', 'a thread', ' needs a DMA engine that reads, 2 CPUs', '1', '0', '2'),
    coverage.Scenario('D01.none', 'another', 'SDM', '', '1', '0', '0')])
ROWS = {'QEMU': [Row('x')]}


class Coverage(unittest.TestCase):
    def page(self, *lines, rows=ROWS):
        return coverage.page(ONE, coverage.claims(lines), rows)

    def wrong(self, sentence, *lines):
        with self.assertRaises(coverage.Wrong) as it:
            self.page(*lines)
        self.assertIn(sentence, str(it.exception))

    def test_a_page(self):
        text = self.page('== The thread', '# not this', '', 'item | A01.* | holds: always')
        self.assertIn('| item | A01.* | holds: always | 1 run | 1 run |', text)
        self.assertIn('| D01.none | another | SDM | 1 | 0 | 0 | runs |', text)

    def test_where_it_does_not_run(self):
        text = self.page('== The thread', 'item | * | holds', rows={'QEMU': [Row('x', no_device='an IOMMU')]})
        self.assertIn('| item | * | holds | 2 run | 1 run; 1 skip needs an IOMMU |', text)

    def test_another_row_has_what_it_needs(self):
        plain, other = Row('x', no_device='an IOMMU'), Row('y', only='A01.*')
        text = self.page('== The thread', 'item | * | holds', rows={'QEMU': [plain, Row('z', only='D*'), other]})
        self.assertIn('| item | * | holds | 2 run | 2 run |', text)
        self.assertIn('| runs (y) |', text)
        text = self.page('== The thread', 'item | * | holds', rows={'QEMU': [plain, Row('y', only='D*')]})
        self.assertIn('1 run; 1 skip needs an IOMMU |', text)

    def test_rows_of_a_platform(self):
        names = [row.name for row in coverage.platform('seabios-newest-4cpu')]
        self.assertEqual(names[0], 'seabios-newest-4cpu')
        self.assertIn('ats-newest', names)
        for other in ('ats-stable', 'mutants-newest', 'inject-dtlb-newest', 'leak', 'ovmf-newest-4cpu', 'unknown-word'):
            self.assertNotIn(other, names)

    def test_bad_claims(self):
        self.wrong('there is no scenario A09.*', '== The thread', 'item | A09.* A01.* | holds')
        self.wrong('line 2 is not', '== The thread', 'item | A01.*')
        self.wrong('line 2 is not', '== The thread', 'item |  | holds')
        self.wrong('line 1 is not', 'item | A01.* | holds')
        self.wrong('a finding begins with', '== The thread', 'item | A01.* | maybe')


if __name__ == '__main__':
    unittest.main()
