#!/usr/bin/env bash
# Try this repository where nothing was ever installed by hand: a fresh root of SUITE below DIR, with Python, venv, make and git
# alone, as an ordinary user, from a clone of the committed HEAD.
#
#   sudo tests/house/clean_room.sh SUITE DIR [TASK [ARGUMENT...]]       e.g. bookworm /var/tmp/room test
#
# Needs root and debootstrap. Packages come from wherever this host's pip and debootstrap look: its pip settings, its
# certificates and its resolver are copied in; nothing else is. Run it again to reuse DIR; remove DIR for a new one.
set -euo pipefail
if [ $# -lt 2 ] || [ "$(id -u)" != 0 ] || ! command -v debootstrap >/dev/null; then
  sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
suite=$1 room=$2
shift 2
[ $# -gt 0 ] || set -- test
here=$(cd "$(dirname "$0")/../.." && pwd)

if [ ! -e "$room/clean-room-ready" ]; then
  debootstrap --variant=minbase --include=python3,python3-venv,make,git,ca-certificates "$suite" "$room" >"$room.log" 2>&1 || {
    tail -n 20 "$room.log" >&2
    exit 3
  }
  chroot "$room" useradd --create-home --home-dir /newcomer newcomer
  touch "$room/clean-room-ready"
fi
for file in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
  [ ! -e "$file" ] || install -D -m 644 "$file" "$room$file"
done

rm -rf "$room/newcomer/custody"
git clone --quiet --no-hardlinks "$here" "$room/newcomer/custody"
chroot "$room" chown -R newcomer: /newcomer/custody

mounted=()
leave() { for point in "${mounted[@]}"; do umount -l "$point" || true; done; }
trap leave EXIT
mount -t proc proc "$room/proc" && mounted+=("$room/proc")
mount -t tmpfs -o mode=1777 shm "$room/dev/shm" 2>/dev/null && mounted+=("$room/dev/shm")
for device in null zero full random urandom; do
  [ -c "$room/dev/$device" ] || { touch "$room/dev/$device" && mount --bind "/dev/$device" "$room/dev/$device" && mounted+=("$room/dev/$device"); }
done

keep=()
for name in "${!PIP_@}" SSL_CERT_FILE http_proxy https_proxy no_proxy; do
  [ -z "${!name-}" ] || keep+=("$name=${!name}")
done
chroot --userspec=newcomer:newcomer "$room" env -i HOME=/newcomer PATH=/usr/bin:/bin LANG=C.UTF-8 "${keep[@]}" \
  make -C /newcomer/custody "$1" ARGS="${*:2}"
