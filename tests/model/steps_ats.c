/* Pure: steps of devices that have a TLB and ask for pages, and what answers them (PCIe ATS and PRI). */
#include "tests/model/iommu.h"

static u16 *dtlb(struct state *t, unsigned agent, const struct step *st)
{
	return &t->dtlb[agent - CPU_AGENTS][st->a];
}

/* The IOMMU's answer is on its way: an invalidation can overtake it. */
static void answers(struct explorer *x, const struct state *s, unsigned agent,
		    const struct step *st, u8 used)
{
	struct state t = *s;

	(void)st;
	t.held[agent] = used;
	t.phase[agent] = DMA_TRANSLATED;
	reach(x, &t);
}

static void keep(const struct explorer *x, struct state *t, unsigned device, unsigned place,
		 u8 used)
{
	cache_keep(&x->p->dtlb, &t->dtlb[device][place], used);
}

/* The same, and the agent goes on. */
static void asked(struct explorer *x, const struct state *s, unsigned agent, const struct step *st,
		  u8 used)
{
	struct state t = *s;

	device_lands(x, &t, agent - CPU_AGENTS);
	if (used) {
		t.posted[agent - CPU_AGENTS] = post(POSTED_ANSWER, st->a, 0);
		t.posted_by[agent - CPU_AGENTS] = used;
	}
	step_done(&t, agent);
	reach(x, &t);
}

void move_ats_ask(struct explorer *x, const struct state *s, unsigned agent, const struct step *st)
{
	iommu_translates(x, s, agent, st, asked);
}

void device_lands(const struct explorer *x, struct state *t, unsigned device)
{
	u8 what = t->posted[device], by = t->posted_by[device];

	if (post_is(what) == POSTED_ANSWER)
		keep(x, t, device, post_place(what), by);
	else if (what)
		t->word[CONTENT + entry_frame(by)] = post_symbol(what);
	t->posted[device] = t->posted_by[device] = 0;
}

void move_ats_land(struct explorer *x, const struct state *s, unsigned agent, const struct step *st)
{
	struct state t = *s;

	(void)st;
	device_lands(x, &t, agent - CPU_AGENTS);
	step_done(&t, agent);
	reach(x, &t);
}

void move_ats_request(struct explorer *x, const struct state *s, unsigned agent,
		      const struct step *st)
{
	struct state t = *s;
	u8 used = s->held[agent];
	bool granted;

	if (!is_translated(s, agent)) {
		iommu_translates(x, s, agent, st, answers);
		return;
	}
	if (used)
		keep(x, &t, agent - CPU_AGENTS, st->a, used);
	granted = used && (st->op == OP_ats_request || entry_kind(used) != CACHED_READS);
	step_saw(&t, st, granted ? (u8)MARK(entry_frame(used)) : BLOCKED);
	step_done(&t, agent);
	reach(x, &t);
}

/* What the device has dropped does not come back by itself. */
static void dropped(struct explorer *x, const struct state *s, unsigned agent,
		    const struct step *st, u16 entries)
{
	struct state t = *s;

	*dtlb(&t, agent, st) &= (u16)~entries;
	step_saw(&t, st, BLOCKED);
	step_done(&t, agent);
	reach(x, &t);
}

/* Written is what the device may; where it has gone memory shows later. */
static void posts(struct explorer *x, struct state *t, unsigned agent, const struct step *st,
		  u8 used)
{
	device_lands(x, t, agent - CPU_AGENTS);
	t->posted[agent - CPU_AGENTS] = post(POSTED_WRITE, st->a, st->b);
	t->posted_by[agent - CPU_AGENTS] = used;
	step_saw(t, st, LANDED);
	step_done(t, agent);
	reach(x, t);
}

/* With an address that the device has; the IOMMU is not asked. What it had it may have dropped. */
void move_ats_access(struct explorer *x, const struct state *s, unsigned agent,
		     const struct step *st)
{
	bool write = st->op != OP_ats_read;
	struct state t = *s;
	u16 cached = *dtlb(&t, agent, st), serves = 0;

	if (is_translated(s, agent)) {
		device_commits(&t, agent, st, s->held[agent]);
		reach(x, &t);
		return;
	}
	for (unsigned e = 1; e < ENTRIES; e++) {
		if (!(cached & only(e)) || (write && entry_kind((u8)e) == CACHED_READS))
			continue;
		serves |= (u16)only(e);
		t = *s;
		if (st->op == OP_ats_post) {
			posts(x, &t, agent, st, (u8)e);
			continue;
		}
		t.held[agent] = (u8)e;
		t.phase[agent] = DMA_TRANSLATED;
		reach(x, &t);
	}
	if (!serves || !x->p->dtlb.must_hit)
		dropped(x, s, agent, st, serves);
}

void move_dtlb_queue(struct explorer *x, const struct state *s, unsigned c, const struct step *st)
{
	struct state t = *s;

	bool block = st->op == OP_dtlb_queue_block;

	for (unsigned i = 0; i < DEVICES * PLACES; i++)
		if (x->s->agents[CPU_AGENTS + i / PLACES].count &&
		    (st->a == i % PLACES || (block && is_in_block(x->s, st, i % PLACES))) &&
		    !queue_put(x, &t, (u8)(INVALIDATE_DEVICE + i)))
			return;
	step_done(&t, c);
	reach(x, &t);
}

/* What the IOMMU has of the page did not help: it forgets that (VT-d 6.5.3.1). The device does not. */
void move_page_request(struct explorer *x, const struct state *s, unsigned agent,
		       const struct step *st)
{
	struct state t = *s;

	if (iommu_is_marking(x, s))
		return;
	t.word[REQUESTS + st->a] |= posted(agent);
	iommu_forgets(x, &t, (unsigned)st->a, false);
	step_done(&t, agent);
	reach(x, &t);
}

/* Of several any may be at hand. */
void move_page_response(struct explorer *x, const struct state *s, unsigned c,
			const struct step *st)
{
	for (unsigned agent = CPU_AGENTS; agent < AGENTS; agent++) {
		struct state t = *s;
		u8 *asked = &t.word[REQUESTS + st->a];

		if (!(*asked & posted(agent)))
			continue;
		*asked = (u8)((*asked & ~posted(agent)) | answered(agent) |
			      (st->b == INVALID ? declined(agent) : 0));
		step_done(&t, c);
		reach(x, &t);
	}
}

void move_page_wait(struct explorer *x, const struct state *s, unsigned agent,
		    const struct step *st)
{
	struct state t = *s;
	u8 *asked = &t.word[REQUESTS + st->a];

	if (!(*asked & answered(agent)))
		return;
	step_saw(&t, st, yes(!(*asked & declined(agent))));
	*asked &= (u8) ~(answered(agent) | declined(agent));
	step_done(&t, agent);
	reach(x, &t);
}
