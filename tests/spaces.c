#include "tests/spaces.h"
#include "kernel/string.h"
#include "mm/kmap.h"
#include "mm/pagetable.h"
#include "tests/do.h"

/* PCIDs of the places: none is the kernel's, 0. */
enum { PCID_A = 1, PCID_B = 2 };
#define CR3_KEEP (1ull << 63) /* SDM 3A 4.10.4.1 */

static struct pa second_root;

void spaces_prepare(struct va va)
{
	u8 *kernel = direct(kernel_root), *second;
	enum { HALF = PAGE_SIZE / 2 };

	second_root = kernel_tables.alloc(kernel_tables.ctx);
	second = direct(second_root);
	memcpy(second + HALF, kernel + HALF, HALF);
	pt_entry(&kernel_tables, second_root, va, PG_4K);
}

bool spaces_have_pcids(void)
{
	return cpuid(1, 0).ecx & 1u << 17 && cpuid(0, 0).eax >= 7 && cpuid(7, 0).ebx & 1u << 10;
}

static volatile u64 *second_leaf(const struct run *run)
{
	struct va va = { (u64)run->self[0].at[A] };

	return direct(pt_entry(&kernel_tables, second_root, va, PG_4K));
}

void spaces_open(struct run *run)
{
	const struct scenario *s = run->scenario;
	bool same = one_entry(s->spaces);

	run->pcids = s->needs & NEED_PCID;
	run->cr3[A] = kernel_root.v;
	run->cr3[B] = same ? kernel_root.v : second_root.v;
	if (!s->spaces)
		return;
	if (run->pcids) {
		run->cr3[A] |= PCID_A;
		run->cr3[B] |= s->spaces == SAME_PCID ? PCID_A : PCID_B;
	}
	for (unsigned a = 0; a < AGENTS; a++) {
		struct self *self = &run->self[a];

		self->at[B] = self->at[A];
		if (!has_mirror(s))
			self->pte[B] = same ? self->pte[A] : second_leaf(run);
	}
}

void spaces_close(struct run *run)
{
	run->pcids = false;
	if (run->scenario->spaces)
		*second_leaf(run) = 0;
}

void spaces_enter(const struct run *run)
{
	write_cr3(run->cr3[A]);
	do_flush_all(NULL, 0, 0, 0);
}

void spaces_leave(const struct run *run)
{
	u64 cr4 = read_cr4() & ~mask(CR4_PCIDE);

	/* PCIDE can be changed only while the PCID is 0 (SDM 3A 4.10.1). */
	write_cr3(kernel_root.v);
	write_cr4(run->pcids ? cr4 | mask(CR4_PCIDE) : cr4);
	do_flush_all(NULL, 0, 0, 0);
}

bool do_space_load(struct self *self, u64 place, u64 how, u64 c)
{
	const struct run *run = self->run;

	(void)c;
	write_cr3(run->cr3[place] | (how == KEEP && run->pcids ? CR3_KEEP : 0));
	return true;
}

bool do_invpcid(struct self *self, u64 type, u64 place, u64 c)
{
	struct {
		u64 pcid, va;
	} descriptor = { self->run->cr3[place] & (PAGE_SIZE - 1), (u64)self->at[place] };

	(void)c;
	invpcid(type, &descriptor);
	return true;
}
