/*
 * A listing and its controls, as numbers on standard input (promela.c: print_listing): one program serves all, and
 * what never changes is no part of the state.
 */

/* Instead of an operation: there are no more, and the next one is a step only if observation a is b. */
#define LAST  254
#define GUARD 255
c_decl {
	enum { STEPS_ALL = (VARIANTS + 1) * AGENTS * STEPS_MAX * 2 };
	static unsigned char ops[STEPS_ALL], as[STEPS_ALL], bs[STEPS_ALL], cs[STEPS_ALL];
	static short steps, warm[AGENTS], first[VARIANTS][AGENTS];
	static unsigned char content[FRAMES];
};
hidden byte cpus, slots, variants;

c_code {
	static int number(void)
	{
		int n;

		if (scanf("%d", &n) == 1)
			return n;
		printf("! no listing\n");
		exit(1);
	}

	static void add_step(int op, int a, int b, int c)
	{
		ops[steps] = op;
		as[steps] = a;
		bs[steps] = b;
		cs[steps++] = c;
	}

	/* Where they begin; -1: there are none. */
	static short read_steps(void)
	{
		short begin = steps;
		int count = number();

		for (int i = 0; i < count; i++) {
			int op = number(), a = number(), b = number(), c = number(), guard = number(), value = number();

			if (guard)
				add_step(GUARD, guard, value, 0);
			add_step(op, a, b, c);
		}
		add_step(LAST, 0, 0, 0);
		return count ? begin : -1;
	}

	static void read_listing(void)
	{
		cpus = number();
		slots = number();
		for (int p = 0; p < PLACES; p++) {
			int frame = number(), rights = number(), state = number();
			int more = GRANTS_MORE(rights);
			int bits = (more ? WRITABLE : 0) | (rights == RW_SPECIAL ? MARKED : 0) |
				   (state != LEAF_FRESH ? ACCESSED : 0) |
				   (state == LEAF_USED && more ? DIRTY : 0);

			now.mem[PTE(p)] = rights ? LEAF(frame, bits) : 0;
		}
		for (int f = 0; f < FRAMES; f++)
			content[f] = number();
		for (int f = 0; f < FRAMES; f++)
			now.mem[REF(f)] = number();
		for (int w = 0; w < WORDS; w++)
			now.mem[WORD(w)] = number();
		for (int a = 0; a < AGENTS; a++)
			warm[a] = read_steps();
		variants = number();
		for (int v = 0; v < variants; v++)
			for (int a = 0; a < AGENTS; a++)
				first[v][a] = read_steps();
	}

	static void refill(void)
	{
		for (int f = 0; f < FRAMES; f++)
			now.mem[CONTENT(f)] = content[f];
	}
};
