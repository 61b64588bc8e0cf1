#!/bin/sh
# One load from several machines, by GNU parallel over ssh.
#
#   ./parallel.sh HOSTS OUT PROFILE [options of load…]
#
# HOSTS has a line for each machine, as ssh knows it; each needs attest's folder at ATTEST (default: where this one is).
# A machine may be named several times, and plays so many shares. SSH is the ssh to use.
set -eu
hosts=$1 out=$2 profile=$3
shift 3
attest=${ATTEST:-$(cd "$(dirname "$0")/../.." && pwd)}
shards=$(grep -c . "$hosts")
seed=${SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
# All begin together, once every machine had time to connect its clients.
start=$(date -u -d "+${AHEAD:-30} seconds" +%Y-%m-%dT%H:%M:%SZ)
remote=$(mktemp -u /tmp/attest-shards-XXXXXXXX)
mkdir -p "$out"

# What a share's own thresholds came to (status 1) is nothing; all else ends all. The journal comes back by standard output.
seq "$shards" | parallel --no-notice --ssh "${SSH:-ssh}" --sshloginfile "$hosts" --jobs "${PER_HOST:-1}" \
  --halt now,fail=1 --joblog "$out/joblog" --results "$out/shard-{}.ndjson" \
  "cd '$attest' && { deno run --no-prompt -P=load main.ts load '$profile' $* --seed $seed --start-at $start \
     --shard {}/$shards --out '$remote-{}' --format json >&2 || [ \$? -eq 1 ]; } \
     && cat '$remote-{}/journal.ndjson' && rm -r '$remote-{}'" > /dev/null

cd "$attest"
exec deno run --no-prompt -P=report main.ts report --merge "$out"/shard-*.ndjson --out "$out"
