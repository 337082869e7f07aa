#!/bin/sh
# One hybrid image for BIOS and UEFI, disc and stick:  tools/iso.sh KERNEL IMAGE [SECONDS]
#
# SECONDS: how long its menu waits for a key; 0, the default, does not show it.
# Only the GRUB modules that the way to the kernel needs; each one more is read at every boot.
set -eu
kernel=$1
image=$2
here=$(dirname "$0")
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/boot/grub/x86_64-efi"
# GRUB loads tables of symbols and lines too; the kernel has its own table of names.
strip -o "$tree/boot/shootdown.elf" "$kernel"
# Who waits for a key at the menu does so when the run is over.
{ echo "set timeout=${3:-0}"; [ "${3:-0}" = 0 ] || echo 'set wait=wait'; cat "$here/grub.cfg"; } >"$tree/boot/grub/grub.cfg"
# On UEFI multiboot2 brings no driver for the screen, and GRUB asks for every kind of partition table by name.
efi=/usr/lib/grub/x86_64-efi
while read -r module; do
	cp "$efi/$module.mod" "$tree/boot/grub/x86_64-efi/"
done <<END
efi_gop
video_fb
$(cat $efi/partmap.lst)
END
grub-mkrescue --install-modules='normal multiboot2 test keystatus iso9660' --locales= --fonts= --themes= \
	--compress=no -o "$image.tmp" "$tree" >"$image.log" 2>&1 || {
	tail -n 5 "$image.log" >&2
	echo "iso: grub-mkrescue failed; the whole story is in $image.log" >&2
	exit 1
}
mv "$image.tmp" "$image"
