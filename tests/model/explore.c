/* Pure: every state that can be reached, once. */
#include "kernel/string.h"
#include "tests/model/state.h"

/* A state, the one that it followed first, and whose move that was. */
struct model_node {
	struct state state;
	u32 from;
	u8 mover;
};
#define NO_NODE (~0u)

/* Where to find a state by its hash. Of an earlier run: free. */
struct model_slot {
	u32 run, node;
};

enum { SLOTS_PER_NODE = 2 };

size_t model_size(u64 states)
{
	return states * (sizeof(struct model_node) + SLOTS_PER_NODE * sizeof(struct model_slot));
}

struct model_memory model_memory(void *bytes, size_t size)
{
	struct model_memory m = { 0 };

	m.capacity = (u32)(size / model_size(1));
	m.slots = bytes;
	m.nodes = (struct model_node *)(m.slots + (size_t)m.capacity * SLOTS_PER_NODE);
	memset(m.slots, 0, (size_t)m.capacity * SLOTS_PER_NODE * sizeof *m.slots);
	return m;
}

/* High bits into low ones, as the slot is a remainder. */
static u64 mix(u64 h)
{
	h *= 0x9e3779b97f4a7c15ull;
	return h ^ h >> 32;
}

static u64 hash(const struct state *s)
{
	const u8 *bytes = (const u8 *)s;
	u64 h = 0;
	size_t i = 0;

	for (; i + 8 <= sizeof *s; i += 8)
		h = mix(h ^ le64(bytes + i));
	for (; i < sizeof *s; i++)
		h = mix(h ^ bytes[i]);
	return h;
}

/* Its slot, or the free one where it belongs. */
static struct model_slot *find(const struct model_memory *m, const struct state *t)
{
	u64 slots = (u64)m->capacity * SLOTS_PER_NODE;

	for (u64 i = hash(t) % slots;; i = (i + 1) % slots) {
		struct model_slot *slot = &m->slots[i];

		if (slot->run != m->run || !memcmp(&m->nodes[slot->node].state, t, sizeof *t))
			return slot;
	}
}

/* False: it was there, or there is no room. */
static bool add(struct explorer *x, const struct state *t)
{
	struct model_memory *m = x->memory;
	struct model_slot *slot = m->capacity ? find(m, t) : NULL;

	if (slot && slot->run == m->run)
		return false;
	if (!slot || m->count == m->capacity) {
		x->result.complete = false;
		return false;
	}
	m->nodes[m->count] = (struct model_node){
		*t, x->from ? (u32)((const struct model_node *)x->from - m->nodes) : NO_NODE,
		x->mover
	};
	*slot = (struct model_slot){ m->run, m->count++ };
	return true;
}

static void outcome(struct explorer *x, const struct state *t)
{
	memcpy(x->seen.saw, t->saw, sizeof t->saw);
	memcpy(x->seen.holds, t->word + CONTENT, sizeof x->seen.holds);
	x->result.outcomes++;
	x->stopped = !x->each(x->arg, &x->seen);
}

/* Of the end only what can be seen counts. */
static struct state end_state(const struct scenario *s, const u8 *saw, const u8 *holds)
{
	struct state end = { 0 };

	for (unsigned a = 0; a < AGENTS; a++)
		end.next[a] = s->agents[a].count;
	memcpy(end.saw, saw, sizeof end.saw);
	memcpy(end.word + CONTENT, holds, FRAMES);
	return end;
}

static void note_progress(struct explorer *x, const struct state *t)
{
	unsigned steps = 0;

	for (unsigned a = 0; a < AGENTS && !t->warming; a++)
		steps += t->next[a];
	if (steps > x->result.reached)
		x->result.reached = (u8)steps;
}

/* What CPUs store in an entry stays in their caches, for all that a walk for a device knows. */
static void hold_back(struct explorer *x, struct state *t)
{
	for (unsigned p = 0; x->from && x->s->unsnooped && x->p->walks_late && p < PLACES; p++) {
		u8 was = x->from->word[pte_word(T0, p)];

		if (t->word[pte_word(T0, p)] == was)
			continue;
		if (t->unsent[p])
			x->result.complete = false; /* there is room for one store */
		t->unsent[p] = was ? was : UNSENT_ABSENT;
	}
}

void reach(struct explorer *x, struct state *t)
{
	hold_back(x, t);
	settle(x, t);
	/* A cache has loaded what it will not use: nothing has happened. */
	if (x->from && !memcmp(t, x->from, sizeof *t))
		return;
	x->moves++;
	note_progress(x, t);
	if (!is_end(x, t)) {
		add(x, t);
		return;
	}
	struct state end = end_state(x->s, t->saw, t->word + CONTENT);
	if (add(x, &end) && !x->stopped)
		outcome(x, &end);
}

void wrong(struct explorer *x, unsigned agent, const struct step *st, const char *sentence)
{
	if (x->result.wrong)
		return;
	x->result.wrong = sentence;
	x->result.agent = (u8)agent;
	x->result.no = st ? st->no : 0;
}

static void start(struct explorer *x)
{
	struct state s = { 0 };

	s.warming = true;
	for (unsigned f = 0; f < FRAMES; f++)
		s.word[CONTENT + f] = x->s->content[f];
	s.word[PDE] = (u8)(x->s->large == STARTS_LARGE ? LARGE + 1 : T0 + 1);
	for (unsigned word = PTE; word < PDE; word++) {
		unsigned p = (word - PTE) % PLACES;

		s.word[word] =
			pte_make(x->s->maps[p].frame, x->s->maps[p].rights, x->s->maps[p].state);
	}
	if (x->s->beside)
		s.word[pte_word(T1, A)] =
			pte_make(x->s->maps[A].frame, x->s->maps[A].rights, LEAF_FRESH);
	s.word[ENTRY] = entry_start(x->s);
	memcpy(s.word + REF, x->s->refs, FRAMES);
	memcpy(s.word + SOFT, x->s->words, WORDS);
	x->memory->count = 0;
	x->memory->run++;
	reach(x, &s);
}

bool model_found(const struct model_memory *m, const struct scenario *s, const struct outcome *seen)
{
	struct state end = end_state(s, seen->saw, seen->holds);

	return m->capacity && find(m, &end)->run == m->run;
}

/* How many steps an agent has done in a node's state. */
static unsigned steps_done(const struct model_memory *m, u32 node, unsigned agent)
{
	const struct state *s = node == NO_NODE ? NULL : &m->nodes[node].state;

	return s && !s->warming ? s->next[agent] : 0;
}

bool model_way(const struct model_memory *m, const struct scenario *s, const struct outcome *seen,
	       char *order)
{
	if (!model_found(m, s, seen))
		return false;
	struct state end = end_state(s, seen->saw, seen->holds);
	unsigned left = 0;

	for (unsigned a = 0; a < AGENTS; a++)
		left += s->agents[a].count;
	order[left] = '\0';
	/* From the end. What came to pass by a move comes after it. */
	for (u32 i = find(m, &end)->node; i != NO_NODE; i = m->nodes[i].from) {
		u8 mover = m->nodes[i].mover;

		for (unsigned a = 0; a < AGENTS; a++)
			for (unsigned n = steps_done(m, m->nodes[i].from, a) + (a == mover);
			     n < steps_done(m, i, a); n++)
				order[--left] = AGENT_LETTERS[a];
		if (mover < AGENTS &&
		    steps_done(m, i, mover) > steps_done(m, m->nodes[i].from, mover))
			order[--left] = AGENT_LETTERS[mover];
	}
	return true;
}

/* Breadth first: the states that were found are the queue of those to look at, and no other memory is needed. */
struct model_result model_run(const struct model_query *q, struct model_memory *m,
			      bool (*each)(void *arg, const struct outcome *seen), void *arg)
{
	static struct explorer x; /* large */

	x = (struct explorer){ .q = q,
			       .s = q->scenario,
			       .p = q->profile,
			       .memory = m,
			       .mover = AGENTS,
			       .result = { .complete = true },
			       .each = each,
			       .arg = arg };

	if (!prepare(&x))
		return x.result;
	start(&x);
	for (u32 i = 0; i < m->count && !x.stopped; i++) {
		const struct state *s = &m->nodes[i].state;

		x.moves = 0;
		x.from = s;
		if (is_end(&x, s))
			continue;
		expand(&x, s);
		x.result.stuck |= !x.moves;
	}
	x.result.states = m->count;
	return x.result;
}
