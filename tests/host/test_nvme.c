/* What an NVMe controller reads from memory, and which commands it is ever given. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/nvme_allow.h"
#include "kernel/nvme_cmb.h"
#include "kernel/nvme_command.h"
#include "kernel/nvme_identify.h"

/* Every command that the engine makes. */
enum { IN_USE = 6 };
static const enum nvme_queue_kind queue_of[IN_USE] = { [5] = NVME_IO };
static void in_use(struct nvme_command c[IN_USE])
{
	c[0] = nvme_identify(NVME_IDENTIFY_CONTROLLER, 0, 0x1000);
	c[1] = nvme_identify(NVME_IDENTIFY_NAMESPACE, 1, 0x1000);
	c[2] = nvme_get_effects(12, 2, 0x1040);
	c[3] = nvme_create_io_cq(0x2000);
	c[4] = nvme_create_io_sq(1, NVME_QUEUE_ENTRIES, 0x3000);
	c[5] = nvme_read(1, 24, 0x4000, 0x5040);
}

/* Worked out by hand from the Base Specification 2.0 and the NVM Command Set 1.0. */
static void commands(void **state)
{
	struct nvme_command c[IN_USE];
	static const struct nvme_command want[IN_USE] = {
		{ .dword0 = 6, .prp1 = 0x1000, .dword10 = 1 },
		{ .dword0 = 6, .namespace_id = 1, .prp1 = 0x1000 },
		{ .dword0 = 2, .prp1 = 0x1040, .dword10 = 0x00018005, .dword12 = 12 },
		{ .dword0 = 5, .prp1 = 0x2000, .dword10 = 0x000f0001, .dword11 = 1 },
		{ .dword0 = 1, .prp1 = 0x3000, .dword10 = 0x000f0001, .dword11 = 0x00010001 },
		{ .dword0 = 2, .namespace_id = 1, .prp1 = 0x4000, .prp2 = 0x5040, .dword12 = 23 },
	};

	(void)state;
	in_use(c);
	assert_memory_equal(c, want, sizeof want);
	/* Where dwords are: 1 and 6 to 12, in bytes. */
	assert_int_equal(offsetof(struct nvme_command, namespace_id), 4);
	assert_int_equal(offsetof(struct nvme_command, prp1), 24);
	assert_int_equal(offsetof(struct nvme_command, prp2), 32);
	assert_int_equal(offsetof(struct nvme_command, dword10), 40);
	assert_int_equal(offsetof(struct nvme_completion, command_id), 12);
	assert_int_equal(offsetof(struct nvme_completion, status), 14);
}

static void what_is_in_use_is_allowed(void **state)
{
	struct nvme_command c[IN_USE];

	(void)state;
	in_use(c);
	for (unsigned i = 0; i < IN_USE; i++)
		assert_true(nvme_allowed(queue_of[i], &c[i]));
}

/* What an engine has fetched from where a test says: a line of each symbol. */
static void what_is_fetched_is_allowed_and_does_nothing(void **state)
{
	(void)state;
	for (unsigned symbol = 0; symbol < DMA_SYMBOLS; symbol++) {
		struct nvme_command c = nvme_read_nothing((u16)(NVME_NOTHING_ID + symbol)),
				    first = { 0 };

		assert_true(nvme_allowed(NVME_IO, &c));
		assert_int_equal(c.namespace_id, 0);
		assert_int_equal(c.dword0, 0x01000002 + 0x10000 * symbol);
		/* A line is two words, and zeros. */
		memcpy(&first, &c, 2 * sizeof(u64));
		assert_memory_equal(&c, &first, sizeof c);
	}
}

static bool is_allowed(enum nvme_queue_kind queue, struct nvme_command c)
{
	return nvme_allowed(queue, &c);
}

/* All opcodes, in every shape that is right for one of ours: none but ours, Flush and Delete among the refused. */
static void no_other_opcode(void **state)
{
	struct nvme_command c[IN_USE];

	(void)state;
	in_use(c);
	for (unsigned shape = 0; shape < IN_USE; shape++)
		for (unsigned opcode = 0; opcode < 256; opcode++)
			for (unsigned queue = NVME_ADMIN; queue <= NVME_IO; queue++) {
				struct nvme_command other = c[shape];
				bool ours = queue == NVME_ADMIN ? opcode == 1 || opcode == 2 ||
									  opcode == 5 || opcode == 6
								: opcode == 2;

				other.dword0 = opcode;
				if (!ours)
					assert_false(is_allowed(queue, other));
			}
}

/* Ours, in a shape that does more: fused, by scatter-gather lists, with interrupts, other logs, actions, FUA. */
static void no_other_shape(void **state)
{
	struct nvme_command c[IN_USE];

	(void)state;
	in_use(c);
	for (unsigned i = 0; i < IN_USE; i++)
		for (unsigned bit = 8; bit < 16; bit++) {
			struct nvme_command flagged = c[i];

			flagged.dword0 |= 1u << bit;
			assert_false(is_allowed(queue_of[i], flagged));
		}
	for (unsigned log = 0; log < 256; log++) {
		struct nvme_command other = c[2];

		other.dword10 = (c[2].dword10 & ~0xffu) | log;
		assert_int_equal(is_allowed(NVME_ADMIN, other), log == NVME_LOG_EFFECTS);
	}
	for (unsigned bit = 8; bit < 16; bit++) {
		struct nvme_command other = c[2];

		other.dword10 ^= 1u << bit;
		assert_false(is_allowed(NVME_ADMIN, other));
	}
	for (unsigned bit = 0; bit < 32; bit++) {
		struct nvme_command cq = c[3], sq = c[4], read = c[5];

		cq.dword11 ^= 1u << bit;
		assert_false(is_allowed(NVME_ADMIN, cq));
		sq.dword11 ^= 1u << bit;
		assert_int_equal(is_allowed(NVME_ADMIN, sq), bit >= 16);
		read.dword12 ^= 1u << bit;
		assert_int_equal(is_allowed(NVME_IO, read), bit < 16);
	}
}

/* Figure 275 and NVM Command Set figure 97, at the offsets that they print. */
static void identities(void **state)
{
	u8 page[NVME_PAGE] = { 0 };
	u32 offset = 1;

	(void)state;
	assert_null(nvme_controller_lacks(page, 3 * NVME_PAGE));
	page[77] = 2;
	assert_null(nvme_controller_lacks(page, 3 * NVME_PAGE));
	page[77] = 1;
	assert_non_null(nvme_controller_lacks(page, 3 * NVME_PAGE));
	for (unsigned lpa = 0; lpa < 256; lpa++) {
		const char *lacks;

		page[261] = (u8)lpa;
		lacks = nvme_log_lacks(page);
		if ((lpa & 6) == 6)
			assert_null(lacks);
		else
			assert_string_equal(lacks,
					    lpa & 2 ? "parts of a log page"
						    : "the log of commands and their effects");
	}

	memset(page, 0, sizeof page);
	memcpy(page, (const u8[8]){ 0, 8 }, 8);
	page[26] = 0x21; /* format 1 + 16 */
	memcpy(page + 128 + 4 * 17, (const u8[4]){ 8, 0, 9, 0 }, 4);
	assert_int_equal(nvme_format_of(page).blocks, 2048);
	assert_int_equal(nvme_format_of(page).block_log2, 9);
	assert_int_equal(nvme_format_of(page).metadata, 8);

	memset(page, 0, sizeof page);
	assert_false(nvme_log_find(page, 1ull << 32, &offset));
	page[16] = 1;
	assert_true(nvme_log_find(page, 1ull << 32, &offset));
	assert_int_equal(offset, 12);
	page[12] = 1;
	assert_true(nvme_log_find(page, 1ull << 32, &offset));
	assert_int_equal(offset, 8);
}

/* Figures 47 and 48: units of 4 KiB, 64 KiB, 1 MiB ... 64 GiB, for both. */
static void buffer(void **state)
{
	struct nvme_cmb c = nvme_cmb_decode(0x0000000a, 0x0000121f);

	(void)state;
	assert_int_equal(c.bar, 2);
	assert_int_equal(c.offset, 0);
	assert_int_equal(c.size, 1 << 20);
	c = nvme_cmb_decode(0x00003004, 0x00010000);
	assert_int_equal(c.bar, 4);
	assert_int_equal(c.offset, 3 * 4096);
	assert_int_equal(c.size, 16 * 4096);
	assert_int_equal(nvme_cmb_decode(0x00001000, 0x00002600).offset, 64ull << 30);
	assert_int_equal(nvme_cmb_decode(0, 0x00001600).size, 64ull << 30);
	assert_int_equal(nvme_cmb_decode(0, 0).size, 0);
	assert_int_equal(nvme_cmb_decode(0, 0x00001700).size, 0);
	assert_int_equal(nvme_cmb_decode(1, 0x00001000).size, 0);
	assert_int_equal(nvme_cmb_decode(6, 0x00001000).size, 0);
}

/* What queues and lists must be aligned to; the pad of the symbol that can be written is first. */
static void layout(void **state)
{
	(void)state;
	assert_int_equal(offsetof(struct nvme_memory, pad), 0);
	assert_int_equal(sizeof(((struct nvme_memory *)0)->pad[0]), NVME_PAGE);
	assert_int_equal(offsetof(struct nvme_memory, before) % NVME_PAGE, 0);
	assert_int_equal(offsetof(struct nvme_memory, behind) % NVME_PAGE, 0);
	assert_int_equal(offsetof(struct nvme_memory, data) % NVME_PAGE, 0);
	assert_int_equal(offsetof(struct nvme_memory, admin) % NVME_PAGE, 0);
	assert_int_equal(offsetof(struct nvme_memory, io) % NVME_PAGE, 0);
	assert_int_equal(offsetof(struct nvme_rings, cq), NVME_PAGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands),
		cmocka_unit_test(what_is_in_use_is_allowed),
		cmocka_unit_test(no_other_opcode),
		cmocka_unit_test(no_other_shape),
		cmocka_unit_test(identities),
		cmocka_unit_test(buffer),
		cmocka_unit_test(layout),
		cmocka_unit_test(what_is_fetched_is_allowed_and_does_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
