#!/bin/sh
# Write the boot image to a stick:  tools/usb.sh IMAGE /dev/sdX
#
# Everything on that disk is lost, so it must be a whole disk, one that can be unplugged, in use by nobody, and
# its name typed once more by a human. SYSFS, PROC, LSBLK and DEVDIR are here for tools/tests/test_usb.py.
set -eu
sys=${SYSFS:-/sys}
proc=${PROC:-/proc}
lsblk=${LSBLK:-lsblk}
devdir=${DEVDIR:-/dev}

no() {
	echo "usb: $*" >&2
	echo "usb: nothing was written" >&2
	exit 1
}

image=${1:-}
device=${2:-}
[ -n "$device" ] || no "say which disk: make usb DEV=/dev/sdX (lsblk -d -o NAME,MODEL,SIZE,TRAN shows them)"
[ -s "$image" ] || no "there is no image $image: make iso"
device=$(readlink -f "$device") || no "$device: there is no such thing"
name=${device##*/}
[ "$device" = "$devdir/$name" ] || no "$device is not a disk in $devdir"
if [ -z "${SYSFS:-}" ] && [ ! -b "$device" ]; then no "$device is not a block device"; fi
if [ -e "$sys/class/block/$name/partition" ]; then
	no "$device is a partition; the image goes to a whole disk"
fi
disk=$sys/block/$name
[ -d "$disk" ] || no "$device is not a disk that $sys/block knows"

# One that can be unplugged: the kernel says so, or it hangs on USB.
transport=$($lsblk -dno TRAN "$device" 2>/dev/null | tr -d ' ') || transport=''
if [ "$(cat "$disk/removable" 2>/dev/null)" != 1 ] && [ "$transport" != usb ]; then
	no "$device is not removable (transport: ${transport:-unknown})"
fi
[ "$(cat "$disk/ro" 2>/dev/null || echo 0)" = 0 ] || no "$device is read-only"

# In use: the disk or a partition of it is mounted, is swap, or carries LVM, RAID or encryption.
for part in "$disk" "$disk/$name"*; do
	[ -d "$part" ] || continue
	node=$devdir/${part##*/}
	for holder in "$part"/holders/*; do
		[ -e "$holder" ] || continue
		no "$node is in use by ${holder##*/} (LVM, RAID or encryption)"
	done
	while read -r source _; do
		[ "$(readlink -f "$source" 2>/dev/null)" != "$node" ] || no "$node is in use as swap"
	done <"$proc/swaps"
	number=$(cat "$part/dev")
	while read -r _ _ major_minor _ target _ _ _ rest; do
		[ "$major_minor" != "$number" ] || no "$node is mounted at $target: unmount it first"
		case " $rest " in *" $node "*) no "$node is mounted at $target: unmount it first" ;; esac
	done <"$proc/self/mountinfo"
done

# Whatever else may hold it (a file system over several disks, say): only the kernel knows.
python3 -c 'import os, sys; os.open(sys.argv[1], os.O_RDONLY | os.O_EXCL)' "$device" 2>/dev/null ||
	no "$device is in use, or not for this user to open (try with sudo)"

size=$(($(cat "$disk/size") * 512))
need=$(wc -c <"$image")
[ "$size" -gt 0 ] || no "$device has no medium in it"
[ "$size" -ge "$need" ] || no "$device holds $size bytes, the image is $need"

about=$($lsblk -dno MODEL,SIZE,SERIAL "$device" 2>/dev/null) || about=''
echo "disk:  $device  ${about:-$size bytes}"
echo "image: $image, $need bytes"
echo "All that is on $device will be lost. To go on, type its name ($device):"
read -r answer || answer=''
[ "$answer" = "$device" ] || no "that was not $device"

# Whole blocks only, for direct writes; the image is a multiple of 2048 bytes.
direct=oflag=direct
[ -z "${SYSFS:-}" ] || direct=oflag=nofollow
dd if="$image" of="$device" bs=64K $direct conv=fsync,notrunc 2>/dev/null ||
	{ echo "usb: writing to $device failed; what is on it now is not usable" >&2; exit 1; }
if [ -z "${SYSFS:-}" ]; then blockdev --flushbufs "$device"; fi
dd if="$device" bs=64K count="$need" iflag=count_bytes 2>/dev/null | cmp -s - "$image" ||
	{ echo "usb: what was read back from $device is not the image" >&2; exit 1; }
echo "usb: written and read back: $device boots shootdown on BIOS and UEFI"
