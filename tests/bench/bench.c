#include "tests/bench/bench.h"
#include "kernel/cpu.h"
#include "kernel/ktap.h"
#include "kernel/print.h"
#include "kernel/string.h"
#include "tests/bench/measure.h"
#include "tests/machine.h"

void bench_run(const struct options *o)
{
	ktap_plan(&ktap, 1);
	if (machine.no_sva)
		note("bench without DMA and invalidation: needs %s", machine.no_sva);
	bench_dma();
	/* Rates are of what an order costs, and not of waiting for an engine. */
	if (strcmp(o->engine, DMA_ALL_ENGINES) != 0 && machine_engine(DMA_SYNC)) {
		bench_invalidation();
		bench_cpus();
		bench_order();
	}
	ktap_result(&ktap, KTAP_OK, "bench");
}
