/*
 * Steps of a CPU: accesses, frames, references, page-table entries. Arguments: who, and the listing's
 * three.
 */

/* A #PF, by the entry that a walk has read last. */
byte code[CPUS];
#define FAULTED(who, kind) code[who] = COUNT((kind) + (HAS(leaf_, PRESENT) -> FAULT_PRESENT : 0))

#define YES_IF(condition) ((condition) -> YES : NO)

inline load(who, place, to, c)
{
	atomic {
		translate_read(who, place);
		d_step {
			if
			:: frame == FAULT -> seen = BLOCKED; FAULTED(who, 0)
			:: else -> seen = SEE(who, CONTENT(frame))
			fi;
			SAW(to, seen);
			frame = 0;
			seen = 0
		}
	}
}

inline load_mark(who, place, to, c)
{
	atomic {
		translate_read(who, place);
		d_step {
			if
			:: frame == FAULT -> SAW(to, BLOCKED); FAULTED(who, 0)
			:: else -> SAW(to, MARK(frame))
			fi;
			frame = 0
		}
	}
}

inline store_now(who, symbol, to)
{
	if
	:: dirties[who]
	:: else ->
		if
		:: frame == FAULT -> SAW(to, BLOCKED); FAULTED(who, FAULT_WRITE)
		:: else ->
			SAW(to, LANDED);
			put_store(who, CONTENT(frame), symbol)
		fi;
		frame = 0
	fi
}

inline store(who, place, symbol, to)
{
	atomic {
		any_entry(who, place);
		d_step {
			if
			:: frame < ENTRIES && frame % KINDS == WRITTEN -> frame = frame / KINDS
			:: else -> walk_to_write(who, place)
			fi;
			store_now(who, symbol, to)
		}
	}
	do
	:: d_step {
		dirties[who] ->
		set_dirty(who, place);
		store_now(who, symbol, to)
	}
	:: !dirties[who] -> break
	od
}

/* An entry that forbids may refuse, whatever the PTE says by now, and is gone then. */
inline store_once(who, place, symbol, to)
{
	atomic {
		any_entry(who, place);
		d_step {
			if
			:: frame < ENTRIES && frame % KINDS == WRITTEN -> frame = frame / KINDS
			:: REFUSES(frame) ->
				forget(who, place);
				leaf_ = PRESENT;
				frame = FAULT
			:: else -> walk_to_write(who, place)
			fi;
			store_now(who, symbol, to)
		}
	}
	do
	:: d_step {
		dirties[who] ->
		set_dirty(who, place);
		store_now(who, symbol, to)
	}
	:: !dirties[who] -> break
	od
}

/* An instruction, by a user. The way to ring 3 is an IRET. */
inline fetch(who, place, to, c)
{
	atomic {
		DRAINED(who);
		any_entry(who, place);
		d_step {
			if
			:: frame < ENTRIES && frame % KINDS == WRITTEN -> frame = frame / KINDS
			:: REFUSES(frame) ->
				forget(who, place);
				leaf_ = PRESENT;
				frame = FAULT
			:: else -> walk(who, place, WRITABLE, ACCESSED)
			fi;
			if
			:: frame == FAULT -> SAW(to, BLOCKED); FAULTED(who, FAULT_USER + FAULT_FETCH)
			:: else -> SAW(to, YES)
			fi;
			frame = 0
		}
	}
}

inline fault_code(who, observation, to, c)
{
	d_step {
		if
		:: saw[observation] == BLOCKED -> SAW(to, code[who])
		:: else
		fi
	}
}

inline fence(who, a, b, c)
{
	DRAINED(who)
}

/* Two accesses each: what is not one instruction can be interrupted. */
inline copy(who, from, into, c)
{
	atomic {
		d_step { seen = SEE(who, CONTENT(from)) }
		MEANWHILE
		d_step {
			put_store(who, CONTENT(into), seen);
			seen = 0
		}
	}
}

inline compare(who, one, other, to)
{
	atomic {
		d_step { seen = SEE(who, CONTENT(one)) }
		MEANWHILE
		d_step {
			what_ = SEE(who, CONTENT(other));
			SAW(to, YES_IF(what_ == seen));
			seen = 0
		}
	}
}

inline peek(who, f, to, c)
{
	d_step {
		what_ = SEE(who, CONTENT(f));
		SAW(to, what_)
	}
}

inline reuse(who, f, b, c)
{
	atomic {
		d_step { put_store(who, REF(f), 1) }
		MEANWHILE
		d_step { put_store(who, CONTENT(f), S) }
	}
}

/* Taken, and then filled. */
inline alloc(who, f, to, c)
{
	atomic {
		d_step {
			DRAINED(who) ->
			frame = mem[REF(f)];
			SAW(to, YES_IF(frame == 0));
			if
			:: frame == 0 -> mem[REF(f)] = 1
			:: else
			fi
		}
		MEANWHILE
		d_step {
			if
			:: frame == 0 -> mem[CONTENT(f)] = S
			:: else -> frame = 0
			fi
		}
	}
}

#define NAMED(observation) (saw[observation] >= MARK(0) && saw[observation] < MARK(FRAMES))
#define NAME(observation)  (saw[observation] - MARK(0))

inline store_seen(who, observation, symbol, c)
{
	d_step {
		if
		:: NAMED(observation) -> put_store(who, CONTENT(NAME(observation)), symbol)
		:: else
		fi
	}
}

inline get(who, f, b, c)
{
	d_step { DRAINED(who) -> mem[REF(f)]++ }
}

/* One that is free already is only read; a locked operation is what changes it. */
inline put(who, f, to, c)
{
	d_step {
		if
		:: SEE(who, REF(f)) == 0 -> SAW(to, BLOCKED)
		:: DRAINED(who) && mem[REF(f)] > 0 -> mem[REF(f)]--; SAW(to, COUNT(mem[REF(f)]))
		fi
	}
}

inline ref_wait(who, f, number, c)
{
	mem[REF(f)] == number
}

inline put_seen(who, observation, to, c)
{
	if
	:: NAMED(observation) -> put(who, NAME(observation), to, c)
	:: else
	fi
}

inline try_get(who, observation, to, c)
{
	d_step {
		if
		:: !NAMED(observation) || SEE(who, REF(NAME(observation))) == 0 -> SAW(to, NO)
		:: NAMED(observation) && DRAINED(who) && mem[REF(NAME(observation))] > 0 ->
			mem[REF(NAME(observation))]++;
			SAW(to, YES)
		fi
	}
}

inline pte_read(who, place, to, c)
{
	d_step {
		leaf_ = SEE(who, PTE(place));
		SAW(to, SYMBOL_OF(leaf_))
	}
}

inline pte_same(who, place, observation, to)
{
	d_step {
		leaf_ = SEE(who, PTE(place));
		SAW(to, YES_IF(SYMBOL_OF(leaf_) == saw[observation]))
	}
}

inline pte_has(who, place, bits, to)
{
	d_step {
		leaf_ = SEE(who, PTE(place));
		SAW(to, YES_IF(HAS(leaf_, PRESENT | bits)))
	}
}

inline pte_dirty(who, place, to, c) { pte_has(who, place, DIRTY, to) }

inline pte_accessed(who, place, to, c) { pte_has(who, place, ACCESSED, to) }

inline pte_writable(who, place, to, c) { pte_has(who, place, WRITABLE, to) }

inline pte_clear(who, place, b, c)
{
	d_step { DRAINED(who) -> set_pte(place, 0) }
}

inline pte_clear_dirty(who, place, to, c)
{
	d_step {
		DRAINED(who) ->
		SAW(to, YES_IF(HAS(mem[PTE(place)], PRESENT | DIRTY)));
		set_pte(place, 0)
	}
}

#define NEW_LEAF(f, rights) \
	((rights) == 0 -> 0 : LEAF(f, ACCESSED | (GRANTS_MORE(rights) -> WRITABLE | DIRTY : 0) | ((rights) == RW_SPECIAL -> MARKED : 0)))

inline pte_set(who, place, f, rights)
{
	d_step { put_store(who, PTE(place), NEW_LEAF(f, rights)) }
}

inline pte_fill(who, place, observation, rights)
{
	d_step {
		if
		:: NAMED(observation) -> put_store(who, PTE(place), NEW_LEAF(NAME(observation), rights))
		:: else
		fi
	}
}

inline pte_exchange(who, place, f, rights)
{
	d_step { DRAINED(who) -> set_pte(place, NEW_LEAF(f, rights)) }
}

inline pte_tag(who, place, tag, c)
{
	d_step { DRAINED(who) -> set_pte(place, tag) }
}

inline pte_drop(who, place, bits)
{
	d_step {
		if
		:: !HAS(SEE(who, PTE(place)), PRESENT)
		:: DRAINED(who) && HAS(mem[PTE(place)], PRESENT) -> set_pte(place, mem[PTE(place)] & ~(bits))
		fi
	}
}

inline pte_wrprotect(who, place, b, c) { pte_drop(who, place, WRITABLE) }

inline pte_clean(who, place, b, c) { pte_drop(who, place, DIRTY) }

inline pte_age(who, place, b, c) { pte_drop(who, place, ACCESSED) }
