/* U03: two requesters fault until no record is free, and once more; and one of them twice. */
#include "tests/listing.h"
#include "tests/unit/world.h"

/* Below the arenas, between what probes map. */
enum { NOWHERE = 0x3fe02000, RECORDS_MAX = 16 };

struct log {
	bool overflow;
	unsigned count;
	struct vtd_fault fault[RECORDS_MAX];
};

static struct log log_of(const struct vtd_unit *u)
{
	struct log l = { .overflow = get(vtd_read32(u, VTD_FSTS), VTD_FSTS_PFO) };

	l.count = vtd_fault_read(u, l.fault, RECORDS_MAX);
	return l;
}

static struct log fault_at(struct dma_engine *e, u64 page)
{
	e->ops->write(e, (struct iova){ page + DMA_LINE }, DMA_SYMBOL_DEVICE);
	return log_of(machine.unit);
}

/* Each of them once; a unit may take several of one requester for one. */
static struct log fault(struct unit_run *r, struct dma_engine *e, struct dma_engine *other)
{
	bool before = machine_faulted(other);

	const struct log l = fault_at(e, NOWHERE);
	if (machine_faulted(other) != before)
		r->error = "a fault is taken for another requester's";
	return l;
}

static bool same(const struct log *a, const struct log *b)
{
	bool same = a->count == b->count;

	for (unsigned i = 0; i < a->count; i++)
		same &= a->fault[i].sid == b->fault[i].sid &&
			a->fault[i].reason == b->fault[i].reason &&
			a->fault[i].page.v == b->fault[i].page.v;
	return same;
}

/* The F of each record, and nothing else. */
static void empty_records(struct vtd_unit *u, unsigned records)
{
	for (unsigned i = 0; i < records; i++)
		vtd_write32(u, ((unsigned)get(u->cap, VTD_CAP_FRO) + i) * 16 + 12,
			    (u32)(mask(VTD_FRCD_F) >> 32));
}

static void try_it(struct unit_run *r, struct dma_engine *e[2], unsigned records)
{
	struct vtd_unit *u = machine.unit;
	struct log full = { .count = 0 };
	unsigned n = 0;

	for (; n < 2 * records && full.count < records; n++)
		full = fault(r, e[n % 2], e[(n + 1) % 2]);
	if (full.count < records && !full.overflow) {
		r->missing = "as many requesters as the unit has fault records";
		return;
	}
	const struct log over = fault(r, e[n % 2], e[(n + 1) % 2]);
	bool kept = same(&full, &over);
	empty_records(u, records);
	const struct log still = fault(r, e[1], e[0]);
	vtd_write32(u, VTD_FSTS, (u32)mask(VTD_FSTS_PFO));
	const struct log clear = log_of(u), again = fault(r, e[1], e[0]);

	unit_did(
		r,
		"writes of two requesters to a page without entry until %u records are full, and one more; F cleared, a write; PFO written 1, a write",
		records);
	unit_want(r, "full PFO=0; PFO=1, records kept; F=0 PFO=1 records=0; PFO=0; records=1");
	unit_saw(r, "full PFO=%u; PFO=%u, records %s; F=0 PFO=%u records=%u; PFO=%u; records=%u",
		 full.overflow, over.overflow, kept ? "kept" : "lost", still.overflow, still.count,
		 clear.overflow, again.count);
}

void unit_overflow(const struct unit_row *row, struct unit_run *r)
{
	unsigned records = (unsigned)get(machine.unit->cap, VTD_CAP_NFR) + 1;
	struct dma_engine *e[2] = { machine_engine(DMA_WRITE), machine_second(DMA_WRITE, true) };

	(void)row;
	if (!e[1])
		r->missing = "a second DMA engine with a requester id of its own";
	else if (records > RECORDS_MAX)
		r->missing = "a unit with at most 16 fault records";
	else if (!machine_walk(false, NULL, ONE_SPACE) || !machine_reset())
		r->error = "the unit did not forget what it cached";
	else
		try_it(r, e, records);
	vtd_fault_clear(machine.unit);
}

void unit_compressed(const struct unit_row *row, struct unit_run *r)
{
	const bool single = !get(machine.unit->cap, VTD_CAP_NFR);
	struct dma_engine *e = machine_engine(DMA_WRITE);
	enum { NEXT = NOWHERE + PAGE_SIZE };

	(void)row;
	if (!machine_walk(false, NULL, ONE_SPACE) || !machine_reset()) {
		r->error = "the unit did not forget what it cached";
		return;
	}
	fault_at(e, NOWHERE);
	const struct log two = fault_at(e, NEXT);
	const bool lost = two.count < 2 && two.overflow && !single;
	vtd_fault_clear(machine.unit);
	const struct log next = fault_at(e, NEXT);
	vtd_fault_clear(machine.unit);

	unit_did(
		r,
		"writes to two pages without entry, of which the second has %s; F cleared, a write",
		two.count == 2 ? "a record too"
		: two.overflow ? "PFO"
			       : "none, and no PFO");
	unit_want(r, "first kept, second not lost; next recorded");
	unit_saw(r, "first %s, second %s; next %s",
		 two.count && two.fault[0].page.v == NOWHERE ? "kept" : "gone",
		 lost ? "lost" : "not lost",
		 next.count == 1 && next.fault[0].page.v == NEXT ? "recorded" : "not recorded");
}
