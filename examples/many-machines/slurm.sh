#!/bin/sh
#SBATCH --job-name=attest
#SBATCH --overcommit
# One load from the tasks of a Slurm job; each finds its share in the variables of its task.
#
#   sbatch --ntasks 4 slurm.sh OUT PROFILE [options of load…]
#
# OUT is a folder that all nodes see, and so is attest's own, ATTEST.
set -eu
out=$1 profile=$2
shift 2
cd "${ATTEST:?ATTEST has to name the folder of attest}"
seed=${SEED:-$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')}
start=$(date -u -d "+${AHEAD:-30} seconds" +%Y-%m-%dT%H:%M:%SZ)
mkdir -p "$out"
export out profile seed start

# A share's own thresholds (status 1) are nothing; any other failure ends all of them.
srun --overcommit --kill-on-bad-exit sh -c '
  deno run --no-prompt -P=load main.ts load "$profile" "$@" --seed "$seed" --start-at "$start" \
    --out "$out/shard-$SLURM_PROCID" --format json > "$out/shard-$SLURM_PROCID.txt" 2>&1 || [ $? -eq 1 ]' sh "$@"

exec deno run --no-prompt -P=report main.ts report --merge "$out"/shard-*/journal.ndjson --out "$out"
