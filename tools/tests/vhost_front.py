"""What QEMU is for the device with a device TLB (tools/ats/), played by a test: memory, messages, and the driver's ring."""
import ctypes
import mmap
import os
import re
import select
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
import qemu

HEADER = os.path.join(qemu.TOP, 'kernel', 'ats_device.h')
PAGE = 4096
USER, PHYSICAL = 0x7f0000000000, 0x100000   # where "QEMU" and the guest have the memory
DESCRIPTORS, AVAILABLE, USED, REQUEST, RESULT = 0x0, 0x1000, 0x2000, 0x3000, 0x3100
PAGES = 16
PERMITS_READ, PERMITS_WRITE = 1, 2
MISS, UPDATE, INVALIDATE = 1, 2, 3
NEED_REPLY, REPLY = 8, 4


def enumerators():
    """Names and numbers of the header that both sides include."""
    with open(HEADER) as header:
        text = re.sub(r'/\*.*?\*/', '', header.read(), flags=re.S)
    found = {}
    for body in re.findall(r'enum\s*\w*\s*\{(.*?)\}', text, re.S):
        number = 0
        for item in filter(None, (word.strip() for word in body.split(','))):
            name, _, value = item.partition('=')
            number = int(value, 0) if value.strip() else number
            found[name.strip()] = number
            number += 1
    return found


ATS = enumerators()


def eventfd():
    libc = ctypes.CDLL(None, use_errno=True)
    return libc.eventfd(0, 0)


class Front:
    """QEMU's part: memory, a table of translations that the device is to ask for, and the driver's ring."""

    def __init__(self, program):
        self.said = tempfile.TemporaryFile()
        self.socket, theirs = socket.socketpair()
        self.back, self.their_back = socket.socketpair()
        for s in (self.socket, self.back):
            s.settimeout(5)
        with theirs:
            self.process = subprocess.Popen([program, str(theirs.fileno())], pass_fds=[theirs.fileno()], stderr=self.said)
        self.file = os.memfd_create('memory')
        os.ftruncate(self.file, PAGES * PAGE)
        self.memory = mmap.mmap(self.file, PAGES * PAGE)
        self.kick = eventfd()
        self.table = {page: (page, True) for page in range(4)}  # iova page: (page of memory, may be written)
        self.asked = []
        self.index = 0

    def close(self):
        for thing in (self.socket, self.back, self.their_back, self.memory):
            thing.close()
        for fd in (self.file, self.kick):
            os.close(fd)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.said.close()

    def end(self):
        """Status and words of a program that ends by itself."""
        status = self.process.wait(timeout=15)
        self.said.seek(0)
        return status, self.said.read().decode()

    def send(self, request, payload=b'', fds=(), flags=1):
        socket.send_fds(self.socket, [struct.pack('<III', request, flags, len(payload)) + payload], fds)

    def number(self, request, value, fds=()):
        self.send(request, struct.pack('<Q', value), fds)

    def ring(self, request, value, index=0):
        self.send(request, struct.pack('<II', index, value))

    def receive(self, where=None):
        where = where or self.socket
        request, flags, size = struct.unpack('<III', where.recv(12, socket.MSG_WAITALL))
        return request, flags, where.recv(size, socket.MSG_WAITALL) if size else b''

    def ask(self, request, payload=b'', flags=1):
        self.send(request, payload, flags=flags)
        got, how, payload = self.receive()
        assert (got, how) == (request, 1 | REPLY), (got, how)
        return struct.unpack('<Q', payload[:8])[0]

    def iotlb(self, iova, size, user, permits, kind):
        self.send(22, struct.pack('<QQQBB6x', iova, size, user, permits, kind), flags=1 | NEED_REPLY)

    def confirmed(self, seconds=5):
        if not select.select([self.socket], [], [], seconds)[0]:
            return False
        request, flags, payload = self.receive()
        assert (request, flags, payload) == (22, 1 | REPLY, bytes(8)), (request, flags, payload)
        return True

    def invalidate(self, iova, size=PAGE):
        self.iotlb(iova, size, 0, 0, INVALIDATE)

    def start(self, features=1 << ATS['ATS_FEATURE'] | 1 << 30 | 1 << 32 | 1 << 33, available=AVAILABLE):
        self.send(21, fds=[self.their_back.fileno()])
        self.number(2, features)
        self.send(5, struct.pack('<IIQQQQ', 1, 0, PHYSICAL, PAGES * PAGE, USER, 0), [self.file])
        self.ring(8, 4)
        self.ring(10, 0)
        self.send(9, struct.pack('<IIQQQQ', 0, 0, DESCRIPTORS, USED, available, 0))
        self.number(12, 0, [self.kick])
        self.number(13, 0x100)
        self.ring(18, 1)

    def answer(self):
        """One translation request, as vhost_device_iotlb_miss() does."""
        request, flags, payload = self.receive(self.back)
        iova, _, _, permits, kind = struct.unpack('<QQQBB6x', payload)
        assert (request, flags, kind) == (1, 1 | NEED_REPLY, MISS)
        self.asked.append((iova // PAGE, permits))
        page, writable = self.table.get(iova // PAGE, (None, False))
        granted = page is not None and (writable or permits == PERMITS_READ)
        if granted:
            self.iotlb(iova, PAGE, USER + page * PAGE, PERMITS_READ | PERMITS_WRITE, UPDATE)
            assert self.confirmed()
        self.back.sendall(struct.pack('<IIIQ', 1, 1 | REPLY, 8, not granted))

    def put(self, at, form, *values):
        struct.pack_into(form, self.memory, at, *values)

    def get(self, at, form='<Q'):
        return struct.unpack_from(form, self.memory, at)[0]

    def chain(self, *descriptors):
        for i, (iova, size, flags, following) in enumerate(descriptors):
            self.put(DESCRIPTORS + 16 * i, '<QIHH', iova, size, flags, following)

    def offer(self, head=0, ahead=1):
        self.put(AVAILABLE, '<HH', 1, (self.index + ahead) & 0xffff)
        self.put(AVAILABLE + 4 + 2 * (self.index % 4), '<H', head)
        self.put(AVAILABLE + 2, '<H', (self.index + ahead) & 0xffff)
        self.index = (self.index + ahead) & 0xffff
        os.write(self.kick, struct.pack('<Q', 1))

    def post(self, command, iova=0, value=0, flags=0):
        self.put(REQUEST, '<IIQQQ', ATS[command], flags, iova, value, 77)
        self.put(RESULT, '<IIQQQ', 0, 0, 0, 0, 0)
        self.chain((REQUEST, 32, 1, 1), (RESULT, 32, 2, 0))
        self.offer()

    def wait(self, seconds=5):
        """Serves translation requests until the request is over."""
        end = time.monotonic() + seconds
        while self.get(USED + 2, '<H') != self.index:
            if self.process.poll() is not None or time.monotonic() > end:
                return False
            if select.select([self.back], [], [], 0.001)[0]:
                self.answer()
        return True

    def do(self, command, iova=0, value=0, flags=0):
        """Status, value, address of one request."""
        self.post(command, iova, value, flags)
        assert self.wait(), command
        status, value, address, tag = struct.unpack_from('<I4xQQQ', self.memory, RESULT)
        assert tag == 77
        return next(name for name in ('ATS_DONE', 'ATS_BLOCKED', 'ATS_BAD', 'ATS_IMPOSSIBLE') if ATS[name] == status), value, address

    def count(self, name):
        return self.do('ATS_COUNT', ATS[name])[1]

    def set(self, name, value):
        assert self.do('ATS_SET', ATS[name], value)[0] == 'ATS_DONE'


class Case(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.program = os.path.join(qemu.BUILD, 'ats')
        if not os.path.exists(cls.program):
            raise unittest.SkipTest('there is no %s: run make' % cls.program)

    def front(self, **started):
        front = Front(self.program)
        self.addCleanup(front.close)
        if started.pop('start', True):
            front.start(**started)
        return front
