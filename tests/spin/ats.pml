/* Devices with a TLB of their own. */

#define DEVICE_TLB(who, place) device_tlb[(who) * PLACES + (place)]

/* The answer says whether it may be written; if so, D is set. */
inline ats_request(who, place, to, c)
{
	atomic {
		any_entry(IOTLB, place);
		d_step {
			if
			:: frame < ENTRIES && frame % KINDS != CLEAN -> DEVICE_TLB(who, place) = 1 + frame
			:: else ->
				if
				:: HAS(mem[PTE(place)], PRESENT) ->
					set_pte(place, mem[PTE(place)] | ACCESSED |
						(HAS(mem[PTE(place)], WRITABLE) -> DIRTY : 0));
					DEVICE_TLB(who, place) = 1 + ENTRY_OF(mem[PTE(place)])
				:: else -> DEVICE_TLB(who, place) = 0
				fi
			fi;
			SAW(to, (DEVICE_TLB(who, place) == 0 -> BLOCKED : MARK((DEVICE_TLB(who, place) - 1) / KINDS)));
			frame = 0
		}
	}
}

/* The device may have dropped what it was granted. */
inline ats_start(who, place, permits)
{
	if
	:: DEVICE_TLB(who, place) != 0 && (permits) ->
		frame = (DEVICE_TLB(who, place) - 1) / KINDS;
		flight[who] = FLIGHT(DTLB_PAGE, place)
	:: DEVICE_TLB(who, place) = 0; frame = FAULT
	:: DEVICE_TLB(who, place) != 0 && !(permits) -> frame = FAULT
	fi
}

inline ats_read(who, place, to, c)
{
	atomic {
		ats_start(who, place, true);
		MEANWHILE
		read_lands(who, to, mem[CONTENT(frame)])
	}
}

inline ats_write(who, place, symbol, to)
{
	atomic {
		ats_start(who, place, (DEVICE_TLB(who, place) - 1) % KINDS == WRITTEN);
		MEANWHILE
		write_lands(who, symbol, to)
	}
}
