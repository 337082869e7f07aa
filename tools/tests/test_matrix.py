"""What the table of machines expects of a test, by what it needs and what a machine lacks: the verdict, not a wide glob."""
import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
import expected
import machines
import matrix
import qemu
from expected import READS, WRITES
from machines import Row


class Due(unittest.TestCase):
    def due(self, row, name, *needs):
        return matrix.due(row, name, list(needs))[1]

    def test_a_machine_that_has_all(self):
        row = Row('x')
        self.assertEqual(self.due(row, 'A01.read', READS, '2 CPUs'), 'ok')
        self.assertEqual(self.due(row, 'C16.clean', WRITES), 'known *')
        self.assertTrue(self.due(row, 'C04.x', expected.NOWHERE[0]).startswith('skip needs a device with a device TLB'))

    def test_what_is_missing_is_a_skip_and_no_more_than_that(self):
        row = Row('x', cpus=2)
        self.assertEqual(self.due(row, 'A12.x', '3 CPUs'), 'skip needs 3 CPUs')
        self.assertEqual(self.due(row, 'A12.x', '2 CPUs'), 'ok')
        row = Row('x', no_device='an IOMMU')
        self.assertEqual(self.due(row, 'C16.clean', WRITES), 'skip needs an IOMMU')
        self.assertEqual(self.due(row, 'D01.x', '2 CPUs'), 'ok')
        row = Row('x', lacks=[READS])
        self.assertEqual(self.due(row, 'A01.x', READS, WRITES), 'skip needs ' + READS)
        self.assertEqual(self.due(row, 'A01.x', WRITES), 'ok')

    def test_rules_of_a_row_come_first(self):
        row = Row('x', rules=[('A01.*', 'not ok'), (expected.NO_DEVICE, 'ok'), ('*', '*')], cpus=1)
        self.assertEqual(self.due(row, 'A01.read', READS, '2 CPUs'), 'not ok')
        self.assertEqual(self.due(row, 'D01.x'), 'ok')
        self.assertEqual(self.due(row, 'D01.x', '4 CPUs'), 'skip needs 4 CPUs')
        self.assertEqual(self.due(row, 'A02.x', READS), '*')

    def test_where_there_are_two_engines(self):
        for has, row in [(True, Row('x')), (False, Row('x', qemu='stable')), (True, Row('x', args='ENGINE=all')),
                         (False, Row('x', args='ENGINE=xhci')), (False, Row('x', engines=('testdev',))),
                         (False, Row('x', engines=('xhci', 'nvme'))), (True, Row('x', qemu='stable', engines=('xhci', 'nvme'), args='ENGINE=all'))]:
            self.assertEqual(expected.TWO not in row.lacks, has)
        self.assertEqual(self.due(Row('x', qemu='stable'), 'C21.x', WRITES, expected.TWO), 'skip needs ' + expected.TWO)

    def test_machines_that_share_the_tests_run_all_between_them(self):
        names = ['%s%02d.x' % (group, n) for group in 'AC' for n in range(5)]
        parts = [Row('x', shard=(n, 3)).tests(names) for n in (1, 2, 3)]
        self.assertEqual(sorted(sum(parts, [])), names)
        self.assertEqual(Row('x', only='A*,C00*', shard=(2, 2)).tests(names), ['A01.x', 'A03.x', 'C00.x'])
        self.assertEqual(sorted(machines.SHARED.values()), [(1, 3), (2, 3), (3, 3)])


class Time(unittest.TestCase):
    def test_who_keeps_one_processor_busy_needs_not_be_alone(self):
        rows = (Row('x', racing=True), Row('x'), Row('x', cpus=1), Row('x', cpus=1, racing=True))
        self.assertEqual([row.alone for row in rows], [True, False, False, False])
        self.assertEqual(['thread=single' in row.machine.get('accel', '') for row in rows], [False, True, False, False])
        self.assertIn("--accel tcg,thread=single", matrix.again(rows[1], qemu.Machine(**rows[1].machine)))

    def test_the_slowest_ten(self):
        took = {'row%d' % n: n + 0.25 for n in range(12)}
        lines = matrix.slowest(took)
        self.assertEqual(len(lines), 10)
        self.assertEqual(lines[0].split(), ['slowest:', '11.2', 's', 'row11'])


class Engines(unittest.TestCase):
    def test_a_result_or_why_there_is_none(self):
        old, new = (qemu.Qemu.__new__(qemu.Qemu) for _ in range(2))
        old.version, old.has_vfs, old.devices = '7.2.1', False, {'qemu-xhci', 'nvme', 'edu', 'vhost-user-rng-pci', 'virtio-net-pci'}
        new.version, new.has_vfs, new.devices = '11.1.3', True, old.devices | {'iommu-testdev'}
        said = '# engine %s rid=0x18 pasid=42 can=read conformance=%s end="it is over"'
        lines = matrix.engine_table([(old, [said % ('xhci', 'ok'), said % ('nvme', 'failed'), said % ('nvme-fetch', 'ok')]), (new, [said % ('edu', 'ok'), '# engine nvme: left out'])])
        self.assertEqual([line.split()[2:] for line in lines],
                         [['QEMU', '7.2.1', 'QEMU', '11.1.3'], ['ok', 'MISSING'], ['failed', 'MISSING'], ['ok', 'MISSING'], ['MISSING', 'ok'], ['-', 'MISSING'], ['-', 'MISSING'], ['-', 'MISSING'],
                          ['7.2.1', 'has', 'no', 'iommu-testdev'],
                          ['7.2.1', 'is', 'too', 'old', 'for', 'a', 'device', 'with', 'a', 'device', 'TLB'],
                          ['7.2.1', 'has', 'no', 'virtual', 'functions', 'of', 'virtio-net-pci']])
        self.assertEqual(matrix.engine_table([]), [])


if __name__ == '__main__':
    unittest.main()
