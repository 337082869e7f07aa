#include "tests/unit/world.h"
#include "iommu/vtd_publish.h"
#include "kernel/format.h"
#include "kernel/pci.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "mm/frame.h"
#include "mm/kmap.h"

enum { LINE_READ = 0, LINE_WRITE = DMA_LINE };
/* What the frames hold to be read. */
enum { SYMBOL_OLD = 1, SYMBOL_NEW = 2 };

const char *const unit_entry_name[UNIT_ENTRIES] = {
	"root entry",  "context entry", "PASID directory entry",
	"PASID entry", "PML4 entry",    "PDPT entry",
	"PD entry",    "PT entry",
};

const char *unit_size(enum pg_level level)
{
	return level == PG_4K ? "4 KiB" : level == PG_2M ? "2 MiB" : "1 GiB";
}

static struct unit_world world;

struct pa unit_table(struct unit_world *w)
{
	return w->table[w->tables++] = vtd_new_table(w->unit, 0);
}

void unit_set(struct unit_world *w, u64 *word, u64 value)
{
	unsigned i = 0;

	while (i < w->changed && w->was[i].word != word)
		i++;
	if (i == w->changed && i < ARRAY_SIZE(w->was)) {
		w->was[i].word = word;
		w->was[i].value = *word;
		w->changed++;
	}
	vtd_store(w->unit, word, value);
}

u64 unit_leaf(enum pg_level level, struct pa pa)
{
	return pte_leaf(level, (struct pa){ pa.v & ~(pg_size(level) - 1) },
			PAGE_USER | PAGE_WRITE | PAGE_ACCESSED | PAGE_DIRTY);
}

static u64 *at(struct pa table, enum pg_level level)
{
	return direct(pt_at(table, pg_index((struct va){ UNIT_VA }, level)));
}

/* The engine's rings are in the CPUs' lowest 512 GiB; their table is copied, so that a case can change that too. */
static void build(struct unit_world *w)
{
	const u64 *shared = direct(pte_pa(*(u64 *)direct(kernel_root), PG_512G));
	struct pa low, t3, t2, t1;

	w->root = unit_table(w);
	low = unit_table(w);
	t3 = unit_table(w);
	t2 = unit_table(w);
	t1 = unit_table(w);
	memcpy(direct(low), shared, PAGE_SIZE);
	*(u64 *)direct(w->root) = pte_table(low, true);
	w->entry[UNIT_PML4E] = at(w->root, PG_512G);
	w->entry[UNIT_PDPTE] = at(t3, PG_1G);
	w->entry[UNIT_PDE] = at(t2, PG_2M);
	w->entry[UNIT_PTE] = at(t1, PG_4K);
	*w->entry[UNIT_PML4E] = pte_table(t3, true);
	*w->entry[UNIT_PDPTE] = pte_table(t2, true);
	*w->entry[UNIT_PDE] = pte_table(t1, true);
	*w->entry[UNIT_PTE] = unit_leaf(PG_4K, w->frame[UNIT_OLD]);
	for (unsigned i = 0; i < w->tables; i++)
		vtd_write_back(w->unit, direct(w->table[i]), PAGE_SIZE);
}

static void fill_frames(struct unit_world *w)
{
	for (unsigned f = 0; f < ARRAY_SIZE(w->frame); f++) {
		u64 *line = direct(w->frame[f]);

		line[0] = w->engine->ops->word(w->engine, f ? SYMBOL_NEW : SYMBOL_OLD);
		line[1] = w->engine->ops->tail(w->engine);
	}
}

void unit_take_frame(struct unit_world *w, struct pa frame)
{
	w->frame[UNIT_OLD] = frame;
	fill_frames(w);
}

/* Where the engine's requests find their way, from the root table on. */
static void find_entries(struct unit_world *w, const struct vtd_requester *q)
{
	u64 *half = &w->unit->root[get(q->sid, VTD_SID_BUS)].w[get(q->sid, VTD_SID_HALF)];
	struct vtd_context *contexts = direct((struct pa){ *half & mask(VTD_ROOT_LCTP) });
	u64 *dir = q->dir[w->pasid / VTD_PASIDS_PER_TABLE].w;
	struct vtd_pasid *pasids = direct((struct pa){ *dir & mask(VTD_PDIR_SMPTBLPTR) });

	w->entry[UNIT_ROOT] = half;
	w->entry[UNIT_CONTEXT] = contexts[get(q->sid, VTD_SID_INDEX)].w;
	w->entry[UNIT_PASID_DIR] = dir;
	w->entry[UNIT_PASID] = pasids[w->pasid % VTD_PASIDS_PER_TABLE].w;
}

bool unit_invalidate(struct unit_world *w, struct unit_run *r, const struct vtd_desc *d, unsigned n)
{
	bool ok = vtd_in_turn(w->unit, d, n) == VTD_OK;

	if (!ok && !r->error)
		r->error = "an invalidation was not confirmed";
	return ok;
}

bool unit_forget(struct unit_world *w, struct unit_run *r)
{
	bool ok = machine_reset();

	(void)w;
	if (!ok && !r->error)
		r->error = "the unit did not forget what it cached";
	return ok;
}

struct unit_seen unit_access(struct unit_world *w, enum vtd_access access, u64 va)
{
	struct dma_engine *e = w->engine;
	struct unit_seen s = { .at = UNIT_NOWHERE,
			       .page = va & ~(PAGE_SIZE - 1),
			       .sid = w->sid,
			       .rid_pasid = w->pasid,
			       .access = access };
	struct iova line = { va + (access == VTD_READ ? LINE_READ : LINE_WRITE) };
	u64 *frame[2] = { direct(w->frame[UNIT_OLD]), direct(w->frame[UNIT_NEW]) };

	vtd_fault_clear(w->unit);
	for (unsigned f = 0; f < ARRAY_SIZE(frame); f++)
		*(u64 *)memset((u8 *)frame[f] + LINE_WRITE, 0, DMA_LINE) = e->ops->word(e, 0);
	if (access == VTD_READ) {
		struct dma_result got = e->ops->read(e, line);

		for (unsigned f = 0; f < ARRAY_SIZE(frame) && got.status == DMA_DONE; f++)
			if (got.word == frame[f][0])
				s.at = f ? UNIT_NEW : UNIT_OLD;
	} else {
		e->ops->write(e, line, DMA_SYMBOL_DEVICE);
		for (unsigned f = 0; f < ARRAY_SIZE(frame); f++)
			if (frame[f][LINE_WRITE / sizeof(u64)] ==
			    e->ops->word(e, DMA_SYMBOL_DEVICE))
				s.at = f ? UNIT_NEW : UNIT_OLD;
	}
	s.faulted = machine_first_fault(&s.fault);
	vtd_fault_clear(w->unit);
	return s;
}

static enum vtd_access first_access(const struct unit_world *w)
{
	return w->engine->can & DMA_READ ? VTD_READ : VTD_WRITE;
}

/* It has then fetched from its rings too, and the next access begins at its page. */
bool unit_ready(struct unit_world *w, struct unit_run *r, u64 va)
{
	bool works = unit_access(w, first_access(w), va).at == UNIT_OLD && unit_forget(w, r);

	if (!works && !r->error)
		r->error = "the engine does not work with tables of its own";
	return works;
}

void unit_set_root(struct unit_world *w, u64 *pasid_entry, struct pa root)
{
	const u64 second = mask(VTD_PASID_SSPTPTR) | mask(VTD_PASID_AW) | mask(VTD_PASID_PGTT);

	if (w->second)
		unit_set(w, &pasid_entry[0],
			 (pasid_entry[0] & ~second) | root.v | put(VTD_PASID_AW, PG_512G - 2) |
				 put(VTD_PASID_PGTT, VTD_SECOND_STAGE));
	else
		unit_set(w, &pasid_entry[2], (pasid_entry[2] & ~mask(VTD_PASID_FSPTPTR)) | root.v);
}

/* Once: what cases begin with, for who reads of them. Addresses of tables, and of the page, are left out. */
static void tell_entries(const struct unit_world *w)
{
	static const u8 words[UNIT_ENTRIES] = { 1, 4, 1, 8, 1, 1, 1, 1 };
	static bool told[2];
	char text[300];
	size_t n = 0;

	for (unsigned e = 0; e < UNIT_ENTRIES; e++)
		for (unsigned i = 0; i < words[e]; i++) {
			u64 word = w->entry[e][i];
			bool leads = !i || (e == UNIT_PASID && !w->second && i == 2);
			u64 address = leads ? word & mask(VTD_PASID_SSPTPTR) & ~mask(PTE_XD) : 0;

			if (!i)
				n += format(text + n, sizeof text - n, "%s%s", e ? "; " : "",
					    unit_entry_name[e]);
			n += format(text + n, sizeof text - n, "%s %#lx%s", i ? "," : "",
				    word & ~address, address ? "+address" : "");
		}
	if (!told[w->second])
		note("entries of a %s stage: %s", w->second ? "second" : "first", text);
	told[w->second] = true;
}

struct unit_world *unit_open(struct unit_run *r, u32 can)
{
	return unit_open_engine(r, machine_engine(can | DMA_SYNC | DMA_ANY_ADDRESS));
}

struct unit_world *unit_open_engine(struct unit_run *r, struct dma_engine *engine)
{
	struct unit_world *w = &world;
	const struct vtd_requester *q = &machine.requester[0];

	*w = (struct unit_world){ .engine = engine,
				  .unit = machine.unit,
				  .second = r->second,
				  .pasid = machine.pasid,
				  .did = machine.shared.did };
	if (!machine_walk(false, NULL, ONE_SPACE)) {
		r->error = machine.trouble;
		return NULL;
	}
	for (unsigned i = 0; i < machine.engines; i++)
		if (machine.engine[i] == w->engine)
			q = &machine.requester[i];
	w->sid = q->sid;
	for (unsigned f = 0; f < ARRAY_SIZE(w->frame); f++)
		w->own[f] = w->frame[f] = frame_alloc(FRAME_TEST);
	build(w);
	fill_frames(w);
	find_entries(w, q);
	unit_set_root(w, w->entry[UNIT_PASID], w->root);
	tell_entries(w);
	if (unit_forget(w, r) && unit_ready(w, r, UNIT_VA))
		return w;
	unit_close(w, r);
	return NULL;
}

void unit_close(struct unit_world *w, struct unit_run *r)
{
	for (unsigned i = w->changed; i--;)
		vtd_store(w->unit, w->was[i].word, w->was[i].value);
	bool quiet = unit_forget(w, r);

	/* What the unit may still walk is nobody's to reuse. */
	for (unsigned i = 0; quiet && i < w->tables; i++)
		frame_put(w->table[i]);
	for (unsigned f = 0; quiet && f < ARRAY_SIZE(w->frame); f++)
		frame_put(w->own[f]);
}
