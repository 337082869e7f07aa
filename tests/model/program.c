/* Pure: a program by three profiles that are held against each other. */
#include "tests/model/program.h"
#include "tests/orders.h"

/* Does it have to do with what QEMU is known to do otherwise? */
static bool may_depart(const struct scenario *s)
{
	bool matter = s->entry;

	for (unsigned p = 0; p < PLACES; p++)
		matter |= s->maps[p].rights == RO ||
			  (s->maps[p].rights && s->maps[p].state != LEAF_USED);
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++) {
			u8 op = s->agents[a].steps[i].op;

			matter |= op == OP_pte_clean || op == OP_pte_age;
		}
	return matter;
}

static const struct model_profile *mended(void)
{
	static struct model_profile p;

	p = model_qemu_tcg;
	p.iotlb.hides_dirty = p.marks_one = p.marks_late = p.refuses_unrecorded = p.present_late =
		false;
	return &p;
}

struct program program(const struct scenario *s, unsigned control, enum model_mode mode,
		       struct model_memory memory[2], struct model_report *report)
{
	struct judge j = { .s = s, .control = control, .mode = mode, .report = report };
	struct program p = { .arch = j, .qemu = j, .mended = j, .departs = may_depart(s) };

	p.arch.profile = &model_arch;
	p.qemu.profile = &model_qemu_tcg;
	p.mended.profile = mended();
	p.arch.memory = p.qemu.within = p.mended.within = &memory[0];
	p.qemu.memory = p.mended.memory = &memory[1];
	return p;
}

static int execute(void *arg, const char *order)
{
	struct program *p = arg;
	struct model_report *report = p->arch.report;
	struct judge *right = p->departs ? &p->mended : &p->qemu;

	p->last = judge_run(&p->arch, order);
	if (report->wrong[0])
		return ORDERS_STOP;
	if (order && !p->last.outcomes)
		return p->last.reached;
	u64 outcomes = judge_run(&p->qemu, order).outcomes;
	if (p->departs) {
		report->departs |= p->qemu.seen.outside;
		judge_run(&p->mended, order);
	}
	if (p->one && order && outcomes != 1)
		refuse(report, "QEMU: order %s has %lu outcomes", order, outcomes);
	if (right->seen.outside)
		refuse(report, "QEMU: in order %s an outcome that ARCH does not allow",
		       order ? order : "any");
	return report->wrong[0] ? ORDERS_STOP : ORDER_RAN;
}

void program_run(struct program *p, const char *order, bool each)
{
	if (order || !(each || orders_matter(p->arch.s)) || p->arch.mode == MODEL_RACING) {
		execute(p, order);
		return;
	}
	orders_each(p->arch.s, ORDERS_ALL, execute, p);
	/* All as one search has no positions, but knows who waits for ever. */
	struct judge all = p->arch;
	p->last = judge_run(&all, NULL);
	p->arch.seen.shown |= judge_stuck(&all, &p->last);
}
