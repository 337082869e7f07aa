/* Translation: by what a cache holds, or by a walk. Into `frame`. */

#define FAULT 255 /* instead of a frame */

/* A leaf that nobody has used may be loaded by anyone: that sets A, and then all may have it. */
proctype speculation(byte place)
{
end:	do
	:: d_step {
		HAS(mem[PTE(place)], PRESENT) && !HAS(mem[PTE(place)], ACCESSED) ->
		set_pte(place, mem[PTE(place)] | ACCESSED)
	}
	od
}

/* An entry in the cache, any, or ENTRIES for none. */
inline any_entry(cache, place)
{
	frame = 0;
	do
	:: frame < ENTRIES && IS_CACHED(cache, place, frame) -> break
	:: frame < ENTRIES -> frame++
	:: frame == ENTRIES -> break
	od
}

/* A walk. With a fault nothing stays cached of a CPU's page (SDM 3A 4.10.4.1). */
inline walk(cache, place, needs, sets)
{
	see(cache, PTE(place), leaf_);
	if
	:: HAS(leaf_, PRESENT | needs) ->
		frame = FRAME_OF(leaf_);
		if
		:: !HAS(leaf_, sets) -> set_pte(place, leaf_ | sets)
		:: else
		fi
	:: else ->
		frame = FAULT;
		if
		:: cache < CPUS -> forget(cache, place)
		:: else
		fi
	fi
}

inline translate_read(cache, place)
{
	any_entry(cache, place);
	if
	:: frame < ENTRIES -> frame = frame / KINDS
	:: else -> d_step { walk(cache, place, 0, ACCESSED) }
	fi
}

/*
 * D is to be set through an entry that was writable when it was loaded: a CPU may do so though W is gone by now
 * (SDM 3A 4.8), if the page still is the same.
 */
inline set_dirty(who, place)
{
	d_step {
		if
		:: HAS(mem[PTE(place)], PRESENT) && FRAME_OF(mem[PTE(place)]) == frame / KINDS ->
			frame = frame / KINDS;
			set_pte(place, mem[PTE(place)] | ACCESSED | DIRTY)
		:: else -> walk(who, place, WRITABLE, ACCESSED | DIRTY)
		fi
	}
}

/* An entry that does not permit is none for a CPU; an IOMMU may walk or refuse (not said: both). */
inline translate_write(cache, place)
{
	any_entry(cache, place);
	if
	:: frame < ENTRIES && frame % KINDS == WRITTEN -> frame = frame / KINDS
	:: frame < ENTRIES && frame % KINDS == CLEAN && cache < CPUS && DRAINED(cache) -> set_dirty(cache, place)
	:: frame < ENTRIES && frame % KINDS == READ_ONLY && cache == IOTLB -> frame = FAULT
	:: else -> d_step { walk(cache, place, WRITABLE, ACCESSED | DIRTY) }
	fi
}
