"""The device with a device TLB (tools/ats/), spoken to as QEMU never would, and beside something that is no QEMU."""
import os
import socket
import struct
import subprocess
import sys
import tempfile
import unittest
import unittest.mock

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
import boot
import device_tlb
from vhost_front import ATS, Case, INVALIDATE, NEED_REPLY, PAGE


class Messages(Case):
    def ended(self, why, *args, **words):
        it = self.front(start=False)
        it.send(*args, **words)
        status, said = it.end()
        self.assertRegex(said, '^ats: .*%s.*\n$' % why)
        self.assertEqual(status, 1)

    def test_what_is_offered(self):
        it = self.front(start=False)
        self.assertEqual(it.ask(1), 1 << ATS['ATS_FEATURE'] | 1 << 30 | 1 << 32 | 1 << 33)
        self.assertEqual(it.ask(15), 1 << 3 | 1 << 5)
        self.assertEqual(it.ask(3, flags=1 | NEED_REPLY), 0)

    def test_the_end(self):
        it = self.front(start=False)
        it.socket.close()
        self.assertEqual(it.end(), (0, ''))

    def test_not_known(self):
        for request in (0, 6, 17, 23, 99, 2 ** 32 - 1):
            self.ended('message %d is not known' % request, request)

    def test_sizes(self):
        for request in (1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 21, 22):
            self.ended('message %d has 4 bytes' % request, request, bytes(4))
        self.ended('memory table of 1 regions in 8 bytes', 5, struct.pack('<II', 1, 0))
        self.ended('memory table of 9 regions', 5, struct.pack('<II', 9, 0))
        self.ended('message 5 says that it has 272 bytes', 5, bytes(272))

    def test_values(self):
        self.ended('version 2', 1, flags=2)
        self.ended('features 0x1', 2, struct.pack('<Q', 1))
        self.ended('protocol features 0x1 ', 16, struct.pack('<Q', 1))
        self.ended('not queue 1', 8, struct.pack('<II', 1, 4))
        self.ended('queue of 3', 8, struct.pack('<II', 0, 3))
        self.ended('not aligned', 9, struct.pack('<IIQQQQ', 0, 0, 8, 0, 0, 0))
        self.ended('cannot be kicked', 12, struct.pack('<Q', 0x100))
        self.ended('without a file descriptor', 21)
        self.ended('region 0 came without', 5, struct.pack('<IIQQQQ', 1, 0, 0, PAGE, 0, 0))
        self.ended('region 0 is empty', 5, struct.pack('<IIQQQQ', 1, 0, 0, 0, 0, 0))
        self.ended('type 7', 22, struct.pack('<QQQBB6x', 0, PAGE, 0, 0, 7))
        self.ended('0x1000 bytes at 0xfffffffffffff001', 22, struct.pack('<QQQBB6x', 2 ** 64 - 4095, PAGE, 0, 0, INVALIDATE))

    def test_memory_that_is_not_there(self):
        with tempfile.TemporaryFile() as short:
            self.ended('region 0 .* 0 bytes', 5, struct.pack('<IIQQQQ', 1, 0, 0, PAGE, 0, 0), [short.fileno()])

    def test_cut_short(self):
        for part, why in ((struct.pack('<II', 1, 1), 'in its header, after 8'), (struct.pack('<IIIH', 2, 1, 8, 0), 'after 2 bytes of 8')):
            it = self.front(start=False)
            it.socket.sendall(part)
            it.socket.close()
            status, said = it.end()
            self.assertEqual(status, 1)
            self.assertIn(why, said)

    def test_too_many_descriptors(self):
        with tempfile.TemporaryFile() as file:
            self.ended('more than 8 file descriptors', 3, fds=[file.fileno()] * 9)

    def test_arguments(self):
        for words in ([], ['x'], ['-1'], ['1', '2'], ['0x3']):
            done = subprocess.run([self.program, *words], stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
            self.assertEqual((done.returncode, done.stderr), (1, b'ats: say the number of a connected socket: ats FD\n'))
        done = subprocess.run([self.program, '0'], stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.assertEqual((done.returncode, done.stderr), (1, b'ats: file descriptor 0 is no socket\n'))


class Beside(Case):
    """With something that is no QEMU."""

    def run_beside(self, program, script):
        started = []

        def beside():
            started.append(device_tlb.DeviceTlb(program))
            return started[0]
        run = boot.boot(['/bin/sh', '-c', script, 'sh'], beside=beside)
        self.assertIsNotNone(started[0].process.returncode)
        return run

    def test_ends_with_it(self):
        self.assertEqual(self.run_beside(self.program, 'true').beside, [])
        self.assertEqual(self.run_beside(self.program, 'kill -9 $$').beside, [])

    def test_its_words_are_complaints(self):
        run = self.run_beside(self.program, 'fd=${2##*=}; printf "xxxxxxxxxxxxxxxxxxxx" >&$fd; sleep 0.2')
        self.assertRegex(' '.join(run.complaints), 'the device with a device TLB: ats: message 2021161080 is of version')

    def test_one_that_does_not_end(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, 'deaf')
            with open(path, 'w') as file:
                file.write('#!/bin/sh\nexec sleep 60\n')
            os.chmod(path, 0o755)
            with unittest.mock.patch.object(device_tlb, 'PATIENCE_S', 0.3):
                self.assertRegex(self.run_beside(path, 'true').beside[0], 'none within 0.3 s')


if __name__ == '__main__':
    unittest.main()
