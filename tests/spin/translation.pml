/* The architecture: what may be cached, and translation by that or by a walk, into `frame`. */
#define IN_FLIGHT MEANWHILE
#define UNIT_IS_FREE true
#define READ_AHEAD(who, place, needs, sets)

/* A cache loads what the PTE says: a CPU's sees the CPU's own stores. IOTLB is no CPU. */
inline fill(cache, place)
{
	leaf_ = WALKED(cache, place);
	if
	:: HAS(leaf_, PRESENT | ACCESSED) ->
		CACHED(cache, place) = CACHED(cache, place) | (1 << ENTRY_OF(leaf_))
	:: else
	fi
}

/*
 * A PTE has changed. What is cached need not be used, so nothing is lost if every cache loads it at
 * once.
 */
inline changed(place)
{
	cache_ = 0;
	do
	:: cache_ < cpus -> fill(cache_, place); cache_++
	:: else -> break
	od;
	fill(IOTLB, place)
}

/* It may be loaded again at once. */
inline forget(cache, place)
{
	CACHED(cache, place) = 0;
	fill(cache, place)
}

inline set_pte(place, leaf)
{
	mem[PTE(place)] = leaf;
	changed(place)
}

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
	leaf_ = WALKED(cache, place);
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

/* An IOMMU with an entry that does not permit may walk or refuse (not said: both). */
inline translate_write(cache, place)
{
	any_entry(cache, place);
	if
	:: frame < ENTRIES && frame % KINDS == WRITTEN -> frame = frame / KINDS
	:: frame < ENTRIES && frame % KINDS == READ_ONLY && cache == IOTLB -> frame = FAULT
	:: else -> d_step { walk(cache, place, WRITABLE, ACCESSED | DIRTY) }
	fi
}

/*
 * A CPU sets D some time after it has read the entry and found it writable: by then W may be gone
 * (SDM 3A 4.8). If more than that has changed it walks again. No interrupt comes in the middle of that.
 */
#define DIRTIES 128 /* + frame: read, and D is to be set */
bool dirties[CPUS];

#define REFUSES(entry) ((entry) < ENTRIES && (entry) % KINDS == READ_ONLY)

inline walk_to_write(who, place)
{
	leaf_ = WALKED(who, place);
#ifdef STEPPED
	walk(who, place, WRITABLE, ACCESSED | DIRTY)
#else
	if
	:: HAS(leaf_, PRESENT | WRITABLE) && !HAS(leaf_, DIRTY) -> frame = DIRTIES + FRAME_OF(leaf_)
	:: else -> walk(who, place, WRITABLE, ACCESSED | DIRTY)
	fi;
	dirties[who] = (frame != FAULT && frame >= DIRTIES)
#endif
}

inline set_dirty(who, place)
{
	if
	:: HAS(mem[PTE(place)], PRESENT) && FRAME_OF(mem[PTE(place)]) == frame - DIRTIES ->
		frame = frame - DIRTIES;
		dirties[who] = false;
		set_pte(place, mem[PTE(place)] | ACCESSED | DIRTY)
	:: else -> walk_to_write(who, place)
	fi
}
