#pragma once
#include "tests/model/state.h"

/* Steps by what executes them: each says to reach() what can follow. */
typedef void move_fn(struct explorer *x, const struct state *s, unsigned agent,
		     const struct step *st);
move_fn move_load, move_store, move_fault_code;
move_fn move_copy, move_compare, move_peek, move_reuse, move_alloc, move_store_seen;
move_fn move_get, move_put, move_try_get, move_put_seen;
move_fn move_pte_look, move_pte_write_back, move_pte_set, move_pte_fill, move_pte_exchange,
	move_pte_drop;
move_fn move_pde_look, move_pde_set, move_pde_exchange;
move_fn move_table_read, move_table_leaf, move_table_reuse, move_table_touched;
move_fn move_space_load, move_invpcid;
move_fn move_flush, move_cpu_flush, move_broadcast, move_ipi, move_cli, move_sti, move_rcu_start;
move_fn move_lock, move_unlock, move_tell, move_word_set, move_word_add, move_word_read, move_pass;
move_fn move_iommu_queue, move_iommu_select, move_iommu_wait, move_iommu_flush, move_dma;
move_fn move_ats_request, move_ats_ask, move_ats_access, move_ats_land, move_dtlb_queue;
move_fn move_queue_refused, move_entry, move_entry_queue;
move_fn move_page_request, move_page_response, move_page_wait;

/* Has a step that waits what it waits for? */
typedef bool over_fn(const struct state *s, unsigned agent, const struct step *st);
over_fn over_access, over_cpu_flush, over_broadcast, over_ipi_wait, over_rcu_wait;
over_fn over_iommu_wait, over_iommu_wait_badly, over_iommu_flush, over_heed, over_word_wait,
	over_ref_wait;

/* What a load or store has come to. The handler's IRET lets nothing pass that is still in the store buffer. */
enum { ACCESS, ACCESS_FAULTED, STORE_WALKED /* + table */ };

/* The frame that an observation names; FRAMES: none. A step that does nothing, and its end. */
unsigned named_frame(const struct state *s, u64 observation);
void step_nothing(struct explorer *x, const struct state *s, unsigned c);

/* A step that is one store, or one locked operation, and its end. */
void step_stores(struct explorer *x, const struct state *s, unsigned agent, unsigned word,
		 u8 value);
void step_exchanges(struct explorer *x, const struct state *s, unsigned agent, unsigned word,
		    u8 value);
