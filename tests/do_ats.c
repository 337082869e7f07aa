/* Steps of a device TLB. */
#include "tests/do.h"

bool do_dtlb_queue_block(struct self *self, u64 place, u64 order, u64 c)
{
	(void)c;
	if (!machine_queue_device_pages((u64)self->at[place], (unsigned)order))
		run_trouble(self->run, "an invalidation of a device TLB could not be queued");
	return true;
}

bool do_dtlb_queue(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b;
	return do_dtlb_queue_block(self, place, 0, c);
}

static struct iova page_of(const struct self *self, u64 place)
{
	return (struct iova){ (u64)self->at[place] };
}

/* A fault where no access was, and a device that does not answer, are no observations. */
static bool device_fails(struct self *self, u64 place, struct dma_result r, bool may_fault)
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
	else if (fault == FAULT_HERE && !may_fault)
		run_trouble(run, "engine %s asked the IOMMU, and was to use what it keeps",
			    self->engine->name);
	else if (r.status == DMA_TIMEOUT)
		run_trouble(run, "engine %s did not complete a request", self->engine->name);
	else
		return false;
	return true;
}

/* The frame that a device was told of. */
static u8 frame_at(const struct run *run, u64 pa)
{
	for (unsigned f = 0; f < FRAMES; f++)
		if (run->frame_pa[f].v == (pa & ~(PAGE_SIZE - 1)))
			return MARK(f);
	return OTHER;
}

/*
 * A translation request names what the device wants, and is granted what there is of it (PCIe 10.2.3); who wants to write
 * and gets nothing may still read. What is refused is an answer too, and no fault; a unit that records one all the same
 * spoils nothing.
 */
static struct dma_result request(struct self *self, u64 place, bool ahead, bool reads)
{
	struct dma_engine *e = self->engine;
	struct dma_result (*const ask)(struct dma_engine *, struct iova, enum dma_for) =
		ahead ? e->ops->ask : e->ops->translate;
	struct dma_result r = ask(e, page_of(self, place), DMA_TO_WRITE);

	if (r.status == DMA_BLOCKED && reads)
		r = ask(e, page_of(self, place), DMA_TO_READ);
	device_fails(self, place, r, true);
	return r;
}

static bool asks(struct self *self, u64 place, u64 to, bool reads)
{
	const struct dma_result r = request(self, place, false, reads);

	if (to != NO_OBSERVATION)
		self->raw[to] = r.word;
	return done(self, to, r.status == DMA_DONE ? frame_at(self->run, r.word) : BLOCKED);
}

bool do_ats_request(struct self *self, u64 place, u64 to, u64 c)
{
	(void)c;
	return asks(self, place, to, true);
}

bool do_ats_request_write(struct self *self, u64 place, u64 to, u64 c)
{
	(void)c;
	return asks(self, place, to, false);
}

bool do_ats_read(struct self *self, u64 place, u64 to, u64 c)
{
	struct dma_engine *e = self->engine;
	struct dma_result r = e->ops->read(e, page_of(self, place));

	(void)c;
	device_fails(self, place, r, false);
	if (to != NO_OBSERVATION)
		self->raw[to] = r.word;
	return done(self, to,
		    r.status == DMA_DONE ? words_symbol(&self->run->words, r.word) : BLOCKED);
}

static bool written(struct self *self, u64 place, struct dma_result r, u64 to)
{
	device_fails(self, place, r, false);
	return done(self, to, r.status == DMA_DONE ? LANDED : BLOCKED);
}

bool do_ats_write(struct self *self, u64 place, u64 symbol, u64 to)
{
	struct dma_engine *e = self->engine;

	return written(self, place, e->ops->write(e, page_of(self, place), (unsigned)symbol), to);
}

bool do_ats_post(struct self *self, u64 place, u64 symbol, u64 to)
{
	struct dma_engine *e = self->engine;

	return written(self, place, e->ops->post(e, page_of(self, place), (unsigned)symbol), to);
}

bool do_ats_ask(struct self *self, u64 place, u64 b, u64 c)
{
	(void)b, (void)c;
	request(self, place, true, true);
	return true;
}

bool do_ats_land(struct self *self, u64 a, u64 b, u64 c)
{
	(void)a, (void)b, (void)c;
	if (!self->engine->ops->land(self->engine))
		run_trouble(self->run, "engine %s did not complete what it had on its way",
			    self->engine->name);
	return true;
}
