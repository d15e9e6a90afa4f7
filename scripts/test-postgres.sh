#!/usr/bin/env bash
# A scratch Postgres server for the tests, on loopback, run by a user who is not root. It keeps nothing.
#   eval "$(bash scripts/test-postgres.sh start)"    starts it and sets HUNTWIRE_TEST_DATABASE_URL and HUNTWIRE_TEST_POSTGRES
#   bash scripts/test-postgres.sh start safe         on the disk, and keeps what it is given as a server does that is used
#   bash scripts/test-postgres.sh restart            crashes it and starts it again
#   bash scripts/test-postgres.sh replica            copies it to a second one that follows it, and sets HUNTWIRE_TEST_REPLICA_URL
#   bash scripts/test-postgres.sh promote            has that one go on by itself
#   bash scripts/test-postgres.sh stop               stops it and removes its folder
# Exits 1 with a sentence where no server programs are installed (Debian: apt-get install postgresql).
set -euo pipefail
programs=$(find /usr/lib/postgresql /usr/local/pgsql -path "*/bin/initdb" 2>/dev/null | sort -V | tail -1 | xargs -r dirname || true)
[ -n "$programs" ] || programs=$(dirname "$(command -v initdb 2>/dev/null || echo none/none)")
[ -x "$programs/initdb" ] || { echo "No Postgres server is installed." >&2; exit 1; }

# A server does not run as root.
as_user() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; else "$@"; fi; }

# Below the ports that systems hand out by themselves: one of those may be another's before the server listens.
free_port() { node -e 'const one = () => 10000 + Math.floor(Math.random() * 22000); const s = require("net").createServer().on("error", () => s.listen(one(), "127.0.0.1")).on("listening", () => { console.log(s.address().port); s.close(); }).listen(one(), "127.0.0.1")'; }

case ${1:-} in
  start)
    base=/tmp
    # Memory is quicker, where there is enough of it: containers often have 64 MB, and a fresh server takes as much.
    shared=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
    safe=off
    if [ "${2:-}" = safe ]; then safe=on
    elif [ -w /dev/shm ] && [ "${shared:-0}" -gt 1000000 ]; then base=/dev/shm; fi
    folder=$(mktemp -d "$base/huntwire-postgres-XXXXXX")
    [ "$(id -u)" != 0 ] || chown nobody "$folder"
    cd "$folder"
    as_user "$programs/initdb" -D "$folder/data" -U huntwire -A trust --locale=C.UTF-8 --no-sync >"$folder/initdb.log"
    port=$(free_port)
    as_user tee -a "$folder/data/postgresql.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$folder'
fsync = $safe
full_page_writes = $safe
max_connections = 200
CONF
    as_user "$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -w start >/dev/null
    echo "export HUNTWIRE_TEST_POSTGRES=$folder HUNTWIRE_TEST_DATABASE_URL=postgres://huntwire@127.0.0.1:$port/postgres"
    ;;
  restart)
    # As a crash: what goes on is cut off.
    folder=${HUNTWIRE_TEST_POSTGRES:?}
    cd /
    as_user "$programs/pg_ctl" -D "$folder/data" -l "$folder/log" -m immediate -w restart >/dev/null
    ;;
  replica)
    folder=${HUNTWIRE_TEST_POSTGRES:?}
    cd /
    as_user "$programs/pg_basebackup" -D "$folder/replica" -R -c fast -h "$folder" -p "$(sed -n 4p "$folder/data/postmaster.pid")" -U huntwire
    port=$(free_port)
    as_user "$programs/pg_ctl" -D "$folder/replica" -l "$folder/replica.log" -o "-p $port" -w start >/dev/null
    echo "export HUNTWIRE_TEST_REPLICA_URL=postgres://huntwire@127.0.0.1:$port/postgres"
    ;;
  promote)
    folder=${HUNTWIRE_TEST_POSTGRES:?}
    cd /
    as_user "$programs/pg_ctl" -D "$folder/replica" -w promote >/dev/null
    ;;
  stop)
    folder=${HUNTWIRE_TEST_POSTGRES:?}
    cd /
    [ ! -d "$folder/replica" ] || as_user "$programs/pg_ctl" -D "$folder/replica" -m immediate -w stop >/dev/null || true
    as_user "$programs/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null
    rm -rf "$folder"
    ;;
  *)
    echo "usage: test-postgres.sh start | restart | replica | promote | stop" >&2
    exit 2
    ;;
esac
