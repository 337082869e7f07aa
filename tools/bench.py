#!/usr/bin/env python3
"""How long things take, as medians, with their goals. Exits 1 when a goal is missed or a run is not good."""
import argparse
import json
import os
import re
import statistics
import struct
import subprocess
import sys
import tempfile

import boot
import qemu

# How long a boot and what is told from it may take: C01 and A01-A03 step by step; and everything there is.
FEW = 'T=C01*,A01*,A02*,A03* MODE=step'
GOAL_FEW_S = {'seabios': 1.2, 'ovmf': 6.0, 'none': None}
GOAL_ALL_S = 60  # of the whole catalogue, on two processors
GOAL_FIRST_TEST_MS = 150
GOAL_KERNEL_BYTES = 256 * 1024
FIRMWARE_TITLE = {'seabios': 'SeaBIOS, ISO', 'ovmf': 'OVMF, ISO', 'none': '-kernel'}


class Row:
    """One line: a value with a unit; a goal for it (of times and sizes the most, of rates the least), or for its ratio to something."""

    def __init__(self, name, qemu_version, values, unit, goal=None, of=None, ratios=None, ratio_goal=None):
        self.name, self.qemu, self.unit, self.of = name, qemu_version, unit, of
        self.values, self.value, self.goal = values, statistics.median(values), goal
        self.ratio, self.ratio_goal = statistics.median(ratios) if ratios else None, ratio_goal

    @property
    def met(self):
        beyond = self.goal is not None and (self.value < self.goal if self.unit == '/s' else self.value > self.goal)
        return not (beyond or self.ratio_goal is not None and self.ratio > self.ratio_goal)

    def text(self):
        number = '%.2f %s' if self.unit == 's' else '%.0f %s'
        if self.ratio is not None:
            ratio, goal = '%.2f x %s' % (self.ratio, self.of), '%.2f x' % self.ratio_goal if self.ratio_goal else ''
        elif self.goal is not None:
            ratio, goal = '%.2f of goal' % (self.value / self.goal), number % (self.goal, self.unit)
        else:
            ratio = goal = ''
        line = '%-48s %-6s %13s  %-10s %s' % (self.name, self.qemu, number % (self.value, self.unit), goal, ratio)
        return line.rstrip() + ('' if self.met else '  MISSED')

    def data(self):
        return {**vars(self), 'met': self.met}


class Absent:
    """What this machine cannot show: no goal is missed there, and none is met."""
    met = None

    def __init__(self, name, qemu_version, why):
        self.name, self.qemu, self.why = name, qemu_version, why

    def text(self):
        return '%-48s %-6s %13s  %s' % (self.name, self.qemu, '-', self.why)

    def data(self):
        return {**vars(self), 'met': self.met}


def good(command, what, beside=None):
    run = boot.boot(command, deadline=120, silence=60, beside=beside)
    if run.complaints:
        print(*boot.last_lines(run), sep='\n')
        raise qemu.Trouble('%s: %s' % (what, '; '.join(run.complaints)))
    return run


def scenarios(elf):
    """How many are linked in: 32 bytes each between two symbols (tests/listing.h)."""
    lines = subprocess.run(['nm', elf], check=True, capture_output=True, text=True).stdout.split('\n')
    at = {line.split()[2]: int(line.split()[0], 16) for line in lines if line.endswith('_scenarios')}
    return (at['__stop_scenarios'] - at['__start_scenarios']) // 32


def size(elf):
    """What a loader reads, in bytes: the file without debug sections; its segments that go to memory, and these with their zeros."""
    with tempfile.TemporaryDirectory() as folder:
        stripped = os.path.join(folder, 'kernel')
        subprocess.run(['strip', '-o', stripped, elf], check=True)
        with open(stripped, 'rb') as file:
            image = file.read()
    table, size, count = (struct.unpack_from(kind, image, at)[0] for kind, at in (('<Q', 32), ('<H', 54), ('<H', 56)))
    segments = [struct.unpack_from('<IIQQQQQQ', image, table + i * size) for i in range(count)]
    loaded = [(kind[5], kind[6]) for kind in segments if kind[0] == 1]
    return len(image), sum(file for file, _ in loaded), sum(memory for _, memory in loaded)


def sizes(elf, bare):
    """What every scenario needs is judged; what they cost themselves is a number for each, and grows with the catalogue."""
    whole, kernel = size(elf), size(bare)
    count, one = scenarios(elf), scenarios(bare)
    yield Row('kernel image, file', '', [whole[0]], 'B')
    yield Row('kernel image, bytes to load', '', [whole[1]], 'B')
    yield Row('kernel image, memory with its zeros', '', [whole[2]], 'B')
    yield Row('kernel without its scenarios, file', '', [kernel[0]], 'B', GOAL_KERNEL_BYTES)
    yield Row('kernel without its scenarios, bytes to load', '', [kernel[1]], 'B', GOAL_KERNEL_BYTES)
    yield Row('a scenario, bytes to load (of %d)' % count, '', [(whole[1] - kernel[1]) / (count - one)], 'B')


def boots(this, firmware, images, times):
    title, version = FIRMWARE_TITLE[firmware], this.version

    def several(args, count):
        command = qemu.Machine(firmware=firmware, args=args, **images).command(this)
        return [good(command, title) for _ in range(count)]

    runs = several(FEW, times)
    first = [int(ms) for run in runs for ms in re.findall(r'^# ms=(\d+) from the loader', '\n'.join(run.lines), re.M)]
    yield Row(title + ': start to exit, C01, A01-A03 stepped', version, [run.seconds for run in runs], 's', GOAL_FEW_S[firmware])
    yield Row(title + ": start to the kernel's first line", version, [run.to_start for run in runs], 's')
    yield Row(title + ': loader to first test', version, first, 'ms', GOAL_FIRST_TEST_MS)
    yield Row(title + ': start to exit, all tests', version, [run.seconds for run in several('', min(times, 2))], 's', GOAL_ALL_S)


def noted(runs, version):
    """A row for each name in the kernel's own notes, "# bench key=value ...", of several runs."""
    seen = {}
    for line in (line for run in runs for line in run if line.startswith('# bench name=')):
        words = dict(word.split('=', 1) for word in line.split() if '=' in word)
        if ' not here: ' in line:
            words['absent'] = line.partition(' not here: ')[2]
        seen.setdefault(words['name'], []).append(words)
    for name, notes in seen.items():
        if all('absent' in words for words in notes):
            yield Absent(name, version, notes[0]['absent'])
            continue
        goal = notes[0].get('goal')
        if all('per_s' in words for words in notes):
            yield Row(name, version, [int(words['per_s']) for words in notes], '/s', goal=int(goal) if goal else None)
            continue
        if not all('ns' in words for words in notes):
            raise qemu.Trouble('BENCH: %s did not work' % name)
        ratios = [float(words['ratio']) for words in notes if 'ratio' in words]
        yield Row(name, version, [int(words['ns']) for words in notes], 'ns', of=notes[0].get('of'),
                  ratios=ratios, ratio_goal=float(goal) if goal else None)


def operations(this, images, times):
    command = qemu.Machine(firmware='none', args='BENCH', **images).command(this)
    yield from noted([good(command, 'BENCH').lines for _ in range(times)], this.version)


def engines(this, images, but):
    """What a DMA of each engine costs, and its asynchronous window: of those not measured yet, once, because edu takes a tenth of a second for one."""
    # A device has one driver at a time: nvme has two.
    for args, devices in (('BENCH SRIOV ENGINE=all', this.all_engines()), ('BENCH ENGINE=nvme-fetch', ('nvme',))):
        machine = qemu.Machine(firmware='none', args=args, engines=devices, **images)
        rows = list(noted([good(machine.command(this), args, machine.beside).lines], this.version))
        yield from (row for row in rows if row.name not in but)
        but = but | {row.name for row in rows}
    for name in qemu.ENGINES:
        if this.without(name):
            yield Absent('dma_*/' + name, this.version, this.without(name))


def measure(given):
    images = {'iso': os.path.abspath(given.iso), 'elf': os.path.abspath(given.elf)}
    yield from sizes(given.elf, given.bare)
    private = [name for name in ('oldstable', 'stable', 'newest') if os.path.isdir(os.path.join(qemu.PRIVATE, name))]
    paths = {os.path.realpath(qemu.find(name)) for name in given.qemu or private or [None]}
    for this in sorted((qemu.Qemu(path) for path in paths), key=lambda it: tuple(map(int, it.version.split('.')))):
        rows = list(operations(this, images, given.runs)) if this.has_first_stage else []
        yield from rows
        yield from engines(this, images, {row.name for row in rows})
        for firmware in qemu.FIRMWARES if rows else ():
            yield from boots(this, firmware, images, given.runs)


def main():
    it = argparse.ArgumentParser(description=__doc__)
    it.add_argument('--iso', default='build/shootdown.iso')
    it.add_argument('--elf', default='build/shootdown.elf')
    it.add_argument('--bare', default='build/bare.elf', help='the same with one file of scenarios (make build/bare.elf)')
    it.add_argument('--json', help='where the numbers go too (default: bench.json beside the image)')
    it.add_argument('--qemu', action='append', help='a path, or a name in .qemu (default: all that are there)')
    it.add_argument('--runs', type=int, default=5, help='of each; medians are shown')
    given = it.parse_args()
    if os.getloadavg()[0] > os.cpu_count() / 4:
        print('# load average %.1f on %d processors: what others do here is measured too' %
              (os.getloadavg()[0], os.cpu_count()))
    print('%-48s %-6s %13s  %-10s %s' % ('medians of %d' % given.runs, 'QEMU', 'value', 'goal', 'ratio'), flush=True)
    rows = []
    for row in measure(given):
        rows.append(row)
        print(row.text(), flush=True)
    with open(given.json or os.path.join(os.path.dirname(given.iso), 'bench.json'), 'w') as file:
        json.dump([row.data() for row in rows], file, indent=1)
    missed, absent = ([row.name for row in rows if row.met is met] for met in (False, None))
    if absent:
        print('# %d not measured: %s' % (len(absent), ', '.join(absent)))
    print('# every goal is met' if not missed else '# %d missed: %s' % (len(missed), ', '.join(missed)))
    return 1 if missed else 0


if __name__ == '__main__':
    try:
        sys.exit(main())
    except (qemu.Trouble, subprocess.CalledProcessError, OSError) as trouble:
        sys.exit('bench: %s' % trouble)
    except KeyboardInterrupt:
        sys.exit('bench: interrupted')
