/* Pure: the needs of scenarios, in words. */
#include "tests/needs.h"
#include "kernel/dma.h"
#include "kernel/format.h"

const struct requirement needs_table[] = {
	{ NEED_READ, DMA_READ, 0, "a DMA engine that reads" },
	{ NEED_WRITE, DMA_WRITE, 0, "a DMA engine that writes" },
	{ NEED_WRITE_ANY, DMA_WRITE | DMA_ANY_WORD, 0, "a DMA engine that writes any word" },
	{ NEED_TWO, DMA_WRITE, 0, "a second DMA engine that writes" },
	{ NEED_DIRECT, DMA_SYNC | DMA_ANY_ADDRESS, 0,
	  "a synchronous DMA engine that reaches every address" },
	{ NEED_ATS, DMA_ATS, 0, "a device with a device TLB (ATS)" },
	{ NEED_LARGE, 0, 0, "translation that has pages of 2 MiB" },
	{ NEED_BEGIN, DMA_BEGIN, 0, "a DMA engine whose writes can be begun and awaited apart" },
	{ NEED_PASIDS, 0, 0, "first-stage translation with any RID_PASID" },
	{ NEED_MARKS, 0, 0, "first-stage translation that sets A and D" },
	{ NEED_SECOND, 0, 0, "second-stage translation of four levels in scalable mode" },
	{ NEED_PRI, 0, 0, "a device that sends page requests (PRI)" },
	{ NEED_TIMES_OUT, 0, 0,
	  "a device that does not answer invalidations and a unit that notices (ITE)" },
	{ NEED_PCID, 0, 0, "process-context identifiers (PCID) and INVPCID" },
	{ NEED_ENTRY, 0, 0, "a PASID entry (scalable mode) and two tables of one stage" },
	{ NEED_LEARNS, DMA_LEARNS, 0, "a DMA engine that learns that it was refused" },
	{ NEED_NO_RINGS, DMA_NO_RINGS, 0, "a DMA engine that keeps no rings in memory" },
	{ NEED_NO_CM, 0, 0, "an IOMMU that does not cache absence (CAP.CM=0)" },
	{ NEED_CM, 0, 0, "an IOMMU that may cache absence (CAP.CM=1)" },
	{ NEED_NARROW, 0, 0, "a queue of descriptors of 128 bits (legacy mode)" },
	{ NEED_CPU2, 0, 2, "2 CPUs" },
	{ NEED_CPU3, 0, 3, "3 CPUs" },
	{ NEED_CPU4, 0, 4, "4 CPUs" },
	{ 0, 0, 0, NULL },
};

const char *needs_text(u32 needs, char *text, size_t size)
{
	size_t n = 0;

	text[0] = 0;
	for (const struct requirement *x = needs_table; x->bit && n < size; x++)
		if (needs & x->bit)
			n += format(text + n, size - n, "%s%s", n ? ", " : " needs ", x->words);
	return text;
}
