/* Pure: what each step reads and changes of what others can see, whatever it comes to. */
#include "tests/model/touch.h"
#include "tests/model/thing.h"

static u64 every_tlb(u64 place)
{
	u64 all = 0;

	for (unsigned c = 0; c < CPU_AGENTS; c++)
		all |= thing(TLB + c * PLACES + place);
	return all;
}

static u64 every_dtlb(u64 place)
{
	u64 all = 0;

	for (unsigned d = 0; d < DEVICES; d++)
		all |= thing(DTLB + d * PLACES + place);
	return all;
}

/* An access may reach every frame that its place may map. */
static u64 contents_of(const struct explorer *x, u64 place)
{
	u64 all = thing((u64)CONTENT + x->s->maps[place].frame);

	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < x->s->agents[a].count; i++) {
			const struct step *st = &x->s->agents[a].steps[i];

			if ((st->op == OP_pte_set || st->op == OP_pte_exchange) && st->a == place)
				all |= thing(CONTENT + st->b);
			else if (st->op == OP_pte_fill && st->a == place)
				all |= things(CONTENT, FRAMES);
			else if (st->op == OP_table_leaf && st->b == place)
				all |= thing(CONTENT + st->c);
			else if (st->op == OP_entry_wipe || st->op == OP_entry_root ||
				 st->op == OP_table_reuse)
				all |= thing((u64)CONTENT + Q1);
			else if (x->s->large)
				all |= thing((u64)CONTENT + Q0) | thing((u64)CONTENT + Q1);
		}
	return all;
}

static u64 contents(const struct explorer *x, u64 place)
{
	return x->s->spaces || x->s->apart || x->s->entry ? contents_of(x, A) | contents_of(x, B)
							  : contents_of(x, place);
}

static struct touch access(const struct explorer *x, u64 cache, const struct step *st, bool write)
{
	const u64 read = x->s->spaces || x->s->apart || x->s->entry ? every_pte() : ptes(st->a),
		  content = contents(x, st->a);
	const u64 marked = x->marked & only((unsigned)st->a) ? read & ~every_pde() : 0;

	return (struct touch){ .reads = read | (write ? 0 : content),
			       .changes = cache | (write ? content : 0) | marked };
}

/* Where it changes: whoever uses, or drops, what is cached of it reads it too. */
static struct touch by_entry(const struct explorer *x, struct touch t)
{
	if (x->s->entry) {
		t.reads |= every_pte() | thing(ENTRY);
		t.changes |= things(IOTLB, PLACES) | thing(PASID);
	}
	return t;
}

static struct touch touch(const struct explorer *x, unsigned agent, const struct step *st)
{
	const u64 a = st->a, b = st->b;
	const bool cpu = agent < CPU_AGENTS;
	const bool spaces = is_paired(x);
	u64 tlb = !cpu ? 0 : spaces ? own_tlb(agent) : thing(TLB + agent * PLACES + a % PLACES);
	u64 tlbs = spaces ? things(TLB, CPU_AGENTS * PLACES) : every_tlb(a % PLACES);
	u64 dtlb = cpu ? 0 : thing(DTLB + (agent - CPU_AGENTS) * PLACES + a % PLACES);
	const bool tables = x->s->tables;
	u64 psc = cpu && tables ? thing(PSC + agent) : 0, ipsc = tables ? thing(IPSC) : 0;
	u64 pscs = tables ? things(PSC, CPU_AGENTS) : 0;
	const u64 walked = tables || spaces ? every_pte() : thing(PTE + a % PLACES);
	const u64 upper = tables ? every_pde() : 0;
	const u64 iotlb =
		x->s->spaces == ONE_DOMAIN ? things(IOTLB, PLACES) : thing(IOTLB + a % PLACES);
	struct touch t;

	switch ((enum op)st->op) {
	case OP_load:
	case OP_load_mark:
	case OP_store:
	case OP_store_once:
	case OP_fetch:
		return access(x, tlb | psc, st, st->op == OP_store || st->op == OP_store_once);
	case OP_dma_read:
	case OP_dma_read_mark:
	case OP_dma_write:
		t = access(x, iotlb | ipsc, st, st->op == OP_dma_write);
		t.reads |= x->p->marks_late ? thing(QUEUE) : 0;
		return by_entry(x, t);
	case OP_ats_request:
	case OP_ats_ask:
	case OP_ats_request_write:
		t = access(x, iotlb | ipsc, st, true);
		t.changes = (t.changes & ~contents(x, a)) | dtlb;
		return by_entry(x, t);
	case OP_ats_read:
		return (struct touch){ contents(x, a), dtlb };
	case OP_ats_write:
	case OP_ats_post:
		return (struct touch){ 0, contents(x, a) | dtlb };
	case OP_ats_land:
		return (struct touch){ 0, lands(agent) };
	case OP_dtlb_queue_block:
		return (struct touch){ 0, thing(QUEUE) | every_dtlb(A) | every_dtlb(B) };
	case OP_dtlb_queue:
		return (struct touch){ 0, thing(QUEUE) | every_dtlb(a) };
	case OP_page_request:
		return (struct touch){ walked | upper, thing(REQUESTS + a) | iotlb | ipsc };
	case OP_page_response:
	case OP_page_wait:
		return (struct touch){ 0, thing(REQUESTS + a) };
	case OP_copy:
		return (struct touch){ thing(CONTENT + a), thing(CONTENT + b) };
	case OP_compare:
		return (struct touch){ thing(CONTENT + a) | thing(CONTENT + b), 0 };
	case OP_peek:
		return (struct touch){ thing(CONTENT + a), 0 };
	case OP_reuse:
	case OP_alloc:
		return (struct touch){ 0, thing(CONTENT + a) | thing(REF + a) };
	case OP_store_seen:
		return (struct touch){ 0, things(CONTENT, FRAMES) };
	case OP_ref_wait:
		return (struct touch){ thing(REF + a), 0 };
	case OP_get:
	case OP_put:
		return (struct touch){ 0, thing(REF + a) };
	case OP_try_get:
	case OP_put_seen:
		return (struct touch){ 0, things(REF, FRAMES) };
	case OP_pte_read:
	case OP_pte_same:
	case OP_pte_dirty:
	case OP_pte_accessed:
	case OP_pte_writable:
		return (struct touch){ thing(PTE + a), 0 };
	/* What caches load of it they drop with it: whoever drops reads. A walk puts a PDE and a leaf together: so does
	 * who changes either. */
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
		return (struct touch){ upper, thing(PTE + a) };
	case OP_invlpg:
		return (struct touch){ walked, tlb | psc };
	case OP_cr3_load:
	case OP_leave_mm:
	case OP_flush_all:
	case OP_space_load:
	case OP_invpcid:
		return (struct touch){ every_pte(), own_tlb(agent) | psc };
	case OP_cpu_flush:
	case OP_ipi:
	case OP_broadcast:
		return (struct touch){ walked | things(INTERRUPTS, CPU_AGENTS), tlbs | pscs };
	case OP_cli:
	case OP_sti:
		return (struct touch){ 0, thing(INTERRUPTS + agent) | thing(INSIDE + agent) };
	case OP_rcu_start:
		return (struct touch){ things(INSIDE, CPU_AGENTS), 0 };
	case OP_iommu_queue:
	case OP_iommu_flush:
	case OP_iommu_queue_leaf:
	case OP_iommu_queue_no_drain:
		return by_entry(x, (struct touch){ walked, thing(QUEUE) | iotlb | ipsc });
	case OP_iommu_queue_block:
	case OP_iommu_select:
		return by_entry(x, (struct touch){ every_pte(),
						   thing(QUEUE) | things(IOTLB, PLACES) | ipsc });
	case OP_pasid_queue:
	case OP_context_queue:
		return by_entry(x, (struct touch){ 0, x->s->entry ? thing(QUEUE) : 0 });
	case OP_entry_clear:
	case OP_entry_wipe:
	case OP_entry_root:
	case OP_entry_domain:
	case OP_entry_set:
	case OP_context_clear:
	case OP_context_set:
		return (struct touch){ every_pte(), thing(ENTRY) };
	case OP_pde_read:
	case OP_pde_same:
		return (struct touch){ every_pde(), 0 };
	case OP_pde_clear:
	case OP_pde_set:
	case OP_pde_exchange:
		return (struct touch){ every_pte() & ~every_pde(), every_pde() };
	case OP_table_read:
		return (struct touch){ ptes(b) & ~every_pde(), 0 };
	case OP_table_leaf:
		return (struct touch){ upper, thing(pte_word((unsigned)a, b)) };
	case OP_table_reuse:
		return (struct touch){ upper, things(pte_word((unsigned)a, 0), PLACES) };
	case OP_table_touched:
		return (struct touch){ things(pte_word((unsigned)a, 0), PLACES), 0 };
	case OP_iommu_wait:
	case OP_iommu_wait_badly:
	case OP_queue_refused:
		/* The queue goes on. */
		return x->refuses
			       ? by_entry(x,
					  (struct touch){ every_pte(),
							  thing(QUEUE) | ipsc |
								  things(IOTLB, PLACES) |
								  things(DTLB, DEVICES * PLACES) })
			       : (struct touch){ 0, thing(QUEUE) };
	case OP_lock:
	case OP_unlock:
		return (struct touch){ 0, thing(LOCK + a) };
	case OP_tell:
		return (struct touch){ 0, thing(TOLD + agent) };
	case OP_heed:
		return (struct touch){ thing(TOLD + a), 0 };
	case OP_word_set:
	case OP_word_add:
		return (struct touch){ 0, thing(SOFT + a) };
	case OP_word_read:
	case OP_word_same:
	case OP_word_wait:
		return (struct touch){ thing(SOFT + a), 0 };
	case OP_fault_code:
	case OP_fence:
	case OP_ipi_wait:
	case OP_rcu_wait:
	case OP_COUNT:
		break;
	}
	return (struct touch){ 0, 0 };
}

static void use(struct uses *u, const struct step *st, bool spaces, bool both_tags)
{
	const u8 place = spaces ? (u8)(only(PLACES) - 1) : (u8)only((unsigned)st->a);

	switch (st->op) {
	case OP_load:
	case OP_load_mark:
	case OP_store:
	case OP_store_once:
	case OP_fetch:
		u->tlb |= place;
		break;
	case OP_dma_read:
	case OP_dma_read_mark:
	case OP_dma_write:
	case OP_ats_request:
	case OP_ats_ask:
	case OP_ats_request_write:
		u->iotlb |= both_tags ? (u8)(only(PLACES) - 1) : (u8)only((unsigned)st->a);
		break;
	case OP_ats_read:
	case OP_ats_write:
	case OP_ats_post:
		u->dtlb |= (u8)only((unsigned)st->a);
		break;
	default:
		break;
	}
}

void touch_prepare(struct explorer *x)
{
	for (unsigned a = 0; a < AGENTS; a++) {
		const struct agent *program = &x->s->agents[a];

		x->later[a][program->count] = (struct touch){ 0, 0 };
		x->uses[a][program->count] = (struct uses){ 0 };
		for (unsigned i = program->count; i-- > 0;) {
			struct touch t = touch(x, a, &program->steps[i]);

			x->uses[a][i] = x->uses[a][i + 1];
			use(&x->uses[a][i], &program->steps[i], is_paired(x),
			    x->s->entry || x->s->spaces == ONE_DOMAIN);

			x->now[a][i] = t;
			t.reads |= x->later[a][i + 1].reads;
			t.changes |= x->later[a][i + 1].changes;
			x->later[a][i] = t;
		}
	}
}
