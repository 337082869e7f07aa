#include "tests/ops.h"
#include "kernel/smp.h"
#include "kernel/string.h"
#include "kernel/trap.h"
#include "kernel/x86.h"
#include "tests/run.h"
#include "tests/words.h"

enum { FLUSH_DEADLINE_MS = 1000 };

/* Where the mark of a frame is: not in its first line, which is content. */
enum { CONTENT = 0, MARK_LINE = DMA_LINE };

static void see(struct self self, u64 to, u8 symbol, u64 raw)
{
	if (to == NO_OBSERVATION)
		return;
	self.run->seen.saw[to] = symbol;
	self.run->seen.raw[to] = raw;
}

static volatile u64 *at(u64 place, u64 offset)
{
	return (volatile u64 *)(place_va((enum place_id)place).v + offset);
}

static void cpu_load(struct self self, volatile u64 *p, u64 to)
{
	u64 word;
	u32 error;

	if (fixup_load(p, &word, &error))
		see(self, to, words_symbol(&self.run->words, word), word);
	else
		see(self, to, BLOCKED, error);
}

static void op_load(struct self self, u64 place, u64 to, u64 c)
{
	(void)c;
	cpu_load(self, at(place, CONTENT), to);
}

static void op_load_mark(struct self self, u64 place, u64 to, u64 c)
{
	(void)c;
	cpu_load(self, at(place, MARK_LINE), to);
}

static void op_store(struct self self, u64 place, u64 symbol, u64 to)
{
	u64 word = self.run->words.of[symbol];
	u32 error;

	/* A stale entry may refuse what the PTE in memory allows; the fault drops it (SDM 3A 4.10.4.3). */
	for (unsigned attempt = 0; attempt < 2; attempt++)
		if (fixup_store(at(place, CONTENT), word, &error)) {
			see(self, to, LANDED, word);
			return;
		}
	see(self, to, BLOCKED, error);
	if (to == NO_OBSERVATION)
		run_trouble(self.run, "a store that must go through took #PF, error %#x", error);
}

/* Content is the first line; the mark, which says whose frame it is, does not move. */
static void op_copy(struct self self, u64 from, u64 to, u64 c)
{
	(void)c;
	memcpy(self.run->frame[to], self.run->frame[from], DMA_LINE);
}

static void op_reuse(struct self self, u64 frame, u64 b, u64 c)
{
	(void)b;
	(void)c;
	words_line(&self.run->words, self.run->frame[frame], S);
}

/* A locked exchange: a walker that sets A or D meanwhile must not bring the entry back (SDM 3A 4.10.2). */
static void op_pte_clear(struct self self, u64 place, u64 b, u64 c)
{
	volatile u64 *pte = self.run->pte[place];

	(void)b;
	(void)c;
	__atomic_exchange_n(pte, 0, __ATOMIC_SEQ_CST);
	machine_publish(pte);
}

static void op_pte_set(struct self self, u64 place, u64 frame, u64 rights)
{
	volatile u64 *pte = self.run->pte[place];

	*pte = run_leaf(self.run, (enum frame_id)frame, (unsigned)rights);
	machine_publish(pte);
}

static void invlpg_place(void *place) { invlpg((u64)at((u64)place, 0)); }

static void op_invlpg(struct self self, u64 place, u64 b, u64 c)
{
	(void)self;
	(void)b;
	(void)c;
	invlpg_place((void *)place);
}

/* flush_tlb_page: request, handler, acknowledgement, wait; every CPU of the run, ours first. */
static void op_cpu_flush(struct self self, u64 place, u64 b, u64 c)
{
	struct cpu *mine = self.run->cpu[self.agent];

	(void)b;
	(void)c;
	invlpg_place((void *)place);
	for (unsigned i = 0; i < CPU_AGENTS; i++)
		if (self.run->cpu[i] && self.run->cpu[i] != mine)
			smp_call_start(self.run->cpu[i], invlpg_place, (void *)place);
	for (unsigned i = 0; i < CPU_AGENTS; i++)
		if (self.run->cpu[i] && self.run->cpu[i] != mine &&
		    !smp_call_wait(self.run->cpu[i], FLUSH_DEADLINE_MS))
			run_trouble(self.run, "CPU %u did not acknowledge a shootdown",
				    self.run->cpu[i]->index);
}

static void op_iommu_queue(struct self self, u64 place, u64 b, u64 c)
{
	(void)b;
	(void)c;
	if (!machine_queue_page((u64)at(place, 0)))
		run_trouble(self.run, "an invalidation could not be queued");
}

static void op_iommu_wait(struct self self, u64 a, u64 b, u64 c)
{
	(void)a;
	(void)b;
	(void)c;
	if (!machine_queue_wait() || !machine_queue_idle())
		run_trouble(self.run, "an invalidation was not completed");
}

static void op_iommu_flush(struct self self, u64 place, u64 b, u64 c)
{
	op_iommu_queue(self, place, b, c);
	op_iommu_wait(self, 0, 0, 0);
}

/*
 * Before this access nothing of an earlier fault may be left, or it would hide ours (VT-d 7.2.1). Only a
 * fault that the IOMMU recorded says that it refused: an engine that just fails, or whose own rings are
 * refused, says nothing about the place.
 */
static void device_saw(struct self self, u64 place, struct dma_result r, u64 to, u8 symbol)
{
	char text[sizeof self.run->faults];
	enum machine_fault fault = machine_fault(place_va((enum place_id)place), text, sizeof text);

	if (fault != FAULT_NONE)
		memcpy(self.run->faults, text, sizeof text);
	if (fault == FAULT_ELSEWHERE)
		run_trouble(self.run, "engine %s took a fault elsewhere", self.run->engine->name);
	else if (r.status != DMA_DONE && fault == FAULT_NONE)
		run_trouble(self.run, "engine %s did not complete a DMA", self.run->engine->name);
	see(self, to, fault == FAULT_NONE ? symbol : BLOCKED, r.word);
}

static void device_read(struct self self, u64 place, u64 offset, u64 to)
{
	struct dma_engine *e = self.run->engine;
	struct dma_result r = e->ops->read(e, (struct iova){ (u64)at(place, offset) });

	device_saw(self, place, r, to, words_symbol(&self.run->words, r.word));
}

static void op_dma_read(struct self self, u64 place, u64 to, u64 c)
{
	(void)c;
	device_read(self, place, CONTENT, to);
}

static void op_dma_read_mark(struct self self, u64 place, u64 to, u64 c)
{
	(void)c;
	device_read(self, place, MARK_LINE, to);
}

static void op_dma_write(struct self self, u64 place, u64 symbol, u64 to)
{
	struct dma_engine *e = self.run->engine;
	struct dma_result r =
		e->ops->write(e, (struct iova){ (u64)at(place, CONTENT) }, (unsigned)symbol);

	device_saw(self, place, r, to, LANDED);
	/* An engine may need a line's second word and spoil it when it writes: make it readable again. */
	for (unsigned f = 0; f < FRAMES; f++)
		words_tail(&self.run->words, self.run->frame[f] + CONTENT);
}

static void op_lock(struct self self, u64 number, u64 b, u64 c)
{
	(void)b;
	(void)c;
	if (self.run->locked[number])
		run_trouble(self.run, "the order takes lock %lu while it is held", number);
	self.run->locked[number] = (u8)(self.agent + 1);
}

static void op_unlock(struct self self, u64 number, u64 b, u64 c)
{
	(void)b;
	(void)c;
	if (self.run->locked[number] != self.agent + 1)
		run_trouble(self.run, "the order drops lock %lu that it does not hold", number);
	self.run->locked[number] = 0;
}

static void op_tell(struct self self, u64 whom, u64 b, u64 c)
{
	(void)b;
	(void)c;
	__atomic_store_n(&self.run->told[self.agent][whom], true, __ATOMIC_RELEASE);
}

static void op_heed(struct self self, u64 whom, u64 b, u64 c)
{
	(void)b;
	(void)c;
	if (!__atomic_load_n(&self.run->told[whom][self.agent], __ATOMIC_ACQUIRE))
		run_trouble(self.run, "the order goes past a heed before it is told");
}

op_fn *const op_table[OP_COUNT] = {
	[OP_load] = op_load,
	[OP_load_mark] = op_load_mark,
	[OP_store] = op_store,
	[OP_copy] = op_copy,
	[OP_reuse] = op_reuse,
	[OP_pte_clear] = op_pte_clear,
	[OP_pte_set] = op_pte_set,
	[OP_invlpg] = op_invlpg,
	[OP_cpu_flush] = op_cpu_flush,
	[OP_iommu_queue] = op_iommu_queue,
	[OP_iommu_wait] = op_iommu_wait,
	[OP_iommu_flush] = op_iommu_flush,
	[OP_dma_read] = op_dma_read,
	[OP_dma_read_mark] = op_dma_read_mark,
	[OP_dma_write] = op_dma_write,
	[OP_lock] = op_lock,
	[OP_unlock] = op_unlock,
	[OP_tell] = op_tell,
	[OP_heed] = op_heed,
};

#define DO(name, to, kind)                                     \
	bool do_##name(struct self *self, u64 a, u64 b, u64 c) \
	{                                                      \
		op_table[OP_##name](*self, a, b, c);           \
		return true;                                   \
	}
OPS(DO)
bool begin_step(struct self *self, u8 no)
{
	(void)self;
	(void)no;
	return true;
}
u8 saw_before(struct self *self, unsigned observation) { return self->run->seen.saw[observation]; }
