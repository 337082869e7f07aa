/* Steps of the IOMMU's queue and of devices. */
#include "tests/do.h"
#include "tests/wait.h"

/* What goes wrong is the run's trouble, and no way to block. */
static bool queued(struct self *self, bool is)
{
	if (!is)
		run_trouble(self->run, "an invalidation could not be queued");
	return true;
}

static bool completed(struct self *self, bool is)
{
	if (!is)
		run_trouble(self->run, "an invalidation was not completed");
	return true;
}

bool do_iommu_queue(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	return queued(self, machine_queue_pages(run_page(self->run, place), 0, VTD_EVERY_LEVEL));
}

bool do_iommu_queue_leaf(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	return queued(self, machine_queue_pages(run_page(self->run, place), 0, VTD_LEAF_ONLY));
}

bool do_iommu_queue_no_drain(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	return queued(self, machine_queue_no_drain(run_page(self->run, place)));
}

bool do_iommu_queue_block(struct self *self, u64 place, u64 order, u64 c)
{
	(void)c;
	return queued(self, machine_queue_pages(run_page(self->run, place), (unsigned)order,
						VTD_EVERY_LEVEL));
}

bool do_iommu_select(struct self *self, u64 place, u64 scope, u64 c)
{
	(void)c;
	return queued(self, machine_queue_all(run_page(self->run, place), scope == OF_PASID,
					      scope == OF_ALL));
}

bool do_iommu_wait(struct self *self, u64 a, u64 b, u64 c)
{
	(void)a, (void)b, (void)c;
	return completed(self, machine_queue_wait());
}

bool do_queue_refused(struct self *self, u64 kind, u64 b, u64 c)
{
	(void)b, (void)c;
	return queued(self, machine_queue_refused(kind));
}

bool do_iommu_wait_badly(struct self *self, u64 how, u64 b, u64 c)
{
	(void)b, (void)c;
	return queued(self, machine_queue_wait_badly(how == DISCARD));
}

bool do_iommu_flush(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	return completed(self, machine_flush_page(run_page(self->run, place)));
}

bool mirror_made_present(struct self *self, u64 was)
{
	bool made = machine.caches_absent && !self->run->scenario->absence && !get(was, PTE_P) &&
		    get(*self->pte[MIRROR], PTE_P);

	return !made || do_iommu_flush(self, MIRROR, 0, 0);
}

bool do_pasid_queue(struct self *self, u64 a, u64 b, u64 c)
{
	(void)a, (void)b, (void)c;
	return queued(self, machine_queue_pasid());
}

bool do_context_queue(struct self *self, u64 a, u64 b, u64 c)
{
	(void)a, (void)b, (void)c;
	return queued(self, !self->run->engine || machine_queue_context(self->run->engine));
}

/* Another device's access may be under way. Who is ended in his does not give it back: the runner does. */
static bool take_turn(struct self *self)
{
	struct line *dma = &self->run->dma;

	return WAIT_FOR(self, !__atomic_exchange_n(&dma->v, 1, __ATOMIC_ACQUIRE), false);
}

/*
 * Before this access nothing of an earlier fault may be left, or it would hide ours (VT-d 7.2.1). That an engine's access was
 * refused is a fault that the IOMMU recorded, at this place and not in the engine's own rings; an engine that says so
 * without one is in trouble itself, or tells of a refusal that software does not learn of: where a scenario asks for that.
 */
static bool device_saw(struct self *self, u64 place, struct dma_result r, u64 to, u8 symbol)
{
	struct run *run = self->run;
	struct vtd_fault recorded;
	enum machine_fault fault = machine_fault((struct va){ (u64)self->at[place] }, &recorded);

	if (fault != FAULT_NONE) {
		run->fault = recorded;
		run->faulted = true;
	}
	if (fault == FAULT_ELSEWHERE)
		run_trouble(run, "engine %s took a fault elsewhere", self->engine->name);
	else if (fault == FAULT_NONE &&
		 (r.status == DMA_TIMEOUT ||
		  (r.status == DMA_BLOCKED && !(run->scenario->needs & NEED_LEARNS))))
		run_trouble(run, "engine %s did not complete a DMA", self->engine->name);
	if (to != NO_OBSERVATION)
		self->raw[to] = r.word;
	__atomic_store_n(&run->dma.v, 0, __ATOMIC_RELEASE);
	return done(self, to,
		    fault != FAULT_NONE       ? BLOCKED
		    : r.status == DMA_BLOCKED ? UNRECORDED
					      : symbol);
}

static bool device_read(struct self *self, u64 place, unsigned offset, u64 to)
{
	struct dma_engine *e = self->engine;

	if (!take_turn(self))
		return false;
	struct dma_result r = e->ops->read(e, (struct iova){ (u64)self->at[place] + offset });

	return device_saw(self, place, r, to, words_symbol(&self->run->words, r.word));
}

bool do_dma_read(struct self *self, u64 place, u64 to, u64 c)
{
	(void)c;
	return device_read(self, place, CONTENT_AT, to);
}

bool do_dma_read_mark(struct self *self, u64 place, u64 to, u64 c)
{
	(void)c;
	return device_read(self, place, MARK_AT, to);
}

bool do_dma_write(struct self *self, u64 place, u64 symbol, u64 to)
{
	struct run *run = self->run;
	struct dma_engine *e = self->engine;

	if (!take_turn(self))
		return false;
	struct dma_result r = e->ops->write(e, (struct iova){ (u64)self->at[place] + CONTENT_AT },
					    (unsigned)symbol);

	/* An engine may need a line's second word and spoil it when it writes: make it readable again. */
	if (run->words.tail)
		for (unsigned f = 0; f < FRAMES; f++)
			words_tail(&run->words, run->frame[f] + CONTENT_AT);
	return device_saw(self, place, r, to, LANDED);
}
