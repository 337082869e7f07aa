#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "iommu/vtd_fault.h"

/*
 * Records put together by hand; bits of the second word: SID 15:0, T2 28, PRIV 29, EXE 30, PP 31,
 * reason 39:32, PASID 59:40, address type 61:60, T1 62, F 63.
 */
static void decode(void **state)
{
	/* F | reason 0x71 << 32 | SID 0x0020; T1 = T2 = 0: a write without PASID */
	const u64 write[2] = { 0x7fff12345000, 0x8000007100000020 };
	/* F | T1 | PASID 0xabcde << 40 | reason 0x85 << 32 | PP | EXE | PRIV | SID 0xfffb */
	const u64 read[2] = { 0xffff800000000000, 0xcabcde85e000fffb };
	struct vtd_fault f = vtd_fault_decode(write);

	(void)state;
	assert_int_equal(f.reason, 0x71);
	assert_int_equal(f.sid, 0x0020);
	assert_int_equal(f.access, VTD_WRITE);
	assert_int_equal(f.page.v, 0x7fff12345000);
	assert_false(f.has_pasid || f.exec || f.priv);
	assert_int_equal(f.pasid, 0);

	f = vtd_fault_decode(read);
	assert_int_equal(f.reason, 0x85);
	assert_int_equal(f.sid, 0xfffb);
	assert_int_equal(f.access, VTD_READ);
	assert_int_equal(f.page.v, 0xffff800000000000);
	assert_true(f.has_pasid && f.exec && f.priv);
	assert_int_equal(f.pasid, 0xabcde);

	/* T2 alone: a page request; T1 and T2: an atomic */
	assert_int_equal(vtd_fault_decode((const u64[2]){ 0, 0x10000000 }).access,
			 VTD_PAGE_REQUEST);
	assert_int_equal(vtd_fault_decode((const u64[2]){ 0, 0x4000000010000000 }).access,
			 VTD_ATOMIC);
}

static void line(void **state)
{
	const u64 write[2] = { 0x7fff12345000, 0x8000007100000020 };
	const u64 read[2] = { 0xffff800000000000, 0xcabcde85e000fffb };
	char buf[VTD_FAULT_LINE_MAX];
	struct vtd_fault f = vtd_fault_decode(write);

	(void)state;
	assert_string_equal(vtd_fault_line(buf, sizeof buf, &f),
			    "reason=0x71 (first-stage entry not present) access=write "
			    "page=0x7fff12345000 sid=00:04.0");
	f = vtd_fault_decode(read);
	assert_string_equal(vtd_fault_line(buf, sizeof buf, &f),
			    "reason=0x85 (no write permission in the first stage) "
			    "access=read,execute,privileged page=0xffff800000000000 "
			    "sid=ff:1f.3 pasid=0xabcde");
}

/* Every reason of the manual, and no other, has words, and the longest line fits. */
static void reasons(void **state)
{
	static const struct {
		u8 first, last;
	} known[] = { { 0x01, 0x0e }, { 0x20, 0x26 }, { 0x30, 0x33 }, { 0x38, 0x3a },
		      { 0x40, 0x48 }, { 0x50, 0x52 }, { 0x58, 0x5d }, { 0x70, 0x7c },
		      { 0x80, 0x87 }, { 0x90, 0x91 } };

	(void)state;
	for (unsigned r = 0; r < 256; r++) {
		struct vtd_fault f = { .reason = (u8)r,
				       .has_pasid = true,
				       .exec = true,
				       .priv = true,
				       .pasid = 0xfffff,
				       .access = VTD_PAGE_REQUEST,
				       .sid = 0xffff,
				       .page = { 0xfffffffffffff000 } };
		bool named = strcmp(vtd_fault_text((u8)r), "reason unknown") != 0, wanted = false;
		char buf[VTD_FAULT_LINE_MAX];

		for (size_t i = 0; i < ARRAY_SIZE(known); i++)
			wanted |= r >= known[i].first && r <= known[i].last;
		assert_int_equal(named, wanted);
		vtd_fault_line(buf, sizeof buf, &f);
		assert_non_null(strstr(buf, "pasid=0xfffff"));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decode),
		cmocka_unit_test(line),
		cmocka_unit_test(reasons),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
