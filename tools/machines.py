"""The machines that `make test` boots, and the exact verdict that each must give.

A row's rules are (names, outcome), both globs; the first rule that matches a test counts, and a test that no rule
matches must be ok. Outcomes: "ok", "not ok", "skip REASON", "known REASON", "error REASON". Every row must run the same
tests as the first one, and at least one of each of FAMILIES.
"""
import itertools

from ktap import BAILED, COMPLETE, NOT_OK

FAMILIES = ('A01.', 'A02.', 'A03.', 'C01.')


class Row:
    def __init__(self, name, qemu='newest', rules=(), status=COMPLETE, bail=None, says=(), deadline=60, **machine):
        self.name, self.qemu, self.machine = name, qemu, machine
        self.rules = list(rules)
        self.status = BAILED if bail is not None else status
        self.bail = bail
        self.says = says
        self.deadline = deadline


NO_FIRST_STAGE = [('*', 'skip needs first-stage translation*')]
NO_IOMMU = [('*', 'skip needs *')]
NO_ENGINE = [('*', 'skip needs *')]

ROWS = [
    Row('%s-%s-%dcpu' % (firmware, qemu, cpus), qemu=qemu, firmware=firmware, cpus=cpus)
    for firmware, qemu, cpus in itertools.product(('seabios', 'ovmf'), ('newest', 'stable'), (4, 1, 2, 8))
] + [
    Row('kernel-newest', firmware='none'),
    Row('kernel-stable', qemu='stable', firmware='none'),
    Row('no-iommu', iommu='off', rules=NO_IOMMU),
    Row('legacy-newest', iommu='legacy', rules=NO_FIRST_STAGE),
    Row('legacy-stable', qemu='stable', iommu='legacy', rules=NO_FIRST_STAGE),
    Row('second-stage-newest', iommu='scalable', rules=NO_FIRST_STAGE),
    Row('second-stage-stable', qemu='stable', iommu='scalable', rules=NO_FIRST_STAGE),
    Row('caching-mode-newest', caching_mode=True),
    Row('caching-mode-stable', qemu='stable', caching_mode=True),
    Row('no-engine', engines=(), rules=NO_ENGINE),
    Row('testdev-only', engines=('testdev',)),
    Row('xhci-only', engines=('xhci',)),
    Row('64-megabytes', memory='64M'),
    Row('8-gigabytes', memory='8G'),
    Row('8-gigabytes-uefi', memory='8G', firmware='ovmf'),
    Row('xapic', cpu_model='max,-x2apic'),
    Row('x2apic', cpu_model='max,+x2apic', cpus=8),
    Row('unknown-word', args='frobnicate', bail='*frobnicate*'),
    Row('bad-number', args='deadline=12x', bail='*deadline*'),
    Row('exception', args='selftest=exception', bail='*'),
    Row('nmi', args='selftest=nmi', bail='*'),
    Row('machine-check', args='selftest=mce', bail='*'),
    Row('guard-page', args='selftest=guard', bail='*'),
    Row('write-to-text', args='selftest=wx', bail='*'),
    Row('hang', args='selftest=hang', status=NOT_OK, rules=[('*', 'error *')]),
    Row('leak', args='selftest=leak', status=NOT_OK, rules=[('*', 'error *')]),
]
