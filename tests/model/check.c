/* Pure: scenarios against the model. */
#include "tests/model/check.h"
#include "kernel/string.h"
#include "tests/model/program.h"
#include "tests/model/state.h"
#include "tests/orders.h"
#include "tests/variant.h"

/* With fewer orders than this each is looked at alone. */
enum { FEW_ORDERS = 400 };

static bool interrupts(const struct scenario *s)
{
	for (unsigned a = 0; a < AGENTS; a++)
		for (unsigned i = 0; i < s->agents[a].count; i++)
			if (s->agents[a].steps[i].op == OP_ipi)
				return true;
	return false;
}

/* Another access (QEMU has another TLB for ring 0), or a step that has to do with the right to write. */
static bool is_no_fetch(unsigned op)
{
	return op < OP_fetch || (op >= OP_pte_dirty && op <= OP_pte_writable) ||
	       op == OP_pte_clear_dirty || op == OP_pte_wrprotect || op == OP_pte_clean;
}

static u64 rights_of(const struct step *st)
{
	const char *r = strchr(op_info(st->op)->arguments, 'r');

	return r ? (const u8[]){ st->a, st->b, st->c }[r - op_info(st->op)->arguments] : 0;
}

/* Its entries have one right besides that to read: to execute, in a scenario that does nothing but fetch, or to write. */
static bool mixes_rights(const struct scenario *s)
{
	bool fetches = false, others = s->tables || s->spaces || has_mirror(s);
	bool writes = false, executes = false;

	for (unsigned p = 0; p < PLACES; p++) {
		writes |= may_write(s->maps[p].rights);
		executes |= s->maps[p].rights >= RX;
	}
	for (unsigned i = 0; i < 2 * AGENTS; i++) {
		const struct agent *a = i < AGENTS ? &s->agents[i] : &s->warm[i - AGENTS];

		others |= i % AGENTS >= CPU_AGENTS && a->count;
		for (unsigned n = 0; n < a->count; n++) {
			fetches |= a->steps[n].op == OP_fetch;
			others |= is_no_fetch(a->steps[n].op);
			writes |= may_write(rights_of(&a->steps[n]));
			executes |= rights_of(&a->steps[n]) >= RX;
		}
	}
	return fetches ? others || writes : executes;
}

/* The scenario as it is, in one mode: nobody waits for ever, nothing forbidden can be seen. What can? */
static struct seen good(const struct scenario *s, const char *order, enum model_mode mode,
			struct model_memory memory[2], struct model_report *report)
{
	bool racing = mode == MODEL_RACING;
	const char *where = racing ? "racing" : model_arch.name;
	struct program p = program(s, CONTROLS, mode, memory, report);
	u64 orders = racing || order ? 0 : orders_count(s);

	p.one = !interrupts(s);
	program_run(&p, order, orders && orders < FEW_ORDERS);
	*(racing ? &report->racing : &report->outcomes) = p.last.outcomes;
	if (!p.last.outcomes || (p.last.stuck && !order && s->shows != &deadlock_claim))
		refuse(report, "%s: order %s does not come to its end", where,
		       order ? order : "any");
	for (unsigned i = 0; i < CLAIMS; i++)
		if (p.arch.seen.forbid & 1u << i)
			refuse(report, "%s: FORBID %s can be seen", where, s->forbid[i]->name);
	for (unsigned c = 0; c < CONTROLS; c++)
		if (p.arch.seen.shown & SHOWN_CONTROL << c)
			refuse(report, "%s: control %s can be seen without its change", where,
			       s->control[c].shows->name);
	report->on_qemu |= p.qemu.seen.shown & (SHOWN_CONTROL - 1);
	return p.arch.seen;
}

/*
 * With the change of a control, step by step and, if that shows nothing, free. Whether its agents can wait for ever is
 * asked step by step only, before they race.
 */
static void control(const struct scenario *s, unsigned c, const char *order,
		    struct model_memory memory[2], struct model_report *report)
{
	static struct variant v;
	struct change change = s->control[c].change;
	const char *name = s->control[c].shows->name;
	char text[80];

	if (!change.no || !variant_make(&v, s, change)) {
		refuse(report, "control %s names a step that is not there", name);
		return;
	}
	bool waits = false;
	for (enum model_mode mode = MODEL_STEPPED; mode <= MODEL_RACING; mode++) {
		struct program p = program(&v.scenario, c, mode, memory, report);

		if (mode == MODEL_RACING && order)
			break;
		program_run(&p, variant_order(&v, s, change, order), false);
		if (mode == MODEL_RACING && p.last.stuck && !waits)
			refuse(report, "control %s: its agents wait for ever in a race only", name);
		waits = p.last.stuck;
		if (mode == MODEL_RACING && orders_matter(s))
			break;
		report->shown |= p.arch.seen.shown & SHOWN_CONTROL << c;
		report->on_qemu |= p.qemu.seen.shown & SHOWN_CONTROL << c;
	}
	if (!(report->shown & SHOWN_CONTROL << c))
		refuse(report, "control %s cannot be seen %s", name,
		       variant_text(text, sizeof text, s, change));
}

struct model_report model_check(const struct scenario *s, const char *order,
				struct model_memory memory[2])
{
	struct model_report report = { 0 };
	struct seen seen = good(s, order, MODEL_STEPPED, memory, &report);

	if (!report.wrong[0] && mixes_rights(s))
		refuse(&report, "the right to execute beside another one that the model must know");
	if (order) {
		/* Its claims are about this order, and say nothing of a race. */
		struct program p = program(s, CONTROLS, MODEL_RACING, memory, &report);

		program_run(&p, NULL, false);
		report.racing = p.last.outcomes;
	} else {
		struct seen racing = good(s, NULL, MODEL_RACING, memory, &report);

		/* Nor do claims that ask after(), which is false there, say what can be seen. */
		seen.shown |= orders_matter(s) ? 0 : racing.shown;
		seen.allow |= orders_matter(s) ? 0 : racing.allow;
	}
	report.shown = seen.shown;
	for (unsigned c = 0; c < CONTROLS && s->control[c].shows; c++)
		control(s, c, order, memory, &report);
	if (s->shows && !(report.shown & SHOWN_HAZARD))
		refuse(&report, "hazard %s cannot be seen", s->shows->name);
	if (s->fact.which && !(report.shown & SHOWN_FACT))
		refuse(&report, "fact %s cannot be seen", s->fact.claim->name);
	for (unsigned i = 0; i < CLAIMS; i++)
		if (s->allow[i] && !(seen.allow & 1u << i))
			refuse(&report, "ALLOW %s cannot be seen", s->allow[i]->name);
	return report;
}
