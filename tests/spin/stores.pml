/* CPUs' store buffers (TSO) at work. */

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
