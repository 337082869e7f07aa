/* Software that synchronises. */

inline lock(who, n, b, c)
{
	d_step { DRAINED(who) && mem[LOCK(n)] == 0 -> mem[LOCK(n)] = 1 }
}

inline unlock(who, n, b, c)
{
	d_step { put_store(who, LOCK(n), 0) }
}

inline tell(who, whom, b, c)
{
	d_step { put_store(who, TOLD(who, whom), 1) }
}

inline heed(who, from, b, c)
{
	mem[TOLD(from, who)] == 1
}

inline word_set(who, n, number, c)
{
	d_step { put_store(who, WORD(n), number) }
}

inline word_add(who, n, number, c)
{
	d_step { DRAINED(who) -> mem[WORD(n)] = (mem[WORD(n)] + number) % COUNTS }
}

inline word_read(who, n, to, c)
{
	d_step {
		what_ = SEE(who, WORD(n));
		SAW(to, COUNT(what_))
	}
}

inline word_same(who, n, observation, to)
{
	d_step {
		what_ = SEE(who, WORD(n));
		SAW(to, YES_IF(COUNT(what_) == saw[observation]))
	}
}

inline word_wait(who, n, number, c)
{
	mem[WORD(n)] == number
}
