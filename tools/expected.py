"""What the tests are to say on any machine of QEMU: what their needs are called, and what deviates there, as (names, outcome), both
globs. tools/machines.py has the machines and what is so on single ones.
"""
READS, WRITES, WRITES_ANY, TWO = BY_ENGINES = ['a%s DMA engine that %s' % what for what in (('', 'reads'), ('', 'writes'), ('', 'writes any word'), (' second', 'writes'))]
DIRECT = 'a synchronous DMA engine that reaches every address'
# Ours beside QEMU has the first; no other device does.
ATS = 'a device with a device TLB (ATS)'
NOWHERE = (ATS, 'a device that sends page requests (PRI)', 'a device that does not answer invalidations and a unit that notices (ITE)')
# Only QEMU 10 looks at RID_PASID.
PASIDS = 'first-stage translation with any RID_PASID'
PCIDS = 'process-context identifiers (PCID) and INVPCID'  # QEMU's own CPUs have none
NO_RINGS = 'a DMA engine that keeps no rings in memory'
LEARNS = 'a DMA engine that learns that it was refused'
BEGIN = 'a DMA engine whose writes can be begun and awaited apart'
ENTRY = 'a PASID entry (scalable mode) and two tables of one stage'
NO_CM = 'an IOMMU that does not cache absence (CAP.CM=0)'
CM = 'an IOMMU that may cache absence (CAP.CM=1)'
NARROW = 'a queue of descriptors of 128 bits (legacy mode)'
SECOND = 'second-stage translation of four levels in scalable mode'
BY_DEVICES = BY_ENGINES + list(NOWHERE)
# A second stage walks the CPUs' tables too, with so many levels, and does not.
MARKS = ['first-stage translation that sets A and D']
LEVELS = 'iommu tables: shared=second-stage levels=%d '
BY_WORD = 'a DMA engine (ENGINE=none)'
NO_DEVICE = '@cpu'  # a rule for all tests that need no device

FAMILIES = tuple('%s%02d.' % (group, n) for group, numbers in (
    ('A', range(1, 25)), ('B', range(1, 14)), ('C', range(22)), ('D', range(1, 13)), ('U', (1, 2, 3, 4, 5, 6, 8, 9))) for n in numbers)

# An emulator's stores are not seen late, so that nothing is lost with a fence.
STORES = [('C00.stores_fenced', 'skip control not shown: no store was seen late here, see C00.stores'),
          ('D06.no_fence*', 'skip hazard not shown: no store was seen late here, see C00.stores')]
# A TLB entry that refuses is not kept.
REFUSALS = [('D11.fault_is_fatal', 'skip hazard not shown: no stale entry refuses a store here, see D11.spurious')]
# The queue is worked off while its tail is written: to wait for it, or not, makes no difference. What is cached is used.
NOT_HERE = [(name, 'skip hazard not shown: ' + why) for why, names in (
    ('nothing that is queued is left to do here once the tail is written', 'C02.not_awaited C02.wait_first C02.others_status C04.no_wait'),
    ('no DMA is on its way here while an invalidation is executed', 'C03.*not_drained C16.snapshot_no_drain'),
    ('a large page is cached whole here, not in pieces', 'C07.split_one'),
    ("what is cached for one device serves no other's requests here", 'C12.one_domain C12.one_domain_told'),
    ('no IOTLB entry is forgotten here, or passed over', 'C07.direct')) for name in names.split()]
ABSENCE = [(name, 'skip %s not shown: that there is no entry is not cached here' % what) for name, what in (('C19.told', 'control'), ('C19.not_told', 'hazard'))]
NOT_HERE += [('C02.own_wait', 'skip control not shown: nothing that is queued is left to do here once the tail is written')]
NOT_HERE += ABSENCE + [(name, ABSENCE[0][1]) for name in ('C19.table_told', 'C19.pasid_told', 'C19.context_told')]
NOT_HERE += [(name, 'skip %s not shown: walks for devices see here what CPUs have stored, written back or not' % what)
             for name, what in (('C21.written_back', 'control'), ('C21.not_written_back', 'hazard'))]
# A load of CR3 drops all of it, global or not.
GLOBALS = [(name, 'skip * a load of CR3 drops global entries too here, see D07.kept') for name in ('D07.cr3', 'D07.stray*')]
# Nor does it remember upper levels: what rests on that only the model can show.
def upper(names):
    return [(name, 'skip * not shown: * remember* upper level, see C01.*') for name in names.split()]


# Nor PASID entries, though one that is not present it goes by.
PASID_ENTRIES = [(name, 'skip * not shown: the IOMMU here remembers no PASID entry, see C01.*') for name in (
    'C01.pasid_baseline', 'C08.iotlb_*', 'C08.both', 'C08.other_page', 'C08.device_tlb_last', 'C09.teardown_context', 'C09.device_tlb_last', 'C10.wiped', 'C10.cleared_wiped')]
PASID_ENTRIES += [('C09.teardown', 'known *')]
UPPER_BASELINES = PASID_ENTRIES[:1] + upper('C01.pde_baseline C01.iommu_pde_baseline')
UPPER_CPU = upper('C01.pde_baseline D08.merge_freed D09.nobody_told D09.any_page D09.while_read D09.invlpg D09.cr3_load D09.moved_empty')
UPPER_CPU += upper('B09.skips_lazy B09.freed_tables B09.left B11.cpu.*')
UPPER = UPPER_CPU + upper('B04.leaves C09.tables_unlinked B11.device.* B12.* B01.table_leaves.device B01.table_every_level.device') + upper('C01.iommu_pde_baseline C05.removed* C05.replaced* C07.merge_freed*')
# Every QEMU here departs from the specification in these, deviations.c of tests/ and tests/unit/; a race shows what it happens to.
UNITS = [(name, 'known *') for name in '''U02.root* U02.context_low U02.context_address U02.context_high U02.context_words U02.pasid_low
    U02.pasid_words U02.pasid_dir* U03.root_absent U03.context_absent U09.write_??_a0d1 U09.write_??_a1d0 U09.write_after_read U09.*_no_snoop
    U03.context_unreachable U03.context_pre_alone U03.context_eptr_alone U03.pasid_aw_* U03.pass_through_too_wide U01.taken_piotlb_am U04.result_??_behind U04.result_1g_before U06.absent U06.legacy_pc U06.legacy_piotlb U06.ttm_? U06.legacy_interrupt_range U08.*_read U01.narrow_cc'''.split()]
# And in these, but where it has a use for the bit.
# Only 10.0 goes by RID_PASID; no other does what is wrong with it.
# No memory lies there but ivshmem's; and a domain id has all bits.
BESIDE, NARROW_DID = 'skip needs memory beside the addresses of interrupts (ivshmem)', 'skip needs domain ids of fewer bits (CAP.ND)'
UNITS = [
    ('U06.rid_pasid', '[ok]*'), ('U03.untagged', '[ok]*'), ('U04.result_4k_b*', BESIDE), ('U04.result_2m_before', BESIDE),
    ('U04.second_result_4k_b*', BESIDE), ('U04.second_result_2m_before', BESIDE), ('U02.pasid_ignored', 'ok'), ('U02.pasid_did', NARROW_DID),
    ('U01.*wait_neither', 'known *'), ('U01.*wait_both', '[os]*'), ('U01.*wait_fence', '[ok]*'), ('U05.*absent_pasid_dir', '[oks]*'),
    ('U05.absent_root', 'known *'), ('U05.absent_context', 'known *'), ('U05.absent_pasid', 'known *'), ('U06.root_unreachable', 'known *'),
    ('U06.second_root_unreachable', 'known *'), ('U08.second_*', 'known *'), ('U02.pdpte_ps', '[os]*'),
    ('U02.second_pd*_ps', 'skip needs a unit without pages of that size'), ('U01.refused_pc_*', '[ok]*'), ('U01.narrow_pc', '[ok]*'),
    ('U01.refused_*dtlb_*', '[os]*'), ('U01.dtlb_*pasid*', '[os]*'), ('U01.pasid_*', 'skip control not shown: no PASID entry is kept here')] + UNITS
UNITS += [('U06.legacy_alone*', '[os]*'), ('U02.context_*', '[ks]*'), ('U02.pasid_*', '[ks]*'), ('U02.pte_nxe', 'ok')]
# A second stage's faults have reasons of the legacy mode.
UNITS += [('U01.second_pasid_*', 'skip control not shown: no PASID entry is kept here'), ('U02.second_ignored*', 'ok'), ('U02.second_62_*', '[ks]*'), ('U02.second_*', 'known *'), ('U03.second_*_only', 'ok'),
          ('U03.second_[afi]*', 'ok'), ('U03.second_type*', 'ok'), ('U03.second_[co]*', 'ok'), ('U03.second_*', 'known *'), ('U06.second_ttm_?', 'known *'), ('U06.second_legacy_p*', 'known *'), ('U04.second_request*', 'ok'), ('U04.second_*_b*', 'known *'), ('U05.second_absent*', 'known *')]
# What only races show: each may miss it, and not all of them with as many ROUNDS as there are.
RACES = 'C15.read C15.write C16.exchange C16.read_and_store C16.protect*'.split()
RACED = 'not ok [0-9]* C1[56].* # TODO QEMU?s VT-d brings back an entry that a CPU clears while it is walked'
DEVIATIONS = UNITS + [('D11.fault_drops', 'known *')] + [(name, '[ok]*') for name in RACES] + [('C14.upgrade', 'known *'), ('C14.not_told', 'known *')] + [
    ('C16.' + name, 'known *') for name in ('accessed', 'clean', 'read_before', 'snapshot')] + STORES + REFUSALS + NOT_HERE + GLOBALS + UPPER + PASID_ENTRIES
