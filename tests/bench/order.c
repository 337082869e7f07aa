/* One whole execution of one order: set up, warm up, every step, look, put back. */
#include "kernel/format.h"
#include "kernel/string.h"
#include "tests/bench/measure.h"
#include "tests/run.h"

static bool orders(void *arg, u64 times)
{
	struct run *run = arg;
	bool ok = true;

	while (times-- && ok)
		ok = run_order(run, run->scenario->orders[0].order, AGENTS, 0);
	return ok;
}

void bench_order(void)
{
	static struct run run;

	for (const struct scenario_ref *p = __start_scenarios; p != __stop_scenarios; p++) {
		if (strcmp(p->scenario->id, "A02") != 0)
			continue;
		run.engine = machine_engine(DMA_READ);
		if (!run.engine)
			return;
		run_place_agents(&run, p->scenario);
		run_open(&run);
		measure(&(struct measure){ "order", p->scenario->orders[0].name, .layered = orders,
					   .arg = &run });
		run_close(&run);
	}
}
