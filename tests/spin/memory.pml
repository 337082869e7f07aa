/*
 * Memory, which is one; the CPUs' store buffers (TSO); and what caches hold of PTEs. Whatever a store buffer can hold a
 * store to has an address.
 */
#define CONTENT(frame)    (frame)
#define PTE(place)        (FRAMES + (place))
#define WORD(n)           (PTE(PLACES) + (n))
#define LOCK(n)           (WORD(WORDS) + (n))
#define REF(frame)        (LOCK(LOCKS) + (frame))
#define INSIDE(who)       (REF(FRAMES) + (who)) /* odd between cli and sti */
#define TOLD(from, whom)  (INSIDE(AGENTS) + (from) * AGENTS + (whom))
byte mem[TOLD(AGENTS, 0)];

/* A PTE that is not present is 0 (EMPTY) or the symbol of a tag. */
#define WRITABLE 1
#define ACCESSED 2
#define DIRTY    4
#define PRESENT  128
#define LEAF(frame, bits)  (PRESENT | ((frame) << 4) | (bits))
#define FRAME_OF(leaf)     (((leaf) >> 4) & 7)
#define HAS(leaf, bits)    (((leaf) & (bits)) == (bits))
#define SYMBOL_OF(leaf)    (((leaf) & PRESENT) -> MARK(FRAME_OF(leaf)) : ((leaf) == 0 -> EMPTY : (leaf)))

/* A cache holds a set of entries for a place: a frame, and whether it may be written, and whether D was set then. */
#define ENTRIES (FRAMES * KINDS)
#define KINDS   3
#define READ_ONLY 0
#define CLEAN     1
#define WRITTEN   2
#define KIND_OF(leaf)  (((leaf) & WRITABLE) -> (((leaf) & DIRTY) -> WRITTEN : CLEAN) : READ_ONLY)
#define ENTRY_OF(leaf) (FRAME_OF(leaf) * KINDS + KIND_OF(leaf))
#define IOTLB CPUS /* caches: each CPU's TLB, and this */
short cached[(CPUS + 1) * PLACES];
#define CACHED(cache, place)      cached[(cache) * PLACES + (place)]
#define IS_CACHED(cache, place, entry) ((CACHED(cache, place) >> (entry)) & 1)

/* Store buffers: first in, first out. A device has none. */
typedef buffer {
	byte count;
	byte at[STORES];
	byte what[STORES]
};
buffer stores[CPUS];
#define DRAINED(who)         (who >= CPUS || stores[who].count == 0)
#define IS_DRAINED(cpu, any) (stores[cpu].count == 0)

/* into = what `who` reads: its own youngest store to there, or memory */
inline see(who, address, into)
{
	into = mem[address];
	if
	:: who < CPUS ->
		i_ = 0;
		do
		:: i_ < stores[who].count ->
			if
			:: stores[who].at[i_] == address -> into = stores[who].what[i_]
			:: else
			fi;
			i_++
		:: else -> break
		od; skip
	:: else
	fi
}

/* A cache loads what the PTE says: a CPU's sees the CPU's own stores. IOTLB is no CPU. */
inline fill(cache, place)
{
	see(cache, PTE(place), leaf_);
	if
	:: HAS(leaf_, PRESENT | ACCESSED) ->
		CACHED(cache, place) = CACHED(cache, place) | (1 << ENTRY_OF(leaf_))
	:: else
	fi
}

/* A PTE has changed. What is cached need not be used, so nothing is lost if every cache loads it at once. */
inline changed(place)
{
	cache_ = 0;
	do
	:: cache_ <= IOTLB -> fill(cache_, place); cache_++
	:: else -> break
	od; skip
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

/* A store arrives. */
inline write(address, symbol)
{
	mem[address] = symbol;
	if
	:: address == PTE(0) -> changed(0)
	:: address == PTE(1) -> changed(1)
	:: else
	fi
}

/* A plain store: into the buffer. */
inline put_store(who, address, symbol)
{
#if defined(STEPPED) || defined(COHERENT)
	write(address, symbol)
#else
	if
	:: who < CPUS ->
		stores[who].at[stores[who].count] = address;
		stores[who].what[stores[who].count] = symbol;
		stores[who].count++;
		if
		:: address == PTE(0) -> fill(who, 0)
		:: address == PTE(1) -> fill(who, 1)
		:: else
		fi
	:: else -> write(address, symbol)
	fi
#endif
}

proctype store_buffer(byte who)
{
end:	do
	:: d_step {
		stores[who].count > 0 ->
		at_ = stores[who].at[0];
		what_ = stores[who].what[0];
		stores[who].count--;
		i_ = 0;
		do
		:: i_ < stores[who].count ->
			stores[who].at[i_] = stores[who].at[i_ + 1];
			stores[who].what[i_] = stores[who].what[i_ + 1];
			i_++
		:: else -> break
		od;
		stores[who].at[i_] = 0;
		stores[who].what[i_] = 0;
		write(at_, what_)
	}
	od
}
