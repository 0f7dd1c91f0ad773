#!/bin/bash
# A real systemd as PID 1 of its own namespaces, with D-Bus and journald, out of the host's /usr.
#
# Prints "ready DIR PID" and then lives until its standard input ends: whoever holds the other end
# and dies, however it dies, takes the lab with it. The network is the host's.
#
# DIR/etc                      = /etc/systemd/system inside: the units under test
# DIR/run                      = /run inside: the bus is DIR/run/dbus/system_bus_socket
# DIR/bin/{systemctl,journalctl}  the real ones, aimed at the lab
#
# With LAB_ROOT it runs in a copy of that root, which forgets everything with the lab: packages can be
# installed there. LAB_BINDS (SOURCE:TARGET …) shows folders in it.
set -eu
trap : INT TERM HUP
[ "$(id -u)" = 0 ] || { echo "the systemd lab needs root" >&2; exit 1; }
for tool in unshare nsenter dbus-daemon systemctl journalctl; do
  command -v $tool >/dev/null || { echo "no $tool: install the packages systemd, dbus and util-linux" >&2; exit 1; }
done
INIT=
for path in /usr/lib/systemd/systemd /lib/systemd/systemd; do [ -x $path ] && INIT=$path && break; done
[ -n "$INIT" ] || { echo "no systemd: install the package systemd" >&2; exit 1; }

D=$(mktemp -d "${TMPDIR:-/tmp}/systemd-lab.XXXXXX")
chmod 755 "$D" # services that run as another user look in here
mkdir "$D"/{etc,lib,run,dev,gen,conf,log,bin,layer,root}
CG=/sys/fs/cgroup
[ -f $CG/cgroup.controllers ] || CG=/sys/fs/cgroup/unified
CG=$CG/$(basename "$D")

unit() { cat > "$D/lib/$1"; }

journal_socket() {
  { printf '[Unit]\nDefaultDependencies=no\nBefore=sockets.target\nIgnoreOnIsolate=yes\n'
    printf '[Socket]\nSocketMode=0666\nPassCredentials=yes\nPassSecurity=yes\nReceiveBuffer=8M\nService=systemd-journald.service\n'
    cat; } | unit "$1.socket"
}

# Only what the units under test need; the host's own units stay out.
write_system_units() {
  for t in sysinit basic sockets timers paths slices local-fs swap; do
    printf '[Unit]\nDefaultDependencies=no\n' | unit $t.target
  done
  printf '[Unit]\nDefaultDependencies=no\nRefuseManualStart=yes\n' | unit shutdown.target
  for t in poweroff exit halt reboot; do
    printf '[Unit]\nDefaultDependencies=no\nAllowIsolate=yes\nRequires=systemd-%s.service\nAfter=systemd-%s.service\n' $t $t | unit $t.target
    printf '[Unit]\nDefaultDependencies=no\nRequires=shutdown.target\nAfter=shutdown.target\n[Service]\nType=oneshot\nExecStart=/bin/systemctl --force %s\n' $t | unit systemd-$t.service
  done
  unit multi-user.target <<< $'[Unit]\nRequires=basic.target\nAfter=basic.target\nAllowIsolate=yes'
  unit lab.target <<'U'
[Unit]
Requires=basic.target dbus.socket dbus.service systemd-journald.service
After=basic.target dbus.service systemd-journald.service
Wants=multi-user.target
AllowIsolate=yes
U
  unit dbus.socket <<< $'[Socket]\nListenStream=/run/dbus/system_bus_socket'
  unit dbus.service <<'U'
[Unit]
Requires=dbus.socket
[Service]
Type=notify
NotifyAccess=main
ExecStart=/usr/bin/dbus-daemon --system --address=systemd: --nofork --nopidfile --systemd-activation
U
  journal_socket systemd-journald <<'U'
ListenStream=/run/systemd/journal/stdout
ListenDatagram=/run/systemd/journal/socket
U
  journal_socket systemd-journald-dev-log <<'U'
ListenDatagram=/run/systemd/journal/dev-log
Symlinks=/dev/log
U
  unit systemd-journald.service <<U
[Unit]
DefaultDependencies=no
Requires=systemd-journald.socket systemd-journald-dev-log.socket
After=systemd-journald.socket systemd-journald-dev-log.socket
Before=sysinit.target
IgnoreOnIsolate=yes
[Service]
ExecStart=$(dirname "$INIT")/systemd-journald
Sockets=systemd-journald.socket systemd-journald-dev-log.socket
StandardOutput=null
Restart=always
RestartSec=0
Type=notify
FileDescriptorStoreMax=64
RuntimeDirectory=systemd/journal
RuntimeDirectoryPreserve=yes
U
  printf '[Journal]\nStorage=volatile\nAudit=\nReadKMsg=no\nForwardToWall=no\nRateLimitIntervalSec=0\n' > "$D/conf/journald.conf"
  printf '[Manager]\nDefaultTimeoutStopSec=10s\nDefaultTimeoutStartSec=20s\nShowStatus=no\n' > "$D/conf/system.conf"
}

# Runs as PID 1 of the new namespaces until it becomes systemd.
inside() {
  set -e
  # The cgroup namespace is rooted where the process stands when it is made.
  if [ -z "${ROOTED:-}" ]; then
    echo $$ > "$CG/cgroup.procs"
    ROOTED=1 exec unshare --cgroup bash -c inside
  fi
  R=
  [ -z "${LAB_ROOT:-}" ] || own_root
  mount -t proc proc "$R/proc"
  mount --bind "$R/proc/sys" "$R/proc/sys"
  mount -o remount,bind,ro "$R/proc/sys"
  umount -R "$R/sys/fs/cgroup" 2>/dev/null || true
  mount -t cgroup2 cgroup2 "$R/sys/fs/cgroup"
  mount --bind "$D/etc" "$R/etc/systemd/system"
  mount --bind "$D/conf/system.conf" "$R/etc/systemd/system.conf"
  mount --bind "$D/conf/journald.conf" "$R/etc/systemd/journald.conf"
  mount --bind "$D/gen" "$R/usr/lib/systemd/system-generators"
  mount --bind "$D/lib" "$R/usr/lib/systemd/system"
  private_dev
  mount --bind "$D/run" "$R/run"
  # Credentials come to a service by propagation, as of any systemd that starts a machine.
  [ -z "$R" ] || { cd "$R" && pivot_root . mnt && umount -l mnt && cd / && mount --make-rshared /; }
  hostname lab
  exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin container=lab \
    "$INIT" --system --unit=lab.target --log-target=journal
}

# What is written goes to memory, above the root that stays as it is.
own_root() {
  R=$D/root
  mount -t tmpfs -o mode=755 tmpfs "$D/layer"
  mkdir "$D/layer/up" "$D/layer/work"
  mount -t overlay overlay -o "lowerdir=$LAB_ROOT,upperdir=$D/layer/up,workdir=$D/layer/work" "$R"
  mkdir -p "$R"/{proc,sys,dev,run,tmp,mnt} "$R/usr/lib/systemd/system-generators"
  chmod 1777 "$R/tmp"
  touch "$R/etc/systemd/system.conf" "$R/etc/systemd/journald.conf"
  mount --rbind /sys "$R/sys"
  for pair in ${LAB_BINDS:-}; do
    mkdir -p "$R${pair#*:}"
    mount --bind "${pair%%:*}" "$R${pair#*:}"
  done
}

# Without the machine's console and kernel log.
private_dev() {
  mount -t tmpfs -o mode=755 tmpfs "$D/dev"
  for n in null zero full random urandom tty; do touch "$D/dev/$n"; mount --bind /dev/$n "$D/dev/$n"; done
  : > "$D/log/kmsg"; touch "$D/dev/kmsg"; mount --bind "$D/log/kmsg" "$D/dev/kmsg"
  mkdir "$D/dev/shm" "$D/dev/pts"
  mount -t tmpfs tmpfs "$D/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$D/dev/pts"
  ln -s pts/ptmx "$D/dev/ptmx"; ln -s /proc/self/fd "$D/dev/fd"
  ln -s fd/0 "$D/dev/stdin"; ln -s fd/1 "$D/dev/stdout"; ln -s fd/2 "$D/dev/stderr"
  mount --rbind "$D/dev" "$R/dev"
}

tear_down() {
  if [ -n "${P:-}" ]; then
    kill -s RTMIN+13 "$P" 2>/dev/null || true # halt at once: TERM, then KILL, to everything inside
    for _ in $(seq 100); do [ -d "/proc/$P" ] || break; sleep 0.05; done
    kill -KILL "$P" 2>/dev/null || true
  fi
  kill -KILL "$U" 2>/dev/null || true
  wait "$U" 2>/dev/null || true
  for _ in $(seq 40); do
    find "$CG" -depth -type d -exec rmdir {} + 2>/dev/null && break
    sleep 0.05
  done
  rm -rf --one-file-system "$D"
}

write_system_units
mkdir "$CG"
export D CG INIT
export -f inside own_root private_dev
setsid unshare --mount --pid --uts --ipc --fork --kill-child bash -c inside </dev/null >"$D/log/out" 2>&1 &
U=$!
state=
for _ in $(seq 500); do
  P=$(awk '{print $1}' "/proc/$U/task/$U/children" 2>/dev/null) || true
  if [ -n "${P:-}" ] && [ -S "$D/run/dbus/system_bus_socket" ]; then
    state=$(nsenter -t "$P" -m -p -C systemctl is-system-running --wait 2>/dev/null) || true
    case $state in running | degraded) break ;; esac
  fi
  kill -0 $U 2>/dev/null || break
  sleep 0.02
done
case $state in
running | degraded) ;;
*) echo "systemd did not come up (state: ${state:-none}): $(cat "$D/log/out")" >&2; tear_down; exit 1 ;;
esac
printf '#!/bin/sh\nunset DBUS_SYSTEM_BUS_ADDRESS\nexec nsenter -t %s -m -p -C -u -i systemctl "$@"\n' "$P" > "$D/bin/systemctl"
printf '#!/bin/sh\nexec %s --directory=%s/run/log/journal "$@"\n' "$(command -v journalctl)" "$D" > "$D/bin/journalctl"
chmod 755 "$D"/bin/*
echo "ready $D $P"
cat >/dev/null || true
tear_down
