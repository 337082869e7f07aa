"""usb.sh must say no to everything but an unused, pluggable, large enough whole disk that a human has named twice."""
import os
import subprocess
import tempfile
import unittest

SCRIPT = os.path.join(os.path.dirname(__file__), '..', 'usb.sh')
IMAGE = b'shootdown' * 1024


class FakeMachine(unittest.TestCase):
    """A sysfs with one idle USB stick sdx of two partitions; each test spoils one thing."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = os.path.realpath(folder.name)
        self.write('image', IMAGE)
        self.write('dev/sdx', b'\0' * 65536)
        self.write('dev/sdx1', b'')
        self.write('sys/block/sdx/removable', b'1\n')
        self.write('sys/block/sdx/ro', b'0\n')
        self.write('sys/block/sdx/size', b'128\n')
        self.write('sys/block/sdx/dev', b'8:16\n')
        self.write('sys/block/sdx/sdx1/dev', b'8:17\n')
        self.write('sys/block/sdx/sdx2/dev', b'8:18\n')
        os.makedirs(self.path('sys/block/sdx/holders'))
        os.makedirs(self.path('sys/block/sdx/sdx1/holders'))
        self.write('sys/class/block/sdx1/partition', b'1\n')
        self.mount('22 27 0:21 / /proc rw,relatime - proc proc rw')
        self.write('proc/swaps', b'Filename Type Size Used Priority\n')
        self.lsblk('')

    def path(self, name):
        return os.path.join(self.top, name)

    def write(self, name, data):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), 'wb') as file:
            file.write(data)

    def mount(self, *lines):
        self.write('proc/self/mountinfo', ('\n'.join(lines) + '\n').encode())

    def lsblk(self, transport):
        self.write('lsblk', b'#!/bin/sh\ncase "$*" in *TRAN*) echo "%s" ;; *) echo "Stick 64K SER1" ;; esac\n'
                   % transport.encode())
        os.chmod(self.path('lsblk'), 0o755)

    def usb(self, device='dev/sdx', answer=None, image='image'):
        device = self.path(device) if device else ''
        environment = dict(os.environ, SYSFS=self.path('sys'), PROC=self.path('proc'), DEVDIR=self.path('dev'),
                           LSBLK=self.path('lsblk'))
        return subprocess.run([SCRIPT, self.path(image), device], env=environment, timeout=30,
                              input=(device if answer is None else answer) + '\n', universal_newlines=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def refuses(self, sentence, **how):
        done = self.usb(**how)
        self.assertIn(sentence, done.stderr)
        self.assertIn('nothing was written', done.stderr)
        self.assertEqual(done.returncode, 1)
        with open(self.path('dev/sdx'), 'rb') as disk:
            self.assertEqual(disk.read(), b'\0' * 65536)

    def test_writes_to_an_idle_stick(self):
        done = self.usb()
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        self.assertIn('Stick 64K SER1', done.stdout)
        with open(self.path('dev/sdx'), 'rb') as disk:
            data = disk.read()
        self.assertEqual(len(data), 65536)
        self.assertEqual(data[:len(IMAGE)], IMAGE)

    def test_no_device(self):
        self.refuses('say which disk', device='')

    def test_no_such_device(self):
        self.refuses('is not a disk', device='dev/sdq')

    def test_no_image(self):
        self.refuses('make iso', image='nothing')

    def test_not_in_dev(self):
        self.refuses('is not a disk in', device='image')

    def test_partition(self):
        self.refuses('is a partition', device='dev/sdx1')

    def test_fixed_disk(self):
        self.write('sys/block/sdx/removable', b'0\n')
        self.lsblk('sata')
        self.refuses('not removable (transport: sata)')

    def test_fixed_disk_of_unknown_transport(self):
        self.write('sys/block/sdx/removable', b'0\n')
        self.refuses('not removable')

    def test_usb_disk_that_says_fixed(self):
        self.write('sys/block/sdx/removable', b'0\n')
        self.lsblk('usb')
        self.assertEqual(self.usb().returncode, 0)

    def test_read_only(self):
        self.write('sys/block/sdx/ro', b'1\n')
        self.refuses('is read-only')

    def test_disk_mounted(self):
        self.mount('30 27 8:16 / /mnt rw - vfat /dev/other rw')
        self.refuses('is mounted at /mnt')

    def test_partition_mounted(self):
        self.mount('30 27 8:18 / /media/stick rw,relatime shared:1 - vfat /dev/sdx2 rw')
        self.refuses('sdx2 is mounted at /media/stick')

    def test_partition_mounted_under_another_number(self):
        self.mount('30 27 0:44 / /mnt rw shared:5 - btrfs %s rw' % self.path('dev/sdx1'))
        self.refuses('sdx1 is mounted at /mnt')

    def test_swap(self):
        self.write('proc/swaps', b'Filename Type\n%s partition 1 0 -2\n' % self.path('dev/sdx1').encode())
        self.refuses('in use as swap')

    def test_held_by_lvm(self):
        os.makedirs(self.path('sys/block/sdx/sdx1/holders/dm-0'))
        self.refuses('in use by dm-0')

    def test_whole_disk_held(self):
        os.makedirs(self.path('sys/block/sdx/holders/md127'))
        self.refuses('in use by md127')

    def test_too_small(self):
        self.write('sys/block/sdx/size', b'8\n')
        self.refuses('holds 4096 bytes, the image is 9216')

    def test_empty_reader(self):
        self.write('sys/block/sdx/size', b'0\n')
        self.refuses('no medium')

    def test_wrong_answer(self):
        self.refuses('that was not', answer='y')

    def test_no_answer(self):
        self.refuses('that was not', answer='')


if __name__ == '__main__':
    unittest.main()
