"""The device with a device TLB (tools/ats/), spoken to as QEMU does, and as QEMU never would."""
import ctypes
import ctypes.util
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
import unittest.mock

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..'))
import boot
import device_tlb
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


PAGE_A, P0, P1 = 8 * PAGE, 5, 6


class Translations(Case):
    def setUp(self):
        self.it = self.front()
        self.map(P0)

    def map(self, page, writable=True):
        self.it.table[PAGE_A // PAGE] = (page, writable)

    def unmap(self):
        del self.it.table[PAGE_A // PAGE]

    def asks(self):
        return [ask for ask in self.it.asked if ask[0] == PAGE_A // PAGE]

    def invalidated(self, *where):
        self.it.invalidate(*where)
        return self.it.confirmed()

    def test_kept_until_told(self):
        self.it.put(P0 * PAGE + 8, '<Q', 111)
        self.it.put(P1 * PAGE + 8, '<Q', 222)
        self.assertEqual(self.it.do('ATS_READ', PAGE_A + 8), ('ATS_DONE', 111, PHYSICAL + P0 * PAGE + 8))
        self.map(P1)
        self.assertEqual(self.it.do('ATS_READ', PAGE_A + 8)[1], 111)
        self.assertTrue(self.invalidated(PAGE_A + PAGE))  # another page
        self.assertEqual(self.it.do('ATS_READ_KEPT', PAGE_A + 8)[1], 111)
        self.assertTrue(self.invalidated(PAGE_A))
        self.assertEqual(self.it.do('ATS_READ_KEPT', PAGE_A + 8)[0], 'ATS_BLOCKED')
        self.assertEqual(self.it.do('ATS_READ', PAGE_A + 8)[1], 222)
        self.assertEqual(self.asks(), [(8, PERMITS_READ)] * 2)
        self.assertEqual([self.it.count(name) for name in ('ATS_INVALIDATIONS', 'ATS_DROPS', 'ATS_ASKED', 'ATS_KEPT')], [2, 1, 2, 1])

    def test_write_lands(self):
        self.assertEqual(self.it.do('ATS_WRITE', PAGE_A + 16, 5), ('ATS_DONE', 0, PHYSICAL + P0 * PAGE + 16))
        self.assertEqual(self.it.get(P0 * PAGE + 16), 5)

    def test_permission_is_what_was_asked(self):
        self.it.do('ATS_READ', PAGE_A)
        self.assertEqual(self.it.do('ATS_WRITE_KEPT', PAGE_A, 1)[0], 'ATS_BLOCKED')
        self.map(P0, writable=False)
        self.assertEqual(self.it.do('ATS_WRITE', PAGE_A, 1)[0], 'ATS_BLOCKED')
        self.assertEqual(self.it.get(P0 * PAGE), 0)
        self.assertEqual(self.it.do('ATS_READ_KEPT', PAGE_A)[0], 'ATS_DONE')
        self.map(P0)
        self.assertEqual(self.it.do('ATS_TRANSLATE', PAGE_A, flags=ATS['ATS_FOR_WRITING']), ('ATS_DONE', 0, PHYSICAL + P0 * PAGE))
        self.assertEqual(self.it.do('ATS_WRITE_KEPT', PAGE_A, 1)[0], 'ATS_DONE')
        self.assertEqual(self.asks(), [(8, PERMITS_READ), (8, PERMITS_WRITE), (8, PERMITS_WRITE)])
        self.assertEqual(self.it.count('ATS_REFUSED'), 1)

    def test_nothing_mapped(self):
        self.unmap()
        for command in ('ATS_READ', 'ATS_WRITE', 'ATS_TRANSLATE'):
            self.assertEqual(self.it.do(command, PAGE_A), ('ATS_BLOCKED', 0, 0))
        self.assertEqual(self.it.count('ATS_KEPT'), 0)

    def test_everything_goes_at_once(self):
        self.it.do('ATS_READ', PAGE_A)
        self.assertTrue(self.invalidated(0, 0))  # 2^64 bytes
        self.assertEqual(self.it.do('ATS_READ_KEPT', PAGE_A)[0], 'ATS_BLOCKED')

    def test_own_translations_come_back_by_themselves(self):
        before = self.it.count('ATS_ASKED_OWN')
        self.assertTrue(self.invalidated(0, 4 * PAGE))
        self.assertEqual(self.it.count('ATS_ASKED'), 0)
        self.assertGreater(self.it.count('ATS_ASKED_OWN'), before)

    def test_forget(self):
        self.it.do('ATS_READ', PAGE_A)
        self.it.do('ATS_FORGET', PAGE_A + PAGE)
        self.assertEqual(self.it.count('ATS_KEPT'), 1)
        self.it.do('ATS_FORGET', PAGE_A)
        self.assertEqual(self.it.count('ATS_KEPT'), 0)

    def test_early_confirmation(self):
        self.it.set('ATS_CONFIRM', ATS['ATS_EARLY'])
        self.it.do('ATS_READ', PAGE_A)
        self.assertTrue(self.invalidated(PAGE_A))
        self.assertEqual(self.it.do('ATS_READ_KEPT', PAGE_A)[0], 'ATS_DONE')
        self.assertEqual(self.it.count('ATS_HELD'), 1)
        self.it.do('ATS_RELEASE')
        self.assertEqual(self.it.do('ATS_READ_KEPT', PAGE_A)[0], 'ATS_BLOCKED')
        self.it.set('ATS_DELAY_US', 50000)
        self.it.do('ATS_READ', PAGE_A)
        self.assertTrue(self.invalidated(PAGE_A))
        self.assertEqual(self.it.count('ATS_HELD'), 1)
        time.sleep(0.1)
        self.assertEqual(self.it.count('ATS_HELD'), 0)

    def test_late_confirmation(self):
        self.it.set('ATS_CONFIRM', ATS['ATS_LATE'])
        self.it.set('ATS_DELAY_US', 200000)
        self.it.do('ATS_READ', PAGE_A)
        self.it.invalidate(PAGE_A)
        self.assertFalse(self.it.confirmed(0.05))
        self.assertTrue(self.it.confirmed())

    def test_posted_write(self):
        for confirm, lands in (('ATS_PROPER', 7), ('ATS_UNDRAINED', 0)):
            self.it.put(P0 * PAGE, '<Q', 0)
            self.it.set('ATS_CONFIRM', ATS[confirm])
            self.assertEqual(self.it.do('ATS_WRITE', PAGE_A, 7, ATS['ATS_POSTED'])[0], 'ATS_DONE')
            self.assertEqual(self.it.get(P0 * PAGE), 0)
            self.assertTrue(self.invalidated(PAGE_A))
            self.assertEqual(self.it.get(P0 * PAGE), lands, confirm)
            self.it.do('ATS_LAND')
            self.assertEqual(self.it.get(P0 * PAGE), 7)
            self.assertEqual(self.it.count('ATS_PENDING'), 0)

    def test_posted_write_is_drained_by_the_second(self):
        self.it.set('ATS_CONFIRM', ATS['ATS_UNDRAINED'])
        self.it.do('ATS_WRITE', PAGE_A, 7, ATS['ATS_POSTED'])
        for page, lands in ((PAGE_A, 0), (PAGE_A + PAGE, 0), (PAGE_A, 7)):
            self.assertTrue(self.invalidated(page))
            self.assertEqual(self.it.get(P0 * PAGE), lands)

    def test_posted_answer(self):
        for late in (0, 1):
            self.it.set('ATS_LATE_ANSWERS', late)
            self.assertEqual(self.it.do('ATS_TRANSLATE', PAGE_A, flags=ATS['ATS_POSTED'])[2], PHYSICAL + P0 * PAGE)
            self.assertEqual(self.it.do('ATS_READ_KEPT', PAGE_A)[0], 'ATS_BLOCKED')
            self.assertTrue(self.invalidated(PAGE_A))
            self.it.do('ATS_LAND')
            self.assertEqual(self.it.do('ATS_READ_KEPT', PAGE_A)[0], 'ATS_DONE' if late else 'ATS_BLOCKED')

    def test_forgotten_posts_never_happen(self):
        self.it.do('ATS_WRITE', PAGE_A, 7, ATS['ATS_POSTED'])
        self.it.do('ATS_FORGET', 2 ** 64 - 1)
        self.it.do('ATS_LAND')
        self.assertEqual(self.it.get(P0 * PAGE), 0)

    def test_invalidation_while_a_translation_is_asked_for(self):
        """QEMU waits for the one while it has not answered the other: neither may wait for ever."""
        self.it.do('ATS_COUNT')
        self.it.post('ATS_READ', PAGE_A)
        self.assertTrue(select.select([self.it.back], [], [], 5)[0])
        self.assertTrue(self.invalidated(PAGE_A))
        self.assertTrue(self.it.wait())
        self.assertEqual(self.it.get(RESULT, '<I'), ATS['ATS_DONE'])

    def test_taken_back_before_it_arrives(self):
        """Between the translation and the answer that it is complete: not kept, and asked for again."""
        self.it.do('ATS_COUNT')
        self.it.post('ATS_READ', PAGE_A)
        self.it.receive(self.it.back)
        self.it.iotlb(PAGE_A, PAGE, USER + P0 * PAGE, 3, UPDATE)
        self.assertTrue(self.it.confirmed())
        self.assertTrue(self.invalidated(PAGE_A))
        self.it.put(P1 * PAGE, '<Q', 222)
        self.map(P1)
        self.it.back.sendall(struct.pack('<IIIQ', 1, 1 | REPLY, 8, 0))
        self.assertTrue(self.it.wait())
        self.assertEqual(self.it.get(RESULT + 8), 222)

    def test_bad_requests(self):
        self.assertEqual(self.it.do('ATS_READ', PAGE_A + 4)[0], 'ATS_BAD')
        self.assertEqual(self.it.do('ATS_COUNT', ATS['ATS_COUNTERS'])[0], 'ATS_BAD')
        self.assertEqual(self.it.do('ATS_SET', ATS['ATS_SETTINGS'])[0], 'ATS_BAD')
        self.assertEqual(self.it.do('ATS_SET', ATS['ATS_CONFIRM'], ATS['ATS_CONFIRMS'])[0], 'ATS_BAD')
        self.assertEqual(self.it.do('ATS_SET', ATS['ATS_DELAY_US'], ATS['ATS_DELAY_MAX_US'] + 1)[0], 'ATS_BAD')
        with unittest.mock.patch.dict(ATS, {'NONE': 99}):
            self.assertEqual(self.it.do('NONE')[0], 'ATS_BAD')
        self.map(PAGES + 3)
        self.assertEqual(self.it.do('ATS_READ', PAGE_A)[0], 'ATS_IMPOSSIBLE')

    def test_full(self):
        for page in range(16, 16 + 1024):
            self.it.table[page] = (P0, True)
            self.assertEqual(self.it.do('ATS_READ', page * PAGE)[0], 'ATS_DONE')
        self.assertEqual(self.it.do('ATS_READ', PAGE_A)[0], 'ATS_IMPOSSIBLE')
        self.assertEqual(self.it.do('ATS_READ', 16 * PAGE)[0], 'ATS_DONE')

    def test_reset(self):
        self.it.do('ATS_READ', PAGE_A)
        self.it.set('ATS_CONFIRM', ATS['ATS_EARLY'])
        self.assertEqual(self.it.ask(11, struct.pack('<II', 0, 0)), self.it.index << 32)
        self.it.put(AVAILABLE + 2, '<H', 0)
        self.it.put(USED + 2, '<H', 0)
        self.it.index = 0
        self.it.start()
        self.assertEqual(self.it.count('ATS_KEPT'), 0)
        self.it.do('ATS_READ', PAGE_A)
        self.assertTrue(self.invalidated(PAGE_A))
        self.assertEqual(self.it.count('ATS_HELD'), 0)


class Rings(Case):
    def left_alone(self, it, why):
        self.assertFalse(it.wait(0.3))
        self.assertIsNone(it.process.poll())
        it.said.seek(0)
        self.assertRegex(it.said.read().decode(), '^ats: the ring is left alone: .*%s' % why)
        # QEMU is served, and after a reset the driver, too.
        it.invalidate(PAGE_A)
        self.assertTrue(it.confirmed())
        it.ask(11, struct.pack('<II', 0, 0))
        for at in (AVAILABLE + 2, USED + 2):
            it.put(at, '<H', 0)
        it.index = 0
        it.start()
        self.assertEqual(it.do('ATS_COUNT')[0], 'ATS_DONE')

    def test_bad_indices(self):
        it = self.front()
        it.chain((REQUEST, 32, 1, 1), (RESULT, 32, 2, 0))
        it.offer(head=4)
        self.left_alone(it, 'index is too large')
        it = self.front()
        it.chain((REQUEST, 32, 1, 1000))
        it.offer()
        self.left_alone(it, 'index is too large')
        it = self.front()
        it.offer(ahead=5)
        self.left_alone(it, 'index is too large')

    def test_bad_chains(self):
        for descriptors, why in [
                (((REQUEST, 32, 1, 0),), 'longer'),                     # a circle
                (((REQUEST, 32, 1, 1), (RESULT, 32, 3, 2)), 'longer'),
                (((REQUEST, 31, 1, 1), (RESULT, 32, 2, 0)), 'size'),
                (((REQUEST, 32, 1, 1), (RESULT, 2 ** 32 - 1, 2, 0)), 'size'),
                (((RESULT, 32, 3, 1), (REQUEST, 32, 0, 0)), 'no request'),
                (((REQUEST, 32, 4, 0),), 'indirect'),
                (((RESULT, 32, 2, 0),), 'no request'),
                (((0x3ff0, 32, 1, 1), (RESULT, 32, 2, 0)), 'a request is not mapped'),
                (((2 ** 64 - 32, 32, 1, 1), (RESULT, 32, 2, 0)), 'a request is not mapped'),
                (((REQUEST, 32, 1, 1), (0x9000, 32, 2, 0)), 'a result is not mapped')]:
            with self.subTest(why=why, descriptors=descriptors):
                it = self.front()
                it.chain(*descriptors)
                it.offer()
                self.left_alone(it, why)

    def test_ring_that_is_not_mapped(self):
        it = self.front()
        del it.table[0]
        it.offer()
        self.left_alone_without_reset(it, 'a descriptor is not mapped')

    def test_start_that_qemu_gives_up(self):
        it = self.front(start=False)
        page = it.table.pop(AVAILABLE // PAGE)
        it.start()
        it.offer()
        self.assertFalse(it.wait(0.3))
        it.ring(18, 0)
        it.table[AVAILABLE // PAGE] = page
        it.put(AVAILABLE + 2, '<H', 0)
        it.index = 0
        it.start()
        self.assertEqual(it.do('ATS_COUNT')[0], 'ATS_DONE')
        it.said.seek(0)
        self.assertEqual(it.said.read(), b'')

    def test_answer_that_comes_when_the_ring_has_begun_anew(self):
        it = self.front()
        it.offer()
        self.assertTrue(select.select([it.back], [], [], 5)[0])
        it.ring(18, 0)
        it.put(AVAILABLE + 2, '<H', 0)
        it.index = 0
        it.start()
        it.post('ATS_COUNT')
        it.answer()
        self.assertTrue(it.wait())
        it.said.seek(0)
        self.assertEqual(it.said.read(), b'')

    def left_alone_without_reset(self, it, why):
        self.assertFalse(it.wait(0.3))
        it.said.seek(0)
        self.assertIn(why, it.said.read().decode())

    def test_reset_while_a_request_is_served(self):
        it = self.front()
        it.do('ATS_COUNT')
        it.post('ATS_READ', PAGE_A)
        it.receive(it.back)
        it.ask(11, struct.pack('<II', 0, 0))
        for at in (AVAILABLE + 2, USED + 2):
            it.put(at, '<H', 0)
        it.put(RESULT, '<I', 0)
        it.index = 0
        it.start()
        it.back.sendall(struct.pack('<IIIQ', 1, 1 | REPLY, 8, 1))
        self.assertFalse(it.wait(0.2) and it.get(RESULT, '<I'))
        self.assertEqual(it.do('ATS_COUNT')[0], 'ATS_DONE')
        self.assertEqual(it.get(USED + 2, '<H'), 1)

    def test_no_iommu(self):
        it = self.front(features=1 << ATS['ATS_FEATURE'] | 1 << 30 | 1 << 32)
        it.offer()
        self.left_alone_without_reset(it, 'ACCESS_PLATFORM')

    def test_firmware_gets_random_bytes(self):
        it = self.front(features=1 << 30 | 1 << 32 | 1 << 33)
        it.chain((RESULT, 32, 2, 0))
        it.offer()
        self.assertTrue(it.wait())
        self.assertNotEqual(it.memory[RESULT:RESULT + 32], bytes(32))
        self.assertEqual(it.get(USED + 8, '<I'), 32)


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
