/* Where a virtio device says that its structures are, and its ring, against bytes worked out by hand from Virtio 1.2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/virtio_layout.h"
#include "kernel/virtio_ring.h"

static u8 config[VIRTIO_CONFIG_BYTES];

static void put32(unsigned at, u32 v)
{
	for (unsigned i = 0; i < 4; i++)
		config[at + i] = (u8)(v >> 8 * i);
}

/* 4.1.4: id 9, next, length, type, BAR, id, 2 of padding, offset, size */
static void capability(unsigned at, u8 next, u8 length, u8 type, u8 bar, u32 offset, u32 size)
{
	config[at] = 9;
	config[at + 1] = next;
	config[at + 2] = length;
	config[at + 3] = type;
	config[at + 4] = bar;
	put32(at + 8, offset);
	put32(at + 12, size);
}

/* As QEMU's devices have it: MSI-X, then ISR, device, notify with 4 bytes a queue, common. */
static int usual(void **state)
{
	(void)state;
	memset(config, 0, sizeof config);
	config[0x34] = 0x98;
	config[0x98] = 0x11;
	config[0x99] = 0x84;
	capability(0x84, 0x70, 20, 5, 0, 0, 0);
	capability(0x70, 0x60, 20, 2, 4, 0x3000, 0x1000);
	put32(0x80, 4);
	capability(0x60, 0x50, 16, 4, 4, 0x2000, 0x1000);
	capability(0x50, 0x40, 16, 3, 4, 0x1000, 0x1000);
	capability(0x40, 0, 16, 1, 4, 0, 0x1000);
	return 0;
}

static void what_qemu_has(void **state)
{
	struct virtio_layout l;
	u64 at;

	(void)state;
	assert_null(virtio_layout(config, &l));
	assert_int_equal(l.common.bar, 4);
	assert_int_equal(l.common.offset, 0);
	assert_int_equal(l.common.size, 0x1000);
	assert_int_equal(l.notify.bar, 4);
	assert_int_equal(l.notify.offset, 0x3000);
	assert_int_equal(l.multiplier, 4);
	assert_int_equal(l.device.bar, 4);
	assert_int_equal(l.device.offset, 0x2000);
	assert_true(virtio_fits(&l.notify, 0x4000));
	assert_false(virtio_fits(&l.notify, 0x3fff));
	assert_null(virtio_doorbell(&l, 1, &at));
	assert_int_equal(at, 0x3004);
	assert_null(virtio_doorbell(&l, 0x3ff, &at));
	assert_int_equal(at, 0x3ffc);
	assert_non_null(virtio_doorbell(&l, 0x400, &at));
	/* No sum of 32 bits wraps. */
	l.notify.offset = 0xfffffffe;
	assert_false(virtio_fits(&l.notify, 0x4000));
	l.multiplier = 0x80000000;
	assert_non_null(virtio_doorbell(&l, 0xffff, &at));
}

/* Kinds that are reserved, structures in no BAR, and a second of a kind are passed over. */
static void what_is_ignored(void **state)
{
	struct virtio_layout l;

	(void)state;
	capability(0x98, 0x84, 16, 1, 6, 0, 0x1000);
	capability(0x84, 0x70, 16, 9, 0, 0, 0x1000);
	config[0x41] = 0xb0;
	capability(0xb0, 0, 16, 1, 0, 0x100, 0x38);
	assert_null(virtio_layout(config, &l));
	assert_int_equal(l.common.bar, 4);
}

static void sentence(const char *part)
{
	struct virtio_layout l;
	const char *wrong = virtio_layout(config, &l);

	assert_non_null(wrong);
	assert_non_null(strstr(wrong, part));
	usual(NULL);
}

static void what_is_wrong(void **state)
{
	(void)state;
	config[0x41] = 0x98;
	sentence("no end");
	config[0x42] = 15;
	sentence("too short for what it is");
	config[0x72] = 16;
	sentence("too short for what it is");
	/* It would go on behind the first 256 bytes. */
	config[0x41] = 0xf4;
	config[0x43] = 9;
	capability(0xf0, 0, 16, 0, 0, 0, 0);
	config[0xf4] = 9;
	config[0xf5] = 0;
	config[0xf6] = 16;
	config[0xf7] = 1;
	sentence("too short for what it is");
	config[0x44] = 6;
	sentence("no common");
	config[0x73] = 0;
	sentence("no notification");
	put32(0x4c, 0x37);
	sentence("common configuration structure is too short");
	put32(0x48, 2);
	sentence("not aligned");
	put32(0x78, 1);
	sentence("notification structure");
	put32(0x7c, 1);
	sentence("notification structure");
	put32(0x80, 6);
	sentence("multiplier");
	put32(0x80, 1);
	sentence("multiplier");
	config[0x34] = 0;
	sentence("no common");
}

static struct virtio_ring_memory memory;
static const struct virtio_buffer reads = { 0x40000400, 32 }, writes = { 0x40000440, 48 };

static void ring(void **state)
{
	struct virtio_ring r;
	const u8 *desc = (const u8 *)&memory;

	(void)state;
	assert_int_equal(virtio_ring_size(4), 4);
	assert_int_equal(virtio_ring_size(256), VIRTIO_RING_MAX);
	assert_int_equal(virtio_ring_size(2), 2);
	assert_int_equal(virtio_ring_size(1), 0);
	assert_int_equal(virtio_ring_size(0), 0);
	memset(&memory, 0, sizeof memory);
	virtio_ring_open(&r, &memory, 4);
	assert_int_equal(memory.avail.flags, 1); /* no interrupt */
	assert_int_equal(virtio_ring_look(&r), VIRTIO_NOT_YET);
	/* Indices run through 16 bits, places through the queue. */
	for (u32 i = 0; i < 0x10004; i++) {
		virtio_ring_offer(&r, reads, writes);
		assert_int_equal(memory.avail.index, (u16)(i + 1));
		assert_int_equal(memory.avail.ring[i % 4], 0);
		assert_int_equal(virtio_ring_look(&r), VIRTIO_NOT_YET);
		memory.used.ring[i % 4] = (struct virtio_used){ 0, 48 };
		memory.used.index++;
		assert_int_equal(virtio_ring_look(&r), VIRTIO_RETURNED);
	}
	/* 2.7.5: address, length, flags (1 next, 2 device writes), next */
	static const u8 want[32] = { 0x00, 4, 0, 0x40, 0, 0, 0, 0, 32, 0, 0, 0, 1, 0, 1, 0,
				     0x40, 4, 0, 0x40, 0, 0, 0, 0, 48, 0, 0, 0, 2, 0, 0, 0 };
	assert_memory_equal(desc, want, sizeof want);
	assert_int_equal(memory.avail.ring[4], 0);
	assert_int_equal(memory.used.ring[4].length, 0);
}

static void confused_device(void **state)
{
	struct virtio_ring r;

	(void)state;
	memset(&memory, 0, sizeof memory);
	virtio_ring_open(&r, &memory, 4);
	memory.used.index = 1; /* nothing was offered */
	assert_int_equal(virtio_ring_look(&r), VIRTIO_CONFUSED);
	memory.used.index = 0;
	virtio_ring_offer(&r, reads, writes);
	memory.used.ring[0].id = 1; /* the second half of the chain */
	memory.used.index = 1;
	assert_int_equal(virtio_ring_look(&r), VIRTIO_CONFUSED);
	memory.used.ring[0].id = 0;
	memory.used.index = 2;
	assert_int_equal(virtio_ring_look(&r), VIRTIO_CONFUSED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(what_qemu_has, usual),
		cmocka_unit_test_setup(what_is_ignored, usual),
		cmocka_unit_test_setup(what_is_wrong, usual),
		cmocka_unit_test(ring),
		cmocka_unit_test(confused_device),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
