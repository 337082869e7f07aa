"""The check of an NVMe drive's medium sees every change, also one that a boot made."""
import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
import boot
import medium
import qemu


class Damage(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, 'logs', 'medium.img')
        medium.make(self.path)

    def write(self, at, data):
        with open(self.path, 'r+b') as image:
            image.seek(at)
            image.write(data)

    def test_nothing(self):
        self.assertEqual(os.path.getsize(self.path), medium.SIZE)
        self.assertEqual(medium.damage(self.path), [])

    def test_one_bit_anywhere(self):
        was = medium.pattern()
        for at in (0, 511, 512, 4096, medium.SIZE - 1):
            self.write(at, bytes([was[at] ^ 1]))
            self.assertRegex(medium.damage(self.path)[0], '1 of 2048 blocks, the first is block %d$' % (at // 512))
            self.write(at, was[at:at + 1])
        self.assertEqual(medium.damage(self.path), [])

    def test_zeros_and_blocks_that_moved(self):
        was = medium.pattern()
        for data in (bytes(512), was[:512], b'\xff' * 512):
            self.write(4096, data)
            self.assertRegex(medium.damage(self.path)[0], 'block 8$')

    def test_size(self):
        self.write(medium.SIZE, b'x')
        self.assertRegex(medium.damage(self.path)[0], '1048577 bytes and had 1048576')
        os.truncate(self.path, 512)
        self.assertRegex(medium.damage(self.path)[0], '512 bytes and had')
        os.unlink(self.path)
        self.assertRegex(medium.damage(self.path)[0], 'cannot be read')

    def test_a_machine_that_writes(self):
        machine = qemu.Machine(engines=('nvme',), medium=self.path)
        boot.boot(['/bin/sh', '-c', 'true'])
        self.assertEqual(machine.damage(), [])
        boot.boot(['/bin/sh', '-c', 'printf x | dd conv=notrunc bs=512 seek=7 of=' + self.path])
        self.assertRegex(machine.damage()[0], 'the first is block 7$')
        self.assertEqual(qemu.Machine(engines=('xhci',), medium=self.path).damage(), [])


if __name__ == '__main__':
    unittest.main()
