/* U01: a descriptor, and what of all that a device keeps is gone afterwards. It is asked for nothing meanwhile. */
#include "kernel/format.h"
#include "mm/frame.h"
#include "mm/kmap.h"
#include "mm/place.h"
#include "tests/unit/world.h"

/* Where the probe has its page (tests/probe.c), so that there is a table. In their 16 pages the first is the fifth, the last the twelfth. */
enum { AT = 0x3fe04000, PAGES = 3, PAGE_SET = (1 << PAGES) - 1, OTHER_PASID = 0x3333 };
static const u8 number[PAGES] = { 0, 1, 7 };
static const char *const page_name[PAGES] = { "page", "next", "far" };

static struct iova page_at(unsigned page) { return (struct iova){ AT + number[page] * PAGE_SIZE }; }

static struct vtd_desc descriptor(const struct device_tlb_row *x)
{
	struct vtd_device_tlb d = machine.dtlb;
	u32 pasid = x->pasid == OWN ? machine.pasid : OTHER_PASID;
	u64 va = AT + x->page * PAGE_SIZE;

	d.sid ^= x->sid == OWN ? 0 : 8;
	return x->scope == DTLB_PAGES      ? vtd_devtlb_pages(&d, va, x->order)
	       : x->scope == DTLB_OF_PASID ? vtd_pdevtlb_pages(&d, pasid, va, x->order)
					   : vtd_pdevtlb_every_pasid(&d);
}

/* A set of pages that it can read by what it keeps. */
static unsigned kept(struct dma_engine *e, u64 word)
{
	unsigned set = 0;

	for (unsigned p = 0; p < PAGES; p++) {
		const struct dma_result r = e->ops->read(e, page_at(p));

		set |= r.status == DMA_DONE && r.word == word ? 1u << p : 0;
	}
	return set;
}

static bool grant_all(struct dma_engine *e)
{
	bool all = true;

	for (unsigned p = 0; p < PAGES; p++)
		all &= dma_prepare(e, page_at(p), DMA_TO_READ) == DMA_DONE;
	return all;
}

static void names(char *text, size_t size, const char *head, unsigned set)
{
	size_t n = format(text, size, "%s", head);

	for (unsigned p = 0; p < PAGES; p++)
		if (set & 1u << p)
			n += format(text + n, size - n, " %s", page_name[p]);
}

static void try_it(struct dma_engine *e, u64 word, const struct device_tlb_row *x,
		   struct unit_run *r)
{
	const struct vtd_desc d = descriptor(x);

	if (!grant_all(e) || kept(e, word) != PAGE_SET) {
		r->error = "the device does not get to pages that are mapped";
		return;
	}
	if (x->scope != DTLB_NONE && vtd_queue_submit(machine.unit, &d, 1) != VTD_OK) {
		r->error = "an invalidation was not confirmed";
		return;
	}
	unsigned gone = PAGE_SET & ~kept(e, word);

	unit_did(r, "pages asked for, descriptor %#lx %#lx executed, pages read", d.w[0], d.w[1]);
	names(r->wanted, sizeof r->wanted, "gone:", x->gone);
	names(r->seen, sizeof r->seen, "gone:", gone & x->gone);
	if (gone & ~(unsigned)x->gone)
		names(r->fact, sizeof r->fact, "gone too:", gone & ~(unsigned)x->gone);
	r->blind = x->gone != PAGE_SET && !(PAGE_SET & ~gone & ~(unsigned)x->gone);
	r->no_power = unit_forgets_exactly() ? NULL : "the device keeps nothing beside it";
}

void unit_device_tlb(const struct unit_row *row, struct unit_run *r)
{
	const struct device_tlb_row *x = (const struct device_tlb_row *)(const void *)row;
	struct dma_engine *e = machine_engine(DMA_ATS);
	struct pa leaf[PAGES], page;

	if (x->scope >= DTLB_OF_PASID && !get(machine.unit->ecap, VTD_ECAP_PASID)) {
		r->missing = "PASID-based device-TLB invalidation (ECAP.PASID)";
		return;
	}
	if (!machine_walk(false, NULL, false)) {
		r->error = machine.trouble;
		return;
	}
	page = frame_alloc(FRAME_TEST);
	*(u64 *)direct(page) = e->ops->word(e, DMA_SYMBOL_DEVICE);
	for (unsigned p = 0; p < PAGES; p++)
		leaf[p] = place_map((struct va){ page_at(p).v }, page,
				    PAGE_WRITE | PAGE_ACCESSED | PAGE_DIRTY);
	if (machine_reset())
		try_it(e, e->ops->word(e, DMA_SYMBOL_DEVICE), x, r);
	for (unsigned p = 0; p < PAGES; p++)
		pt_set(&kernel_tables, leaf[p], 0);
	if (machine_reset())
		frame_put(page);
	else
		r->error = "the unit did not forget what it cached";
}
