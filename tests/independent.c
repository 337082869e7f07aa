/* Pure: which steps may change places unnoticed. */
#include "tests/orders.h"

/*
 * Each step reads some things and changes some: what an agent has for itself (its observations) does not count, and
 * content of frames is one thing, as any access may reach any. What empties a cache reads the entry in memory
 * too: the cache may load that by itself right after, so it matters whether it has been changed by then (SDM 3A
 * 4.10.2.3, VT-d 6.2). A thing is a bit.
 */
enum {
	CONTENT = 0,
	REFS,
	QUEUE,
	MASKED,
	DEVICE_TLB,
	PAGE_REQUESTS,
	PTE,                  /* + place */
	IOTLB = PTE + PLACES, /* + place */
	TLB = IOTLB + PLACES, /* + agent * PLACES + place */
	TOLD = TLB + AGENTS * PLACES,
	HELD = TOLD + AGENTS,
	WORD = HELD + LOCKS,
	PDE = WORD + WORDS,
	T1_PTE, /* + place: the leaf in the other table; PTE is T0's */
	ENTRY = T1_PTE + PLACES,
	THINGS
};
_Static_assert(THINGS <= 64, "a set of things is a word");

struct touch {
	u64 reads, changes;
};

static u64 thing(unsigned n) { return 1ull << n; }

static u64 all_tlbs(u64 place)
{
	u64 all = 0;

	for (unsigned a = 0; a < CPU_AGENTS; a++)
		all |= thing(TLB + a * PLACES + (unsigned)place);
	return all;
}

static u64 own_tlb(unsigned agent)
{
	return thing(TLB + agent * PLACES + A) | thing(TLB + agent * PLACES + B);
}

static u64 leaves(u64 table, u64 place)
{
	return thing((unsigned)((table == T0 ? PTE : T1_PTE) + place % PLACES));
}
static u64 table(u64 which) { return leaves(which, A) | leaves(which, B); }

static bool clears_marks(const struct agent *a)
{
	for (unsigned i = 0; i < a->count; i++)
		if (a->steps[i].op == OP_pte_clean || a->steps[i].op == OP_pte_age ||
		    a->steps[i].op == OP_table_reuse)
			return true;
	return false;
}

/* Does an access change the entry that it uses? Only if A or D may be clear. */
static bool walks_write(const struct scenario *s)
{
	for (unsigned p = 0; p < PLACES; p++)
		if (s->maps[p].state != LEAF_USED)
			return true;
	for (unsigned a = 0; a < AGENTS; a++)
		if (clears_marks(&s->agents[a]) || clears_marks(&s->warm[a]))
			return true;
	return false;
}

/* Then what is told to a device can make a write arrive. */
static bool posts(const struct scenario *s)
{
	const struct agent *e = s->agents;

	for (unsigned a = CPU_AGENTS; a < AGENTS; a++)
		for (unsigned i = 0; i < e[a].count; i++)
			if (e[a].steps[i].op == OP_ats_post)
				return true;
	return false;
}

static struct touch access(const struct scenario *s, u64 place, u64 cache)
{
	u64 pte = thing(PTE + (unsigned)place);

	return (struct touch){ .reads = pte, .changes = cache | (walks_write(s) ? pte : 0) };
}

static struct touch touches(const struct scenario *s, unsigned agent, const struct step *st)
{
	const u64 content = thing(CONTENT), refs = thing(REFS), queue = thing(QUEUE);
	u64 place = st->a % PLACES;
	u64 tlb = agent < CPU_AGENTS ? thing(TLB + agent * PLACES + (unsigned)place) : 0;
	const u64 ptes = thing(PTE + A) | thing(PTE + B);
	u64 pte = thing(PTE + (unsigned)place), iotlb = thing(IOTLB + (unsigned)place);
	u64 word = thing(WORD + (unsigned)(st->a % WORDS));
	u64 lock = thing(HELD + (unsigned)(st->a % LOCKS));
	struct touch t;

	switch ((enum op)st->op) {
	case OP_load:
	case OP_load_mark:
	case OP_fetch:
		t = access(s, place, tlb);
		t.reads |= st->op == OP_load ? content : 0;
		return t;
	case OP_store:
	case OP_store_once:
		t = access(s, place, tlb);
		t.changes |= content;
		return t;
	case OP_dma_read:
	case OP_dma_read_mark:
		t = access(s, place, iotlb);
		t.reads |= st->op == OP_dma_read ? content : 0;
		return t;
	case OP_dma_write:
		t = access(s, place, iotlb);
		t.changes |= content;
		return t;
	case OP_copy:
	case OP_store_seen:
		return (struct touch){ .changes = content };
	case OP_compare:
	case OP_peek:
		return (struct touch){ .reads = content };
	case OP_reuse:
	case OP_alloc:
		return (struct touch){ .changes = content | refs };
	case OP_ref_wait:
		return (struct touch){ .reads = refs };
	case OP_get:
	case OP_put:
	case OP_try_get:
	case OP_put_seen:
		return (struct touch){ .changes = refs };
	case OP_pte_read:
	case OP_pte_same:
	case OP_pte_dirty:
		return (struct touch){ .reads = pte };
	case OP_pte_accessed:
	case OP_pte_writable:
		/* A cache that loads the entry sets A: of two that look for it only the second may see that. */
		return access(s, place, 0);
	case OP_pte_clear:
	case OP_pte_clear_dirty:
	case OP_pte_set:
	case OP_pte_exchange:
	case OP_pte_fill:
	case OP_pte_tag:
	case OP_pte_wrprotect:
	case OP_pte_clean:
	case OP_pte_age:
	case OP_pte_write_back:
		return (struct touch){ .changes = pte };
	case OP_invlpg:
		return (struct touch){ .reads = pte, .changes = tlb };
	case OP_space_load:
	case OP_invpcid:
	case OP_cr3_load:
	case OP_leave_mm:
	case OP_flush_all:
		return (struct touch){ .reads = ptes, .changes = own_tlb(agent) };
	case OP_cpu_flush:
	case OP_ipi:
	case OP_ipi_wait:
	case OP_broadcast:
		/* ipi_wait does not name the place. */
		return (struct touch){ .reads = thing(MASKED) | ptes,
				       .changes = all_tlbs(A) | all_tlbs(B) };
	case OP_cli:
	case OP_sti:
		/* A request that waited is handled. */
		return (struct touch){ .reads = ptes, .changes = thing(MASKED) | own_tlb(agent) };
	case OP_iommu_queue:
	case OP_iommu_queue_leaf:
	case OP_iommu_queue_no_drain:
		return (struct touch){ .reads = pte, .changes = queue | iotlb };
	case OP_iommu_queue_block:
	case OP_iommu_select:
	case OP_queue_refused:
	case OP_iommu_wait_badly:
	case OP_iommu_wait:
	case OP_iommu_flush:
	case OP_pasid_queue:
	case OP_context_queue:
		/* What was queued before is done by then too. */
		return (struct touch){ .reads = ptes,
				       .changes = queue | thing(IOTLB + A) | thing(IOTLB + B) };
	case OP_dtlb_queue:
	case OP_dtlb_queue_block:
		return (struct touch){ .changes = queue | thing(DEVICE_TLB) |
						  (posts(s) ? content : 0) };
	case OP_ats_request:
	case OP_ats_ask:
	case OP_ats_request_write:
		t = access(s, place, iotlb);
		t.changes |= thing(DEVICE_TLB);
		return t;
	case OP_ats_read:
	case OP_ats_write:
		return (struct touch){ .reads = thing(DEVICE_TLB), .changes = content };
	case OP_ats_post:
	case OP_ats_land:
		return (struct touch){ .changes = thing(DEVICE_TLB) | content };
	case OP_page_request:
		return (struct touch){ .reads = pte, .changes = thing(PAGE_REQUESTS) | iotlb };
	case OP_page_response:
	case OP_page_wait:
		return (struct touch){ .changes = thing(PAGE_REQUESTS) };
	case OP_lock:
	case OP_unlock:
		return (struct touch){ .changes = lock };
	case OP_tell:
		return (struct touch){ .changes = thing(TOLD + agent) };
	case OP_heed:
		return (struct touch){ .reads = thing(TOLD + (unsigned)(st->a % AGENTS)) };
	case OP_word_set:
	case OP_word_add:
		return (struct touch){ .changes = word };
	case OP_word_read:
	case OP_word_same:
	case OP_word_wait:
		return (struct touch){ .reads = word };
	case OP_rcu_start:
	case OP_rcu_wait:
		return (struct touch){ .reads = thing(MASKED) };
	case OP_fault_code:
	case OP_fence:
		return (struct touch){ 0, 0 };
	case OP_entry_clear:
	case OP_entry_wipe:
	case OP_entry_root:
	case OP_entry_domain:
	case OP_entry_set:
	case OP_context_clear:
	case OP_context_set:
		return (struct touch){ .changes = thing(ENTRY) };
	case OP_pde_read:
	case OP_pde_same:
		return (struct touch){ .reads = thing(PDE) };
	case OP_pde_clear:
	case OP_pde_set:
	case OP_pde_exchange:
		return (struct touch){ .changes = thing(PDE) };
	case OP_table_read:
		return (struct touch){ .reads = leaves(T0, st->b) | leaves(T1, st->b) };
	case OP_table_leaf:
		return (struct touch){ .changes = leaves(st->a, st->b) };
	case OP_table_reuse:
		return (struct touch){ .changes = table(st->a) };
	case OP_table_touched:
		return (struct touch){ .reads = table(st->a) };
	case OP_COUNT:
		break;
	}
	return (struct touch){ ~0ull, ~0ull };
}

/*
 * Where there are tables a walk may come to any leaf, puts a PDE and a leaf together, and may set A, in a stranger's words too.
 * What the IOMMU remembers of the PDE is for both places: an order that can show it is kept, though the model, in which it may
 * forget at any time, would not miss it. Who drops what another CPU has names both places anyway.
 */
static struct touch among_tables(const struct scenario *s, const struct step *st, struct touch t)
{
	const u64 all = table(T0) | table(T1), iotlb = thing(IOTLB + A) | thing(IOTLB + B);
	u64 tlb = 0;

	if (!s->tables)
		return t;
	for (unsigned agent = 0; agent < CPU_AGENTS; agent++)
		tlb |= own_tlb(agent);
	if (t.changes & (tlb | iotlb) || st->op == OP_table_touched) {
		t.reads |= all | thing(PDE);
		t.changes |= walks_write(s) ? all : 0;
	}
	t.reads |= t.changes & all ? thing(PDE) : 0;
	t.changes |= t.changes & iotlb ? iotlb : 0;
	return t;
}

/* What the IOTLB has is by the entry, of either table, and for either tag. */
static struct touch by_entry(const struct scenario *s, struct touch t)
{
	const u64 iotlb = thing(IOTLB + A) | thing(IOTLB + B);

	/* Caches put an entry and a leaf together: so does who changes either. */
	if (s->entry && t.changes & (table(T0) | table(T1) | thing(PDE)))
		t.reads |= thing(ENTRY);
	if ((s->entry || s->spaces == ONE_DOMAIN) && t.changes & iotlb) {
		t.reads |= thing(ENTRY) | thing(PTE + A) | thing(PTE + B);
		t.changes |= iotlb;
	}
	return t;
}

/* Two places at one address: what is of one is of both. */
static u64 paired(u64 set)
{
	u64 both = thing(PTE + A) | thing(PTE + B);

	set |= set & both ? both : 0;
	for (unsigned a = 0; a < CPU_AGENTS; a++)
		set |= set & own_tlb(a) ? own_tlb(a) : 0;
	return set;
}

static struct touch among_spaces(const struct scenario *s, struct touch t)
{
	return s->spaces || s->large || s->apart
		       ? (struct touch){ paired(t.reads), paired(t.changes) }
		       : t;
}

bool independent(const struct scenario *s, unsigned agent_a, const struct step *a, unsigned agent_b,
		 const struct step *b)
{
	struct touch x = among_spaces(s, by_entry(s, among_tables(s, a, touches(s, agent_a, a))));
	struct touch y = among_spaces(s, by_entry(s, among_tables(s, b, touches(s, agent_b, b))));

	return !(x.changes & (y.reads | y.changes)) && !(y.changes & x.reads);
}
