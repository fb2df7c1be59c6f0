#!/usr/bin/env bash
# Compares the held-out -ELBO that the plain VAE reaches with PyTorch's, over ten seeds each.
#
#     Tests/Benchmarks/elbo.sh PYTHON DATA [SEEDS]
#
# PYTHON has torch and numpy, DATA is a folder with mnist/ and digits.csv.gz. Prints both means, the
# difference and its standard error; exits 0 if ours is not worse by more than two of those.
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,7p' "$0" | sed 's/^# \{0,1\}//'; exit 2; }
python=$1 data=$(cd "$2" && pwd) seeds=${3:-10}
here=$(cd "$(dirname "$0")" && pwd)
program=${DEEPGEN:-$here/../../.build/release/deepgen-repl}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
status=0
for set in digits mnist; do
  epochs=$([ $set = mnist ] && echo 10 || echo 20)
  for seed in $(seq 0 $((seeds - 1))); do
    "$program" --seed "$seed" --data "$data" --set data=$set --set epochs=$epochs "$here/elbo.dg"
  done >"$scratch/ours"
  "$python" "$here/peers/torch_elbo.py" $set --epochs $epochs --seeds "$seeds" --folder "$data" |
    sed -n 's/^seed .*-ELBO \([0-9.]*\) .*/\1/p' >"$scratch/torch"
  awk -v set=$set '
    {n[FILENAME]++; s[FILENAME] += $1; q[FILENAME] += $1 * $1}
    END {
      a = ARGV[1]; b = ARGV[2]
      ma = s[a] / n[a]; mb = s[b] / n[b]
      va = (q[a] / n[a] - ma * ma) / (n[a] - 1); vb = (q[b] / n[b] - mb * mb) / (n[b] - 1)
      se = sqrt(va + vb); d = ma - mb
      printf "%s: ours %.3f, PyTorch %.3f nats (means of %d and %d seeds); difference %+.3f, standard error %.3f: %s\n",
        set, ma, mb, n[a], n[b], d, se, d <= 2 * se ? "not worse" : "worse"
      exit d > 2 * se
    }' "$scratch/ours" "$scratch/torch" || status=1
done
exit $status
