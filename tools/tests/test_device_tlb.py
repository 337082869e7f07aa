"""The device with a device TLB (tools/ats/): translations that it keeps, and the rings of its driver."""
import select
import struct
import time
import unittest
import unittest.mock

from vhost_front import ATS, AVAILABLE, Case, PAGE, PAGES, PERMITS_READ, PERMITS_WRITE, PHYSICAL, REPLY, REQUEST, RESULT, UPDATE, USED, USER

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


if __name__ == '__main__':
    unittest.main()
