#include "kernel/inject.h"
#include "kernel/nvme_command.h"
#include "kernel/nvme_engine.h"
#include "kernel/nvme_medium.h"
#include "kernel/print.h"

/*
 * DMA by an NVMe controller that is only asked and read. Commands come from the arena and nowhere else: no
 * memory that a test touches is ever fetched as one.
 *
 * Read: a line is made a PRP list of two pages (word: a pad, tail: a page nobody looks at). Reading three pages of the
 * medium, the controller gets the first page's address from the command and has to read the list for the rest:
 * the pad that the medium's second page lands in tells the word.
 *
 * Write: 64 bits of a log page that never changes, the log of commands and their effects, go to the line. An opcode that
 * is not supported (0) before one that is (1): such a word stands in it, and is the address of a page. There
 * the arena must be, and its first page is the pad of the one symbol that can be written. A controller without such a
 * log only reads.
 */

#define LOG_WORD 0x100000000ull

static struct nvme_medium medium;
static u64 brought; /* first word of the medium's second page; an empty pad has its complement */

static volatile u64 *pad(const struct nvme *n, unsigned symbol)
{
	return n->memory->pad[symbol ^ DMA_SYMBOL_DEVICE];
}

static u64 word(const struct dma_engine *e, unsigned symbol)
{
	return e->arena.iova.v + (u64)(symbol ^ DMA_SYMBOL_DEVICE) * NVME_PAGE;
}

static u64 tail(const struct dma_engine *e)
{
	return e->arena.iova.v + offsetof(struct nvme_memory, behind);
}

/* Of the command that was submitted. */
static enum dma_status wait_for(struct dma_engine *e, struct nvme_queue *q)
{
	struct nvme_completion c;
	enum dma_status s = nvme_engine_wait(e, q, &c);

	return s == DMA_DONE && (c.command_id != q->command_id || get(c.status, NVME_STATUS))
		       ? DMA_BLOCKED
		       : s;
}

static enum dma_status execute(struct dma_engine *e, struct nvme_queue *q, struct nvme_command c)
{
	struct nvme *n = e->state;

	return n->broken || !nvme_submit(q, &c) ? DMA_TIMEOUT : wait_for(e, q);
}

/* The one pad that was written, and all are empty again; 0 if it was none, or several. */
static u64 collect(struct dma_engine *e)
{
	u64 found = 0;
	unsigned count = 0;

	for (unsigned s = 0; s < DMA_SYMBOLS; s++) {
		if (*pad(e->state, s) == ~brought)
			continue;
		*pad(e->state, s) = ~brought;
		found = word(e, s);
		count++;
	}
	return count == 1 ? found : 0;
}

/* The medium is read; the list of the pages that are not `before` is there. */
static struct nvme_command read_by(const struct nvme *n, u64 list)
{
	return nvme_read(medium.namespace_id, medium.blocks, nvme_iova(n, before), list);
}

/* The log's word goes there. */
static struct nvme_command log_word(u64 to)
{
	return nvme_get_effects(medium.effects_offset, sizeof(u64) / sizeof(u32), to);
}

static struct dma_result read(struct dma_engine *e, struct iova line)
{
	struct nvme *n = e->state;
	struct dma_result r;

	if (INJECTED(ENGINE))
		return (struct dma_result){ .status = DMA_DONE };
	r.status = execute(e, &n->io, read_by(n, line.v));
	r.word = collect(e);
	/* It said that it is done, and where the data went is no place of ours: no symbol's word. */
	if (r.status == DMA_DONE && !r.word)
		r.word = ~0ull;
	return r;
}

static struct dma_result write(struct dma_engine *e, struct iova line, unsigned symbol)
{
	struct nvme *n = e->state;

	(void)symbol;
	if (INJECTED(ENGINE))
		return (struct dma_result){ .status = DMA_DONE };
	return (struct dma_result){ .status = execute(e, &n->admin, log_word(line.v)) };
}

/* The medium's second page, by a list in the arena. */
static bool begin(struct dma_engine *e, struct iova page)
{
	struct nvme *n = e->state;
	u64 *list = (u64 *)(void *)n->memory->data;
	const struct nvme_command c = read_by(n, nvme_iova(n, data));

	list[0] = page.v;
	list[1] = tail(e);
	return !n->broken && nvme_submit(&n->io, &c);
}

static struct dma_result await(struct dma_engine *e)
{
	return (struct dma_result){ wait_for(e, &((struct nvme *)e->state)->io), brought };
}

/*
 * What the medium's second page begins with, by a list in the arena that leads to a pad. Twice: the pad may hold
 * it already.
 */
static bool learn(struct dma_engine *e)
{
	struct nvme *n = e->state;
	u64 *list = (u64 *)(void *)n->memory->data;

	list[0] = word(e, 0);
	list[1] = tail(e);
	for (unsigned i = 0; i < 2; i++) {
		*pad(n, 0) = ~brought;
		const struct nvme_command c = read_by(n, nvme_iova(n, data));
		if (nvme_do(n, &n->io, &c))
			return false;
		brought = *pad(n, 0);
	}
	for (unsigned s = 0; s < DMA_SYMBOLS; s++)
		*pad(n, s) = ~brought;
	return true;
}

/* As many reads as the queue holds. */
static void leave(struct dma_engine *e)
{
	struct nvme *n = e->state;
	const struct nvme_command c = read_by(n, nvme_iova(n, data));

	for (unsigned i = 1; i < NVME_QUEUE_ENTRIES; i++)
		nvme_submit(&n->io, &c);
}

static bool start(struct dma_engine *e)
{
	struct nvme *n;

	if (nvme_engine_start(e)) {
		n = e->state;
		if (nvme_find_medium(n, LOG_WORD, &medium) && learn(e)) {
			e->can = e->ops->can & ~(medium.has_word ? 0u : DMA_WRITE);
			return true;
		}
	}
	note("engine=%s does not start", e->name);
	nvme_engine_stop(e);
	return false;
}

DMA_ENGINE(nvme) = {
	.name = "nvme",
	.match = nvme_engine_match,
	.can = DMA_READ | DMA_WRITE | DMA_ANY_ADDRESS | DMA_BEGIN,
	.end = "a completion entry of the new phase",
	.arena_at = LOG_WORD,
	.start = start,
	.stop = nvme_engine_stop,
	.leave = leave,
	.begin = begin,
	.await = await,
	.word = word,
	.tail = tail,
	.read = read,
	.write = write,
};
