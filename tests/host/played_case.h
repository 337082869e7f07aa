#pragma once
/*
 * The code from executions to evidence (tests/case.c, program.c, power.c) as it is, on a machine, a model and a list of known
 * deviations that a test plays. For one test program: it includes the code.
 */
#include <string.h>

#define oracle_ask     played_model
#define oracle_expects played_expects
#define oracle_reaches played_reaches
#define oracle_way     played_way
#define deviation_of   played_deviation_of
#define deviation_next played_deviation_next
#define execute        execute_order
#define judge          judge_execution
#include "tests/program.c"
#undef execute
#undef judge
#include "tests/power.c"
/* Last: it has a variable called run. */
#include "tests/case.c"

/* What a machine shows of a listing in an order, or in a race: order NULL. ORDER_RAN, the position of a step that
 * blocks, or ORDERS_STOP: trouble. */
static int (*play)(const struct scenario *s, const char *order, struct outcome *seen);
/* Of the execution: which placement it is, the how many-th of its kind; and how often each part was called. */
static struct {
	unsigned attempt, stepped, raced, restarts, opened, closed, drawings;
	bool open, stepping;
} at;
/* Where else a machine can be in trouble. */
enum trouble { TROUBLE_NONE, TROUBLE_OPEN, TROUBLE_END, TROUBLE_CLOSE, TROUBLES };
static enum trouble trouble;
static bool (*allows)(const struct outcome *seen, enum model_mode mode);
static const char *model_wrong[MODEL_RACING + 1];
static bool (*ends)(const struct scenario *s); /* nobody can wait for ever */
static bool expects;                           /* of this platform, what was wanted and not seen */
static bool reaches;                           /* of this platform, what is impossible */
static const char *way;                        /* where the model says that a control is shown */
static const struct deviation *listed;
static u8 listed_symbol; /* the outcomes it lists: those that saw this first, */
static u8 listed_modes;  /* in these modes */
static bool qemu, tcg;
static struct dma_engine engine;
static u64 clock; /* in ms: a round's is one */

struct machine machine;
struct platform platform;
u32 cpu_count;
u64 tsc_per_ms = 1, tsc_per_us = 1;

u64 now(void) { return clock; }
bool power_is_qemu(void) { return qemu; }
bool power_is_tcg(void) { return tcg; }
bool spaces_have_pcids(void) { return false; }
void note(const char *fmt, ...) { (void)fmt; }
void machine_report(void) {}
void machine_restart(struct dma_engine *e) { at.restarts += e == &engine; }
struct dma_engine *machine_engine(u32 can) { return (engine.can & can) == can ? &engine : NULL; }
struct dma_engine *machine_second(u32 can, bool apart)
{
	(void)can;
	(void)apart;
	return NULL;
}
bool machine_has_pasids(void) { return false; }
bool machine_has_second(void) { return false; }
bool machine_has_entry(void) { return false; }
bool machine_hears_nothing_of_absence(void) { return false; }
void shootdown_init(void) {}
unsigned worker_room(void) { return cpu_count; }
const char *report_letters(const char *order) { return order; }
void report_drawing(const struct run *r, const char *order)
{
	(void)r;
	assert_non_null(order);
	at.drawings++;
}
void report_seen(const struct run *r) { (void)r; }
void report_allowed(const struct run *r, const struct outcomes *allowed)
{
	(void)r;
	(void)allowed;
}
void report_histogram(const struct run *r, const struct outcomes *seen, const struct oracle *o,
		      const struct claim *wanted, const char *what)
{
	(void)r;
	(void)seen;
	(void)o;
	(void)wanted;
	(void)what;
}
void report_places(const struct run *r) { (void)r; }
void report_stands(const struct run *r) { (void)r; }
/* tests/host/test_mutate.c has it. */
void mutate(const struct scenario *s, const struct how *how, struct run *r, struct evidence *e)
{
	(void)s;
	(void)how;
	(void)r;
	e->runs = 1000;
}

void run_trouble(struct run *r, const char *fmt, ...)
{
	(void)fmt;
	strcpy(r->trouble, "played");
}
static bool in_trouble_at(struct run *r, enum trouble where)
{
	if (trouble == where)
		run_trouble(r, " ");
	return r->trouble[0];
}
void run_prepare_tables(void) {}
void run_placement(u64 seed, unsigned attempt)
{
	(void)seed;
	assert_false(at.open);
	at.attempt = attempt;
}
void run_seat_agents(struct run *r, const struct scenario *s, enum run_seats seats)
{
	(void)seats;
	r->scenario = s;
}
bool run_open(struct run *r)
{
	r->trouble[0] = 0;
	at.open = true;
	at.opened++;
	return !in_trouble_at(r, TROUBLE_OPEN);
}
bool run_close(struct run *r)
{
	assert_true(at.open && !at.stepping);
	at.open = false;
	at.closed++;
	return !in_trouble_at(r, TROUBLE_CLOSE);
}
void stepped_begin(struct run *r)
{
	(void)r;
	assert_true(at.open && !at.stepping);
	at.stepping = true;
}
bool stepped_end(struct run *r)
{
	assert_true(at.stepping);
	at.stepping = false;
	return !in_trouble_at(r, TROUBLE_END);
}

static int execution(struct run *r, const char *order)
{
	memset(&r->seen, 0, sizeof r->seen);
	r->trouble[0] = 0;
	int end = play(r->scenario, order, &r->seen);
	if (end == ORDERS_STOP)
		run_trouble(r, " ");
	return end;
}
int stepped_order(struct run *r, const char *order)
{
	assert_true(at.stepping);
	at.stepped++;
	return execution(r, order);
}
bool worker_crowd(unsigned seats) { return seats > CPU_AGENTS; }
bool racing_rounds(struct run *r, u64 rounds, u64 seed, bool (*each)(void *arg), void *arg)
{
	(void)seed;
	assert_true(at.open && !at.stepping);
	for (u64 i = 0; i < rounds; i++) {
		at.raced++;
		clock++;
		if (execution(r, NULL) == ORDERS_STOP)
			return false;
		if (!each(arg))
			break;
	}
	return true;
}

void played_model(struct oracle *o, const struct scenario *s, const char *order,
		  enum model_mode mode)
{
	static const u8 symbols[] = { NOTHING, O, N, X, Y, BLOCKED };
	struct outcome seen = { 0 };

	assert_true(!order || mode == MODEL_STEPPED);
	o->mode = mode;
	o->stuck = !ends(s);
	o->wrong = model_wrong[mode];
	o->allowed.count = 0;
	for (unsigned i = 0; i < sizeof symbols * sizeof symbols; i++) {
		seen.saw[1] = symbols[i / sizeof symbols];
		seen.saw[2] = symbols[i % sizeof symbols];
		if (allows(&seen, mode))
			outcomes_add(&o->allowed, &seen);
	}
}
bool played_expects(const struct model_profile *p, const struct scenario *s, const char *order,
		    enum model_mode mode, const struct claim *wanted)
{
	(void)s;
	assert_true(p == &model_qemu_tcg && wanted && (!order || mode == MODEL_STEPPED));
	return expects;
}
bool played_reaches(const struct model_profile *p, const struct scenario *s, const char *order,
		    enum model_mode mode, const struct outcome *seen)
{
	(void)s;
	assert_true(p == &model_qemu_tcg && seen && !order == (mode == MODEL_RACING));
	return reaches;
}
bool played_way(const struct model_profile *p, const struct scenario *s, const struct claim *wanted,
		char *order)
{
	(void)s;
	assert_true(p && wanted);
	if (way)
		strcpy(order, way);
	return way;
}
const struct deviation *played_deviation_next(const struct platform *p, const struct scenario *s,
					      enum deviation_mode mode,
					      const struct deviation *after)
{
	(void)s;
	assert_ptr_equal(p, &platform);
	return !after && listed && listed_modes & mode ? listed : NULL;
}
const struct deviation *played_deviation_of(const struct platform *p, const struct scenario *s,
					    enum deviation_mode mode, const struct outcome *seen)
{
	return seen->saw[1] == listed_symbol ? played_deviation_next(p, s, mode, NULL) : NULL;
}
